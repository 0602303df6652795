"""Figures of a training, drawn without a window (matplotlib's Agg canvas)."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from attendance_app.lab.runs import EpochRow, History
from attendance_app.lab.wording import ENGLISH, Wording, spoken

# Okabe and Ito's blue and vermilion, which people with any kind of colour vision tell apart.
TRAINING_COLOUR = "#0072b2"
VALIDATION_COLOUR = "#d55e00"
TRAINING_LINE, VALIDATION_LINE = "-", (0, (1.5, 1))
"""Solid and dotted: told apart on grey paper too."""
_INK = "#222222"
_QUIET = "#666666"
TITLE_WIDTH = 46
"""Letters of a title in one line."""


@dataclass(frozen=True, slots=True)
class Column:
    """One run in a figure. ``kept``: the epoch, from 1, whose weights the run kept."""

    title: str
    rows: Sequence[EpochRow]
    kept: int


def title_lines(title: str, width: int = TITLE_WIDTH) -> str:
    """Break a title into as few lines as fit and as equal ones as there can be: no last line of one word."""
    lines = math.ceil(len(title) / width)
    widths = range(max(1, math.ceil(len(title) / lines)), width + 1) if lines else []
    return next(
        (text for one in widths if (text := textwrap.fill(title, one)).count("\n") < lines), textwrap.fill(title, width)
    )


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
    # Epochs have no halves.
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw(axes: Axes, column: Column, quantity: str, words: Wording) -> None:
    rows = column.rows
    epochs = [row.epoch for row in rows]
    # With one epoch there is no line to see.
    marker = "o" if len(rows) == 1 else ""
    axes.plot(
        epochs,
        [getattr(row, quantity) for row in rows],
        color=TRAINING_COLOUR,
        linestyle=TRAINING_LINE,
        marker=marker,
        label=words.tr("training", "curve of a network"),
    )
    axes.plot(
        epochs,
        [getattr(row, f"val_{quantity}") for row in rows],
        color=VALIDATION_COLOUR,
        linestyle=VALIDATION_LINE,
        linewidth=2,
        marker=marker,
        label=words.tr("validation", "curve of a network"),
    )
    axes.axvline(
        column.kept, color=_QUIET, linewidth=1, linestyle="--", label=words.tr("epoch whose weights were kept")
    )
    if quantity == "accuracy":
        # A little above 1, so that a line at 1 isn't cut.
        axes.set_ylim(0, 1.02)
    else:
        axes.set_ylim(bottom=0)
    _tidy(axes)


def accuracy_and_loss(
    columns: Sequence[Column], path: Path, *, names: tuple[str, str] | None = None, words: Wording = ENGLISH
) -> Path:
    """Draw accuracy (top row) and loss (bottom row) over the epochs, one column a run: 2 x 3 for three runs.

    ``names``: what the two are called in the language of ``words``, where a run means something else by them.
    """
    above, below = names or (words.tr("accuracy"), words.tr("loss", "of a network"))
    figure = Figure(figsize=(1.4 + 3.6 * len(columns), 6.8), layout="constrained")
    grid = figure.subplots(2, len(columns), sharex="col", sharey="row", squeeze=False)
    for number, column in enumerate(columns):
        _draw(grid[0, number], column, "accuracy", words)
        _draw(grid[1, number], column, "loss", words)
        kept = words.tr("kept: epoch {epoch}").format(epoch=column.kept)
        title = "; ".join(filter(None, (column.title, kept)))
        grid[0, number].set_title(title_lines(title, 40), fontsize=11, color=_INK)
        grid[1, number].set_xlabel(words.tr("epoch"))
    grid[0, 0].set_ylabel(above)
    grid[1, 0].set_ylabel(below)
    _legend(figure, grid[0, 0], columns=3 if len(columns) > 1 else 2)
    return save(figure, path)


def _legend(figure: Figure, axes: Axes, *, columns: int) -> None:
    """Below the plots, where it hides no line."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, frameon=False, fontsize=9)


def picture_grid(pictures: NDArray[Any], path: Path, *, rows: int = 4, columns: int = 6) -> Path:
    """Draw the first pictures (n x height x width x 1 or 3, 0 to 1 or 0 to 255) in rows, as a network sees them."""
    figure = Figure(figsize=(1.4 * columns, 1.6 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid:
        axes.set_axis_off()
    for picture, axes in zip(pictures[: rows * columns], grid, strict=False):
        grey = picture.shape[-1] == 1
        axes.imshow(picture[..., 0] if grey else picture, cmap="gray" if grey else None)
    return save(figure, path)


def curves(
    history: History, path: Path, *, title: str, names: tuple[str, str] | None = None, words: Wording = ENGLISH
) -> Path:
    """Draw the accuracy and the loss of one run, one above the other."""
    return accuracy_and_loss([Column(title, history.rows, history.best_epoch)], path, names=names, words=words)


def confusion_matrix(
    matrix: NDArray[np.int64], names: Sequence[str], path: Path, *, title: str, words: Wording = ENGLISH
) -> Path:
    """Draw a confusion matrix: a row a true class, a column a predicted one; shades are shares of the row.

    A column at its right gives each class's recall, a row below it the precision; a class that doesn't occur, or is
    never predicted, has none.
    """
    count = len(names)
    side = max(4.4, 0.42 * count + 3.4)
    figure = Figure(figsize=(side + 0.8, side), layout="constrained")
    axes = figure.subplots()
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(picture, ax=axes, shrink=0.7, label=words.tr("share of the true class"))
    labels = [spoken(name) for name in names]
    _name_axis(axes, [*labels, words.tr("recall", "of a class")], [*labels, words.tr("precision", "of a class")])
    axes.set_xlabel(words.tr("predicted", "class"))
    axes.set_ylabel(words.tr("true", "class"))
    axes.set_title(title_lines(title), fontsize=11, color=_INK)
    for row, column in zip(*np.nonzero(matrix), strict=True):
        # Dark figures can't be read on the darker shades.
        colour = "white" if shares[row, column] > 0.55 else _INK
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", fontsize=8, color=colour)
    right = np.diag(matrix)
    for index, (found, named) in enumerate(zip(matrix.sum(axis=1), matrix.sum(axis=0), strict=True)):
        for whole, place in ((found, (count, index)), (named, (index, count))):
            text = words.percent(right[index] / whole) if whole else "–"
            axes.text(*place, text, ha="center", va="center", fontsize=8, color=_QUIET)
    return save(figure, path)


def _name_axis(axes: Axes, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Name rows and columns; the last of each stands outside the matrix."""
    count = len(columns) - 1
    axes.set_xticks(range(count + 1), columns, rotation=60 if count > 4 else 20, ha="right", fontsize=9)
    axes.set_yticks(range(count + 1), rows, fontsize=9)
    axes.set_xlim(-0.5, count + 0.5)
    axes.set_ylim(count + 0.5, -0.5)
    axes.axhline(count - 0.5, color=_QUIET, linewidth=0.8)
    axes.axvline(count - 0.5, color=_QUIET, linewidth=0.8)
    axes.spines[:].set_visible(False)


def reliability(confidence: NDArray[np.float64], correct: NDArray[np.bool_], path: Path, *, title: str) -> Path:
    """Draw how often predictions of a given confidence are right, in ten bins; on the diagonal: calibrated.

    A dot's area grows with the share of the predictions in its bin.
    """
    figure = Figure(figsize=(4.8, 5.0), layout="constrained")
    axes = figure.subplots()
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    used = [b for b in range(10) if np.any(bins == b)]
    axes.plot(
        [0, 1],
        [0, 1],
        color=_QUIET,
        linewidth=1,
        linestyle="--",
        label="as often right as stated; above it too modest, below too sure",
    )
    stated = [confidence[bins == b].mean() for b in used]
    right = [correct[bins == b].mean() for b in used]
    # Never 0, so that a bin with few predictions is seen.
    areas = [16 + 240 * np.mean(bins == b) for b in used]
    axes.plot(stated, right, color=TRAINING_COLOUR, linewidth=1, alpha=0.5)
    axes.scatter(stated, right, s=areas, color=TRAINING_COLOUR, clip_on=False, zorder=3)
    axes.plot([], [], "o", color=TRAINING_COLOUR, label="this network; a larger dot: more pictures")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="stated probability", ylabel="share that is right")
    axes.set_title(title_lines(title), fontsize=11, color=_INK)
    axes.spines[["top", "right"]].set_visible(False)
    _legend(figure, axes, columns=1)
    return save(figure, path)
