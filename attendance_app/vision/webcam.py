"""A camera of this machine, by index or by name."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from attendance_app.domain.errors import SourceError
from attendance_app.vision.cameras import CameraInfo, camera_backends, list_cameras
from attendance_app.vision.errors import (
    CameraBusy,
    CameraForbidden,
    CameraHiddenOnMac,
    CameraHiddenOnWindows,
    CameraWithoutPictures,
    NoCameraAtIndex,
    NoCameraCalled,
    NoCameraFound,
    SeveralCamerasCalled,
)
from attendance_app.vision.live_source import LiveSource, LiveTiming, open_live
from attendance_app.vision.opencv import Capture, as_capture, open_capture
from attendance_app.vision.source_protocol import StateListener, ignore_state

CaptureFactory: TypeAlias = Callable[[int], Capture | None]
"""Opens the camera of that index, or returns None."""

PICTURE_SIZE: Final = (1920, 1080)
"""Asked of the camera, which gives the nearest it has: faces in the last row need the pixels."""

INDEX_DIGITS: Final = 3
"""No system numbers more cameras than that; longer numbers make drivers wait or fail."""

WEBCAM_TIMING: Final = LiveTiming(open_within=25.0)
"""Windows drivers are known to take more than ten seconds."""


def open_device(index: int) -> Capture | None:
    """Open a camera with the first back end that can, in motion JPEG at full size where it has that."""
    import cv2

    width, height = PICTURE_SIZE
    for backend in camera_backends():
        capture = open_capture(index, backend)
        if capture is not None:
            # Before the size: uncompressed full-size pictures come at 5 a second over USB 2.
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
            return as_capture(capture)
    return None


def open_webcam(
    which: str,
    *,
    open_device: CaptureFactory = open_device,
    cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
    timing: LiveTiming = WEBCAM_TIMING,
    clock: Callable[[], float] = time.monotonic,
    on_state: StateListener = ignore_state,
) -> LiveSource:
    """Open the camera with that index, or whose name contains ``which`` (letter case aside).

    Raises SourceError if it is missing, busy or denied. A camera that is lost later is opened again by itself; its
    name is looked up again, so that it is found under another index too.
    """

    def connect() -> Capture:
        index = camera_index(which, cameras)
        capture = open_device(index)
        if capture is None:
            raise cannot_open(index, cameras)
        return capture

    return open_live(
        f"Camera {which}",
        connect=connect,
        no_frames=lambda: CameraWithoutPictures(name=which),
        timing=timing,
        clock=clock,
        on_state=on_state,
    )


def camera_index(which: str, cameras: Callable[[], Sequence[CameraInfo]]) -> int:
    """Return the index that ``which`` names. Raises SourceError if no camera or more than one has that name."""
    if which.isdecimal() and len(which.lstrip("0")) <= INDEX_DIGITS:
        return int(which)
    known = cameras()
    if which.isdecimal():
        raise NoCameraCalled(name=f"{which[:INDEX_DIGITS]}…", cameras=_listed(known) or "-")
    # The whole name first: it may be part of another camera's.
    hits = [camera for camera in known if camera.name.casefold() == which.casefold()]
    hits = hits or [camera for camera in known if which.casefold() in camera.name.casefold()]
    if len(hits) == 1:
        return hits[0].index
    if hits:
        raise SeveralCamerasCalled(name=which, cameras=_listed(hits))
    raise NoCameraCalled(name=which, cameras=_listed(known) or "-")


def cannot_open(
    index: int,
    cameras: Callable[[], Sequence[CameraInfo]],
    *,
    platform: str = sys.platform,
    devices: Path = Path("/dev"),
) -> SourceError:
    """Find out why a camera didn't open: missing, denied or busy."""
    if platform == "linux":
        device = devices / f"video{index}"
        if device.exists() and not os.access(device, os.R_OK | os.W_OK):
            return CameraForbidden(index=index, device=device)
        if device.exists():
            return CameraBusy(index=index)
    known = cameras()
    if any(camera.index == index for camera in known):
        return CameraBusy(index=index)
    if platform in _PRIVACY:
        return _PRIVACY[platform](index=index)
    if not known:
        return NoCameraFound()
    return NoCameraAtIndex(index=index, cameras=_listed(known))


_PRIVACY: Final = {"darwin": CameraHiddenOnMac, "win32": CameraHiddenOnWindows}


def _listed(cameras: Sequence[CameraInfo]) -> str:
    return ", ".join(f"{camera.index} ({camera.name})" for camera in cameras)
