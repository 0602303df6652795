"""Open-set recognition measured on folders of pictures: students enrolled, students again, and strangers.

DIR: share of the students' probes that are named right. Wrong identity: share named as another student.
FPIR: share of the strangers' probes that are named as anybody (ISO/IEC 19795-1 calls them so).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.match import EncodingMatcher
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.domain.people import Gallery, Student
from attendance_app.lab.errors import NoCommonFolder
from attendance_app.lab.evaluation.face_files import (
    EncodedFile,
    EncodedFiles,
    encode_files,
    pictures_by_person,
    pictures_in,
)
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.services.rates import Rate

PROBABILITIES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
# 0.6 is face_recognition's own tolerance.
DISTANCES = (0.6, 0.55, 0.5, 0.45, 0.4)
FALSE_RATES = (0.01, 0.001)

Whole = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OpenSetRates:
    """The three rates of one rule at one ``threshold``."""

    threshold: float
    dir: Rate
    wrong_identity: Rate
    fpir: Rate


@dataclass(frozen=True, slots=True, eq=False)
class ProbeScores:
    """What a rule says of every probe before any threshold: the best student and how good, greater is surer.

    ``truth``: the student's column, -1 for a stranger. A picture without a face has the score -infinity.
    """

    best: Whole
    score: Floats
    truth: Whole

    def rates(self, threshold: float) -> OpenSetRates:
        """Count what is named from ``threshold`` on."""
        named, student = self.score >= threshold, self.truth >= 0
        right = named & student & (self.best == self.truth)
        wrong = named & student & (self.best != self.truth)
        students, strangers = int(student.sum()), int((~student).sum())
        return OpenSetRates(
            threshold,
            dir=Rate(int(right.sum()), students),
            wrong_identity=Rate(int(wrong.sum()), students),
            fpir=Rate(int((named & ~student).sum()), strangers),
        )

    def at_fpir(self, share: float) -> OpenSetRates:
        """The rates at the lowest threshold which lets at most ``share`` of the strangers pass."""
        strangers = np.sort(self.score[self.truth < 0])[::-1]
        # So many strangers may pass; the threshold lies just above the next one.
        allowed = int(share * len(strangers))
        limit = float(strangers[allowed]) if allowed < len(strangers) else float("-inf")
        # Where the next one has no face (-infinity), everybody with a face may pass.
        finite = self.score[np.isfinite(self.score)]
        floor = float(finite.min()) if len(finite) else 0.0
        return self.rates(float(np.nextafter(limit, np.inf)) if np.isfinite(limit) else floor)


@dataclass(frozen=True, slots=True, eq=False)
class GalleryFolders:
    """A folder per person in ``enrol`` and ``probe``, same names in both; ``strangers``: pictures of others."""

    enrol: Path
    probe: Path
    strangers: Path


@dataclass(frozen=True, slots=True, eq=False)
class GalleryReport:
    """What ``attendance evaluate gallery`` measures; ``product`` at its default threshold, ``stock`` by distance."""

    students: int
    students_without_template: tuple[str, ...]
    enrolled: EncodedFiles
    probes: EncodedFiles
    strangers: EncodedFiles
    not_enrolled: tuple[str, ...]
    product: OpenSetRates
    product_curve: tuple[OpenSetRates, ...]
    product_at_fpir: tuple[OpenSetRates, ...]
    stock_curve: tuple[OpenSetRates, ...]
    stock_at_fpir: tuple[OpenSetRates, ...]


def evaluate_gallery(reader: FaceReader, folders: GalleryFolders, *, job: JobContext) -> GalleryReport:
    """Enrol, probe and count, one picture at a time as one frame would be judged.

    A picture that can't be read or has no face counts as not named. Raises NotFoundError and KnownError for folders
    that can't be evaluated.
    """
    enrol, probe = pictures_by_person(folders.enrol), pictures_by_person(folders.probe)
    names = list(enrol)
    shared = [name for name in probe if name in enrol]
    if not shared:
        raise NoCommonFolder(probe=folders.probe, enrol=folders.enrol)
    sets = [
        [(names.index(name), file) for name in names for file in enrol[name]],
        [(names.index(name), file) for name in shared for file in probe[name]],
        [(-1, file) for file in pictures_in(folders.strangers)],
    ]
    enrolled, probes, strangers = _encode_sets(reader, [[file for _, file in one] for one in sets], job)
    gallery = _gallery(names, reader.encoder_id, enrolled, np.array([owner for owner, _ in sets[0]], dtype=np.intp))
    truth = np.array([owner for one in sets[1:] for owner, _ in one], dtype=np.intp)
    product, stock = _answers(EncodingMatcher(gallery), (probes, strangers), truth)
    with_template = set(gallery.owners.tolist())
    return GalleryReport(
        students=len(names),
        students_without_template=tuple(name for i, name in enumerate(names) if i not in with_template),
        enrolled=enrolled,
        probes=probes,
        strangers=strangers,
        not_enrolled=tuple(name for name in probe if name not in enrol),
        product=product.rates(DEFAULT_RULE.accept),
        product_curve=tuple(product.rates(threshold) for threshold in PROBABILITIES),
        product_at_fpir=tuple(product.at_fpir(share) for share in FALSE_RATES),
        # Scores are greater when surer, so distances are negative ones.
        stock_curve=tuple(stock.rates(-threshold) for threshold in DISTANCES),
        stock_at_fpir=tuple(stock.at_fpir(share) for share in FALSE_RATES),
    )


def _encode_sets(reader: FaceReader, sets: Sequence[Sequence[Path]], job: JobContext) -> list[EncodedFiles]:
    # All at once, so that batches are full and there is one bar.
    everything = encode_files(reader, [file for one in sets for file in one], job=job)
    parts, start = [], 0
    for one in sets:
        end = start + len(one)
        part = slice(start, end)
        one_set = (everything.files[part], everything.encodings[part], everything.readings[part])
        parts.append(EncodedFiles(*one_set, everything.face_px[part]))
        start = end
    return parts


def _gallery(names: list[str], encoder_id: str, enrolled: EncodedFiles, owners: Whole) -> Gallery:
    students = tuple(Student(id=index, number=name, name=name) for index, name in enumerate(names))
    usable = enrolled.usable
    return Gallery(encoder_id, students, enrolled.encodings[usable], owners[usable], enrolled.face_px[usable])


def _answers(matcher: EncodingMatcher, files: Sequence[EncodedFiles], truth: Whole) -> tuple[ProbeScores, ProbeScores]:
    """Return the product's answers (probability) and stock face_recognition's (minus the nearest distance)."""
    probes = np.vstack([one.encodings for one in files])
    face_px = np.concatenate([one.face_px for one in files])
    usable = np.asarray(np.isfinite(probes).all(axis=1))
    counts = np.ones(int(usable.sum()), dtype=np.intp)
    posterior = matcher.posterior(probes[usable], counts, face_px=face_px[usable])[:, :-1]
    return _best(posterior, usable, truth), _best(-matcher.distances(probes[usable]), usable, truth)


def _best(scores: Floats, usable: NDArray[np.bool_], truth: Whole) -> ProbeScores:
    best, score = np.full(len(truth), -1, dtype=np.intp), np.full(len(truth), -np.inf)
    best[usable], score[usable] = scores.argmax(axis=1), scores.max(axis=1)
    return ProbeScores(best, score, truth)


def failures(files: EncodedFiles) -> dict[str, list[str]]:
    """Return the files that gave no face, by reason."""
    return {
        reading.value: [str(file) for file in files.listed(reading)]
        for reading in (EncodedFile.NO_FACE, EncodedFile.UNREADABLE)
    }
