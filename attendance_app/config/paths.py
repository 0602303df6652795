"""Where the program's own files and the user's data live. Creates nothing on import."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent.parent
APP_NAME = "attendance"


def bundled(name: str) -> Path:
    """Return the folder ``models`` or ``resources``: inside an installed wheel, or at the top of a checkout."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def data_home(override: Path | None = None) -> Path:
    """Return the user's data folder: ``override``, else ATTENDANCE_HOME, else the platform's own place."""
    if override is not None:
        return override
    from_environment = os.environ.get("ATTENDANCE_HOME")
    if from_environment:
        return Path(from_environment)
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
