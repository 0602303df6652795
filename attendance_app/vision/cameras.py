"""Which cameras this machine has."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attendance_app.vision.opencv import open_capture

# Video4Linux's folder in sysfs: one entry for each device node.
SYSTEM_CAMERAS: Final = Path("/sys/class/video4linux")
PROBED: Final = 5
"""Where the system gives no names, cameras 0 to 4 are tried."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that can be opened; ``spec`` is what ``open_source`` takes."""

    index: int
    name: str

    @property
    def spec(self) -> str:
        return str(self.index)


def list_cameras(*, platform: str = sys.platform) -> tuple[CameraInfo, ...]:
    """Return the cameras, lowest index first. Elsewhere than on Linux each is opened for a moment."""
    if platform == "linux":
        return _cameras_of_linux(SYSTEM_CAMERAS)
    return _cameras_that_open(lambda index: _opens(index, platform))


def camera_name(index: int, *, platform: str = sys.platform) -> str:
    """Return what to call the camera of that index, without opening it: the system's name, with the index where two
    cameras have the same."""
    known = _cameras_of_linux(SYSTEM_CAMERAS) if platform == "linux" else ()
    name = next((one.name for one in known if one.index == index), f"Camera {index}")
    return f"{name} ({index})" if sum(one.name == name for one in known) > 1 else name


def camera_backends(platform: str = sys.platform) -> tuple[int, ...]:
    """Return OpenCV's back ends for cameras on this platform, the best first."""
    import cv2

    if platform == "linux":
        return (cv2.CAP_V4L2,)
    if platform == "win32":
        return (cv2.CAP_MSMF, cv2.CAP_DSHOW)
    if platform == "darwin":
        return (cv2.CAP_AVFOUNDATION,)
    return (cv2.CAP_ANY,)


def _cameras_of_linux(system: Path) -> tuple[CameraInfo, ...]:
    """Read names from sysfs. One camera has several nodes; only the first (``index`` 0) gives pictures."""
    found = []
    for node in system.glob("video*"):
        number = re.fullmatch(r"video(\d+)", node.name)
        # A node without that file counts as a camera.
        if number and _line(node / "index") in {"0", ""}:
            index = int(number[1])
            found.append(CameraInfo(index, _line(node / "name") or f"Camera {index}"))
    # A folder has no order, and by name video10 would come before video2.
    return tuple(sorted(found, key=lambda camera: camera.index))


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


# OpenCV tells no names of cameras (docs/adr/0020).
def _cameras_that_open(opens: Callable[[int], bool]) -> tuple[CameraInfo, ...]:
    return tuple(CameraInfo(index, f"Camera {index}") for index in range(PROBED) if opens(index))


def _opens(index: int, platform: str) -> bool:
    for backend in camera_backends(platform):
        capture = open_capture(index, backend)
        if capture is not None:
            capture.release()
            return True
    return False
