"""What a data set's numbers mean for a training: computed here, said in words by page.py."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from attendance_app.lab.explore.copies import Copies
from attendance_app.lab.explore.survey import PictureFacts, Survey

TEST_SHARE = 0.2
"""Of a random split, for the estimate of what it would leak."""
TELLING = 0.65
"""Share of pairs put into the right order from which a quantity is said to give a class away; chance is 0.5."""
UNEQUAL = 1.5
"""How many times larger the largest class is than the smallest from where they are called unequal."""
QUANTITIES = ("brightness", "sharpness", "pixels", "bytes")


@dataclass(frozen=True, slots=True)
class Telling:
    """A quantity that gives a class away.

    ``pairs``: of the pairs of one picture of the class and one of another class, the share in which the class's picture
    has more of it (area under the ROC curve); below 0.5 it has less.
    """

    label: str
    quantity: str
    pairs: float


@dataclass(frozen=True, slots=True)
class Repeats:
    """Copies within one class."""

    label: str
    pictures: int
    with_copy: int
    groups: int


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What there is to say.

    ``same_in_classes``: equal pictures that are in more than one class, a tuple each. ``alike_in_classes``: source
    groups, by their number, with pictures of more than one class that are not all equal. ``repeats``: one for each
    class. ``leak``: of the pictures of a random test part of ``TEST_SHARE``, the share expected to have a copy in the
    rest. ``formats`` and ``modes``: pictures by class, and by file format and colour mode. ``turned``: pictures
    stored turned.
    """

    same_in_classes: tuple[tuple[PictureFacts, ...], ...]
    alike_in_classes: tuple[int, ...]
    repeats: tuple[Repeats, ...]
    leak: float
    telling: tuple[Telling, ...]
    formats: dict[str, Counter[str]]
    modes: dict[str, Counter[str]]
    turned: int

    @property
    def counts(self) -> dict[str, int]:
        """Pictures of each class."""
        return {one.label: one.pictures for one in self.repeats}

    @property
    def imbalance(self) -> float:
        """How many times larger the largest class is than the smallest."""
        return max(self.counts.values()) / min(self.counts.values())


def conclude(found: Survey, copies: Copies) -> Findings:
    """Work out everything from the pictures and their groups of copies."""
    labels = found.labels
    return Findings(
        same_in_classes=_same_in_classes(found),
        alike_in_classes=_alike_in_classes(found, copies),
        repeats=tuple(_repeats(found, copies, label) for label in labels),
        leak=expected_leak(copies.sizes),
        telling=tuple(one for label in labels for one in _telling(found, label)),
        formats={label: Counter(one.format for one in found.of_class(label)) for label in labels},
        modes={label: Counter(one.mode for one in found.of_class(label)) for label in labels},
        turned=sum(one.stored_turned for one in found.pictures),
    )


def expected_leak(sizes: NDArray[np.intp]) -> float:
    """Return the share of a random test part that is expected to have a copy in the training part.

    A picture of a group of n has none there if the n - 1 others are all in the test part.
    """
    return float((sizes * (1 - TEST_SHARE ** (sizes - 1.0))).sum() / sizes.sum())


def values(pictures: list[PictureFacts], quantity: str) -> NDArray[np.float64]:
    """Return one quantity of each picture; "pixels" is the area."""
    if quantity == "pixels":
        return np.array([one.width * one.height for one in pictures], dtype=np.float64)
    return np.array([getattr(one, quantity) for one in pictures], dtype=np.float64)


def _same_in_classes(found: Survey) -> tuple[tuple[PictureFacts, ...], ...]:
    equal: dict[str, list[PictureFacts]] = defaultdict(list)
    for picture in found.pictures:
        equal[picture.pixels].append(picture)
    return tuple(tuple(some) for some in equal.values() if len({one.label for one in some}) > 1)


def _alike_in_classes(found: Survey, copies: Copies) -> tuple[int, ...]:
    labels: dict[int, set[str]] = defaultdict(set)
    different: dict[int, set[str]] = defaultdict(set)
    for picture, group in zip(found.pictures, copies.groups.tolist(), strict=True):
        labels[group].add(picture.label)
        different[group].add(picture.pixels)
    return tuple(group for group in sorted(labels) if len(labels[group]) > 1 and len(different[group]) > 1)


def _repeats(found: Survey, copies: Copies, label: str) -> Repeats:
    groups = copies.groups[found.indices(label)]
    return Repeats(label, len(groups), int((copies.sizes[groups] > 1).sum()), len(np.unique(groups)))


def _telling(found: Survey, label: str) -> list[Telling]:
    """The quantities that give the class away, the strongest first."""
    if len(found.labels) == 1:
        return []
    everything = list(found.pictures)
    own = found.indices(label)
    count, rest = len(own), len(everything) - len(own)
    result = []
    for quantity in QUANTITIES:
        ranks = rankdata(values(everything, quantity))
        # Mann and Whitney's U over the number of pairs; ties count half.
        pairs = (float(ranks[own].sum()) - count * (count + 1) / 2) / (count * rest)
        if max(pairs, 1 - pairs) >= TELLING:
            result.append(Telling(label, quantity, pairs))
    return sorted(result, key=lambda one: -abs(one.pairs - 0.5))
