"""Draws a film for the coach: a person who does not exist turns the head in front of a webcam."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image
from attendance_app.services.demo.errors import FilmNotWritten

Floats = NDArray[np.float32]

WIDTH, HEIGHT = 1280, 720
FPS = 12.0
SCALE = 1.9
"""Size of the bust in the picture, of its own."""
EYES = (144.0, 158.0)
"""Where the middle between the eyes lies in a bust; see lab/demo/portraits.py, which draws them."""
WALL = (206, 212, 216)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where the sitter looks for some seconds: ``turn`` -1 to 1, above 0 towards the picture's right.

    ``near`` is the size of the figure, 1 for a person at a desk with a laptop; 0: nobody there.
    """

    seconds: float
    turn: float = 0.0
    near: float = 1.0


THREE_VIEWS = (Pose(2.5), Pose(3.0, turn=0.65), Pose(3.5, turn=-0.75), Pose(2.0))
"""What the coach asks for, one after the other."""


def write_sitter(path: Path, bust: Image, poses: Sequence[Pose] = THREE_VIEWS, *, seed: int = 0) -> None:
    """Draw the film into ``path`` (.avi). ``bust`` is RGB with opacity. Raises StoreError where it can't be written."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise FilmNotWritten(path=path)
    try:
        for frame in sitter_frames(bust, poses, seed=seed):
            # OpenCV writes BGR.
            writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    finally:
        writer.release()


def sitter_frames(bust: Image, poses: Sequence[Pose], *, seed: int = 0) -> Iterator[Image]:
    """Yield the film's frames, HEIGHT x WIDTH x 3; the head takes half a second from one pose to the next."""
    random = np.random.default_rng(seed)
    wall = np.full((HEIGHT, WIDTH, 3), WALL, np.float32)
    wall *= np.linspace(1.04, 0.9, WIDTH, dtype=np.float32)[None, :, None]
    grain = random.normal(0, 1.2, (HEIGHT, WIDTH, 1)).astype(np.float32).repeat(3, axis=2)
    figure = bust.astype(np.float32)
    # Multiplied before warping: else the hidden colours of transparent pixels would bleed into the outline.
    figure[..., :3] *= figure[..., 3:] / 255
    turn, drawn = poses[0].turn, (float("nan"), 0.0)
    for pose in poses:
        for _ in range(round(pose.seconds * FPS)):
            # At most 2 a second, from -1 to 1 in one.
            turn += float(np.clip(pose.turn - turn, -2 / FPS, 2 / FPS))
            # A figure at rest is drawn once.
            if (turn, pose.near) != drawn:
                drawn = (turn, pose.near)
                frame = wall.copy()
                if pose.near > 0:
                    _sit(frame, _turned(figure, turn), SCALE * pose.near)
                picture = np.asarray(cv2.add(frame, grain, dtype=cv2.CV_8U), np.uint8)
            yield picture


def _turned(figure: Floats, turn: float) -> Floats:
    """Shift the head's pixels sideways by their depth, as if it turned: what is nearest to the camera moves most."""
    height, width = figure.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    across = np.clip(np.abs(columns - EYES[0]) / (0.36 * width), 0, 1)
    down = (rows - EYES[1]) / (0.16 * height)
    depth = np.sqrt(1 - across**2) * (1 + 1.0 * np.exp(-((down - 0.8) ** 2) / 0.4) * np.exp(-((across / 0.5) ** 2)))
    fade = np.clip((0.74 - rows / height) / 0.14, 0, 1)
    shift = turn * 0.1 * width * depth * fade
    return np.asarray(cv2.remap(figure, (columns - shift).astype(np.float32), rows, cv2.INTER_CUBIC), np.float32)


def _sit(frame: Floats, figure: Floats, scale: float) -> None:
    """Lay the figure over the picture with its eyes above the middle."""
    matrix = np.array([[scale, 0, WIDTH / 2 - scale * EYES[0]], [0, scale, 0.44 * HEIGHT - scale * EYES[1]]])
    placed = cv2.warpAffine(figure, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC)
    cover = np.clip(placed[..., 3:] / 255, 0, 1)
    frame *= 1 - cover
    frame += np.clip(placed[..., :3], 0, 255)
