"""Remembers which picture each camera gave, so that the next start does not have to try all sizes."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from attendance_app.vision.source_protocol import PictureMode

_log = logging.getLogger(__name__)

CAMERAS_FILE: Final = "cameras.json"
GOOD_FOR: Final = timedelta(days=30)
"""Afterwards all sizes are tried again: the camera may have moved to a faster port."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: PictureMode
    largest: tuple[int, int]
    found: date


class CameraMemory:
    """Modes by the camera's name, in the file ``cameras.json`` of a data folder or (None) in memory only. Thread-safe.

    A file that can't be read or written is no error: the sizes are tried again.
    """

    def __init__(self, home: Path | None = None, *, today: Callable[[], date] = _today) -> None:
        self._file = None if home is None else home / CAMERAS_FILE
        self._today = today
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] | None = None
        """None until the file is read."""

    def mode_of(self, camera: str, *, largest: tuple[int, int]) -> PictureMode | None:
        """Return what was found for a camera when ``largest`` was the largest size asked for."""
        with self._lock:
            entry = self._read().get(camera)
            if entry is None or entry.largest != largest:
                return None
            return entry.mode if timedelta(0) <= self._today() - entry.found <= GOOD_FOR else None

    def keep(self, camera: str, mode: PictureMode, *, largest: tuple[int, int]) -> None:
        """Remember what was found."""
        with self._lock:
            entries = self._read()
            entries[camera] = _Entry(mode, largest, self._today())
            if self._file is not None:
                try:
                    _write(self._file, entries)
                except OSError as error:
                    _log.info("the camera's picture could not be noted: %s", error)

    def _read(self) -> dict[str, _Entry]:
        if self._entries is None:
            self._entries = {} if self._file is None else _entries_of(self._file)
        return self._entries


def _entries_of(file: Path) -> dict[str, _Entry]:
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): _entry(one) for name, one in document.items()}
    except FileNotFoundError:
        return {}
    # A damaged file, or one that somebody has edited.
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        _log.info("%s is not used: %s", file, error)
        return {}


def _entry(one: Any) -> _Entry:
    width, height, rate = one["mode"]
    most_wide, most_high = one["largest"]
    mode = PictureMode(int(width), int(height), float(rate))
    return _Entry(mode, (int(most_wide), int(most_high)), date.fromisoformat(one["found"]))


def _write(file: Path, entries: dict[str, _Entry]) -> None:
    document = {
        name: {
            "mode": [one.mode.width, one.mode.height, one.mode.rate],
            "largest": list(one.largest),
            "found": one.found.isoformat(),
        }
        for name, one in sorted(entries.items())
    }
    # Not in one step: a part of the file costs one search, like no file.
    file.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
