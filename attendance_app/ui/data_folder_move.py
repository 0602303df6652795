"""Moving from one data folder to another."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolderMove:
    """Open the window again on ``folder``; ``left_behind``: the old folder, whose copied data can be deleted."""

    folder: Path
    left_behind: Path | None = None
