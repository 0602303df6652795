"""Encodings of people as they are and with masks drawn on them, for measuring and fitting the matcher under masks."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.domain.faces import Image
from attendance_app.lab.evaluation.face_files import encode_files, main_face, pictures_by_person, pictures_in
from attendance_app.lab.mask.drawn import WearStyle, draw_mask
from attendance_app.lab.matcher.training import FaceSet, degraded
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext

MOST_STUDENTS, MOST_PICTURES = 110, 6
"""People of whom classes are made, and pictures of each that get a mask: more cost time and say little."""
FEW_PICTURES, MOST_OTHERS = 3, 300
"""People with so few pictures can be strangers only: one masked picture each, of so many of them."""

CLEAN, DEGRADED, MASKED, UNDER_NOSE = "clean", "degraded", "masked", "under the nose"

Floats = NDArray[np.float64]
Look = Callable[[Image, Generator], Image]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedFaces:
    """``views``: encodings (n, 128) of the same n pictures, NaN where no face was found; ``people`` (n,): whose.

    Masks are drawn on the pictures in ``drawn`` (n,) only.
    """

    views: Mapping[str, Floats]
    people: NDArray[np.intp]
    drawn: NDArray[np.bool_]

    def found(self, *names: str) -> NDArray[np.bool_]:
        """Which pictures show a face in all these views."""
        return np.asarray(np.logical_and.reduce([np.isfinite(self.views[name]).all(axis=1) for name in names]))

    def face_set(self, *, probe: str) -> FaceSet:
        """The people some of whose pictures get a mask, with the ``probe`` view, NaN where that shows no face."""
        rows = self.found(CLEAN) & np.isin(self.people, self.people[self.drawn])
        return FaceSet({CLEAN: self.views[CLEAN][rows], probe: self.views[probe][rows]}, self.people[rows])


def read_masked_faces(
    reader: FaceReader, folders: Sequence[Path], *, seed: int, job: JobContext, cache: Path | None = None
) -> MaskedFaces:
    """Encode every person's pictures plain, and some masked; a masked face has to be found anew.

    ``cache``: a folder in which encodings are kept, and found again for the same files and seed.
    """
    listed = [
        (person, file)
        for folder in folders
        for person, pictures in pictures_by_person(folder).items()
        for file in pictures
    ]
    _, people = np.unique([person for person, _ in listed], return_inverse=True)
    drawn = _drawn(people, np.random.default_rng(seed))
    every = np.ones(len(people), dtype=bool)
    # The place in this dictionary seeds each look: another order draws other masks.
    looks: dict[str, tuple[Look | None, NDArray[np.bool_]]] = {
        CLEAN: (None, every),
        MASKED: (lambda image, random: masked(reader, image, WearStyle.RIGHT, random), drawn),
        DEGRADED: (degraded, every),
        UNDER_NOSE: (lambda image, random: masked(reader, image, WearStyle.UNDER_NOSE, random), drawn),
    }
    views = {}
    for number, (name, (look, chosen)) in enumerate(looks.items()):
        files = [listed[row][1] for row in np.flatnonzero(chosen).tolist()]
        kept_at = _kept_at(cache, name, files, seed)
        views[name] = np.full((len(people), 128), np.nan)
        views[name][chosen] = _encode(reader, files, _seeded(look, (seed, number)), job=job, kept_at=kept_at)
    return MaskedFaces(views, people, drawn)


def read_pictures(reader: FaceReader, folder: Path, *, job: JobContext, cache: Path | None = None) -> Floats:
    """Encode the main face of every picture below ``folder``, (n, 128); NaN where none is found."""
    files = pictures_in(folder)
    return _encode(reader, files, None, job=job, kept_at=_kept_at(cache, "pictures", files, 0))


def masked(reader: FaceReader, image: Image, worn: WearStyle, random: Generator) -> Image:
    """Draw a mask on the picture's main face; without a face the picture stays as it is."""
    detections = reader.find(image)
    if not detections:
        return image
    pose = reader.poses(image, [main_face(detections, image)])[0]
    return draw_mask(image, pose.landmarks, worn, random)


def _drawn(people: NDArray[np.intp], random: Generator) -> NDArray[np.bool_]:
    """Choose the pictures that get a mask."""
    counts = np.bincount(people)
    chosen = np.zeros(len(people), dtype=bool)
    for candidates, most_people, most in (
        (np.flatnonzero(counts > FEW_PICTURES), MOST_STUDENTS, MOST_PICTURES),
        (np.flatnonzero((counts > 0) & (counts <= FEW_PICTURES)), MOST_OTHERS, 1),
    ):
        for person in random.permutation(candidates)[:most_people].tolist():
            chosen[random.permutation(np.flatnonzero(people == person))[:most]] = True
    return chosen


def _seeded(look: Look | None, seed: tuple[int, int]) -> Callable[[Image], Image] | None:
    if look is None:
        return None
    random = np.random.default_rng(seed)
    return lambda image: look(image, random)


def _encode(
    reader: FaceReader,
    files: Sequence[Path],
    view: Callable[[Image], Image] | None,
    *,
    job: JobContext,
    kept_at: Path | None,
) -> Floats:
    if kept_at is not None and kept_at.exists():
        return np.asarray(np.load(kept_at), dtype=np.float64)
    encodings = encode_files(reader, files, job=job, view=view).encodings
    if kept_at is not None:
        kept_at.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept_at, encodings)
    return encodings.astype(np.float64)


def _kept_at(cache: Path | None, view: str, files: Sequence[Path], seed: int) -> Path | None:
    if cache is None:
        return None
    facts = f"{view} {seed}\n" + "\n".join(f"{file} {file.stat().st_size}" for file in files)
    return cache / f"masked-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.npy"
