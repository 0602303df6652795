"""The operations that can be undone, newest last: the toast's button and Ctrl+Z use the same list."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from attendance_app.store.changes import Operation


@dataclass(frozen=True, slots=True, eq=False)
class UndoStep:
    """An operation that can be undone; ``text`` describes it, translated.

    ``operation`` None: nothing was stored, only the window has changed. ``undone`` is called after the undo.
    """

    text: str
    operation: Operation | None = None
    undone: Callable[[], object] | None = None


class UndoList:
    """The last operations, at most ``limit``."""

    def __init__(self, limit: int = 100) -> None:
        self._done: list[UndoStep] = []
        self._limit = limit

    def push(self, step: UndoStep) -> None:
        """Add the newest."""
        self._done.append(step)
        del self._done[: -self._limit]

    def put_before(self, steps: Iterable[UndoStep]) -> None:
        """Add older operations, oldest first, before those listed."""
        self._done[:0] = steps
        del self._done[: -self._limit]

    def take(self, step: UndoStep | None = None) -> UndoStep | None:
        """Remove ``step`` (the newest by default) and return it; None when there is none."""
        # Steps compare by identity: two of them may say the same.
        if not self._done or (step is not None and step not in self._done):
            return None
        chosen = step if step is not None else self._done[-1]
        self._done.remove(chosen)
        return chosen

    def forget(self, students: frozenset[int]) -> None:
        """Forget every step that names one of these students."""
        self._done = [one for one in self._done if one.operation is None or not one.operation.concerns() & students]
