"""What the user has set: ``settings.toml`` in the data folder.

A new setting is one more field of ``Settings`` and its rule in ``_RULES``: reading, checking and writing follow.
"""

import dataclasses
import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from attendance_app.domain.errors import KnownError

Strictness: TypeAlias = Literal["strict", "balanced", "lenient"]
Language: TypeAlias = Literal["system", "en", "es"]
Theme: TypeAlias = Literal["system", "light", "dark"]
DetectorName: TypeAlias = Literal["hog", "cnn"]
ClassifierName: TypeAlias = Literal["encodings", "cnn", "both"]

SETTINGS_FILE: Final = "settings.toml"


class SettingsError(KnownError):
    """The settings file has a key or a value that is not understood, or can't be read or written."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """``accepts`` a value as TOML delivers it; ``remedy``, filled from ``details``, says what it should be."""

    accepts: Callable[[object], bool]
    remedy: str
    details: Mapping[str, object] = field(default_factory=dict)


def _one_of(*words: str) -> _Rule:
    return _Rule(
        lambda value: isinstance(value, str) and value in words,
        remedy="Make it one of these: {words}.",
        details={"words": ", ".join(words)},
    )


def _whole(*, least: int, most: int) -> _Rule:
    def accepts(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    details = {"least": least, "most": most}
    return _Rule(accepts, remedy="Make it a whole number from {least} to {most}.", details=details)


_TEXT: Final = _Rule(lambda value: isinstance(value, str) and bool(value.strip()), remedy="Make it a text in quotes.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is a key of the file; what the file leaves out is as here."""

    camera: str = "0"
    """As ``open_source`` takes it: "0", "webcam:NAME", an address, a file or a folder."""
    strictness: Strictness = "balanced"
    """How sure the camera must be of a student before it marks."""
    late_after_minutes: int = 10
    language: Language = "system"
    theme: Theme = "system"
    detector: DetectorName = "hog"
    classifier: ClassifierName = "encodings"
    """Who names the students in the window's sessions, where the course's own network has been trained."""
    attendance_limit_percent: int = 80
    """Reports point out students whose attendance is below it."""
    text_percent: int = 100
    """Size of the window's text."""

    def changed(self, **values: object) -> "Settings":
        """Return these settings with other values. Raises SettingsError naming a bad one."""
        return _checked({**dataclasses.asdict(self), **values}, where=SETTINGS_FILE)


_RULES: Final = {
    "camera": _TEXT,
    "strictness": _one_of(*get_args(Strictness)),
    "late_after_minutes": _whole(least=0, most=600),
    "language": _one_of(*get_args(Language)),
    "theme": _one_of(*get_args(Theme)),
    "detector": _one_of(*get_args(DetectorName)),
    "classifier": _one_of(*get_args(ClassifierName)),
    "attendance_limit_percent": _whole(least=0, most=100),
    "text_percent": _whole(least=100, most=150),
}
"""One for each field of ``Settings``."""


def read_settings(home: Path) -> Settings:
    """Return the settings of a data folder, the defaults if it has no file.

    Raises SettingsError naming the file and the key that is wrong.
    """
    file = home / SETTINGS_FILE
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(
            "{file} can't be read: {reason}.",
            remedy="Check that you may read the file.",
            file=str(file),
            reason=error.strerror or str(error),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            "{file} is not written as TOML: {reason}.",
            remedy='Correct that line (texts stand in quotes: theme = "dark"), or delete the file to start afresh.',
            file=str(file),
            reason=str(error),
        ) from error
    return _checked(values, where=str(file))


def write_settings(home: Path, settings: Settings) -> None:
    """Write the settings; whoever reads finds the old file or the new one, never half of it.

    Raises SettingsError if the folder can't be written.
    """
    checked = settings.changed()
    lines = [f"{name} = {_as_toml(value)}\n" for name, value in dataclasses.asdict(checked).items()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        _replace(home / SETTINGS_FILE, "".join(lines))
    except OSError as error:
        raise SettingsError(
            "The settings can't be written to {folder}: {reason}.",
            remedy="Check that you may write there and that the disk is not full.",
            folder=str(home),
            reason=error.strerror or str(error),
        ) from error


def _checked(values: dict[str, object], *, where: str) -> Settings:
    for name, value in values.items():
        if name not in _RULES:
            raise SettingsError(
                "{where} has a key {key} that is not known.",
                remedy="Remove it or correct its spelling. Keys are: {keys}.",
                where=where,
                key=name,
                keys=", ".join(_RULES),
            )
        if not _RULES[name].accepts(value):
            raise SettingsError(
                "{where} has {key} = {value}, which is not understood.",
                remedy=_RULES[name].remedy,
                where=where,
                key=name,
                value=_as_toml(value) if isinstance(value, str | int) else str(value),
                **_RULES[name].details,
            )
    return Settings(**values)  # type: ignore[arg-type]


def _as_toml(value: str | int) -> str:
    """JSON's strings, numbers and booleans are TOML's too."""
    return json.dumps(value, ensure_ascii=False)


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(file)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
