"""Words for the known errors of services.demo/."""

from typing import Final

from attendance_app.services.demo import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.DemoPictureDamaged: Words("The demo's picture {path} is damaged.", remedy="Install the program again."),
    errors.ClipNotWritten: Words(
        "The demo's clip can't be written to {path}.", remedy="Check that the folder is writable."
    ),
    errors.DemoPicturesMissing: Words("The demo's pictures are not at {path}.", remedy="Install the program again."),
    errors.DemoPhotoRefused: Words(
        "The demo's photo {file} could not be enrolled: {reason}.", remedy="Install the program again."
    ),
    errors.FilmNotWritten: Words("The film can't be written to {path}.", remedy="Check that the folder is writable."),
}
