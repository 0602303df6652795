"""The one picture that a room check needs, from an open source."""

from collections.abc import Callable
from typing import Final

from attendance_app.domain.faces import Image
from attendance_app.vision.errors import CameraWithoutPictures, VideoEmpty
from attendance_app.vision.source_protocol import Source

SETTLED_SECONDS: Final = 1.5
"""How long a camera is watched before its picture counts: many begin dark, and focus in the first second."""

WAIT_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 15.0
"""How long a camera may deliver nothing; a network camera takes seconds to begin."""


def take_picture(source: Source, *, at: float | None = None, keep_on: Callable[[], object] = lambda: None) -> Image:
    """Return the picture (RGB) that ``source`` shows ``at`` so many seconds; the last one where it ends before.

    ``at`` None: a camera's once it has settled, a recording's first. ``keep_on`` is called between two frames and may
    raise to give up. Raises SourceError.
    """
    wanted = at if at is not None else 0.0 if source.recorded else SETTLED_SECONDS
    newest: Image | None = None
    waited = 0.0
    while True:
        keep_on()
        try:
            frame = source.read(timeout=WAIT_SECONDS)
        except TimeoutError as error:
            waited += WAIT_SECONDS
            if waited < PATIENCE_SECONDS:
                continue
            raise CameraWithoutPictures(name=source.name) from error
        if frame is None:
            break
        newest, waited = frame.image, 0.0
        if frame.seconds >= wanted:
            break
    if newest is None:
        raise VideoEmpty(name=source.name) if source.recorded else CameraWithoutPictures(name=source.name)
    return newest
