"""What the doctor finds wrong. These are shown with the check's result, never raised."""

from pathlib import Path

from attendance_app.domain.errors import KnownError


class PythonUntested(KnownError):
    """The program's tests do not run with this version of Python."""

    version: str


class SystemNotServed(KnownError):
    """The libraries have no build for this system."""

    system: str


class SingleCore(KnownError):
    """The processor has one core."""


class SlowProcessor(KnownError):
    """The processor lacks the vector instructions that ONNX Runtime is fast with."""


class ProcessorTooOld(KnownError):
    """A library ends with SIGILL."""

    library: str


class LibraryBroken(KnownError):
    """A library can't be imported."""

    library: str


class TensorFlowUnusable(KnownError):
    """TensorFlow is installed and can't be imported, or does not answer in time."""


class CameraNotConnected(KnownError):
    """No camera is listed and none is set."""


class CameraGivesNothing(KnownError):
    """The camera opens and gives no picture in time."""


class CameraPicturePoor(KnownError):
    """The picture is too dark, too bright or without contrast."""


class PhotoLibraryBroken(KnownError):
    """A JPEG or HEIC picture that Pillow wrote can't be read again."""


class VideoLibraryBroken(KnownError):
    """A video that OpenCV wrote can't be read again."""


class HomeNotWritable(KnownError):
    """No file can be made in the data folder, or in the folder that it will be made in."""

    folder: Path
    reason: str


class DiskAlmostFull(KnownError):
    """There is too little room for a register."""


class DiskFillingUp(KnownError):
    """There is room for now, not for a year."""


class QtLibrariesMissing(KnownError):
    """Qt's plug-in for X11 lacks a library of the system."""

    packages: str


class NoDisplay(KnownError):
    """No display is named in the environment."""


class QtNotStarting(KnownError):
    """Qt ends the process that opens it."""


class NoBackupYet(KnownError):
    """There is a register and no backup of it."""


class BackupOld(KnownError):
    """The register was changed more than a week after the newest backup."""

    days: int


class NotEncrypted(KnownError):
    """The register is plain."""


class PlainBackups(KnownError):
    """The register is encrypted, and ``count`` of its backups are not."""

    count: int


class RecoveryKeyUnconfirmed(KnownError):
    """Nobody has typed the recovery key back yet."""
