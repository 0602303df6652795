"""Files in progress, noted while they are written: what a killed export leaves is removed at the next start.

A note is a file in the platform's folder for an application's state. Whoever writes holds a lock on it, which the
system releases when the process dies; so a note that can be locked belongs to nobody any more.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

import platformdirs

from attendance_app.config.paths import APP_NAME
from attendance_app.domain.errors import KnownError
from attendance_app.store.recording_lock import held_lock

PREFIX: Final = ".attendance-"
SUFFIX: Final = ".part"


def notes_folder() -> Path:
    """Where the notes are."""
    return Path(platformdirs.user_state_dir(APP_NAME, appauthor=False)) / "unfinished"


@contextmanager
def unfinished_file(folder: Path) -> Iterator[Path]:
    """Make an empty file in ``folder``, for the owner only; removed at the end of the block if it is still there."""
    partial = folder / f"{PREFIX}{uuid4().hex}{SUFFIX}"
    with _noted(partial):
        try:
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            yield partial
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def _noted(partial: Path) -> Iterator[None]:
    note = notes_folder() / uuid4().hex
    try:
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_text(str(partial.absolute()), encoding="utf-8")
    except OSError:
        yield  # a file that can't be noted is written all the same
        return
    try:
        with held_lock(note, _StillWritingError()):
            yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)


def sweep_unfinished() -> None:
    """Remove what killed processes have left. Never raises for a file that can't be removed."""
    with suppress(OSError):
        for note in notes_folder().iterdir():
            with suppress(_StillWritingError, KnownError, OSError, UnicodeDecodeError):
                _sweep(note)


def _sweep(note: Path) -> None:
    # Before it is locked: Windows would let nobody read it then.
    left = Path(note.read_text(encoding="utf-8"))
    with held_lock(note, _StillWritingError(), patience=0):
        # Nothing but what this module has named, whatever stands in the note.
        if left.name.startswith(PREFIX) and left.suffix == SUFFIX:
            left.unlink(missing_ok=True)
    note.unlink(missing_ok=True)


class _StillWritingError(Exception):
    """Another process is writing the file."""
