"""What long work is handed: somewhere to report progress, and a way to be stopped. No Qt, no terminal."""

from typing import Protocol


class JobContext(Protocol):
    """One running job, as the work itself sees it."""

    def report(self, done: int, total: int) -> None:
        """Say how far the work is; ``total`` 0 means that nobody knows."""

    def raise_if_cancelled(self) -> None:
        """Raise ``domain.errors.Cancelled`` once the user has asked to stop."""


class NoJob:
    """For callers who neither watch nor stop the work."""

    def report(self, done: int, total: int) -> None:
        """Nobody watches."""

    def raise_if_cancelled(self) -> None:
        """Nobody stops it."""
