"""The plots of a data exploration."""

import itertools
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from PIL import Image as Pillow

from attendance_app.lab.explore.copies import Copies
from attendance_app.lab.explore.findings import values
from attendance_app.lab.explore.stages import Progress
from attendance_app.lab.explore.survey import Survey
from attendance_app.lab.plots import save
from attendance_app.lab.wording import Wording, spoken
from attendance_app.vision.photo import load_photo

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's, told apart by everybody."""
LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
"""One for each colour: they are told apart on grey paper too."""
TOGETHER = len(COLOURS)
"""With more classes each has a panel of its own."""
PANELS = 4
"""Panels in a row."""
BINS = 40
SAMPLES = 8
SAMPLE_SIDE = 112
GROUPS_SHOWN = 6

Values = dict[str, NDArray[np.float64]]
"""A quantity of each picture, by class."""


def draw_all(
    found: Survey, folder: Path, words: Wording, *, rng: np.random.Generator, report: Progress
) -> dict[str, Path]:
    """Draw every plot into ``folder``; returns them by their subject."""
    brightness = words.tr("mean brightness (0 to 255)")
    sharpness = words.tr("sharpness (variance of the Laplacian)")
    plots: dict[str, Callable[[Path], Path]] = {
        "counts": lambda path: _counts(found, path, words),
        "samples": lambda path: sample_grid(found, path, words, rng=rng),
        "sizes": lambda path: _sizes(found, path, words),
        "brightness": lambda path: _distribution(_by_class(found, "brightness"), brightness, path, words),
        "sharpness": lambda path: _distribution(
            _by_class(found, "sharpness"), sharpness, path, words, logarithmic=True
        ),
    }
    drawn: dict[str, Path] = {}
    for subject, draw in plots.items():
        drawn[subject] = draw(folder / f"{subject}.png")
        report(len(drawn), len(plots))
    return drawn


def _by_class(found: Survey, quantity: str) -> Values:
    return {spoken(label): values(found.of_class(label), quantity) for label in found.labels}


def _colours(count: int) -> list[str]:
    """One colour a class; all the same where there are more classes than colours."""
    return list(COLOURS[:count]) if count <= TOGETHER else [COLOURS[0]] * count


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _panels(names: Sequence[str], *, height: float) -> tuple[Figure, list[Axes]]:
    """A small plot for each class, all on the same axes."""
    rows = math.ceil(len(names) / PANELS)
    figure = Figure(figsize=(9, 0.6 + height * rows), layout="constrained")
    grid = figure.subplots(rows, PANELS, sharex=True, sharey=True, squeeze=False).ravel().tolist()
    for axes in grid[len(names) :]:
        axes.set_axis_off()
    # The last row may be short: the panels above its gaps are then the lowest of their columns.
    for axes in grid[max(0, len(names) - PANELS) : len(names)]:
        axes.tick_params(labelbottom=True)
    for name, axes in zip(names, grid, strict=False):
        axes.set_title(name, fontsize=9, loc="left")
        _tidy(axes)
    return figure, grid[: len(names)]


def _legend(figure: Figure, axes: Axes) -> None:
    """Above the plot, where it hides no line."""
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper left", ncols=3, frameon=False)


def _counts(found: Survey, path: Path, words: Wording) -> Path:
    labels = found.labels
    counts = [len(found.of_class(label)) for label in labels]
    figure = Figure(figsize=(7, 0.9 + (0.5 if len(labels) <= TOGETHER else 0.3) * len(labels)), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh([spoken(label) for label in labels], counts, color=_colours(len(labels)), height=0.6)
    axes.bar_label(bars, [words.number(count) for count in counts], padding=4)
    axes.set_xlim(0, max(counts) * 1.12)
    # Counts have no halves.
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _place: words.number(value))
    axes.invert_yaxis()
    axes.set_xlabel(words.tr("pictures"))
    _tidy(axes)
    return save(figure, path)


def _distribution(by_class: Values, name: str, path: Path, words: Wording, *, logarithmic: bool = False) -> Path:
    """One outline a class over common bins, as shares of the class: classes of unequal size compare."""
    bins = _bins(np.concatenate(list(by_class.values())), logarithmic=logarithmic)
    share = words.tr("% of the class")
    if len(by_class) > TOGETHER:
        figure, panels = _panels(list(by_class), height=1.15)
        everything = np.concatenate(list(by_class.values()))
        for axes, numbers in zip(panels, by_class.values(), strict=True):
            axes.hist(numbers, bins=bins, weights=_shares(numbers), color=COLOURS[0], alpha=0.5)
            axes.hist(everything, bins=bins, weights=_shares(everything), histtype="step", color="#555555")
            axes.axvline(float(numbers.mean()), color=COLOURS[1], linewidth=1)
        panels[0].set_xscale("log" if logarithmic else "linear")
        figure.supxlabel(words.tr("{quantity}; outline: all classes").format(quantity=name), fontsize=10)
        figure.supylabel(share, fontsize=10)
        return save(figure, path)
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    axes = figure.subplots()
    for (label, numbers), colour, line in zip(by_class.items(), COLOURS, LINES, strict=False):
        weights = _shares(numbers)
        axes.hist(numbers, bins=bins, weights=weights, histtype="stepfilled", alpha=0.12, color=colour)
        axes.hist(numbers, bins=bins, weights=weights, histtype="step", color=colour, linestyle=line, linewidth=1.5)
        axes.axvline(float(numbers.mean()), color=colour, linewidth=1, linestyle=line)
        axes.plot([], [], color=colour, linestyle=line, label=label)
    axes.set_xscale("log" if logarithmic else "linear")
    axes.set_xlabel(name)
    axes.set_ylabel(share)
    _legend(figure, axes)
    _tidy(axes)
    return save(figure, path)


def _bins(everything: NDArray[np.float64], *, logarithmic: bool) -> list[float]:
    low, high = float(everything.min()), float(everything.max())
    if logarithmic:
        # Sharpness spans several powers of ten, and 0 has no logarithm.
        return list(np.geomspace(max(low, 0.5), high + 1, BINS))
    return list(np.linspace(low, high + 1e-6, BINS))


def _shares(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.full(len(numbers), 100 / len(numbers))


def _sizes(found: Survey, path: Path, words: Wording) -> Path:
    """Bytes of the files and, unless all pictures have one size, width and height with a dot a picture."""
    kilobytes = {name: numbers / 1024 for name, numbers in _by_class(found, "bytes").items()}
    height = max(3.4, 0.8 + 0.3 * len(found.labels))
    sizes = {(one.width, one.height) for one in found.pictures}
    if len(sizes) == 1:
        ((wide, high),) = sizes
        figure = Figure(figsize=(7, height), layout="constrained")
        files = figure.subplots()
        said = words.tr("Every picture has {width} × {height} pixels").format(width=wide, height=high)
        files.set_title(said, fontsize=10, loc="left")
    else:
        figure = Figure(figsize=(9, height), layout="constrained")
        dimensions, files = figure.subplots(1, 2)
        _draw_dimensions(dimensions, _by_class(found, "width"), _by_class(found, "height"), words)
        if len(found.labels) <= TOGETHER:
            _legend(figure, dimensions)
    _draw_files(files, kilobytes, words)
    return save(figure, path)


def _draw_dimensions(axes: Axes, widths: Values, heights: Values, words: Wording) -> None:
    colours, markers = _colours(len(widths)), itertools.cycle("osD^vP")
    for name, colour, marker in zip(widths, colours, markers, strict=False):
        axes.scatter(widths[name], heights[name], s=9, alpha=0.4, color=colour, marker=marker, linewidths=0, label=name)
    axes.set(xlabel=words.tr("width in pixels"), ylabel=words.tr("height in pixels"))
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    _tidy(axes)


def _draw_files(axes: Axes, kilobytes: Values, words: Wording) -> None:
    """The middle half of each class and its mean."""
    boxes = axes.boxplot(
        list(kilobytes.values()),
        orientation="horizontal",
        tick_labels=list(kilobytes),
        showfliers=False,
        showmeans=True,
        meanline=True,
        meanprops={"color": "#222222", "linestyle": "-"},
        # The page gives means: a median beside them would be taken for one.
        medianprops={"linewidth": 0},
        patch_artist=True,
    )
    for box, colour in zip(boxes["boxes"], _colours(len(kilobytes)), strict=True):
        box.set(facecolor=colour, alpha=0.6)
    axes.invert_yaxis()
    axes.set_xlabel(words.tr("KiB a file"))
    _tidy(axes)


def sample_grid(found: Survey, path: Path, words: Wording, *, rng: np.random.Generator) -> Path:
    """A row of random pictures a class, shapes kept."""
    rows = []
    for label in found.labels:
        members = found.of_class(label)
        chosen = rng.permutation(len(members))[:SAMPLES]
        title = words.tr("{label}: {count}").format(label=spoken(label), count=words.number(len(members)))
        rows.append((title, [members[one].path for one in chosen]))
    return _grid(rows, path)


def copies_grid(found: Survey, copies: Copies, groups: Sequence[int], path: Path, words: Wording) -> Path | None:
    """A row for each of the first groups of copies; None if there is none."""
    rows = []
    for group in groups[:GROUPS_SHOWN]:
        members = np.flatnonzero(copies.groups == group)
        labels = ", ".join(sorted({spoken(found.pictures[one].label) for one in members}))
        title = words.tr("{label}: {count}").format(label=labels, count=words.number(len(members)))
        # Spread over the group instead of its first ones.
        chosen = members[np.linspace(0, len(members) - 1, min(SAMPLES, len(members))).astype(int)]
        rows.append((title, [found.pictures[one].path for one in chosen]))
    return _grid(rows, path) if rows else None


def _grid(rows: Sequence[tuple[str, Sequence[Path]]], path: Path) -> Path:
    """Rows of pictures with a title over each."""
    figure = Figure(figsize=(9, 1.35 * len(rows)), layout="constrained")
    grid = figure.subplots(len(rows), SAMPLES, squeeze=False)
    for (title, pictures), line in zip(rows, grid, strict=True):
        for axes in line:
            axes.set_axis_off()
        for picture, axes in zip(pictures, line, strict=False):
            axes.imshow(_sample(picture))
        line[0].set_title(title, fontsize=10, loc="left")
    return save(figure, path)


def _sample(path: Path) -> NDArray[np.uint8]:
    """A picture as it is shown, within a white square."""
    picture = Pillow.fromarray(load_photo(path, longest_side=2 * SAMPLE_SIDE))
    picture.thumbnail((SAMPLE_SIDE, SAMPLE_SIDE))
    square = Pillow.new("RGB", (SAMPLE_SIDE, SAMPLE_SIDE), "white")
    square.paste(picture, ((SAMPLE_SIDE - picture.width) // 2, (SAMPLE_SIDE - picture.height) // 2))
    return np.asarray(square, dtype=np.uint8)
