"""Where the program's own files live. Creates nothing on import."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
APP_NAME = "attendance"


def bundled(name: str) -> Path:
    """Return the folder ``models`` or ``resources``: inside an installed wheel, or at the top of a checkout."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name
