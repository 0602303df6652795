"""Why a change of the register, or its undo, is refused."""

from attendance_app.domain.errors import KnownError


class InUseError(KnownError):
    """What an undo would remove has been used since and stays."""

    name: str


class StudentInUse(InUseError):
    """The student has marks, photos, consents or courses from elsewhere."""


class CourseInUse(InUseError):
    """The course has students or sessions."""


class NoLongerUndoable(KnownError):
    """The action was undone already, or somebody whom it names was erased."""

    action: str


class ConsentWithdrawnSince(KnownError):
    """The photo rested on a consent that is not the current one."""


class FaceLostInTraining(KnownError):
    """A photo was removed or a consent withdrawn while a network learnt that face."""
