"""Composes class videos with ground truth from a folder of people's pictures (LFW's layout: one folder a person).

Everybody shown has pictures other than those enrolled, which follow one another every few seconds while the
head moves smoothly, scaled, blurred and dimmed a little, on a made-up room. By hand:
``python tests/class_videos.py PEOPLE OUT --seed 1``.
"""

import argparse
import dataclasses
import functools
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
FaceBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

WIDTH, HEIGHT = 1920, 1080
HEAD_WIDTH, HEAD_HEIGHT = 0.86, 1.16
"""Half axes of the matte about a face, in widths of the face's box."""


@dataclass(frozen=True, slots=True)
class ClassVideo:
    """A composed class and what a right register says of it.

    ``enrol_dir`` holds one folder a student, "NUMBER NAME"; ``truth`` maps each number to present or absent;
    ``arrivals`` maps each present student's number to the second of the first frame that shows them.
    """

    enrol_dir: Path
    video_path: Path
    truth: dict[str, str]
    arrivals: dict[str, float]
    strangers: int
    seconds: float
    fps: float

    @property
    def present(self) -> set[str]:
        return {number for number, status in self.truth.items() if status == "present"}

    @property
    def absent(self) -> set[str]:
        return set(self.truth) - self.present


@dataclass(frozen=True, slots=True)
class Person:
    """``enrolled`` are copied to the enrolment folder, ``shown`` are the other pictures with their face's box."""

    name: str
    enrolled: tuple[Path, ...]
    shown: tuple[tuple[Path, FaceBox], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """One picture of a head, upright: colours times matte (h x w x 3) and the matte (h x w x 1), 0 to 1."""

    colours: NDArray[np.float32]
    matte: NDArray[np.float32]
    width: float
    """Of the face in the patch, in pixels; its centre is the patch's."""


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """Somebody in the video: where they sit, how large, how they move, and their pictures in turn."""

    patches: tuple[Patch, ...]
    x: float
    y: float
    face_width: float
    arrives: float
    cut_every: float
    periods: tuple[float, float, float]
    phases: tuple[float, float, float]

    def patch_at(self, seconds: float) -> Patch:
        return self.patches[int(seconds / self.cut_every) % len(self.patches)]

    def placement(self, seconds: float) -> NDArray[np.float64]:
        """2 x 3: from the patch's pixels to the frame's."""
        patch = self.patch_at(seconds)
        sway, nod, tilt = (
            np.sin(2 * np.pi * (seconds / period + phase))
            for period, phase in zip(self.periods, self.phases, strict=True)
        )
        height, width = patch.matte.shape[:2]
        scale = self.face_width / patch.width * (1 + 0.03 * nod)
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(4 * tilt), float(scale))
        center_x, center_y = self.x + 0.16 * self.face_width * sway, self.y + 0.06 * self.face_width * nod
        matrix[:, 2] += (center_x - width / 2, center_y - height / 2)
        return np.asarray(matrix, np.float64)


def compose(
    people_dir: Path,
    out: Path,
    *,
    seed: int,
    students: int = 30,
    photos_each: int = 3,
    absent: int = 3,
    strangers: int = 4,
    late: int = 0,
    seconds: float = 20.0,
    fps: float = 15.0,
    smallest: int = 60,
    largest: int = 200,
) -> ClassVideo:
    """Write ``out``/enrol and ``out``/class.mp4 and return the truth; the same seed gives the same class.

    Of the ``students`` enrolled, ``absent`` are never shown and ``late`` come in the middle of the video.
    ``smallest`` and ``largest`` bound the width of the faces' boxes in pixels.
    """
    random = np.random.default_rng(seed)
    cast = cast_of(people_dir, random, students=students, photos_each=photos_each, strangers=strangers)
    enrolled, others = cast[:students], cast[students:]
    enrol_dir = out / "enrol"
    shutil.rmtree(enrol_dir, ignore_errors=True)
    numbers = [f"{1001 + index}" for index in range(students)]
    for number, person in zip(numbers, enrolled, strict=True):
        folder = enrol_dir / f"{number} {person.name}"
        folder.mkdir(parents=True)
        for photo in person.enrolled:
            shutil.copy(photo, folder / photo.name)
    shown = [*enrolled[absent:], *others]
    arrivals = [seconds * random.uniform(0.4, 0.6) if index < late else 0.0 for index in range(len(shown))]
    widths = _face_widths(random, len(shown), smallest=smallest, largest=largest)
    actors = [
        _actor(person, random, place=place, arrives=arrives)
        for person, place, arrives in zip(shown, widths, arrivals, strict=True)
    ]
    video_path = out / "class.mp4"
    write_video(video_path, _frames(actors, _room(random), random, seconds=seconds, fps=fps), fps=fps)
    return ClassVideo(
        enrol_dir=enrol_dir,
        video_path=video_path,
        truth={number: "absent" if index < absent else "present" for index, number in enumerate(numbers)},
        arrivals=dict(zip(numbers[absent:], arrivals[: students - absent], strict=True)),
        strangers=strangers,
        seconds=seconds,
        fps=fps,
    )


def cast_of(
    people_dir: Path, random: np.random.Generator, *, students: int, photos_each: int, strangers: int
) -> list[Person]:
    """``students`` people with pictures left over to show, then ``strangers`` with one picture at least."""
    folders = sorted(folder for folder in people_dir.iterdir() if folder.is_dir())
    order = [folders[index] for index in random.permutation(len(folders))]
    cast: list[Person] = []
    used: set[Path] = set()
    for wanted, enrolled_photos in ((students, photos_each), (strangers, 0)):
        found: list[Person] = []
        for folder in order:
            if len(found) == wanted:
                break
            person = None if folder in used else _person(folder, random, enrolled_photos)
            if person is not None:
                found.append(person)
                used.add(folder)
        if len(found) < wanted:
            raise ValueError(f"{people_dir}: {len(found)} people with enough usable pictures only")
        cast += found
    return cast


def _person(folder: Path, random: np.random.Generator, enrolled_photos: int) -> Person | None:
    """Someone with ``enrolled_photos`` pictures and two to four others, each with one face only; else None.

    For a stranger one picture is enough.
    """
    fewest = enrolled_photos + 2 if enrolled_photos else 1
    photos = sorted(folder.glob("*.jpg"))
    if len(photos) < fewest:
        return None
    usable: list[tuple[Path, FaceBox]] = []
    for index in random.permutation(len(photos)):
        box = _only_face(photos[index])
        if box is not None:
            usable.append((photos[index], box))
        if len(usable) == enrolled_photos + 4:
            break
    if len(usable) < fewest:
        return None
    enrolled = tuple(photo for photo, _ in usable[:enrolled_photos])
    return Person(folder.name.replace("_", " "), enrolled, tuple(usable[enrolled_photos:]))


@functools.cache
def _detector() -> Callable[[Pixels, int], list[object]]:
    import dlib

    return dlib.get_frontal_face_detector()  # type: ignore[no-any-return]


@functools.cache
def _only_face(photo: Path) -> FaceBox | None:
    """The box of the picture's face; None unless there is just one, plain to see and not cut by the edge."""
    image = read_picture(photo)
    found = _detector()(image, 1)
    # Enlarged, so that a small second face is noticed; and as it is, so that the face is plain to see.
    if len(found) != 1 or len(_detector()(image, 0)) != 1:
        return None
    left, top, right, bottom = (int(getattr(found[0], side)()) for side in ("left", "top", "right", "bottom"))
    height, width = image.shape[:2]
    inside = left >= 0 and top >= 0 and right <= width and bottom <= height
    return (left, top, right, bottom) if inside else None


def read_picture(photo: Path) -> Pixels:
    image = cv2.imread(str(photo))
    if image is None:
        raise ValueError(f"{photo} is not a picture")
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def _patch(photo: Path, box: FaceBox, *, dim: float, blur: float) -> Patch:
    """Head and shoulders under a soft ellipse; ``blur`` is in widths of the face."""
    image = read_picture(photo).astype(np.float32) * dim
    face_width = float(box[2] - box[0])
    center_x, center_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half_width, half_height = round(HEAD_WIDTH * face_width), round(HEAD_HEIGHT * face_width)
    size = (2 * half_width, 2 * half_height)
    cut = cv2.getRectSubPix(np.ascontiguousarray(image), size, (center_x, center_y))
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    radius = np.hypot((columns - half_width + 0.5) / half_width, (rows - half_height + 0.5) / half_height)
    matte = np.clip((1.0 - radius) / 0.16, 0, 1)
    picture_x, picture_y = columns + center_x - half_width, rows + center_y - half_height
    to_edge = np.minimum.reduce([picture_x, picture_y, image.shape[1] - 1 - picture_x, image.shape[0] - 1 - picture_y])
    matte = (matte * np.clip(to_edge / 12.0, 0, 1))[..., None].astype(np.float32)
    soft = cv2.GaussianBlur(cut, (0, 0), max(0.3, blur * face_width))
    return Patch((soft * matte).astype(np.float32), matte, face_width)


def _face_widths(
    random: np.random.Generator, count: int, *, smallest: int, largest: int
) -> list[tuple[float, float, float]]:
    """Seats: (centre x, centre y, face width), small ones behind, in rows that fit the frame."""
    shares = np.sort(random.uniform(size=count))
    bend, overlap = 1.0, 1.0
    while True:
        widths = smallest + (largest - smallest) * shares**bend
        seats = _rows(widths, overlap)
        if seats is not None:
            break
        # Fewer large faces until the rows fit; from a bend of 4 on, heads overlap more and more.
        bend += 0.1
        if bend > 4:
            overlap *= 0.97
    return [seats[index] for index in random.permutation(count)]


def _rows(widths: NDArray[np.float64], overlap: float) -> list[tuple[float, float, float]] | None:
    """Fill rows from the back; None when they are too high for the frame."""
    rows: list[list[float]] = [[]]
    room = 0.0
    for width in widths:
        needed = 2 * HEAD_WIDTH * width * 1.08 * overlap + 0.2 * width
        if room + needed > WIDTH:
            rows.append([])
            room = 0.0
        rows[-1].append(float(width))
        room += needed
    heights = [2 * HEAD_HEIGHT * max(row) * 0.93 * overlap for row in rows]
    if sum(heights) > HEIGHT:
        return None
    spare = (HEIGHT - sum(heights)) / len(rows)
    seats: list[tuple[float, float, float]] = []
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        middle = top + (height + spare) / 2
        left = 0.0
        for width in row:
            cell = WIDTH * width / sum(row)
            seats.append((left + cell / 2, middle, width))
            left += cell
        top += height + spare
    return seats


def _actor(person: Person, random: np.random.Generator, *, place: tuple[float, float, float], arrives: float) -> Actor:
    dim, blur = random.uniform(0.7, 1.0), random.uniform(0.006, 0.014)
    periods, phases = random.uniform(4.0, 9.0, 3), random.uniform(size=3)
    return Actor(
        patches=tuple(_patch(photo, box, dim=dim, blur=blur) for photo, box in person.shown),
        x=place[0],
        y=place[1],
        face_width=place[2],
        arrives=arrives,
        cut_every=float(random.uniform(3.0, 5.0)),
        periods=(float(periods[0]), float(periods[1]), float(periods[2])),
        phases=(float(phases[0]), float(phases[1]), float(phases[2])),
    )


def _room(random: np.random.Generator) -> NDArray[np.float32]:
    """A wall with a board and rows of desks, uneven like a real picture, without anything like a face."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    tone = (random.uniform(110, 165) + random.uniform(-18, 18, 3)).astype(np.float32)
    room = tone * (1.1 - 0.3 * (rows / HEIGHT) + 0.1 * np.sin(columns / WIDTH * 3))[..., None]
    cv2.rectangle(room, (300, 40), (1300, 300), (tone * random.uniform(0.4, 1.4)).tolist(), -1)
    for top in range(380, HEIGHT, 170):
        cv2.rectangle(room, (0, top), (WIDTH, top + 46), (tone * random.uniform(0.5, 0.8)).tolist(), -1)
    for scale, strength in ((3, 4.0), (40, 3.0), (240, 8.0)):
        grain = random.normal(0, strength, (HEIGHT // scale + 2, WIDTH // scale + 2)).astype(np.float32)
        room += cv2.resize(grain, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[..., None]
    return np.asarray(np.clip(cv2.GaussianBlur(room, (0, 0), 1.5), 0, 255), np.float32)


def _frames(
    actors: list[Actor], room: NDArray[np.float32], random: np.random.Generator, *, seconds: float, fps: float
) -> Iterator[Pixels]:
    # Three pictures of noise in turn: one takes six million random numbers, and there are hundreds of frames.
    grains = [(2.5 * random.standard_normal(room.shape, np.float32)).astype(np.int8) for _ in range(3)]
    back_to_front = sorted(actors, key=lambda actor: actor.y)
    for index in range(round(seconds * fps)):
        now = index / fps
        frame = room.copy()
        for actor in back_to_front:
            if now >= actor.arrives:
                _paste(frame, actor.patch_at(now), actor.placement(now))
        yield np.asarray(cv2.add(frame, grains[index % len(grains)], dtype=cv2.CV_8U), np.uint8)


def _paste(frame: NDArray[np.float32], patch: Patch, placement: NDArray[np.float64]) -> None:
    """Blend the moved patch into the part of the frame that it covers."""
    height, width = patch.matte.shape[:2]
    corners = placement @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]], np.float64)
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=1)).astype(int), (WIDTH, HEIGHT))
    if right <= left or bottom <= top:
        return
    matrix = placement.copy()
    matrix[:, 2] -= (left, top)
    size = (int(right - left), int(bottom - top))
    colours = cv2.warpAffine(patch.colours, matrix, size)
    matte = cv2.warpAffine(patch.matte, matrix, size)[..., None]
    region = frame[top:bottom, left:right]
    region *= 1 - matte
    region += colours


def write_video(path: Path, frames: Iterator[Pixels], *, fps: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise RuntimeError("this OpenCV cannot write mp4v")
    try:
        for frame in frames:
            writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    finally:
        writer.release()


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--late", type=int, default=0)
    arguments = parser.parse_args()
    made = compose(arguments.people, arguments.out, seed=arguments.seed, late=arguments.late)
    (arguments.out / "truth.json").write_text(json.dumps(dataclasses.asdict(made), default=str, indent=2))


if __name__ == "__main__":
    _main()
