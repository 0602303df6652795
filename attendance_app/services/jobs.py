"""The interface between long work and its caller: progress reports and cancellation. No Qt, no terminal."""

from typing import Protocol


class JobContext(Protocol):
    """One running job, as the work itself sees it."""

    def report(self, done: int, total: int) -> None:
        """Report progress; ``total`` 0 means that the total is unknown."""

    def raise_if_cancelled(self) -> None:
        """Raise ``domain.errors.Cancelled`` once the user has asked to stop."""


class NoJob:
    """A context without progress and cancellation."""

    def report(self, done: int, total: int) -> None:
        """Do nothing."""

    def raise_if_cancelled(self) -> None:
        """Do nothing."""
