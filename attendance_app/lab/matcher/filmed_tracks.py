"""Three seconds of a face in a film: many looks at one photo, as a session sees it, added up as a session does.

A track's looks share the photo, so all that is untypical in it, and the camera; each has noise, pixels, and a box of
its own. People do not move in it: what a turn of the head adds is not measured.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.domain.faces import Detection
from attendance_app.lab.matcher.sized_faces import Face, SizedFaces, SizedView, again, read_main_face
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.services.session.evidence import TrackEvidence
from attendance_app.vision.quality import resolved_px

SIZES = (80, 56, 40, 32, 24)
LOOKS = 12
"""Looks of three seconds: a face is encoded about four times a second."""
ENROLLED, FILMED, MOST_STRANGERS = 3, 2, 300
"""Photos that a student needs besides the ``FILMED`` ones; and people of one picture who are filmed as strangers."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class FilmedTracks:
    """``rows`` (n,): which of the ``SizedFaces`` were filmed. ``looks`` and ``tracks``: by the size of the face, the
    first look (n) and the whole track (n)."""

    rows: Whole
    looks: Mapping[int, SizedView]
    tracks: Mapping[int, SizedView]


def filmed_rows(people: Whole, random: Generator) -> Whole:
    """Choose the pictures that are filmed: some of everybody who has enough others to enrol, and strangers."""
    counts = np.bincount(people)
    students = np.flatnonzero(counts >= ENROLLED + FILMED)
    chosen = [random.permutation(np.flatnonzero(people == person))[:FILMED] for person in students.tolist()]
    of_one = random.permutation(np.flatnonzero(counts[people] == 1))[:MOST_STRANGERS]
    return np.sort(np.concatenate([*chosen, of_one])).astype(np.intp)


def film(
    reader: FaceReader, faces: SizedFaces, *, seed: int, job: JobContext, cache: Path | None = None
) -> FilmedTracks:
    """Film the chosen pictures at every size. ``cache``: a folder in which the tracks are kept, and found again for the
    same files and seed."""
    rows = filmed_rows(faces.people, np.random.default_rng(seed))
    files = [faces.files[row] for row in rows.tolist()]
    kept_at = _kept_at(cache, files, seed)
    if kept_at is not None and kept_at.exists():
        with np.load(kept_at) as file:
            found = dict(file)
    else:
        found = _film_all(reader, files, seed=seed, job=job)
        if kept_at is not None:
            kept_at.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept_at, encodings=found["encodings"], face_px=found["face_px"])
    first, whole = (
        {
            size: SizedView(found["encodings"][of, place], found["face_px"][of, place])
            for place, size in enumerate(SIZES)
        }
        for of in (0, 1)
    )
    return FilmedTracks(rows, first, whole)


def _film_all(
    reader: FaceReader, files: Sequence[Path], *, seed: int, job: JobContext
) -> dict[str, NDArray[np.float64]]:
    """Encodings (2, sizes, n, 128) and sizes (2, sizes, n) of the first look and of the whole track."""
    encodings, face_px = np.zeros((2, len(SIZES), len(files), 128)), np.zeros((2, len(SIZES), len(files)))
    for row, file in enumerate(files):
        job.raise_if_cancelled()
        face = read_main_face(reader, file)
        # All of them showed a face when the sizes were read.
        assert face is not None
        for place, size in enumerate(SIZES):
            track, first = TrackEvidence(), TrackEvidence()
            for look in _looks(reader, face, size, seed=(seed, row, size)):
                for evidence in (track, first) if not track.count else (track,):
                    evidence.add(look[0], None, face_px=look[1])
            for of, evidence in enumerate((first, track)):
                encodings[of, place, row], face_px[of, place, row] = evidence.mean, evidence.face_px
        job.report(row + 1, len(files))
    return {"encodings": encodings, "face_px": face_px}


def _looks(
    reader: FaceReader, face: Face, size: int, *, seed: tuple[int, int, int]
) -> list[tuple[NDArray[np.float32], float]]:
    """The encodings of a track's looks, (128,) each, and how large its face was in each."""
    random = np.random.default_rng(seed)
    chips, sizes = [], []
    for _ in range(LOOKS):
        # The same camera for all looks: drawn anew by the same seed.
        seen = again(size, face, random, camera=np.random.default_rng(seed))
        pose = reader.poses(seen.image, [Detection(seen.box, 1.0)])[0]
        chips.append(reader.chips(seen.image, [pose])[0])
        sizes.append(resolved_px(pose.quality))
    return list(zip(reader.encode(np.stack(chips)), sizes, strict=True))


def _kept_at(cache: Path | None, files: Sequence[Path], seed: int) -> Path | None:
    if cache is None:
        return None
    facts = f"{seed} {SIZES} {LOOKS}\n" + "\n".join(f"{file} {file.stat().st_size}" for file in files)
    return cache / f"tracks-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.npz"
