"""Encodings of the same faces as they are, brought to several sizes, and blurred: what the matcher's sizes stand on.

A face is found once, in the picture as it is. Its box is carried over to each smaller picture and moved about as the
boxes of the detector ``auto`` are, so that no view loses faces and all views show the same ones.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.lab.evaluation.face_files import main_face, pictures_by_person
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.jobs import JobContext
from attendance_app.vision.afar import FAR_PX
from attendance_app.vision.align import CHIP_SIZE
from attendance_app.vision.photo import load_photo
from attendance_app.vision.quality import resolved_width

SIZES = (16, 20, 24, 32, 40, 56, 60, 80)
"""Widths of a face's box in pixels to which faces are brought; dlib's boxes are square."""
WHOLE, BLURRED, CAMERA = "whole", "blurred", "camera"
FAR_VIEWS = (WHOLE, "56 px")
"""Views besides the sizes: as it is; 32 to 90 pixels and blurred; 16 to 90 pixels, a little blurred, noisy, as JPEG."""
MOST_PICTURES, MOST_STRANGERS = 8, 800
"""Pictures of each person; and people of one picture, who are strangers only: more cost time and change little."""
MOVED, RESIZED = 0.04, 0.1
"""Standard deviation by which the boxes of ``auto`` lie off, in widths, and of the logarithm of their size: measured at
16 to 80 pixels on 80 pictures of LFW (0.03 to 0.06, 0.09 to 0.12)."""
BATCH = 8
AGAIN = {size: f"{size} px, again" for size in (24, 40, 80, 16, 20, 32, 56)}
"""Views that show the faces of one size a second time, as the next picture of a film would. The place of a view seeds
what is drawn for it: another order gives other figures."""

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class SizedView:
    """One view of n faces: ``encodings`` (n, 128), and ``face_px`` (n,), what the matcher is told of their sizes.

    ``far_encodings`` (n, 128): of the views in ``FAR_VIEWS``, as they are enrolled with (``vision.afar``).
    """

    encodings: Floats
    face_px: Floats
    far_encodings: Floats | None = None

    @classmethod
    def of(cls, encodings: Floats, widths: Floats, sharpness: Floats) -> "SizedView":
        """Take the ``widths`` (n,) of the faces' boxes in pixels and their ``sharpness`` (n,) as ``assess`` does."""
        pairs = zip(widths.tolist(), sharpness.tolist(), strict=True)
        return cls(encodings, np.array([resolved_width(width, sharp) for width, sharp in pairs]))


@dataclass(frozen=True, slots=True, eq=False)
class SizedFaces:
    """``views`` of the same n pictures by name, whose they are: ``people`` (n,), and their ``files``."""

    views: Mapping[str, SizedView]
    people: Whole
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A picture with its main face."""

    image: Image
    box: Box


def size_name(size: int) -> str:
    """The name of the view of one size."""
    return f"{size} px"


def read_sized_faces(
    reader: FaceReader, folders: Sequence[Path], *, seed: int, job: JobContext, cache: Path | None = None
) -> SizedFaces:
    """Encode every view of the people's main faces; pictures without a face are left out.

    ``cache``: a folder in which encodings are kept, and found again for the same files and seed.
    """
    listed = _listed(folders, np.random.default_rng(seed))
    kept_at = _kept_at(cache, [file for _, file in listed], seed)
    if kept_at is None or not kept_at.exists():
        found = _encode_all(reader, [file for _, file in listed], seed=seed, job=job)
        if kept_at is not None:
            kept_at.parent.mkdir(parents=True, exist_ok=True)
            np.savez(kept_at, **found)  # type: ignore[arg-type]
    else:
        with np.load(kept_at) as file:
            found = dict(file)
    usable = np.isfinite(found["widths"]).all(axis=0)
    _, people = np.unique([person for person, _ in listed], return_inverse=True)
    views = {
        name: SizedView.of(
            *(found[part][row][usable].astype(np.float64) for part in ("encodings", "widths", "sharpness"))
        )
        for row, name in enumerate(_views())
    }
    for name, far in zip(FAR_VIEWS, found["far"], strict=True):
        views[name] = replace(views[name], far_encodings=far[usable].astype(np.float64))
    files = tuple(listed[row][1] for row in np.flatnonzero(usable).tolist())
    return SizedFaces(views, people[usable].astype(np.intp), files)


def _listed(folders: Sequence[Path], random: Generator) -> list[tuple[str, Path]]:
    """Choose the pictures, and with each the person's name."""
    people = [(name, files) for folder in folders for name, files in pictures_by_person(folder).items()]
    several = [(name, files) for name, files in people if len(files) > 1]
    of_one = [(name, files) for name, files in people if len(files) == 1][:MOST_STRANGERS]
    return [
        (name, files[place])
        for name, files in several + of_one
        for place in sorted(random.permutation(len(files))[:MOST_PICTURES].tolist())
    ]


View = Callable[[Face, Generator], Face]


def _views() -> dict[str, View]:
    sized = {size_name(size): functools.partial(_brought_to, size) for size in SIZES}
    second = {name: functools.partial(again, size) for size, name in AGAIN.items()}
    return {WHOLE: lambda face, _: face, **sized, BLURRED: _blurred, CAMERA: _by_camera, **second}


def _brought_to(size: int, face: Face, random: Generator) -> Face:
    return jittered(resized(face, size), random)


def resized(face: Face, width: float) -> Face:
    """Bring a face's box to ``width`` pixels."""
    import cv2

    scale = width / face.box.width
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    image = np.asarray(cv2.resize(face.image, None, fx=scale, fy=scale, interpolation=method), np.uint8)
    sides = (face.box.left, face.box.top, face.box.right, face.box.bottom)
    return Face(image, Box(*(round(side * scale) for side in sides)))


def jittered(face: Face, random: Generator) -> Face:
    """Move a face's box about as a detector would have it."""
    (x, y), width = face.box.center, face.box.width
    right, down = (x + random.normal(0, MOVED) * width, y + random.normal(0, MOVED) * width)
    half = width / 2 * float(np.exp(random.normal(0, RESIZED)))
    return Face(face.image, Box(round(right - half), round(down - half), round(right + half), round(down + half)))


def _blurred(face: Face, random: Generator) -> Face:
    import cv2

    width = float(np.exp(random.uniform(np.log(32), np.log(90))))
    small = jittered(resized(face, width), random)
    # In shares of the width, as in docs/adr/0021: 4 % and more are refused there.
    sigma = float(random.uniform(0.01, 0.05)) * width
    if random.uniform() < 0.5:
        return Face(np.asarray(cv2.GaussianBlur(small.image, (0, 0), sigma), np.uint8), small.box)
    # A smear of the same spread along one direction: a box of n pixels spreads by n / sqrt(12).
    length = max(1, round(sigma * np.sqrt(12)))
    shape = (length, 1) if random.uniform() < 0.7 else (1, length)
    return Face(np.asarray(cv2.blur(small.image, shape), np.uint8), small.box)


def again(size: int, face: Face, random: Generator, *, camera: Generator | None = None) -> Face:
    """Show the face on other pixels, a little nearer or farther away, with a camera's noise; ``camera`` as in
    ``as_filmed``."""
    import cv2

    # By less than a pixel of the small picture: which part of the face a pixel shows changes with every movement.
    right, down = random.uniform(0, face.box.width / size, 2)
    moved = cv2.warpAffine(
        face.image,
        np.array([[1, 0, right], [0, 1, down]], dtype=np.float64),
        face.image.shape[1::-1],
        borderMode=cv2.BORDER_REPLICATE,
    )
    shifted = Face(np.asarray(moved, np.uint8), face.box.moved(float(right), float(down)))
    small = jittered(resized(shifted, size * float(np.exp(random.normal(0, 0.03)))), random)
    return Face(as_filmed(small.image, random, camera=camera), small.box)


def _by_camera(face: Face, random: Generator) -> Face:
    width = float(np.exp(random.uniform(np.log(16), np.log(90))))
    small = jittered(resized(face, width), random)
    return Face(as_filmed(small.image, random), small.box)


def as_filmed(image: Image, random: Generator, *, camera: Generator | None = None) -> Image:
    """Return a picture (RGB) with a camera's blur, noise, light and JPEG.

    How much of each is drawn from ``camera`` (default: from ``random``), the noise itself from ``random``.
    """
    import cv2

    camera = camera or random
    soft = cv2.GaussianBlur(image, (0, 0), float(camera.uniform(0.2, 0.7))).astype(np.float32)
    noisy = soft * camera.uniform(0.6, 1.1) + random.normal(0.0, camera.uniform(0.5, 3.0), soft.shape)
    bgr = np.clip(noisy[..., ::-1], 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, int(camera.integers(75, 96))])
    seen = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(seen, np.uint8)[..., ::-1])


def _encode_all(
    reader: FaceReader, files: Sequence[Path], *, seed: int, job: JobContext
) -> dict[str, NDArray[np.float32]]:
    views = list(_views().items())
    shape = (len(views), len(files))
    found = {
        "encodings": np.full((*shape, 128), np.nan, dtype=np.float32),
        "widths": np.full(shape, np.nan, dtype=np.float32),
        "sharpness": np.full(shape, np.nan, dtype=np.float32),
        "far": np.full((len(FAR_VIEWS), len(files), 128), np.nan, dtype=np.float32),
    }
    for start in range(0, len(files), BATCH):
        job.raise_if_cancelled()
        rows = range(start, min(start + BATCH, len(files)))
        faces = {row: face for row in rows if (face := read_main_face(reader, files[row])) is not None}
        for number, (name, view) in enumerate(views):
            # Of each picture and view its own: neither order nor batches change what is drawn.
            drawn = {row: view(face, np.random.default_rng((seed, number, row))) for row, face in faces.items()}
            chips = _encode(reader, drawn, {part: found[part][number] for part in ("encodings", "widths", "sharpness")})
            if drawn and name in FAR_VIEWS:
                found["far"][FAR_VIEWS.index(name), list(drawn)] = reader.encode_afar(chips)
        job.report(rows.stop, len(files))
    return found


def _encode(
    reader: FaceReader, faces: Mapping[int, Face], into: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.uint8]:
    """Encode faces by their rows; return their chips (n, 150, 150, 3)."""
    chips: list[NDArray[np.uint8]] = []
    for row, face in faces.items():
        pose = reader.poses(face.image, [Detection(face.box, 1.0)])[0]
        chips.append(reader.chips(face.image, [pose])[0])
        into["widths"][row], into["sharpness"][row] = pose.quality.width_px, pose.quality.sharpness
    stacked = np.array(chips, np.uint8).reshape(-1, CHIP_SIZE, CHIP_SIZE, 3)
    if faces:
        into["encodings"][list(faces)] = reader.encode(stacked)
    return stacked


def read_main_face(reader: FaceReader, file: Path) -> Face | None:
    """Return a picture with its main face; None where it can't be read or shows none."""
    try:
        image = load_photo(file)
    except SourceError:
        return None
    detections = reader.find(image)
    return Face(image, main_face(detections, image).box) if detections else None


def _kept_at(cache: Path | None, files: Sequence[Path], seed: int) -> Path | None:
    if cache is None:
        return None
    facts = f"{seed} {list(_views())} {FAR_VIEWS} {FAR_PX}\n" + "\n".join(
        f"{file} {file.stat().st_size}" for file in files
    )
    return cache / f"sizes-{hashlib.sha256(facts.encode()).hexdigest()[:16]}.npz"
