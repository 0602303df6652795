"""What a network is made of, layer by layer."""

from typing import Any

HEADS = ("layer", "kind", "output", "parameters")


def layer_list(model: Any) -> str:
    """Return a table of a built Keras model's layers as text: name, kind, shape of the output, parameters."""
    rows = [
        (
            layer.name,
            type(layer).__name__,
            " x ".join("n" if side is None else str(side) for side in layer.output.shape),
            f"{layer.count_params():,}",
        )
        for layer in model.layers
    ]
    rows = [HEADS, *rows, ("all", "", "", f"{model.count_params():,}")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1].rjust(widths[-1])]
        )
        for row in rows
    ]
    return "\n".join(lines) + "\n"
