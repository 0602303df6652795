"""The file of the settings: ``settings.toml`` in the data folder. No mistake in it costs more than its own key."""

import dataclasses
import errno
import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from attendance_app.config.disk import MEGABYTE, free_bytes
from attendance_app.config.errors import (
    NoRoomForSettings,
    SettingsError,
    SettingsNotToml,
    SettingsNotWritten,
    SettingsUnreadable,
    SettingUnknown,
)
from attendance_app.config.settings import SETTINGS, Settings, check
from attendance_app.config.toml import as_toml

SETTINGS_FILE: Final = "settings.toml"
LARGEST: Final = 1_000_000
"""Bytes; no file of settings comes near."""
DEEPEST: Final = 30
"""Levels of tables and lists inside one another."""
UNREADABLE: Final = "settings.toml.unreadable"
"""Where a file that is no TOML is kept when the settings are written anew."""


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """The result of reading a file: ``problems`` has one error for each ignored key, or one for the whole file."""

    settings: Settings
    problems: tuple[SettingsError, ...] = ()


def read_settings(home: Path) -> SettingsRead:
    """Return the settings of a data folder; keys that its file lacks or has wrong get their defaults."""
    file = home / SETTINGS_FILE
    try:
        values = _values(file)
    except SettingsError as error:
        return SettingsRead(Settings(), (error,))
    good: dict[str, Any] = {}
    problems: list[SettingsError] = []
    for key, value in values.items():
        try:
            _check(key, value, file)
        except SettingsError as error:
            problems.append(error)
        else:
            good[key] = value
    return SettingsRead(Settings(**good), tuple(problems))


def write_settings(home: Path, settings: Settings, *, overwriting: bool = False) -> None:
    """Write the settings in one step: a reader gets the old file or the new one, never a part.

    Unknown keys stay, and so do wrong values of keys that still have their defaults. A file that is no TOML is kept
    under another name. ``overwriting``: the earlier file's bytes are made zeros, where the system allows that.
    Raises SettingsError if the folder can't be written.
    """
    # A wrong value is an error here and not when the file is read next.
    settings.changed(**dataclasses.asdict(settings))
    lines = [f"{as_toml(key)} = {as_toml(value)}\n" for key, value in _to_write(home / SETTINGS_FILE, settings).items()]
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _overwritten(home / SETTINGS_FILE) if overwriting else nullcontext():
            _replace(home / SETTINGS_FILE, "".join(lines))
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            # A quota can be used up while the disk has room: the message must not name that room.
            free = min(free_bytes(home) / MEGABYTE, 1.0)
            raise NoRoomForSettings(folder=home, free_mb=round(free, 1)) from error
        raise SettingsNotWritten(folder=home, reason=error.strerror or str(error)) from error


def _to_write(file: Path, settings: Settings) -> dict[str, object]:
    values: dict[str, object] = dataclasses.asdict(settings)
    try:
        there = _values(file)
    except SettingsNotToml:
        with suppress(OSError):
            file.replace(file.with_name(UNREADABLE))
        return values
    except SettingsError:
        return values
    for key, value in there.items():
        if key not in SETTINGS or (values[key] == SETTINGS[key].default and not SETTINGS[key].kind.accepts(value)):
            values[key] = value
    return values


def _values(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)  # one byte more tells a file that is too large
        if len(content) > LARGEST:
            raise SettingsNotToml(file=file, reason=f"larger than {LARGEST // 1000} kB")
        # Some editors of Windows write a byte order mark, which TOML doesn't allow.
        values = tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsUnreadable(file=file, reason=error.strerror or str(error)) from error
    except ValueError as error:  # of the grammar, of the letters, or of a number with thousands of digits
        raise SettingsNotToml(file=file, reason=str(error)) from error
    except RecursionError as error:
        raise SettingsNotToml(file=file, reason="nested too deeply") from error
    if _nests_deeper(values, DEEPEST):  # a.a.a.… is read without recursion and could not be written again
        raise SettingsNotToml(file=file, reason="nested too deeply")
    return values


def _nests_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_nests_deeper(each, levels - 1) for each in inner)


def _check(key: str, value: object, file: Path) -> None:
    if key not in SETTINGS:
        raise SettingUnknown(file=str(file), key=key, keys=tuple(SETTINGS))
    check(key, value, file=str(file))


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as new:
            new.write(text)
            new.flush()
            # Before the renaming: after a power cut the name could else stand for an empty file.
            os.fsync(new.fileno())
        Path(name).replace(file)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise


@contextmanager
def _overwritten(file: Path) -> Iterator[None]:
    """Make zeros of the bytes that ``file`` had before it was replaced."""
    if os.name == "nt":  # a file that is open can't be replaced there
        yield
        return
    with file.open("rb+") as before:
        yield
        before.write(bytes(os.fstat(before.fileno()).st_size))
        before.flush()
        os.fsync(before.fileno())
