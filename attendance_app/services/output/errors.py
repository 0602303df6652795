"""Why a file or a folder can't be written."""

from pathlib import Path

from attendance_app.domain.errors import KnownError


class FileOfTheProgram(KnownError):
    """The register, the settings, a network and the like: never written over."""

    path: Path


class InDataFolder(KnownError):
    """A command would fill the data folder, or a folder in it."""

    path: Path


class FileExists(KnownError):
    """Nobody agreed that the file may be replaced."""

    path: Path


class FolderNotEmpty(KnownError):
    """Nobody agreed that files in the folder may be replaced."""

    path: Path


class NotAFile(KnownError):
    """A folder, a device or links that lead nowhere, where a file is needed."""

    path: Path


class NotAFolder(KnownError):
    """A file where a folder is needed."""

    path: Path


class NoFolder(KnownError):
    """The folder of the file is not there."""

    path: Path
    folder: Path


class EndingUnknown(KnownError):
    """The file's ending is that of no format which can be written here."""

    path: Path
    ending: str
    formats: tuple[str, ...]


class EndingContradictsFormat(KnownError):
    """The file's ending names another format than the one asked for."""

    path: Path
    ending: str
    format: str


class FormatUnknown(KnownError):
    """There is no format of this name."""

    format: str
    formats: tuple[str, ...]


class NoRoomForFile(KnownError):
    """There was no room for the file; what was there before stays."""

    path: Path
    free_kb: int
    needed_kb: int


class NotWritten(KnownError):
    """The system refused to write the file."""

    path: Path
    reason: str
