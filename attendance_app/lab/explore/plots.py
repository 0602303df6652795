"""The plots of a data exploration."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image as Pillow

from attendance_app.lab.explore.copies import Copies
from attendance_app.lab.explore.stages import Progress
from attendance_app.lab.explore.survey import PictureFacts, Survey
from attendance_app.lab.plots import save

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's, told apart by everybody."""
SAMPLES = 8
SAMPLE_SIDE = 112
GROUPS_SHOWN = 6


def draw_all(found: Survey, folder: Path, *, rng: np.random.Generator, report: Progress) -> dict[str, Path]:
    """Draw every plot into ``folder``; returns them by their subject."""
    brightness, sharpness = "mean brightness (0 to 255)", "sharpness (variance of the Laplacian)"
    plots: dict[str, Callable[[Path], Path]] = {
        "counts": lambda path: _counts(found, path),
        "samples": lambda path: sample_grid(found, path, rng=rng),
        "sizes": lambda path: _sizes(found, path),
        "brightness": lambda path: _distribution(found, "brightness", brightness, path),
        "sharpness": lambda path: _distribution(found, "sharpness", sharpness, path, logarithmic=True),
    }
    drawn: dict[str, Path] = {}
    for subject, draw in plots.items():
        drawn[subject] = draw(folder / f"{subject}.png")
        report(len(drawn), len(plots))
    return drawn


def colour_of(index: int) -> str:
    """One colour a class, in order, again from the start when they run out."""
    return COLOURS[index % len(COLOURS)]


def _spoken(label: str) -> str:
    return label.replace("_", " ")


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _counts(found: Survey, path: Path) -> Path:
    labels = found.labels
    counts = [len(found.of_class(label)) for label in labels]
    figure = Figure(figsize=(7, 0.9 + 0.5 * len(labels)), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(
        [_spoken(label) for label in labels], counts, color=[colour_of(i) for i in range(len(labels))], height=0.6
    )
    axes.bar_label(bars, [f"{count:,}" for count in counts], padding=4)
    axes.set_xlim(0, max(counts) * 1.12)
    axes.invert_yaxis()
    axes.set_xlabel("pictures")
    _tidy(axes)
    return save(figure, path)


def _distribution(found: Survey, quantity: str, words: str, path: Path, *, logarithmic: bool = False) -> Path:
    """One outline a class over common bins, as shares of the class: classes of unequal size compare."""
    figure = Figure(figsize=(7, 3.2), layout="constrained")
    axes = figure.subplots()
    values = {label: _values(found.of_class(label), quantity) for label in found.labels}
    everything = np.concatenate(list(values.values()))
    if logarithmic:
        # Sharpness spans several powers of ten, and 0 has no logarithm.
        bins = np.geomspace(max(float(everything.min()), 0.5), float(everything.max()) + 1, 40)
        axes.set_xscale("log")
    else:
        bins = np.linspace(float(everything.min()), float(everything.max()) + 1e-6, 40)
    for index, (label, numbers) in enumerate(values.items()):
        weights = np.full(len(numbers), 100 / len(numbers))
        colour = colour_of(index)
        axes.hist(numbers, bins=list(bins), weights=weights, histtype="stepfilled", alpha=0.15, color=colour)
        axes.hist(numbers, bins=list(bins), weights=weights, histtype="step", color=colour, label=_spoken(label))
        axes.axvline(float(np.median(numbers)), color=colour, linewidth=1, linestyle="--")
    axes.set_xlabel(f"{words}; dashed: the class's median")
    axes.set_ylabel("% of the class")
    axes.legend(frameon=False)
    _tidy(axes)
    return save(figure, path)


def _values(pictures: Sequence[PictureFacts], quantity: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([getattr(picture, quantity) for picture in pictures], dtype=np.float64)


def _sizes(found: Survey, path: Path) -> Path:
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    dimensions, files = figure.subplots(1, 2)
    _draw_dimensions(dimensions, found)
    boxes = files.boxplot(
        [_values(found.of_class(label), "bytes") / 1024 for label in found.labels],
        orientation="horizontal",
        tick_labels=[_spoken(label) for label in found.labels],
        showfliers=False,
        medianprops={"color": "#222222"},
        patch_artist=True,
    )
    for index, box in enumerate(boxes["boxes"]):
        box.set(facecolor=colour_of(index), alpha=0.6)
    files.invert_yaxis()
    files.set_xlabel("KiB a file")
    _tidy(files)
    return save(figure, path)


def _draw_dimensions(axes: Axes, found: Survey) -> None:
    """A dot a picture; where all have one size, that size in words: a single dot says nothing."""
    sizes = {(one.width, one.height) for label in found.labels for one in found.of_class(label)}
    if len(sizes) == 1:
        ((width, height),) = sizes
        axes.set_axis_off()
        axes.text(0.5, 0.5, f"every picture has\n{width} × {height} pixels", ha="center", va="center", fontsize=12)
        return
    for index, label in enumerate(found.labels):
        members = found.of_class(label)
        axes.scatter(
            _values(members, "width"),
            _values(members, "height"),
            s=9,
            alpha=0.4,
            color=colour_of(index),
            linewidths=0,
            label=_spoken(label),
        )
    axes.set(xlabel="width in pixels", ylabel="height in pixels")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    _tidy(axes)


def sample_grid(found: Survey, path: Path, *, rng: np.random.Generator) -> Path:
    """A row of random pictures a class, shapes kept."""
    labels = found.labels
    figure = Figure(figsize=(9, 1.35 * len(labels)), layout="constrained")
    grid = figure.subplots(len(labels), SAMPLES, squeeze=False)
    for row, label in enumerate(labels):
        members = found.of_class(label)
        chosen = rng.permutation(len(members))[:SAMPLES]
        for column, axes in enumerate(grid[row]):
            axes.set_axis_off()
            if column < len(chosen):
                axes.imshow(_sample(members[chosen[column]].path))
        grid[row, 0].set_title(_spoken(label), fontsize=10, loc="left")
    return save(figure, path)


def copies_grid(found: Survey, copies: Copies, path: Path) -> Path | None:
    """A row for each of the largest groups of copies; None if nothing is there twice."""
    largest = [int(group) for group in np.argsort(-copies.sizes)[:GROUPS_SHOWN] if copies.sizes[group] > 1]
    if not largest:
        return None
    figure = Figure(figsize=(9, 1.35 * len(largest)), layout="constrained")
    grid = figure.subplots(len(largest), SAMPLES, squeeze=False)
    for row, group in enumerate(largest):
        members = np.flatnonzero(copies.groups == group)
        # Spread over the group instead of its first ones.
        chosen = members[np.linspace(0, len(members) - 1, min(SAMPLES, len(members))).astype(int)]
        for column, axes in enumerate(grid[row]):
            axes.set_axis_off()
            if column < len(chosen):
                axes.imshow(_sample(found.pictures[chosen[column]].path))
        label = _spoken(found.pictures[members[0]].label)
        grid[row, 0].set_title(f"{label}, {len(members)} pictures", fontsize=10, loc="left")
    return save(figure, path)


def _sample(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Pillow.open(path) as opened:
        picture = opened.convert("RGB")
        picture.thumbnail((SAMPLE_SIDE, SAMPLE_SIDE))
        square = Pillow.new("RGB", (SAMPLE_SIDE, SAMPLE_SIDE), "white")
        square.paste(picture, ((SAMPLE_SIDE - picture.width) // 2, (SAMPLE_SIDE - picture.height) // 2))
        return np.asarray(square, dtype=np.uint8)
