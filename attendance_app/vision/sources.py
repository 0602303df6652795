"""Opens the source of frames that a specification names."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import url2pathname

from attendance_app.domain.addresses import without_secrets
from attendance_app.vision.camera_modes import PictureWish
from attendance_app.vision.errors import SourceMissing, UnknownSourceKind
from attendance_app.vision.network_camera import SCHEMES, open_network_camera
from attendance_app.vision.photo import PHOTO_SUFFIXES
from attendance_app.vision.photographs import Photographs, PhotoSet
from attendance_app.vision.picture_folder import SECONDS_PER_PICTURE, PictureFolder, pictures_in
from attendance_app.vision.source_protocol import Source, SourceState, StateListener, ignore_state
from attendance_app.vision.turned_source import turned_source
from attendance_app.vision.webcam import open_webcam

__all__ = ["Source", "SourceState", "StateListener", "open_source"]


def open_source(
    spec: str | PhotoSet,
    *,
    realtime: bool = False,
    seconds_per_picture: float = SECONDS_PER_PICTURE,
    clock: Callable[[], float] = time.monotonic,
    on_state: StateListener = ignore_state,
    turn: int = 0,
    wish: PictureWish | None = None,
) -> Source:
    """Open what ``spec`` names and make sure that it gives pictures.

    "0" or "webcam:0": a camera by index; "webcam:NAME" by (part of) its name; rtsp://, http://: a network
    camera; else a video file or an animated picture, a folder of pictures or one picture. A PhotoSet: photographs of
    the room.
    ``realtime`` plays recordings at their own pace, dropping what the reader is too slow for, as a camera does; it
    changes nothing about photographs. ``seconds_per_picture`` times a folder.
    ``turn`` turns its pictures clockwise by so many degrees, a multiple of 90.
    ``wish``: which picture a camera of this machine is asked for. ``clock`` counts seconds monotonically. Raises
    SourceError.
    """
    if isinstance(spec, PhotoSet):
        return turned_source(Photographs(spec), turn)
    source = _open_as_it_is(
        spec, realtime=realtime, seconds_per_picture=seconds_per_picture, clock=clock, on_state=on_state, wish=wish
    )
    return turned_source(source, turn)


def _open_as_it_is(
    spec: str,
    *,
    realtime: bool,
    seconds_per_picture: float,
    clock: Callable[[], float],
    on_state: StateListener,
    wish: PictureWish | None,
) -> Source:
    kind, separator, rest = spec.strip().partition(":")
    kind = kind.lower()
    # ``kind`` is also the drive letter of "C:\class.mp4" and the start of a name like "10:30.mp4": only known kinds
    # count.
    if spec.strip().isdecimal():
        return open_webcam(spec.strip(), wish=wish, clock=clock, on_state=on_state)
    if kind == "webcam":
        return open_webcam(rest.strip() or "0", wish=wish, clock=clock, on_state=on_state)
    if separator and kind in SCHEMES:
        return open_network_camera(spec.strip(), clock=clock, on_state=on_state)
    from attendance_app.vision.films.animation import is_animated
    from attendance_app.vision.video_file import VideoFile  # imports OpenCV

    path = _path(spec, kind, rest)
    if path.is_dir():
        name = path.resolve().name
        pictures = pictures_in(path)
    elif path.suffix.lower() in PHOTO_SUFFIXES and not is_animated(path):
        name, pictures = path.name, [path]
    else:
        return VideoFile(path, realtime=realtime, clock=clock)
    return PictureFolder(name, pictures, realtime=realtime, seconds_per_picture=seconds_per_picture, clock=clock)


def _path(spec: str, kind: str, rest: str) -> Path:
    """Return the file or folder that is meant. Raises SourceError if it isn't there."""
    if kind == "file" and rest.startswith("//"):
        return _existing(Path(url2pathname(rest[2:])))
    if rest.startswith("//"):
        raise UnknownSourceKind(kind=kind)
    return _existing(Path(spec).expanduser())


def _existing(path: Path) -> Path:
    try:
        there = path.exists()
    except (OSError, ValueError):  # a name that the system can't have, such as one that is too long
        there = False
    if not there:
        # A mistyped address ends up here as a path, with its password.
        raise SourceMissing(path=Path(without_secrets(str(path))))
    return path
