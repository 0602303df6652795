"""Errors whose cause lies outside the program: kinds with details. The texts are in ``attendance_app.words``."""

from typing import dataclass_transform


@dataclass_transform(kw_only_default=True, eq_default=False, frozen_default=True)
class KnownError(Exception):
    """Something in the user's world is not as needed; everything else that is raised is our own bug.

    A kind of error is a subclass whose annotations name its details, as in a frozen dataclass:

        class HeadNotTrained(KnownError):
            course: str

        raise HeadNotTrained(course="MATH-1")

    The constructor is not generated as that of a dataclass is: that costs 0.3 ms a class at every start.
    """

    def __init__(self, **details: object) -> None:
        # mypy checks calls that name the kind; this is for those that choose it at run time, as from a table.
        if set(details) != set(self.detail_names()):
            raise TypeError(f"{type(self).__name__} takes {', '.join(self.detail_names()) or 'no details'}")
        super().__init__()
        self.details = details
        vars(self).update(details)

    @classmethod
    def detail_names(cls) -> tuple[str, ...]:
        """Return the names of the kind's details, those of its base classes first."""
        below = cls.__mro__[: cls.__mro__.index(KnownError)]
        return tuple(name for each in reversed(below) for name in vars(each).get("__annotations__", ()))

    def __str__(self) -> str:
        """For logs; people read the words of the window or of the command line."""
        details = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{type(self).__name__}({details})"

    def __reduce__(self) -> tuple[object, ...]:
        """Let it cross to another process: Exception's own way takes positional arguments only."""
        return _made_again, (type(self), self.details)


def _made_again(kind: type[KnownError], details: dict[str, object]) -> KnownError:
    return kind(**details)


class NotFoundError(KnownError):
    """A course, student, session or file that was named does not exist."""


class ModelFileError(KnownError):
    """A trained network is missing or is not the file that the manifest names."""


class SourceError(KnownError):
    """A camera, video, folder or photo can't be read."""


class StoreError(KnownError):
    """The data folder or the database can't be used."""


class Cancelled(Exception):
    """The user stopped a job; what it had committed stays."""
