"""Figures of a training, drawn without a window (matplotlib's Agg canvas)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from attendance_app.lab.runs import EpochRow

# Okabe and Ito's blue and vermilion, which people with any kind of colour vision tell apart.
TRAINING_COLOUR = "#0072b2"
VALIDATION_COLOUR = "#d55e00"
_INK = "#222222"


def save(figure: Figure, path: Path, *, dpi: int = 120) -> Path:
    """Write the figure as PNG."""
    # A canvas of its own instead of pyplot, whose state is global and which may look for a screen.
    FigureCanvasAgg(figure)
    figure.savefig(path, dpi=dpi, facecolor="white")
    return path


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw(axes: Axes, rows: Sequence[EpochRow], quantity: str) -> None:
    epochs = [row.epoch for row in rows]
    axes.plot(epochs, [getattr(row, quantity) for row in rows], color=TRAINING_COLOUR, label="training")
    axes.plot(epochs, [getattr(row, f"val_{quantity}") for row in rows], color=VALIDATION_COLOUR, label="validation")
    if quantity == "accuracy":
        # A little above 1, so that a line at 1 isn't cut.
        axes.set_ylim(0, 1.02)
    else:
        axes.set_ylim(bottom=0)
    _tidy(axes)


def accuracy_and_loss(runs: Sequence[tuple[str, Sequence[EpochRow]]], path: Path) -> Path:
    """Draw accuracy (top row) and loss (bottom row) over the epochs, one column a run: 2 x 3 for three runs."""
    figure = Figure(figsize=(1 + 3.6 * len(runs), 6.4), layout="constrained")
    grid = figure.subplots(2, len(runs), sharex="col", sharey="row", squeeze=False)
    for column, (title, rows) in enumerate(runs):
        _draw(grid[0, column], rows, "accuracy")
        _draw(grid[1, column], rows, "loss")
        grid[0, column].set_title(title, fontsize=11, color=_INK)
        grid[1, column].set_xlabel("epoch")
    grid[0, 0].set_ylabel("accuracy")
    grid[1, 0].set_ylabel("loss")
    grid[0, -1].legend(loc="lower right", frameon=False)
    return save(figure, path)


def curves(rows: Sequence[EpochRow], path: Path, *, title: str) -> Path:
    """Draw the accuracy and the loss of one run, one above the other."""
    return accuracy_and_loss([(title, rows)], path)


def confusion_matrix(matrix: NDArray[np.int64], names: Sequence[str], path: Path, *, title: str) -> Path:
    """Draw a confusion matrix: a row a true class, a column a predicted one; shades are shares of the row."""
    count = len(names)
    side = max(4.0, 0.42 * count + 3.0)
    figure = Figure(figsize=(side + 0.8, side), layout="constrained")
    axes = figure.subplots()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(picture, ax=axes, shrink=0.7, label="share of the true class")
    labels = [name.replace("_", " ") for name in names]
    axes.set_xticks(range(count), labels, rotation=60 if count > 4 else 20, ha="right", fontsize=9)
    axes.set_yticks(range(count), labels, fontsize=9)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    axes.set_title(title, fontsize=11, color=_INK)
    for row, column in zip(*np.nonzero(matrix), strict=True):
        # Dark figures can't be read on the darker shades.
        colour = "white" if shares[row, column] > 0.55 else _INK
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", fontsize=8, color=colour)
    return save(figure, path)


def reliability(confidence: NDArray[np.float64], correct: NDArray[np.bool_], path: Path, *, title: str) -> Path:
    """Draw how often predictions of a given confidence are right, in ten bins; on the diagonal: calibrated.

    A dot's area grows with the share of the predictions in its bin.
    """
    figure = Figure(figsize=(4.8, 4.4), layout="constrained")
    axes = figure.subplots()
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    used = [b for b in range(10) if np.any(bins == b)]
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    stated = [confidence[bins == b].mean() for b in used]
    right = [correct[bins == b].mean() for b in used]
    # Never 0, so that a bin with few predictions is seen.
    areas = [16 + 240 * np.mean(bins == b) for b in used]
    axes.plot(stated, right, color=TRAINING_COLOUR, linewidth=1, alpha=0.5)
    axes.scatter(stated, right, s=areas, color=TRAINING_COLOUR, clip_on=False, zorder=3)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="stated probability", ylabel="share that is right")
    axes.set_title(title, fontsize=11, color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    return save(figure, path)
