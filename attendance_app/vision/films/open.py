"""Opens a film with the best reader that this machine has."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import cv2

from attendance_app.vision.films.animation import AnimatedPicture, is_animated
from attendance_app.vision.films.ffmpeg_film import FfmpegFilm
from attendance_app.vision.films.film import Film, FilmError
from attendance_app.vision.films.library import ffmpeg
from attendance_app.vision.films.opencv_film import OpenCvFilm
from attendance_app.vision.opencv import Capture, Picture, as_capture, open_capture, prepare_opencv

_STREAM_PROTOCOLS: Final = "rtp,srtp,udp,tcp,tls,http,https,httpproxy,crypto"
"""A camera may redirect to another address, but not to a file of this machine."""


def open_film(path: Path) -> Film:
    """Open a film of this machine. Raises FilmError if it has no pictures that can be read."""
    if is_animated(path):
        return AnimatedPicture(path)
    prepare_opencv()
    library = ffmpeg()
    if library is None:
        return OpenCvFilm(str(path))
    # "file:" so that "10:30.mp4" is not taken for an address; a play list in a file must not reach the network.
    return FfmpegFilm(library, f"file:{path}", {"protocol_whitelist": "file"})


def open_stream(url: str, *, patience: float) -> Capture | None:
    """Open a network camera; None if it gives no video. Waits at most ``patience`` seconds, then and at each read."""
    prepare_opencv()
    library = ffmpeg()
    if library is None:
        milliseconds = round(patience * 1000)
        timeouts = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds, cv2.CAP_PROP_READ_TIMEOUT_MSEC, milliseconds)
        return as_capture(open_capture(url, cv2.CAP_FFMPEG, timeouts))
    options = {"protocol_whitelist": _STREAM_PROTOCOLS}
    if urlsplit(url).scheme in {"rtsp", "rtsps"}:
        # FFmpeg tries UDP first: each packet lost on the way would damage pictures.
        options["rtsp_flags"] = "prefer_tcp"
    try:
        return _Stream(FfmpegFilm(library, url, options, patience=patience))
    except FilmError:
        return None


class _Stream:
    """Adapts a film to the interface that live sources need."""

    def __init__(self, film: FfmpegFilm) -> None:
        self._film = film

    def read(self) -> tuple[bool, Picture | None]:
        return self.retrieve() if self.grab() else (False, None)

    def grab(self) -> bool:
        return self._film.grab()

    def retrieve(self) -> tuple[bool, Picture | None]:
        image = self._film.picture()
        return image is not None, None if image is None else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)  # type: ignore[return-value]

    def release(self) -> None:
        self._film.close()
