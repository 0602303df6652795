"""What can be wrong with a command's options. The window has none of these, so ``messages.py`` has their words."""

from attendance_app.domain.errors import KnownError


class ConfirmationDiffers(KnownError):
    """The number was not repeated exactly."""

    number: str


class NoScreen(KnownError):
    """The system offers no display."""


class ScreenSilent(KnownError):
    """The display that the environment names can't be connected to."""

    screen: str


class MaskTrainingNeedsData(KnownError):
    """The options name nothing to train on, or no folder for the result."""


class OneVariantForCourse(KnownError):
    """All three variants were to learn a course, which keeps one network."""


class TrainingNeedsData(KnownError):
    """The options name nothing to train on, or no folder for the result."""


class CourseNotShipped(KnownError):
    """What a course has learnt was to go into the program's own models."""
