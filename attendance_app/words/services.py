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
    errors.MarksInFile: Words(
        "Session {session} has ended, but marks of {students} students could not be written to the register. "
        "{reason.message} The file {file} has these marks.",
    ),
    errors.MarksInNoFile: Words(
        "Session {session} has ended, but marks of {students} students could not be written to the register. "
        "{reason.message} No file could be written either. This is the text of the marks: {text}",
    ),
    errors.MarksFileThere: Words("There is a file {path} already.", remedy="Name a file that is not there yet."),
    errors.MarksFileUnreadable: Words(
        "{file} can't be read: {reason}.", remedy="Check the path and that you may read the file."
    ),
    errors.NotAMarksFile: Words(
        "{file} does not hold marks of a session, or it is cut off.",
        remedy="Take the file that was named when the session ended.",
    ),
    errors.SessionElsewhere: Words(
        "The register has no session of {course} that began at {started}.",
        remedy="Use the data folder in which that session was begun.",
    ),
    errors.CropTooSmall: Words(
        "A picture of {width} by {height} pixels is too small to show a face.",
        remedy="Use crops of at least {side} pixels a side.",
    ),
    errors.NoCropJudged: Words(
        "None of the {count} pictures could be judged.",
        remedy="Check that they are pictures of faces of at least {side} pixels a side.",
    ),
}
