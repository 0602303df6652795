"""A camera of this machine, by index or by name."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias, cast

from attendance_app.domain.errors import SourceError
from attendance_app.vision.camera_modes import Device, PictureWish, largest_mode
from attendance_app.vision.cameras import CameraInfo, camera_backends, camera_name, list_cameras
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
from attendance_app.vision.opencv import Capture, open_capture
from attendance_app.vision.source_protocol import StateListener, ignore_state

CaptureFactory: TypeAlias = Callable[[int, PictureWish], Capture | None]
"""Opens the camera of that index, or returns None."""

INDEX_DIGITS: Final = 3
"""No system numbers more cameras than that; longer numbers make drivers wait or fail."""

WEBCAM_TIMING: Final = LiveTiming(open_within=25.0)
"""Windows drivers are known to take more than ten seconds."""


def open_device(index: int, wish: PictureWish) -> Capture | None:
    """Open a camera with the first back end that can, at the largest picture that it gives fast enough."""
    camera, memory = camera_name(index), wish.memory
    for backend in camera_backends():

        def reopen(backend: int = backend) -> Device | None:
            # OpenCV's stubs allow for pictures of other types than it delivers.
            return cast("Device | None", open_capture(index, backend))

        known = memory.mode_of(camera, largest=wish.largest)
        found = largest_mode(reopen, wish.sizes, known=known)
        if found is not None:
            device, mode = found
            if mode is not None and mode != known:
                memory.keep(camera, mode, largest=wish.largest)
            return device
    return None


def open_webcam(
    which: str,
    *,
    wish: PictureWish | None = None,
    open_device: CaptureFactory = open_device,
    cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
    timing: LiveTiming = WEBCAM_TIMING,
    clock: Callable[[], float] = time.monotonic,
    on_state: StateListener = ignore_state,
) -> LiveSource:
    """Open the camera with that index, or whose name contains ``which`` (letter case aside).

    ``wish``: which picture is asked for; by default the largest that is fast enough.

    Raises SourceError if it is missing, busy or denied. A camera that is lost later is opened again by itself; its
    name is looked up again, so that it is found under another index too.
    """

    asked = wish or PictureWish()

    def connect() -> Capture:
        index = camera_index(which, cameras)
        capture = open_device(index, asked)
        if capture is None:
            raise cannot_open(index, cameras)
        return capture

    by_index = which.isdecimal() and len(which) <= INDEX_DIGITS
    return open_live(
        camera_name(int(which)) if by_index else f"Camera {which}",
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
