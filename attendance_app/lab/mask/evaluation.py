"""How well masks are told apart on a folder of crops in class folders."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import ClassificationScores, score
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion, MaskState
from attendance_app.lab.errors import NotHeldOut
from attendance_app.lab.mask.data import MaskPictures, read_class_folders, split_pictures
from attendance_app.lab.mask.sampling import TEST_SHARES
from attendance_app.services.errors import NoCropJudged
from attendance_app.services.mask.crops import LEAST_SIDE
from attendance_app.services.mask.reading import MaskReader
from attendance_app.vision.photo import load_photo

NAMES = tuple(state.value for state in MASK_CLASSES)
SAMPLE = 60
"""Crops that are looked at first, to learn how the set is cut."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that could not be judged, and why."""

    file: Path
    error: KnownError


@dataclass(frozen=True, slots=True)
class MaskEvaluation:
    """``forced``: the likeliest class counts, sure or not. ``sure``: only crops that got an answer; None if none did.

    ``unsure`` and ``found`` are shares of all judged crops: those without an answer, and those in which a detector
    found the face.
    """

    forced: ClassificationScores
    sure: ClassificationScores | None
    unsure: float
    found: float
    least_probability: float
    rejected: tuple[Rejected, ...]


def evaluate_masks(
    reader: MaskReader,
    pictures: MaskPictures,
    *,
    brightness: float,
    report: Callable[[int, int], None],
) -> MaskEvaluation:
    """Judge every crop; its pixels are multiplied by ``brightness`` first (1: as they are).

    The crops of one set are cut alike: faces found in some of them tell how those without a find are to be read.
    Raises KnownError if no crop could be judged.
    """
    # First, since one crop alone says too little about how the set is cut (models/mask.md, "How a crop is cut").
    filling = reader.filling(_sample(pictures, brightness))
    truth: list[int] = []
    opinions: list[MaskOpinion] = []
    found = 0
    rejected: list[Rejected] = []
    for done, (path, label) in enumerate(zip(pictures.files, pictures.labels, strict=True), start=1):
        try:
            face = reader.crop(_lit(load_photo(path), brightness), filling=filling)
        except KnownError as error:
            rejected.append(Rejected(path, error))
        else:
            truth.append(int(label))
            opinions.append(face.opinion)
            found += face.found
        report(done, len(pictures))
    # Otherwise every rate below would be a division by zero.
    if not opinions:
        raise NoCropJudged(count=len(pictures), side=LEAST_SIDE)
    return _evaluation(np.array(truth), opinions, found, reader.classifier.rule.least_probability, tuple(rejected))


def _evaluation(
    truth: NDArray[np.intp], opinions: list[MaskOpinion], found: int, least: float, rejected: tuple[Rejected, ...]
) -> MaskEvaluation:
    probabilities = np.array([one.probabilities for one in opinions])
    sure = np.array([one.state is not MaskState.UNSURE for one in opinions])
    return MaskEvaluation(
        forced=score(truth, probabilities, NAMES),
        sure=score(truth[sure], probabilities[sure], NAMES) if sure.any() else None,
        unsure=float(1 - sure.mean()),
        found=found / len(opinions),
        least_probability=least,
        rejected=rejected,
    )


def _sample(pictures: MaskPictures, brightness: float) -> Iterator[Image]:
    """Crops from all over the set; what can't be read is left to the evaluation itself."""
    for path in pictures.files[:: max(1, len(pictures) // SAMPLE)]:
        with suppress(KnownError):
            yield _lit(load_photo(path), brightness)


def _lit(image: Image, factor: float) -> Image:
    if factor == 1:
        return image
    return np.asarray(np.clip(image * np.float32(factor), 0, 255), dtype=np.uint8)


def held_out_crops(folder: Path, seed: int) -> MaskPictures:
    """Only the pictures of ``folder`` that a training with this seed keeps for its test.

    ``folder`` has to be one of the sets that the training knows, by name. Raises KnownError otherwise.
    """
    if folder.resolve().name not in TEST_SHARES:
        raise NotHeldOut(folder=folder, known=tuple(TEST_SHARES))
    pictures = read_class_folders(folder)
    _, test = split_pictures(pictures, split="group", share=TEST_SHARES[folder.resolve().name], seed=seed)
    return pictures.part(test)


def crops_in(folder: Path) -> MaskPictures:
    """The class folders of ``folder``; raises KnownError as ``read_class_folders`` does."""
    return read_class_folders(folder)
