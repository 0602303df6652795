"""Words for changes of the register that are refused."""

from typing import Final

from attendance_app.store import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.StudentInUse: Words("{name} has marks or photos from elsewhere by now and stays."),
    errors.CourseInUse: Words(
        "The course {name} has students or sessions by now and stays.",
        remedy="To put it away with all it has, archive it.",
    ),
    errors.NoLongerUndoable: Words(
        "This can't be undone any more: {action}.",
        remedy="It was undone already, or somebody whom it names was erased.",
    ),
    errors.ConsentWithdrawnSince: Words(
        "The consent for this photo was withdrawn meanwhile: the photo does not come back.",
        remedy="Enrol the photo again once there is a consent.",
    ),
    errors.FaceLostInTraining: Words(
        "A photo was removed or a consent withdrawn during the training: what the network has learnt was thrown away.",
        remedy="Train it again; it learns without that face.",
    ),
}
