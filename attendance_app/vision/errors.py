"""Known errors of vision/."""

from pathlib import Path

from attendance_app.domain.errors import SourceError


class StreamWithoutPictures(SourceError):
    """The stream opens and delivers nothing."""

    name: str


class NoCameraAddress(SourceError):
    """The address has another scheme, no host or no proper port."""

    url: str


class PasswordNotEscaped(SourceError):
    """User or password have characters that end the part of the address they stand in. ``address`` is without them."""

    address: str


class NoSuchHost(SourceError):
    """The host's name can't be resolved."""

    host: str


class PortClosed(SourceError):
    """The host refuses the connection."""

    host: str
    port: int


class CameraSilent(SourceError):
    """No connection within the time allowed."""

    host: str
    port: int


class NotAPhoto(SourceError):
    """No decoder knows the file."""

    name: str


class PhotoTooLarge(SourceError):
    """The picture would take too much memory."""

    name: str
    limit: int


class PhotoEmpty(SourceError):
    """The file has no bytes."""

    name: str


class PhotoMissing(SourceError):
    """There is no file of that name."""

    path: Path


class PhotoIsFolder(SourceError):
    """A folder was named where a picture is needed."""

    path: Path


class PhotoNotOpened(SourceError):
    """The system does not let the file be read."""

    path: Path
    reason: str


class PhotoDamaged(SourceError):
    """The decoder fails on the file."""

    name: str
    reason: str


class NoPicturesInFolder(SourceError):
    """The folder holds no file with the suffix of a picture."""

    folder: Path


class FolderForbidden(SourceError):
    """The system does not let the folder be listed."""

    folder: Path


class UnknownSourceKind(SourceError):
    """The scheme is none that the program opens."""

    kind: str


class SourceMissing(SourceError):
    """The specification names neither a camera nor something that exists."""

    path: Path


class NoVideoInStream(SourceError):
    """The camera answers, and OpenCV can't open the stream."""

    name: str


class PasswordWanted(SourceError):
    """The camera answers 401 or 403 to an address without a user."""

    name: str


class PasswordRefused(SourceError):
    """The camera answers 401 or 403 to the user and password given."""

    name: str


class NoSuchStream(SourceError):
    """The camera answers that the path is not there."""

    name: str


class NotAVideo(SourceError):
    """FFmpeg does not open the file."""

    name: str


class VideoForbidden(SourceError):
    """The system does not let the file be read."""

    path: Path


class VideoEmpty(SourceError):
    """The file has no bytes."""

    name: str


class VideoCutOff(SourceError):
    """An MP4 or MOV file without the table that is written last."""

    name: str


class NoCameraCalled(SourceError):
    """The name fits no camera."""

    name: str
    cameras: str


class NoCameraAtIndex(SourceError):
    """The system lists cameras, not this one."""

    index: int
    cameras: str


class CameraBusy(SourceError):
    """The camera is there and does not open."""

    index: int


class CameraWithoutPictures(SourceError):
    """The camera opens and delivers nothing."""

    name: str


class SeveralCamerasCalled(SourceError):
    """The name fits more than one camera."""

    name: str
    cameras: str


class NoCameraFound(SourceError):
    """The system lists no camera."""


class CameraForbidden(SourceError):
    """The device file is there and may not be opened."""

    index: int
    device: Path


class CameraHiddenOnMac(SourceError):
    """The camera is not there, or macOS does not let programs use it."""

    index: int


class CameraHiddenOnWindows(SourceError):
    """The camera is not there, or Windows does not let programs use it."""

    index: int
