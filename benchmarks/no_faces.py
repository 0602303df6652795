"""Whether pictures without a face get a verdict on masks: ``python -m benchmarks.no_faces [CLASSROOMS]``.

Drawn landscapes and textures, and with the shared folder ``classrooms`` parts of its photographs that have no listed
face in or near them (a few hidden heads are not listed).
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from attendance_app.bootstrap import open_mask_reader
from attendance_app.domain.faces import Box, Image
from attendance_app.domain.masks import MaskState
from attendance_app.vision.photo import load_photo

COUNT, SEED = 200, 1
CLEAR = 1.5
"""Sides of a listed face about it that a part of a classroom keeps away from."""


def clouds(random: np.random.Generator, height: int, width: int) -> Image:
    """Random pictures whose strength falls with the frequency, as that of natural ones does."""
    frequencies = np.fft.fftfreq(height)[:, None] ** 2 + np.fft.rfftfreq(width)[None] ** 2
    frequencies[0, 0] = 1
    shape = frequencies.shape
    channels = []
    for _ in range(3):
        noise = random.normal(size=shape) + 1j * random.normal(size=shape)
        picture = np.fft.irfft2(noise / frequencies ** random.uniform(0.3, 1.2), s=(height, width))
        channels.append((picture - picture.min()) / np.ptp(picture))
    return np.asarray(np.stack(channels, axis=-1) * 255, dtype=np.uint8)


def landscape(random: np.random.Generator, height: int, width: int) -> Image:
    """Sky, hills and perhaps a sun."""
    picture = np.zeros((height, width, 3), np.float32)
    picture[:] = np.array([130, 170, 225]) * (1 - 0.3 * np.linspace(0, 1, height)[:, None, None])
    for hill in range(random.integers(2, 5)):
        ridge = height * (0.4 + 0.15 * hill) + np.cumsum(random.normal(size=width)) * height / 200
        picture[np.arange(height)[:, None] > ridge] = np.array([40, 90, 40]) + random.integers(-30, 60, 3)
    if random.random() < 0.5:
        cv2.circle(picture, (int(width * random.random()), int(height * 0.2)), height // 14, (250, 240, 200), -1)
    return np.asarray(np.clip(picture + clouds(random, height, width) * 0.25 - 30, 0, 255), dtype=np.uint8)


def shapes(random: np.random.Generator, height: int, width: int) -> Image:
    """Ellipses and rectangles of one colour each."""
    picture = np.full((height, width, 3), random.integers(60, 220, 3), np.uint8)
    for number in range(random.integers(3, 15)):
        colour = tuple(random.integers(0, 255, 3).tolist())
        place = (int(random.integers(width)), int(random.integers(height)))
        if number % 2:
            axes = (int(random.integers(5, width // 2)), int(random.integers(5, height // 2)))
            cv2.ellipse(picture, place, axes, int(random.integers(180)), 0, 360, colour, -1)
        else:
            cv2.rectangle(picture, place, (int(random.integers(width)), int(random.integers(height))), colour, -1)
    return picture


def drawn(random: np.random.Generator) -> Iterator[Image]:
    """``COUNT`` drawn pictures of 100 to 400 pixels a side."""
    for number in range(COUNT):
        height, width = random.integers(100, 400, 2).tolist()
        yield (landscape, clouds, shapes)[number % 3](random, height, width)


def parts_of_classrooms(folder: Path, random: np.random.Generator) -> Iterator[Image]:
    """``COUNT`` parts without a listed face."""
    faces: dict[str, list[Box]] = {}
    with (folder / "faces.csv").open(newline="", encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            box = Box(*(round(float(line[side])) for side in ("left", "top", "right", "bottom")))
            faces.setdefault(line["file"], []).append(box)
    photographs = {name: load_photo(folder / name) for name in sorted(faces)}
    left = COUNT
    while left:
        name = sorted(faces)[random.integers(len(faces))]
        picture = photographs[name]
        width = int(random.integers(80, 300))
        height = int(width * random.uniform(0.7, 1.4))
        x, y = int(random.integers(picture.shape[1] - width)), int(random.integers(picture.shape[0] - height))
        part = Box(x, y, x + width, y + height)
        if not any(face.grown(CLEAR).intersection(part) for face in faces[name]):
            left -= 1
            yield picture[y : y + height, x : x + width]


def main() -> None:
    """Print for each kind how many pictures there are, and the verdicts that were given."""
    reader = open_mask_reader()
    kinds = {"drawn": drawn(np.random.default_rng(SEED))}
    if len(sys.argv) > 1:
        kinds["parts of classrooms"] = parts_of_classrooms(Path(sys.argv[1]), np.random.default_rng(SEED))
    for kind, pictures in kinds.items():
        verdicts: Counter[MaskState] = Counter()
        sure_finds = 0
        for picture in pictures:
            faces = reader.faces(picture)
            sure_finds += any(face.found for face in faces)
            verdicts.update(face.opinion.state for face in faces[:1])
        print(f"{kind}: {COUNT} pictures, {verdicts.total()} with a face, {sure_finds} of them by a sure find")
        print("  " + (", ".join(f"{state.value} {count}" for state, count in verdicts.items()) or "no verdict"))


if __name__ == "__main__":
    main()
