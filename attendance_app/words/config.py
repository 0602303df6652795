"""Words for the known errors of config/."""

from typing import Final

from attendance_app.config import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.DataFolderGone: Words(
        "The data folder {folder} is not there.", remedy="Connect the drive that it is on, or choose another folder."
    ),
    errors.ChoiceNotWritten: Words(
        "The choice of the data folder can't be written to {file}: {reason}.",
        remedy="Check that you may write there and that the disk is not full.",
    ),
}
