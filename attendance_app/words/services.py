"""Words for what can go wrong in the use cases."""

from typing import Final

from attendance_app.services import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.TrainingOutOfMemory: Words(
        "There is not enough memory for the training.", remedy="Close other programs, or train on fewer pictures."
    ),
    errors.TrainingKilled: Words(
        "The training was ended from outside, most often because memory ran out.",
        remedy="Close other programs, or train on fewer pictures. Nothing else was harmed.",
    ),
    errors.TrainingCrashed: Words("The training process broke down (exit code {code})."),
}
