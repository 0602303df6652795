"""Known errors of config/."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, StoreError


class DataFolderGone(StoreError):
    """The data folder that was chosen is not there any more."""

    folder: Path


class ChoiceNotWritten(StoreError):
    """The choice of the data folder could not be kept."""

    file: Path
    reason: str


class SettingsError(KnownError):
    """The settings file has a key or a value that is not understood, or can't be read or written."""


class SettingsUnreadable(SettingsError):
    """The system does not let the file be read."""

    file: Path
    reason: str


class SettingsNotToml(SettingsError):
    """The file breaks TOML's grammar, or nests deeper than the parser goes."""

    file: Path
    reason: str


class SettingsNotWritten(SettingsError):
    """The system does not let the file be written."""

    folder: Path
    reason: str


class NoRoomForSettings(SettingsError):
    """The disk of the data folder is full: ``free_mb`` are left."""

    folder: Path
    free_mb: float


class SettingUnknown(SettingsError):
    """The file has a key that is not declared: misspelt, or of another version of the program."""

    file: str
    key: str
    keys: tuple[str, ...]


class SettingNotText(SettingsError):
    """The value is no text, or blank."""

    file: str
    key: str
    value: str


class SettingNotWhole(SettingsError):
    """The value is no whole number, or out of bounds."""

    file: str
    key: str
    value: str
    least: int
    most: int


class SettingNotOneOf(SettingsError):
    """The value is none of the words that the setting knows."""

    file: str
    key: str
    value: str
    words: tuple[str, ...]
