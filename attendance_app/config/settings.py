"""The settings. A key is declared once, here: its kind, default, words, and its place in the window.

The file (``settings_file.py``), the window's page and the settings command follow from the declaration.
"""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from attendance_app.config.kinds import AnyText, Kind, OneOf, Value, WholeNumber
from attendance_app.domain.addresses import without_secrets

Strictness: TypeAlias = Literal["strict", "balanced", "lenient"]
Language: TypeAlias = Literal["system", "en", "es"]
Theme: TypeAlias = Literal["system", "light", "dark"]
CameraPicture: TypeAlias = Literal["largest", "1080p", "720p"]
DetectorName: TypeAlias = Literal["auto", "hog", "cnn"]
CardReading: TypeAlias = Literal["off", "on"]
ClassifierName: TypeAlias = Literal["encodings", "cnn", "both"]

Place: TypeAlias = Literal["camera", "recognition", "looks", "reports", "data"]
"""A card of the page Settings, or the page Reports."""

LONGEST_NUMBER: Final = 10**18
"""From here on a number is not written out: Python refuses to write one of thousands of digits."""

_DECLARED: Final = "setting"
"""Key in a field's metadata."""


@dataclass(frozen=True, slots=True)
class _Declared:
    kind: Kind
    caption: str
    place: Place


def _as(kind: Kind, caption: str, *, place: Place) -> Mapping[str, _Declared]:
    return {_DECLARED: _Declared(kind, caption, place)}


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is a key of the file; its default holds for a key that the file does not have."""

    camera: str = field(default="0", metadata=_as(AnyText(), "Camera of the classroom", place="camera"))
    """As ``open_source`` takes it: "0", "webcam:NAME", an address, a file or a folder."""
    camera_picture: CameraPicture = field(
        default="largest",
        metadata=_as(
            OneOf(
                {
                    "largest": "The largest it gives 8 times a second (recommended)",
                    "1080p": "1920 × 1080 at most",
                    "720p": "1280 × 720 at most",
                }
            ),
            "Size of the camera's picture:",
            place="camera",
        ),
    )
    strictness: Strictness = field(
        default="balanced",
        metadata=_as(
            OneOf({"strict": "Strict", "balanced": "Balanced (recommended)", "lenient": "Lenient"}),
            "How sure must the camera be before it marks a student by itself?",
            place="recognition",
        ),
    )
    late_after_minutes: int = field(
        default=10,
        metadata=_as(WholeNumber(0, 600, "minutes"), "Who comes later than this is marked late:", place="recognition"),
    )
    detector: DetectorName = field(
        default="auto",
        metadata=_as(
            OneOf({"auto": "The whole room (recommended)", "hog": "Near faces", "cnn": "Near faces, thoroughly"}),
            "Find faces:",
            place="recognition",
        ),
    )
    classifier: ClassifierName = field(
        default="encodings",
        metadata=_as(
            OneOf({"encodings": "None (recommended)", "both": "Ask both", "cnn": "The course's network alone"}),
            "Second opinion:",
            place="recognition",
        ),
    )
    """Who names the students in the window's sessions, where the course's own network has been trained."""
    cards: CardReading = field(
        default="off",
        metadata=_as(OneOf({"off": "No", "on": "Yes"}), "Let the camera read students' QR cards:", place="recognition"),
    )
    language: Language = field(
        default="system",
        metadata=_as(OneOf({"system": "As the system", "en": "English", "es": "Español"}), "Language", place="looks"),
    )
    theme: Theme = field(
        default="system",
        metadata=_as(OneOf({"system": "As the system", "light": "Light", "dark": "Dark"}), "Colours", place="looks"),
    )
    text_percent: int = field(
        default=100, metadata=_as(WholeNumber(100, 150, "%", steps=(100, 110, 125, 150)), "Text size", place="looks")
    )
    attendance_limit_percent: int = field(
        default=80, metadata=_as(WholeNumber(0, 100, "%"), "Limit in percent", place="reports")
    )
    """Reports point out students whose attendance is below it."""
    backup_folder: str = field(
        default="", metadata=_as(AnyText(optional=True), "Second place for backups", place="data")
    )
    """A folder on another disk where each backup is copied to; empty for none."""

    def changed(self, **values: object) -> "Settings":
        """Return these settings with other values. Raises SettingsError naming a bad one."""
        # Checked here, since a dataclass takes any value: a wrong one would reach the file.
        for key, value in values.items():
            check(key, value, file="settings.toml")
        return dataclasses.replace(self, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Setting:
    """A declared key. ``caption`` is English, and translated in the window."""

    key: str
    default: Value
    kind: Kind
    caption: str
    place: Place


def _settings() -> dict[str, Setting]:
    # Of an instance: with slots, the class itself has no defaults to read.
    defaults, found = Settings(), {}
    for each in dataclasses.fields(Settings):
        declared: _Declared = each.metadata[_DECLARED]
        default: Value = getattr(defaults, each.name)
        found[each.name] = Setting(each.name, default, declared.kind, declared.caption, declared.place)
    return found


SETTINGS: Final[Mapping[str, Setting]] = _settings()
"""Every setting by its key, in the order in which the window shows them."""


def check(key: str, value: object, *, file: str) -> None:
    """Raise SettingsError, naming ``file`` and the key, for a value that the setting does not accept."""
    kind = SETTINGS[key].kind
    if not kind.accepts(value):
        raise kind.refusal(file=file, key=key, value=as_written(value))


def as_written(value: object) -> str:
    """Return a value for an error, as a line of the file would have it but without a password.

    JSON's texts, numbers and booleans are TOML's too.
    """
    if isinstance(value, int) and abs(value) >= LONGEST_NUMBER:
        return "a number of more than 18 digits"
    written = json.dumps(value, ensure_ascii=False) if isinstance(value, str | int) else str(value)
    return without_secrets(written) if "@" in written else written
