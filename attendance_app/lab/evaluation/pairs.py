"""The LFW verification protocols: are these two pictures of one person?

View 1: one list of pairs, a threshold from a list of its own. View 2: ten folds, each judged with the threshold that is
best on the other nine (Huang, Ramesh, Berg and Learned-Miller, UMass Amherst technical report 07-49).
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.match import shipped_parameters
from attendance_app.classifiers.plda import pair_ratios
from attendance_app.domain.errors import KnownError
from attendance_app.lab.errors import NotPairs, PairPictureMissing, PairsMissing
from attendance_app.lab.evaluation.face_files import EncodedFile, EncodedFiles, encode_files
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.services.rates import Rate
from attendance_app.vision.photo import PHOTO_SUFFIXES

FALSE_MATCH_RATES = (0.01, 0.001)
VIEW_2_PAIRS, VIEW_2_FOLDS = 6000, 10
PUBLISHED_VIEW_2 = 0.9938
"""The accuracy that dlib's author gives for the encoder on LFW's View 2, and the identity report repeats."""
STOCK_DISTANCES = (0.6, 0.55, 0.5, 0.45, 0.4)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Score(Enum):
    """``DISTANCE``: Euclidean, fitted on nothing here. ``PLDA``: the product's own, fitted on LFW pictures."""

    DISTANCE = "distance"
    PLDA = "plda"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures and the truth."""

    first: Path
    second: Path
    same: bool
    fold: int


@dataclass(frozen=True, slots=True)
class ThresholdRates:
    """``fmr``: pairs of two people taken for one; ``fnmr``: pairs of one person taken for two."""

    threshold: float
    fmr: Rate
    fnmr: Rate


@dataclass(frozen=True, slots=True)
class FoldResult:
    """Accuracy of one fold at the threshold of the others."""

    threshold: float
    accuracy: float


@dataclass(frozen=True, slots=True, eq=False)
class PairReport:
    """``standard_error`` is None for a single fold; ``threshold_from`` says which pairs the thresholds suit."""

    score: Score
    pairs: int
    same: int
    accuracy: float
    standard_error: float | None
    folds: tuple[FoldResult, ...]
    threshold_from: str
    equal_error_rate: float
    at_thresholds: tuple[ThresholdRates, ...]
    at_fmr: tuple[ThresholdRates, ...]
    pictures: int
    without_face: tuple[Path, ...]
    unreadable: tuple[Path, ...]


def pairs_beside(images: Path) -> Path:
    """Return where pairs.txt should be: in the folder of pictures, or beside it as scikit-learn's data folder has it.

    Raises NotFoundError if it is in neither.
    """
    found = [folder / "pairs.txt" for folder in (images, images.parent) if (folder / "pairs.txt").is_file()]
    if not found:
        raise PairsMissing(file=images / "pairs.txt")
    return found[0]


def is_view_2(pairs: list[Pair]) -> bool:
    """Whether these are as many pairs and folds as LFW's View 2 has, so that its published figures compare."""
    return len(pairs) == VIEW_2_PAIRS and len({pair.fold for pair in pairs}) == VIEW_2_FOLDS


def read_pairs(file: Path, images: Path) -> list[Pair]:
    """Read LFW's pairs.txt, pairsDevTrain.txt or pairsDevTest.txt; pictures are ``images``/NAME/NAME_0001.jpg.

    Raises NotFoundError for a missing file or picture and KnownError for a line that is none.
    """
    if not file.is_file():
        raise PairsMissing(file=file)
    # LFW separates by tabs; without any, by spaces.
    rows = [line.split("\t") if "\t" in line else line.split() for line in _lines(file)]
    try:
        head = [int(number) for number in rows[0]]
        folds, each = (head[0], head[1]) if len(head) == 2 else (1, head[0])
        # A fold has so many pairs of one person, then as many of two.
        pairs = [_pair(row, images, index // (2 * each)) for index, row in enumerate(rows[1:])]
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise _malformed(file) from error
    if len(pairs) != 2 * folds * each or not pairs:
        raise _malformed(file)
    return pairs


def _lines(file: Path) -> list[str]:
    return [line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]


def _malformed(file: Path) -> KnownError:
    return NotPairs(file=file)


def _pair(row: list[str], images: Path, fold: int) -> Pair:
    if len(row) == 3:
        return Pair(_picture(images, row[0], row[1]), _picture(images, row[0], row[2]), True, fold)
    name, number, other, other_number = row
    return Pair(_picture(images, name, number), _picture(images, other, other_number), False, fold)


def _picture(images: Path, name: str, number: str) -> Path:
    stem = images / name / f"{name}_{int(number):04d}"
    for suffix in (".jpg", *sorted(PHOTO_SUFFIXES - {".jpg"})):
        path = stem.with_name(stem.name + suffix)
        if path.is_file():
            return path
    raise PairPictureMissing(picture=f"{stem}.jpg")


def evaluate_pairs(
    reader: FaceReader, pairs: list[Pair], score: Score, *, job: JobContext, fit: list[Pair] | None = None
) -> PairReport:
    """Measure ``pairs``; ``fit``: pairs to choose the threshold with (View 1's pairsDevTrain.txt).

    A picture without a face is taken by its middle; a pair with an unreadable picture is taken for two people.
    """
    files = sorted({path for pair in [*pairs, *(fit or [])] for path in (pair.first, pair.second)})
    encoded = encode_files(reader, files, job=job, centred=True)
    likeness, same = _likeness(pairs, encoded, score)
    folds = np.array([pair.fold for pair in pairs])
    if fit is not None:
        limits, source = [best_threshold(*_likeness(fit, encoded, score))], "the pairs given to fit"
        folds = np.zeros_like(folds)
    elif folds.max() > 0:
        limits = [best_threshold(likeness[folds != k], same[folds != k]) for k in range(int(folds.max()) + 1)]
        source = "the other folds"
    else:
        limits, source = [best_threshold(likeness, same)], "the same pairs, so the accuracy flatters"
    results = [
        (limit, float(((likeness[folds == k] >= limit) == same[folds == k]).mean())) for k, limit in enumerate(limits)
    ]
    accuracies = np.array([accuracy for _, accuracy in results])
    sign = -1.0 if score is Score.DISTANCE else 1.0
    shown = [-value for value in STOCK_DISTANCES] if score is Score.DISTANCE else []
    return PairReport(
        score=score,
        pairs=len(pairs),
        same=int(same.sum()),
        accuracy=float(accuracies.mean()),
        standard_error=float(accuracies.std(ddof=1) / np.sqrt(len(accuracies))) if len(accuracies) > 1 else None,
        folds=tuple(FoldResult(sign * limit, accuracy) for limit, accuracy in results),
        threshold_from=source,
        equal_error_rate=equal_error_rate(likeness, same),
        at_thresholds=tuple(_rates(likeness, same, limit, sign=sign) for limit in [*shown, *sorted(set(limits))]),
        at_fmr=tuple(_rates(likeness, same, _limit_at(likeness, same, r), sign=sign) for r in FALSE_MATCH_RATES),
        pictures=len(files),
        without_face=encoded.listed(EncodedFile.NO_FACE),
        unreadable=encoded.listed(EncodedFile.UNREADABLE),
    )


def _likeness(pairs: list[Pair], encoded: EncodedFiles, score: Score) -> tuple[Floats, Flags]:
    """Return how alike each pair is, greater is more, and whether it is one person."""
    index = {file: row for row, file in enumerate(encoded.files)}
    first = encoded.encodings[[index[pair.first] for pair in pairs]]
    second = encoded.encodings[[index[pair.second] for pair in pairs]]
    if score is Score.DISTANCE:
        likeness = -np.linalg.norm(first.astype(np.float64) - second, axis=1)
    else:
        likeness = pair_ratios(shipped_parameters(), first, second)
    # An unreadable picture has no encoding: its pairs come below all others, so they are taken for two people.
    likeness = np.where(np.isnan(likeness), np.nanmin(likeness, initial=0.0) - 1.0, likeness)
    return likeness, np.array([pair.same for pair in pairs])


def best_threshold(likeness: Floats, same: Flags) -> float:
    """Return the threshold with the most pairs right: the middle of the gap, and of equal ones the middle one."""
    order = np.argsort(likeness)
    values, truth = likeness[order], same[order]
    # Pairs right with the threshold before each value: at first everything passes, then one pair after another fails.
    right = np.concatenate([[truth.sum()], truth.sum() + np.cumsum(np.where(truth, -1, 1))])
    # A threshold can lie between different values only.
    gaps = np.concatenate([[True], values[1:] > values[:-1], [True]])
    candidates = np.flatnonzero(gaps & (right == right[gaps].max()))
    cut = int(candidates[len(candidates) // 2])
    padded = np.concatenate([[values[0] - 1.0], values, [values[-1] + 1.0]])
    return float((padded[cut] + padded[cut + 1]) / 2)


def equal_error_rate(likeness: Floats, same: Flags) -> float:
    """Return the error rate where as many pairs of two people pass as pairs of one fail (mean of the nearest step)."""
    order = np.argsort(-likeness, kind="stable")
    truth = same[order]
    fmr = np.concatenate([[0.0], np.cumsum(~truth) / max((~truth).sum(), 1)])
    fnmr = 1 - np.concatenate([[0.0], np.cumsum(truth) / max(truth.sum(), 1)])
    at = int(np.argmin(np.abs(fmr - fnmr)))
    return float((fmr[at] + fnmr[at]) / 2)


def _limit_at(likeness: Floats, same: Flags, rate: float) -> float:
    others = np.sort(likeness[~same])[::-1]
    return float(np.nextafter(others[int(rate * len(others))], np.inf)) if len(others) else 0.0


def _rates(likeness: Floats, same: Flags, limit: float, *, sign: float) -> ThresholdRates:
    matched = likeness >= limit
    return ThresholdRates(
        sign * limit,
        fmr=Rate(int((matched & ~same).sum()), int((~same).sum())),
        fnmr=Rate(int((~matched & same).sum()), int(same.sum())),
    )
