"""Composes classrooms with ground truth: people of LFW in the seats of photographs of real classrooms.

A seat keeps its place, size, light and sharpness; the face that was there is painted over, and another person's head is
put there, or nobody's. Who is shown has other pictures than those enrolled. Heads move a little, some turn away for a
while or are hidden by a hand, a book or the head before them. The same seed composes the same room.

A composed photograph is three times as large as the one it is made of. Its heads are as sharp, pixel by pixel, as the
faces were there, and blurred by ``LENS`` on top: enlarged with their blur, half of those of 60 pixels would show no
more than ones of 37 do, and a tenth no more than ones of 19 (rooms 101 and 102, ``resolved_px``).
By hand: ``python tests/composed_rooms.py PEOPLE ROOMS OUT --seed 1``, with ``--photographs 2`` for photographs.
"""

import argparse
import csv
import dataclasses
import itertools
import json
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

# Run as a script, this folder is on the path and its parent is not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.class_videos import FaceBox, Person, Pixels, cast_of, read_picture, write_video

Floats = NDArray[np.float32]

VIDEO = (1920, 1080)
"""Width and height of a video in pixels."""
MEGAPIXELS_12 = 12e6
SECONDS = 20.0
DLIB_SIDE = 0.856
"""Side of dlib's box of a face, in heights of the face from forehead to chin (median of ``vision/finder_boxes.py``)."""
HEAD = (0.86, 1.16)
"""Half axes of the matte about a head, in sides of dlib's box."""
LENS = 0.7
"""Standard deviation in pixels of a photograph by which a telephone's lens and colour filter blur it: half of the
contrast is left at 0.27 cycles a pixel."""
FINE = 2
"""How much larger heads are kept than they are shown, so that moving them by parts of a pixel does not blur them."""
TURNED, HIDDEN = 0.25, 0.2
"""Shares of the people who turn away for a while, and who are hidden for a while."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody sits: the middle of the face and its height from forehead to chin, in pixels of the picture.

    ``student``: the number of the student; None for somebody who is not enrolled.
    """

    student: str | None
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class ComposedRoom:
    """``enrol_dir`` holds one folder a student, "NUMBER NAME"; ``pictures``: one video, or photographs."""

    enrol_dir: Path
    pictures: tuple[Path, ...]
    students: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def present(self) -> set[str]:
        return {place.student for place in self.places if place.student is not None}


@dataclass(frozen=True, slots=True)
class _Seat:
    """A face of the photograph: middle and height in the scene's pixels; mean and standard deviation of its grey
    values, and its ``_detail``.

    ``seen``: the height in pixels at which its detail was measured, where that is not the one in the scene.
    """

    x: float
    y: float
    height: float
    mean: float
    contrast: float
    detail: float
    seen: float | None = None


@dataclass(frozen=True, slots=True)
class _While:
    """From when to when, in seconds, something lasts."""

    begins: float
    ends: float

    def share(self, seconds: float) -> float:
        """0 outside, 1 inside, and half a second of change between."""
        inside = min(seconds - self.begins, self.ends - seconds)
        return float(np.clip(inside / 0.5 + 0.5, 0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A head, or what hides it, ``FINE`` times as large as shown: colours times matte, and matte, 0 to 1."""

    colours: Floats
    matte: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Sitter:
    """Somebody in the room. Angles in degrees, times in seconds."""

    seat: _Seat
    heads: tuple[_Layer, ...]
    cover: _Layer
    cut_every: float
    periods: tuple[float, ...]
    phases: tuple[float, ...]
    turned: _While
    turned_by: float
    hidden: _While

    @property
    def side(self) -> float:
        return DLIB_SIDE * self.seat.height

    def layers(self, seconds: float) -> Iterator[tuple[_Layer, NDArray[np.float64]]]:
        """What is to be drawn at that time, each with the 3 x 3 that brings it into the scene."""
        sway, nod, tilt, turn = (
            math.sin(2 * math.pi * (seconds / period + phase))
            for period, phase in zip(self.periods, self.phases, strict=True)
        )
        x, y = self.seat.x + 0.1 * self.side * sway, self.seat.y + 0.05 * self.side * nod
        yaw = 6 * turn + self.turned_by * self.turned.share(seconds)
        head = self.heads[int(seconds / self.cut_every) % len(self.heads)]
        yield head, _placement(head, x, y, tilt=4 * tilt, yaw=yaw, side=self.side)
        shown = self.hidden.share(seconds)
        if shown > 0:
            # It comes from below.
            below = (1 - shown) * 1.6 * self.side
            yield self.cover, _placement(self.cover, x, y + below, tilt=3 * tilt, yaw=0.0, side=self.side)


def compose(
    people_dir: Path,
    rooms_dir: Path,
    out: Path,
    *,
    seed: int,
    photographs: int = 0,
    pixels: float = MEGAPIXELS_12,
    students: int = 40,
    absent: int = 5,
    strangers: int = 4,
    photos_each: int = 3,
    smallest: float = 20,
    largest: float = 70,
    seconds: float = SECONDS,
    fps: float = 15.0,
) -> ComposedRoom:
    """Write ``out``/enrol and a video of 1920 x 1080, or ``photographs`` of ``pixels`` pixels, and return the truth.

    ``smallest`` and ``largest`` bound the heights of the faces, from forehead to chin, in the picture's pixels.
    """
    random = np.random.default_rng(seed)
    cast = cast_of(people_dir, random, students=students, photos_each=photos_each, strangers=strangers)
    numbers = [f"{1001 + index}" for index in range(students)]
    enrol_dir = _enrol(cast[:students], numbers, out)
    people = [*zip(numbers[absent:], cast[absent:students], strict=True), *((None, one) for one in cast[students:])]
    files = sorted({row["file"] for row in _rows(rooms_dir)})
    file = files[seed % len(files)]
    scene, seats = _room(rooms_dir, file, random, pixels=pixels if photographs else None)
    seats = _taken_seats(seats, scene.shape, random, count=len(people), smallest=smallest, largest=largest)
    sitters = [_sitter(person, seat, random, seconds=seconds) for (_, person), seat in zip(people, seats, strict=True)]
    if photographs:
        pictures = tuple(out / f"room-{index + 1}.jpg" for index in range(photographs))
        for picture, moment in zip(pictures, random.uniform(0, seconds, photographs), strict=True):
            shot = _lit(_drawn(scene, sitters, float(moment)), random.uniform(0.85, 1.1), _grain(scene.shape, random))
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(82, 93))]
            cv2.imwrite(str(picture), cv2.cvtColor(shot, cv2.COLOR_RGB2BGR), quality)
    else:
        pictures = (out / "room.mp4",)
        write_video(pictures[0], _frames(scene, sitters, random, seconds=seconds, fps=fps), fps=fps)
    places = [Place(number, seat.x, seat.y, seat.height) for (number, _), seat in zip(people, seats, strict=True)]
    return ComposedRoom(enrol_dir, pictures, tuple(numbers), tuple(places))


def _enrol(students: Sequence[Person], numbers: Sequence[str], out: Path) -> Path:
    enrol_dir = out / "enrol"
    shutil.rmtree(enrol_dir, ignore_errors=True)
    for number, person in zip(numbers, students, strict=True):
        folder = enrol_dir / f"{number} {person.name}"
        folder.mkdir(parents=True)
        for photo in person.enrolled:
            shutil.copy(photo, folder / photo.name)
    return enrol_dir


# -- the room


def _rows(rooms_dir: Path) -> list[dict[str, str]]:
    with open(rooms_dir / "faces.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _room(
    rooms_dir: Path, file: str, random: np.random.Generator, *, pixels: float | None
) -> tuple[Pixels, list[_Seat]]:
    """Return a photograph of a room without its people's faces, and the seats, both in the scene's size.

    ``pixels``: of the scene, in the photograph's shape; None for a video's.
    """
    photo = read_picture(rooms_dir / file)
    boxes = np.array(
        [[int(row[side]) for side in ("left", "top", "right", "bottom")] for row in _rows(rooms_dir)
         if row["file"] == file],
        dtype=np.float64,
    )  # fmt: skip
    empty = _without_faces(photo, boxes)
    height, width = photo.shape[:2]
    # Of a panorama a part is shown, as wide as a camera sees.
    shown = min(width, round(height * VIDEO[0] / VIDEO[1]))
    left = int(random.integers(0, width - shown + 1))
    photo, empty = photo[:, left : left + shown], empty[:, left : left + shown]
    boxes[:, [0, 2]] -= left
    boxes = boxes[(boxes[:, 0] >= 0) & (boxes[:, 2] <= shown)]
    size = VIDEO
    if pixels is not None:
        size = round(math.sqrt(pixels * shown / height)), round(math.sqrt(pixels * height / shown))
    scale = np.array([size[0] / shown, size[1] / height])
    method = cv2.INTER_CUBIC if scale.max() > 1 else cv2.INTER_AREA
    scene = np.asarray(cv2.resize(empty, size, interpolation=method), np.uint8)
    before = _grey(cv2.resize(photo, size, interpolation=method))
    seats = []
    for box, own in zip(boxes * np.tile(scale, 2), boxes.tolist(), strict=True):
        left, top, right, bottom = box.tolist()
        face = before[round(top) : round(bottom), round(left) : round(right)]
        seen = None
        if pixels is not None:
            # Enlarged three times, the face has no more detail than it had; a camera of so many pixels would see more.
            seen = own[3] - own[1]
            own_face = _grey(photo[round(own[1]) : round(own[3]), round(own[0]) : round(own[2])])
        # Photograph and scene differ a little in shape: sizes follow the height.
        seats.append(
            _Seat(
                x=(left + right) / 2,
                y=(top + bottom) / 2,
                height=bottom - top,
                mean=float(face.mean()),
                contrast=float(face.std()),
                detail=_detail(face if seen is None else own_face),
                seen=seen,
            )
        )
    return scene, seats


def _without_faces(photo: Pixels, boxes: NDArray[np.float64]) -> Pixels:
    """Paint every head over with what surrounds it."""
    result = photo.copy()
    for left, top, right, bottom in boxes:
        x, y, tall = (left + right) / 2, (top + bottom) / 2, bottom - top
        reach = round(1.6 * tall)
        rows = slice(max(0, round(y) - reach), round(y) + reach)
        columns = slice(max(0, round(x) - reach), round(x) + reach)
        part = np.ascontiguousarray(result[rows, columns])
        mask = np.zeros(part.shape[:2], np.uint8)
        middle = (round(x) - columns.start, round(y - 0.08 * tall) - rows.start)
        cv2.ellipse(mask, middle, (round(0.62 * tall), round(0.85 * tall)), 0, 0, 360, 255, -1)
        result[rows, columns] = cv2.inpaint(part, mask, 3, cv2.INPAINT_TELEA)
    return result


def _taken_seats(
    seats: list[_Seat], shape: tuple[int, ...], random: np.random.Generator, *, count: int, smallest: float,
    largest: float,
) -> list[_Seat]:  # fmt: skip
    """Choose ``count`` seats; where the photograph has fewer, others beside them in the same row."""
    seats = [dataclasses.replace(seat, height=float(np.clip(seat.height, smallest, largest))) for seat in seats]
    chosen = [seats[index] for index in random.permutation(len(seats))[:count]]
    # A dozen tries for each missing seat are enough in the rooms there are; a full room would never end.
    for _ in range(1000):
        if len(chosen) == count:
            return chosen
        beside = seats[int(random.integers(len(seats)))]
        x = beside.x + float(random.uniform(1.2, 4.0) * random.choice((-1, 1))) * beside.height
        y = beside.y + float(random.uniform(-0.3, 0.3)) * beside.height
        new = dataclasses.replace(beside, x=x, y=y)
        inside = 1.2 * new.height < x < shape[1] - 1.2 * new.height and y > 1.2 * new.height
        if inside and not any(_overlap(new, other) for other in chosen):
            chosen.append(new)
    raise ValueError(f"the room has no {count} seats")


def _overlap(one: _Seat, other: _Seat) -> bool:
    reach = (one.height + other.height) / 2
    return abs(one.x - other.x) < 1.1 * reach and abs(one.y - other.y) < 1.3 * reach


# -- the people


def _sitter(person: Person, seat: _Seat, random: np.random.Generator, *, seconds: float) -> _Sitter:
    heads = tuple(_head(photo, box, seat) for photo, box in person.shown)
    kind = ("hand", "book", "head")[int(random.integers(3))]
    turns, hides = random.uniform() < TURNED, random.uniform() < HIDDEN
    never = _While(-2.0, -1.0)
    return _Sitter(
        seat=seat,
        heads=heads,
        cover=_cover(kind, heads[0], DLIB_SIDE * seat.height * FINE, random),
        cut_every=float(random.uniform(5, 9)),
        periods=tuple(random.uniform(4, 9, 4).tolist()),
        phases=tuple(random.uniform(size=4).tolist()),
        turned=_part_of(seconds, random) if turns else never,
        turned_by=float(random.uniform(25, 38) * random.choice((-1, 1))),
        hidden=_part_of(seconds, random) if hides else never,
    )


def _part_of(seconds: float, random: np.random.Generator) -> _While:
    """A quarter to a half of the time."""
    length = seconds * random.uniform(0.25, 0.5)
    begins = float(random.uniform(0, seconds - length))
    return _While(begins, begins + float(length))


def _head(photo: Path, box: FaceBox, seat: _Seat) -> _Layer:
    """A person's head as the seat's light, size and sharpness would show it."""
    picture = read_picture(photo).astype(np.float32)
    side, wanted = float(box[2] - box[0]), DLIB_SIDE * seat.height * FINE
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    size = round(2 * HEAD[0] * side), round(2 * HEAD[1] * side)
    cut = cv2.getRectSubPix(picture, size, middle)
    # Where the picture ends, ``getRectSubPix`` repeats its edge; the matte fades out before.
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    in_x, in_y = columns + middle[0] - size[0] / 2, rows + middle[1] - size[1] / 2
    to_edge = np.minimum.reduce([in_x, in_y, picture.shape[1] - 1 - in_x, picture.shape[0] - 1 - in_y])
    radius = np.hypot((columns + 0.5) / size[0] * 2 - 1, (rows + 0.5) / size[1] * 2 - 1)
    matte = np.clip((1 - radius) / 0.16, 0, 1) * np.clip(to_edge / 12, 0, 1)
    shown = max(8, round(2 * HEAD[0] * wanted)), max(8, round(2 * HEAD[1] * wanted))
    method = cv2.INTER_AREA if wanted < side else cv2.INTER_CUBIC
    cut, matte = cv2.resize(cut, shown, interpolation=method), cv2.resize(matte, shown, interpolation=method)
    lit = _as_soft(_as_lit(np.asarray(cut, np.float32), wanted, seat), wanted, seat)
    matte = np.clip(matte, 0, 1)[..., None].astype(np.float32)
    return _Layer(lit * matte, matte)


def _face_of(head: Floats, side: float) -> Floats:
    """The part of a head's layer that a seat's box shows, as grey values."""
    tall, wide = side / DLIB_SIDE, side / DLIB_SIDE * 0.8
    y, x = head.shape[0] / 2, head.shape[1] / 2
    return _grey(head[round(y - tall / 2) : round(y + tall / 2), round(x - wide / 2) : round(x + wide / 2)])


def _as_lit(head: Floats, side: float, seat: _Seat) -> Floats:
    face = _face_of(head, side)
    gain = float(np.clip(seat.contrast / max(1.0, float(face.std())), 0.5, 1.5))
    return np.clip((head - face.mean()) * gain + seat.mean, 0, 255)


def _as_soft(head: Floats, side: float, seat: _Seat) -> Floats:
    """Blur a head until it shows as little detail as the face that was in the seat; leave it where it shows less."""
    # As it will be shown: in its own pixels, or in those in which the seat's face was seen.
    shrink = 1 / FINE if seat.seen is None else seat.seen / (seat.height * FINE)
    method = cv2.INTER_LINEAR if seat.seen is None else cv2.INTER_AREA
    least, most = 0.3, 0.08 * side
    for _ in range(7):
        sigma = (least + most) / 2
        face = _face_of(cv2.GaussianBlur(head, (0, 0), sigma), side)
        shown = cv2.resize(face, None, fx=shrink, fy=shrink, interpolation=method)
        if _detail(np.asarray(shown, np.float32)) > seat.detail:
            least = sigma
        else:
            most = sigma
    # The blur is the camera's: as many pixels of the scene as it was of the photograph.
    sigma = least if seat.seen is None else math.hypot(least * shrink, LENS) * FINE
    return np.asarray(cv2.GaussianBlur(head, (0, 0), sigma), np.float32)


def _grey(picture: NDArray[np.generic]) -> Floats:
    return np.asarray(cv2.cvtColor(np.asarray(picture, np.float32), cv2.COLOR_RGB2GRAY), np.float32)


def _detail(face: Floats) -> float:
    """Energy of the finest detail of a face, brought to one size, as a share of its contrast."""
    brought = cv2.resize(face, (48, 60), interpolation=cv2.INTER_AREA if face.shape[0] > 60 else cv2.INTER_LINEAR)
    return float(cv2.Laplacian(brought, cv2.CV_32F).var() / (brought.var() + 1))


def _cover(kind: str, head: _Layer, side: float, random: np.random.Generator) -> _Layer:
    """What hides the lower half of a face, in a layer as large as the head's."""
    height, width = head.matte.shape[:2]
    shape = np.zeros((height, width), np.float32)
    hand = int(random.choice((-1, 1)))

    def at(x: float, y: float) -> tuple[int, int]:
        return round(width / 2 + x * side), round(height / 2 + y * side)

    if kind == "hand":
        face = head.colours[round(0.4 * height) : round(0.6 * height), round(0.4 * width) : round(0.6 * width)]
        colour = 0.92 * face.mean(axis=(0, 1))
        cv2.ellipse(shape, at(0.15 * hand, 0.32), (round(0.36 * side), round(0.3 * side)), 20 * hand, 0, 360, 1.0, -1)
    elif kind == "book":
        colour = random.uniform(60, 220) * random.uniform(0.8, 1.0, 3)
        cv2.rectangle(shape, at(-0.7, 0.08), at(0.7, 1.1), 1.0, -1)
    else:
        colour = np.array([60, 48, 40], np.float32) * random.uniform(0.5, 1.5)
        cv2.ellipse(shape, at(0.3 * hand, 0.65), (round(0.6 * side), round(0.7 * side)), 0, 0, 360, 1.0, -1)
    matte = np.asarray(cv2.GaussianBlur(shape, (0, 0), max(0.8, 0.03 * side))[..., None], np.float32)
    grain = cv2.GaussianBlur(random.normal(0, 25, (height, width)).astype(np.float32), (0, 0), max(0.8, 0.02 * side))
    colours = np.clip(colour + grain[..., None], 0, 255).astype(np.float32)
    return _Layer(colours * matte, matte)


# -- drawing


def _placement(layer: _Layer, x: float, y: float, *, tilt: float, yaw: float, side: float) -> NDArray[np.float64]:
    """From the layer's pixels to the scene's: a flat head turned about the upright axis, tilted, and put at (x, y)."""
    height, width = layer.matte.shape[:2]
    turn, lean = math.radians(yaw), math.radians(tilt)
    shrink = np.array([[1 / FINE, 0, -width / 2 / FINE], [0, 1 / FINE, -height / 2 / FINE], [0, 0, 1]])
    aside = np.array([[math.cos(turn), 0, 0], [0, 1, 0], [0.3 * math.sin(turn) / side, 0, 1]])
    upright = [[math.cos(lean), math.sin(lean), x], [-math.sin(lean), math.cos(lean), y], [0, 0, 1]]
    return np.asarray(np.array(upright) @ aside @ shrink, np.float64)


def _drawn(scene: Pixels, sitters: Sequence[_Sitter], seconds: float) -> Pixels:
    frame = scene.copy()
    # From the back to the front.
    for sitter in sorted(sitters, key=lambda one: one.seat.y):
        for layer, placement in sitter.layers(seconds):
            _paste(frame, layer, placement)
    return frame


def _paste(frame: Pixels, layer: _Layer, placement: NDArray[np.float64]) -> None:
    height, width = layer.matte.shape[:2]
    corners = placement @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]], np.float64)
    corners = corners[:2] / corners[2]
    left, top = np.maximum(np.floor(corners.min(axis=1)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(corners.max(axis=1)).astype(int), (frame.shape[1], frame.shape[0]))
    if right <= left or bottom <= top:
        return
    into = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]], np.float64) @ placement
    size = (int(right - left), int(bottom - top))
    colours = cv2.warpPerspective(layer.colours, into, size)
    matte = cv2.warpPerspective(layer.matte, into, size)[..., None]
    region = frame[top:bottom, left:right]
    region[:] = np.clip(region * (1 - matte) + colours + 0.5, 0, 255)


def _frames(
    scene: Pixels, sitters: Sequence[_Sitter], random: np.random.Generator, *, seconds: float, fps: float
) -> Iterator[Pixels]:
    # Three pictures of noise in turn: one takes six million random numbers, and there are hundreds of frames.
    grains = itertools.cycle([_grain(scene.shape, random) for _ in range(3)])
    strength, period = random.uniform(0.05, 0.15), random.uniform(6, 12)
    for index in range(round(seconds * fps)):
        now = index / fps
        yield _lit(_drawn(scene, sitters, now), 1 + strength * math.sin(2 * math.pi * now / period), next(grains))


def _grain(shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.int8]:
    return (random.uniform(1.5, 3) * random.standard_normal(shape, np.float32)).astype(np.int8)


def _lit(picture: Pixels, gain: float, grain: NDArray[np.int8]) -> Pixels:
    return np.asarray(cv2.add(cv2.convertScaleAbs(picture, alpha=gain), grain, dtype=cv2.CV_8U), np.uint8)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("people", type=Path)
    parser.add_argument("rooms", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--photographs", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    made = compose(options.people, options.rooms, options.out, seed=options.seed, photographs=options.photographs)
    (options.out / "truth.json").write_text(json.dumps(dataclasses.asdict(made), default=str, indent=2))


if __name__ == "__main__":
    _main()
