"""What can go wrong in the use cases."""

from attendance_app.domain.errors import KnownError


class TrainingOutOfMemory(KnownError):
    """The training process had too little memory."""


class TrainingKilled(KnownError):
    """The training process was ended from outside, most often by the system when memory ran out."""


class TrainingCrashed(KnownError):
    """The training process ended without an answer."""

    code: int | None
