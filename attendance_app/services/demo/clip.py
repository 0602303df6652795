"""Draws the demo's classroom clip: people who do not exist sit at desks, turn, come late and go unseen.

The clip is a plain video file, opened like any other. The same seed draws the same clip.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image
from attendance_app.services.demo.errors import ClipNotWritten, DemoPictureDamaged

Floats = NDArray[np.float32]

WIDTH, HEIGHT = 1280, 720
FPS = 12.0
SECONDS = 20.0
ROWS = ((196.0, 0.42, 8), (412.0, 0.48, 8), (652.0, 0.54, 7))
"""Rows of desks: the desk's upper edge in pixels from the top, the scale of the busts, the number of seats."""
BUST_WIDTH, BUST_HEIGHT = 288, 384
EYES = 158.0
"""Height of the eyes in a bust; see lab/demo/portraits.py, which draws them."""
WALK_SECONDS = 1.4
"""How long somebody takes from the side of the picture to their desk."""
WALL: tuple[int, int, int] = (222, 226, 220)


@dataclass(frozen=True, slots=True, eq=False)
class ClipPerson:
    """Somebody in the clip. ``busts`` are RGB with opacity; ``arrives`` is in seconds, 0: there from the start."""

    busts: tuple[Image, ...]
    arrives: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Seated:
    """A person at a desk, with ways of moving.

    ``busts``: RGBA, 0 to 255, colours multiplied by opacity, in their final size. ``x`` and ``desk``: the middle of the
    figure and the desk's upper edge, in pixels of the frame. ``period`` (seconds) and ``phase`` (0 to 1) are those of
    the movement.
    """

    busts: tuple[Floats, ...]
    x: float
    desk: float
    scale: float
    arrives: float
    row: int
    period: float
    phase: float


def read_bust(path: Path) -> Image:
    """Read a bust, height x width x 4: RGB and opacity, uint8.

    Raises StoreError when the program's own files are damaged.
    """
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if found is None or found.ndim != 3 or found.shape[2] != 4:
        raise DemoPictureDamaged(path=path)
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGRA2RGBA), np.uint8)


def write_clip(path: Path, people: Sequence[ClipPerson], *, seed: int, report: Callable[[int, int], None]) -> None:
    """Draw the clip into ``path`` (.avi); ``report`` is told of frames done and in all."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise ClipNotWritten(path=path)
    total = round(FPS * SECONDS)
    try:
        for index, frame in enumerate(frames(people, seed=seed)):
            # OpenCV writes BGR.
            writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
            report(index + 1, total)
    finally:
        writer.release()


def frames(people: Sequence[ClipPerson], *, seed: int) -> Iterator[Image]:
    """Yield the clip's frames, HEIGHT x WIDTH x 3."""
    random = np.random.default_rng(seed)
    seated = _seat(people, random)
    room = _room()
    desks = [_desk_opacity(row) for row in range(len(ROWS))]
    grains = [np.repeat(random.normal(0, 1.6, (HEIGHT, WIDTH, 1)).astype(np.float32), 3, axis=2) for _ in range(3)]
    for index in range(round(FPS * SECONDS)):
        seconds = index / FPS
        frame = room.copy()
        # From the back row to the front one, so that who sits in front hides who sits behind.
        for row in range(len(ROWS)):
            here = [one for one in seated if one.row == row and seconds >= one.arrives - WALK_SECONDS]
            for one in sorted(here, key=lambda one: seconds >= one.arrives):  # who walks, walks behind the others
                _draw(frame, one, seconds)
            _lay_desk(frame, row, desks[row])
        yield np.asarray(cv2.add(frame, grains[index % 3], dtype=cv2.CV_8U), np.uint8)


def _seat(people: Sequence[ClipPerson], random: np.random.Generator) -> list[_Seated]:
    """Give everybody a desk, at random; a latecomer walks in along their row."""
    places = [(row, place) for row, (_, _, seats) in enumerate(ROWS) for place in range(seats)]
    order = random.permutation(len(places))[: len(people)]
    seated = []
    for person, index in zip(people, order, strict=True):
        row, place = places[index]
        desk, scale, seats = ROWS[row]
        size = (round(BUST_WIDTH * scale), round(BUST_HEIGHT * scale))
        busts = tuple(_premultiplied(bust, size) for bust in person.busts)
        x = WIDTH * (place + 0.5) / seats + random.uniform(-8, 8)
        movement = float(random.uniform(3.5, 6.5)), float(random.uniform())
        seated.append(_Seated(busts, x, desk, scale, person.arrives, row, *movement))
    return seated


def _premultiplied(bust: Image, size: tuple[int, int]) -> Floats:
    figure = bust.astype(np.float32)
    # Multiplied before resizing: else the hidden colours of transparent pixels would bleed into the outline.
    figure[..., :3] *= figure[..., 3:] / 255
    return np.asarray(cv2.resize(figure, size, interpolation=cv2.INTER_AREA), np.float32)


def _draw(frame: Floats, one: _Seated, seconds: float) -> None:
    """Put one person into the picture: turned a little, swaying, or on the way to the desk."""
    figure = one.busts[int(seconds / one.period + one.phase) % len(one.busts)]
    height, width = figure.shape[:2]
    swing = float(np.sin(2 * np.pi * (seconds / one.period + one.phase)))
    nod = float(np.sin(2 * np.pi * (seconds / (0.7 * one.period) + 2 * one.phase)))
    walk = float(np.clip((one.arrives - seconds) / WALK_SECONDS, 0, 1)) if one.arrives else 0.0
    x = one.x + 4 * swing + walk**1.2 * (WIDTH + width - one.x)
    y = one.desk + 6 - height / 2 + 1.5 * nod - 3 * abs(float(np.sin(8 * walk)))
    figure = _turned(figure, 0.055 * swing)
    matrix = cv2.getRotationMatrix2D((width / 2, float(height)), 2.2 * nod, 1.0)
    # The fraction of a pixel is in the warp, since the figure is laid on whole pixels: it would jump otherwise.
    matrix[:, 2] += (x - width / 2 - round(x - width / 2), 0)
    moved = np.asarray(cv2.warpAffine(figure, matrix, (width, height), flags=cv2.INTER_LINEAR), np.float32)
    _paste(frame, moved, round(x - width / 2), round(y - height / 2))


def _turned(figure: Floats, share: float) -> Floats:
    """Turn the head as if it were a cylinder: its middle moves by ``share`` of the width, its sides stay."""
    height, width = figure.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    across = np.clip(np.abs(columns / width - 0.5) / 0.34, 0, 1)
    along = np.clip((0.72 - rows / height) / 0.12, 0, 1)
    shift = share * width * (0.5 + 0.5 * np.cos(np.pi * across)) * along
    return np.asarray(cv2.remap(figure, (columns - shift).astype(np.float32), rows, cv2.INTER_LINEAR), np.float32)


def _paste(frame: Floats, figure: Floats, left: int, top: int) -> None:
    first_x, first_y = max(0, -left), max(0, -top)
    last_x, last_y = min(figure.shape[1], WIDTH - left), min(figure.shape[0], HEIGHT - top)
    if first_x >= last_x or first_y >= last_y:
        return
    part = figure[first_y:last_y, first_x:last_x]
    region = frame[top + first_y : top + last_y, left + first_x : left + last_x]
    region *= 1 - part[..., 3:] / 255
    region += part[..., :3]


def _room() -> Floats:
    """A wall with a board, windows and light from the left."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    room = np.empty((HEIGHT, WIDTH, 3), np.float32)
    room[:] = WALL
    room[150:] = (196, 178, 152)
    cv2.rectangle(room, (330, 14), (950, 118), (150, 118, 84), -1, cv2.LINE_AA)
    cv2.rectangle(room, (338, 22), (942, 110), (62, 98, 84), -1, cv2.LINE_AA)
    for height, length in ((46, 210), (66, 330), (86, 270)):
        cv2.line(room, (372, height), (372 + length, height), (176, 200, 188), 2, cv2.LINE_AA)
    for left in (60, 1070):
        cv2.rectangle(room, (left, 10), (left + 160, 120), (240, 242, 240), -1, cv2.LINE_AA)
        cv2.rectangle(room, (left + 8, 18), (left + 152, 112), (188, 216, 236), -1, cv2.LINE_AA)
        cv2.line(room, (left + 80, 18), (left + 80, 112), (240, 242, 240), 5, cv2.LINE_AA)
    light = 1.04 - 0.1 * columns / WIDTH - 0.06 * rows / HEIGHT
    return np.asarray(cv2.GaussianBlur(room, (0, 0), 1.1) * light[..., None], np.float32)


def _desk_opacity(row: int) -> Floats:
    """Where the row's desks are: a long table top with round corners."""
    desk, scale, _ = ROWS[row]
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.rectangle(mask, (0, round(desk)), (WIDTH, round(desk + 46 * scale)), 1.0, -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.8)[..., None], np.float32)


def _lay_desk(frame: Floats, row: int, opacity: Floats) -> None:
    desk, scale, _ = ROWS[row]
    top, bottom = round(desk) - 3, min(HEIGHT, round(desk + 46 * scale) + 12)
    rows = np.arange(top, bottom, dtype=np.float32)[:, None, None]
    shade = 1.06 - 0.3 * (rows - desk) / (46 * scale)
    wood = np.array((186, 142, 98), np.float32) * np.clip(shade, 0.7, 1.1)
    cover = opacity[top:bottom]
    frame[top:bottom] = frame[top:bottom] * (1 - cover) + wood * cover
