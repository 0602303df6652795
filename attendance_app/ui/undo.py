"""What can be undone, newest last: the toast's button and Ctrl+Z use the same list."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Undoable:
    """Something that was done; ``text`` says what, translated."""

    text: str
    undo: Callable[[], object]


class UndoList:
    """The last things done, at most ``limit``."""

    def __init__(self, limit: int = 100) -> None:
        self._done: list[Undoable] = []
        self._limit = limit

    def push(self, step: Undoable) -> None:
        """Add the newest."""
        self._done.append(step)
        del self._done[: -self._limit]

    def undo(self, step: Undoable | None = None) -> Undoable | None:
        """Undo ``step`` (the newest by default) and return it; None when there is nothing or it is gone."""
        if not self._done or (step is not None and step not in self._done):
            return None
        chosen = step if step is not None else self._done[-1]
        self._done.remove(chosen)
        chosen.undo()
        return chosen

    def clear(self) -> None:
        """Forget, because what would be undone has changed under it."""
        self._done.clear()
