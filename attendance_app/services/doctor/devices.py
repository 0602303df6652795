"""Checks of camera, photos, videos, data folder and settings."""

import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from attendance_app.config.disk import MEGABYTE, free_bytes, is_full
from attendance_app.config.paths import bundled
from attendance_app.config.settings_file import read_settings
from attendance_app.domain.addresses import without_secrets
from attendance_app.domain.errors import SourceError
from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.errors import (
    CameraGivesNothing,
    CameraNotConnected,
    CameraPicturePoor,
    DiskAlmostFull,
    DiskFillingUp,
    HomeNotWritable,
    PhotoLibraryBroken,
    VideoLibraryBroken,
)
from attendance_app.store.camera_passwords import whole_address
from attendance_app.vision.cameras import CameraInfo, list_cameras
from attendance_app.vision.photo import photo_from_bytes
from attendance_app.vision.quality import frame_hint
from attendance_app.vision.source_protocol import Source
from attendance_app.vision.sources import open_source
from attendance_app.vision.video_file import VideoFile

LEAST_FREE: Final = 50_000_000
COMFORTABLE_FREE: Final = 500_000_000
"""Bytes on the disk: a term's registers take some megabytes, retraining some hundred."""

FRAME_WITHIN: Final = 5.0
"""Seconds."""


def _open_camera(spec: str) -> Source:
    return open_source(whole_address(spec))


def check_camera(
    spec: str = "",
    *,
    cameras: Callable[[], tuple[CameraInfo, ...]] = list_cameras,
    open_camera: Callable[[str], Source] = _open_camera,
) -> CheckResult:
    """Take one picture with ``spec``, else with the first camera. Without one all but live sessions works."""
    name = "Camera"
    known = cameras()
    listed = ", ".join(f"{camera.index} ({camera.name})" for camera in known)
    # "0" is the default and no choice of somebody; any other camera that was set should be there.
    if not known and spec in {"", "0"}:
        return warning(name, CameraNotConnected())
    try:
        with open_camera(spec or known[0].spec) as source:
            frame = source.read(timeout=FRAME_WITHIN)
    except SourceError as error:
        return warning(name, error)
    except TimeoutError:
        frame = None
    if frame is None:
        return warning(name, CameraGivesNothing(), f"{without_secrets(spec) or listed}: no picture")
    height, width = frame.image.shape[:2]
    detail = f"{source.name}: {width} x {height}" + (f"; found: {listed}" if listed else "")
    hint = frame_hint(frame.image)
    if hint is not None:
        return warning(name, CameraPicturePoor(), f"{detail}; {hint.value}")
    return fine(name, detail)


HEIC: Final = "self_test.heic"
"""A red picture; nothing on a user's machine can write this format."""


def check_photos() -> CheckResult:
    """Decode a JPEG and a HEIC picture, as phones make them."""
    from PIL import Image

    name = "Photos"
    file = io.BytesIO()
    try:
        Image.new("RGB", (64, 48), "red").save(file, "JPEG")
        photo_from_bytes(file.getvalue(), name="JPEG")
        photo_from_bytes((bundled("resources") / HEIC).read_bytes(), name="HEIC")
    except SourceError as error:
        return failed(name, error)
    except (OSError, KeyError, RuntimeError) as error:
        return failed(name, PhotoLibraryBroken(), str(error))
    return fine(name, "JPEG and HEIC can be read")


def check_video() -> CheckResult:
    """Write a short video and read it again."""
    import cv2

    name = "Videos"
    with tempfile.TemporaryDirectory(prefix="attendance-doctor-") as folder:
        file = Path(folder) / "film.avi"
        # Through FFmpeg, which reads the users' films; OpenCV has an AVI writer of its own, which would prove nothing.
        writer = cv2.VideoWriter(str(file), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
        for _ in range(3):
            writer.write(np.zeros((48, 64, 3), np.uint8))
        writer.release()
        try:
            with VideoFile(file) as video:
                while video.read() is not None:
                    pass
        except (SourceError, OSError) as error:
            return failed(name, VideoLibraryBroken(), str(error))
    return fine(name, f"read by OpenCV {cv2.__version__} with FFmpeg")


def check_data_folder(home: Path) -> CheckResult:
    """See whether data can be written. A folder that is not there yet is judged by the one it will be made in."""
    name = "Data folder"
    place = next(folder for folder in (home, *home.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"attendance")
        free = shutil.disk_usage(place).free
    except OSError as error:
        # A full disk is often reported as a folder that can't be written.
        if is_full(place):
            return failed(name, DiskAlmostFull(), f"{home}, {free_bytes(place) / MEGABYTE:.1f} MB free")
        return failed(name, HomeNotWritable(folder=home, reason=error.strerror or str(error)))
    detail = f"{home}, {free / 1e9:.1f} GB free" + ("" if home.exists() else ", made at first use")
    if free < LEAST_FREE:
        return failed(name, DiskAlmostFull(), detail)
    if free < COMFORTABLE_FREE:
        return warning(name, DiskFillingUp(), detail)
    return fine(name, detail)


def check_settings(home: Path) -> CheckResult:
    """Read the settings file. What is wrong in it is left aside, so that the rest works."""
    problems = read_settings(home).problems
    if problems:
        return warning("Settings", problems[0], "" if len(problems) == 1 else f"{len(problems)} keys are left aside")
    return fine("Settings", "as the program understands them")
