"""From one data folder to another."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolderMove:
    """Open the window again on ``folder``; ``left_behind``: a folder whose data have been copied and may go."""

    folder: Path
    left_behind: Path | None = None
