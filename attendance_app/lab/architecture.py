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


def read_layers(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a ``layer_list``, without its head; the last one is the whole network's."""
    head, *lines = text.splitlines()
    starts = [head.index(name) for name in HEADS[:-1]]
    # The last column stands at the right, so its own head does not say where it begins.
    spans = [slice(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    return tuple(
        (*(line[span].strip() for span in spans[:-1]), *_last_two(line[spans[-1]])) for line in filter(None, lines)
    )


def _last_two(text: str) -> tuple[str, str]:
    shape, _, parameters = text.strip().rpartition(" ")
    return shape.strip(), parameters
