"""Errors whose cause lies outside the program, each with the remedy."""


class KnownError(Exception):
    """Something in the user's world is not as needed; everything else that is raised is our own bug.

    ``message`` says what happened and ``remedy`` what to do about it, in English. Both are templates in
    ``str.format`` syntax filled from ``details``, so that a window can translate the template and fill it
    afterwards.
    """

    def __init__(self, message: str, *, remedy: str, **details: object) -> None:
        super().__init__(message, remedy, details)
        self.message_template = message
        self.remedy_template = remedy
        self.details = details

    @property
    def message(self) -> str:
        """What happened."""
        return self.message_template.format(**self.details)

    @property
    def remedy(self) -> str:
        """What the user can do about it."""
        return self.remedy_template.format(**self.details)

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class NotFoundError(KnownError):
    """A course, student, session or file that was named does not exist."""


class ModelFileError(KnownError):
    """A trained network is missing or is not the file that the manifest names."""


class SourceError(KnownError):
    """A camera, video, folder or photo can't be read."""


class StoreError(KnownError):
    """The data folder or the database can't be used."""


class Cancelled(Exception):  # noqa: N818 - a request, not an error
    """The user stopped a job; what it had committed stays."""
