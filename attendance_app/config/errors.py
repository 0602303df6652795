"""Known errors of config/."""

from pathlib import Path

from attendance_app.domain.errors import StoreError


class DataFolderGone(StoreError):
    """The data folder that was chosen is not there any more."""

    folder: Path


class ChoiceNotWritten(StoreError):
    """The choice of the data folder could not be kept."""

    file: Path
    reason: str
