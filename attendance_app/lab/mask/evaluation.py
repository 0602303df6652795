"""How well masks are told apart on a folder of crops in class folders."""

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attendance_app.domain.classification import ClassificationScores, score
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion, MaskState
from attendance_app.lab.errors import NotHeldOut
from attendance_app.lab.mask.data import MaskPictures, read_class_folders, split_pictures
from attendance_app.lab.mask.sampling import TEST_SHARES
from attendance_app.networks.own import OwnNetwork
from attendance_app.services.errors import NoCropJudged
from attendance_app.services.mask.crops import LEAST_SIDE
from attendance_app.services.mask.reading import MaskedFace, MaskReader
from attendance_app.vision.photo import load_photo

NAMES = tuple(state.value for state in MASK_CLASSES)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that could not be judged, and why."""

    file: Path
    error: KnownError


@dataclass(frozen=True, slots=True)
class MaskEvaluation:
    """``forced``: the likeliest class counts, sure or not. ``sure``: only crops that got an answer; None if none did.

    Both are of the crops in which a face was found; ``no_face`` counts the others. ``unsure`` is the share of the found
    faces without an answer, ``found`` that of the crops in which the detector was sure of the face.
    """

    forced: ClassificationScores
    sure: ClassificationScores | None
    unsure: float
    found: float
    no_face: int
    least_probability: float
    rejected: tuple[Rejected, ...]


def evaluate_masks(
    reader: MaskReader,
    pictures: MaskPictures,
    *,
    brightness: float,
    report: Callable[[int, int], None],
) -> MaskEvaluation:
    """Judge every crop as ``attendance mask`` does, by the face nearest its middle.

    Its pixels are multiplied by ``brightness`` first (1: as they are). Raises KnownError if no crop could be judged.
    """
    truth: list[int] = []
    opinions: list[MaskOpinion] = []
    found = no_face = 0
    rejected: list[Rejected] = []
    for done, (path, label) in enumerate(zip(pictures.files, pictures.labels, strict=True), start=1):
        try:
            image = _lit(load_photo(path), brightness)
            face = _nearest_the_middle(reader.faces(image), image)
        except KnownError as error:
            rejected.append(Rejected(path, error))
        else:
            if face is None:
                no_face += 1
            else:
                truth.append(int(label))
                opinions.append(face.opinion)
                found += face.found
        report(done, len(pictures))
    # Otherwise every rate below would be a division by zero.
    if not opinions:
        raise NoCropJudged(count=len(pictures), side=LEAST_SIDE)
    sure = np.array([one.state is not MaskState.UNSURE for one in opinions])
    probabilities, labels = np.array([one.probabilities for one in opinions]), np.array(truth)
    return MaskEvaluation(
        forced=score(labels, probabilities, NAMES),
        sure=score(labels[sure], probabilities[sure], NAMES) if sure.any() else None,
        unsure=float(1 - sure.mean()),
        found=found / (len(opinions) + no_face),
        no_face=no_face,
        least_probability=reader.classifier.rule.least_probability,
        rejected=tuple(rejected),
    )


def _nearest_the_middle(faces: Sequence[MaskedFace], image: Image) -> MaskedFace | None:
    height, width = image.shape[:2]

    def distance(face: MaskedFace) -> float:
        x, y = face.box.center
        return math.hypot(x - width / 2, y - height / 2)

    return min(faces, key=distance, default=None)


def sampled(pictures: MaskPictures, count: int, seed: int) -> MaskPictures:
    """Return ``count`` pictures of each class, or all where there are fewer. The same seed chooses the same."""
    random = np.random.default_rng(seed)
    chosen: list[int] = []
    for label in range(len(MASK_CLASSES)):
        members = np.flatnonzero(pictures.labels == label)
        chosen += random.permutation(members)[:count].tolist()
    return pictures.part(chosen)


def _lit(image: Image, factor: float) -> Image:
    if factor == 1:
        return image
    return np.asarray(np.clip(image * np.float32(factor), 0, 255), dtype=np.uint8)


def held_out_crops(folder: Path, seeds: Sequence[int], *, run: OwnNetwork | None = None) -> MaskPictures:
    """Only the pictures of ``folder`` that trainings with these seeds all keep for their tests.

    ``run``: a network of one's own whose split.csv, if it has one, says which pictures it was not trained on.
    ``folder`` has to be one of the sets that the training knows, by name. Raises KnownError otherwise.
    """
    if folder.resolve().name not in TEST_SHARES:
        raise NotHeldOut(folder=folder, known=tuple(TEST_SHARES))
    pictures = read_class_folders(folder)
    held = np.ones(len(pictures), np.bool_)
    listed = _test_files(run)
    # A network with a list of its own is the last of them.
    for seed in seeds[: -1 if listed else None]:
        _, test = split_pictures(pictures, split="group", share=TEST_SHARES[folder.resolve().name], seed=seed)
        held &= np.isin(np.arange(len(pictures)), test)
    if listed:
        names = [path.relative_to(folder).as_posix() for path in pictures.files]
        held &= np.array([name in listed for name in names])
    return pictures.part(np.flatnonzero(held))


def _test_files(run: OwnNetwork | None) -> frozenset[str]:
    """The test's pictures by the run's split.csv; none without one."""
    path = None if run is None else run.folder / "split.csv"
    if path is None or not path.is_file():
        return frozenset()
    with path.open(newline="", encoding="utf-8") as table:
        return frozenset(row["file"] for row in csv.DictReader(table) if row["part"] == "test")


def crops_in(folder: Path) -> MaskPictures:
    """The class folders of ``folder``; raises KnownError as ``read_class_folders`` does."""
    return read_class_folders(folder)
