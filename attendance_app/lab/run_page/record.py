"""What the page of a training speaks of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import ClassificationScores, score
from attendance_app.lab.pages import Table
from attendance_app.lab.runs import History

Picture = NDArray[np.uint8]
"""Height x width x 1 (grey) or 3 (RGB), 0 to 255."""
SAMPLES: Final = 24
"""Pictures of the training that the page shows."""


@dataclass(frozen=True, slots=True, eq=False)
class TestPart:
    """The network's answers on pictures that it has not seen: the truth (n), probabilities (n x classes).

    ``picture`` returns one of them as the network sees it; ``files`` are their names, where they are known.
    """

    __test__ = False
    """For pytest, which takes a class of this name for tests."""

    names: tuple[str, ...]
    truth: NDArray[np.intp]
    probabilities: NDArray[np.floating]
    picture: Callable[[int], Picture]
    files: Sequence[str] = ()

    def scores(self) -> ClassificationScores:
        """The figures of ``domain.classification``."""
        return score(self.truth, self.probabilities, self.names)


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """One training, in no language. ``samples``: some pictures to learn from, as the network sees them (n of them);
    ``tests``: by the name that the files of the run have for them."""

    history: History
    samples: Picture
    tests: Mapping[str, TestPart]


@dataclass(frozen=True, slots=True)
class Told:
    """What only this kind of training has to say, in one language.

    ``tests``: titles of the record's. ``compared``: its figures beside the report's, only where the same test was run;
    ``not_compared``: else why not. ``quantities``: what its accuracy and its loss are called, if something else.
    """

    title: str
    tests: Mapping[str, str]
    deviations: Sequence[str] = ()
    compared: Sequence[Table] = ()
    not_compared: str = ""
    quantities: tuple[str, str] | None = None


def spread(members: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return ``SAMPLES`` of the members, or all where there are fewer, evenly from first to last."""
    places = np.linspace(0, len(members) - 1, min(SAMPLES, len(members)))
    chosen: NDArray[np.intp] = members[places.astype(np.intp)]
    return chosen
