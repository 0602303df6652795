"""Finds the data folder. One chosen in the window is a line of a file in the platform's folder for settings."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import platformdirs

from attendance_app.config.errors import ChoiceNotWritten, DataFolderGone
from attendance_app.config.paths import APP_NAME

POINTER_FILE: Final = "data-folder.txt"


def data_home(override: Path | None = None) -> Path:
    """Return the user's data folder: ``override``, else ATTENDANCE_HOME, else the one chosen in the window.

    Without any it is the platform's own place. Raises StoreError if the chosen one is not there.
    """
    if override is not None:
        return override
    from_environment = os.environ.get("ATTENDANCE_HOME")
    if from_environment:
        return Path(from_environment)
    return chosen_folder() or Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def pointer_file() -> Path:
    """Where the choice is kept. ATTENDANCE_CONFIG names another place."""
    place = os.environ.get("ATTENDANCE_CONFIG") or platformdirs.user_config_dir(APP_NAME, appauthor=False)
    return Path(place) / POINTER_FILE


def chosen_folder() -> Path | None:
    """Return the folder that was chosen, None if none was.

    Raises StoreError if it is not there any more: an empty one in its place would look as if all data were lost.
    """
    try:
        line = pointer_file().read_text(encoding="utf-8").strip()
    # No file, or one that is not ours: as if nothing had been chosen.
    except (OSError, UnicodeDecodeError):
        return None
    if not line:
        return None
    folder = Path(line)
    if not folder.is_dir():
        raise DataFolderGone(folder=folder)
    return folder


def choose_folder(folder: Path) -> None:
    """Write the choice in one step: on a failure the old one stays. Raises StoreError if it can't be written."""
    file = pointer_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(f"{folder.absolute()}\n")
        Path(name).replace(file)
    except OSError as error:
        # UnboundLocalError: the folder could not be made, so there is no temporary file yet.
        with suppress(OSError, UnboundLocalError):
            Path(name).unlink()
        raise ChoiceNotWritten(file=file, reason=error.strerror or str(error)) from error
