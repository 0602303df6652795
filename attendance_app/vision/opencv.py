"""OpenCV's video input, configured before its first use: without messages, and fast to open on Windows."""

import functools
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    import cv2
    import numpy as np
    from numpy.typing import NDArray

    Picture: TypeAlias = NDArray[np.uint8]
    """As OpenCV delivers it: BGR."""
else:
    Picture = Any


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that live sources use; tests pass a camera of their own."""

    def read(self) -> "tuple[bool, Picture | None]":
        """Wait for the next frame, BGR; False when there is none."""

    def grab(self) -> bool:
        """Wait for the next frame without decoding it."""

    def retrieve(self) -> "tuple[bool, Picture | None]":
        """Decode the frame that was grabbed."""

    def release(self) -> None: ...


_SETTINGS = {
    # Windows: without it Media Foundation may take minutes to open a camera (opencv issue 17687).
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
    # macOS: OpenCV can ask for permission on the main thread only; without asking, the system itself asks.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
    # Linux: seconds without a frame after which a camera counts as gone; 10 unless told.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "4",
}
_QUIET = {"OPENCV_LOG_LEVEL": "SILENT", "OPENCV_FFMPEG_LOGLEVEL": "-8"}


@functools.cache
def prepare_opencv() -> None:
    """Set OpenCV's environment, once; call it before the first capture. Verbose logging keeps its messages."""
    quiet = is_quiet()
    for name, value in (_SETTINGS | (_QUIET if quiet else {})).items():
        # What the user has set counts.
        os.environ.setdefault(name, value)
    if quiet:
        import cv2

        # The environment is read when OpenCV is imported, which may have happened before.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def is_quiet() -> bool:
    """Whether messages of the libraries are suppressed; verbose logging shows them."""
    return not logging.getLogger("attendance_app").isEnabledFor(logging.INFO)


def open_capture(target: int | str, backend: int, params: Sequence[int] = ()) -> "cv2.VideoCapture | None":
    """Open a camera or stream with one of OpenCV's back ends; None if it can't be opened."""
    prepare_opencv()
    import cv2

    capture = cv2.VideoCapture(target, backend, list(params))
    if capture.isOpened():
        return capture
    capture.release()
    return None


def as_capture(capture: "cv2.VideoCapture | None") -> Capture | None:
    """OpenCV's own camera as the protocol; its stubs allow for pictures of other types than it delivers."""
    return cast("Capture | None", capture)
