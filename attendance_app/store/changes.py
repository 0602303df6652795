"""What a transaction has changed: topics for the views, inverses for undo, faces that must leave the files."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from attendance_app.store.unit import Transaction


class Topic(StrEnum):
    """What a view may show of the register."""

    COURSES = "courses"
    STUDENTS = "students"
    FACES = "faces"
    SESSIONS = "sessions"
    MARKS = "marks"


class Inverse(ABC):
    """Takes one change back. Subclasses are frozen dataclasses of plain values, so that they can be stored as JSON."""

    private: ClassVar[bool] = False
    """It holds a face: it is kept in memory and never written to the disk."""

    @abstractmethod
    def apply(self, tx: "Transaction", at: datetime) -> None:
        """Take the change back. Raises KnownError when that is not possible any more."""

    def concerns(self) -> tuple[int, ...]:
        """Return the ids of the students whom it names."""
        return ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An action that can be undone; ``text`` says what was done, in the user's language.

    ``inverse`` is in the order of the changes. ``partial``: undo leaves out what has been used since, instead of
    refusing as a whole. ``id`` None: it holds a face and is not stored, so it ends with the program.
    """

    text: str
    inverse: tuple[Inverse, ...]
    done_at: datetime
    partial: bool = False
    id: int | None = None

    def concerns(self) -> frozenset[int]:
        """Return the ids of the students whom it names."""
        return frozenset(student_id for one in self.inverse for student_id in one.concerns())


@dataclass(frozen=True, slots=True)
class Changes:
    """What was committed. ``operation`` is there when undo was asked for and something can be undone.

    ``forgotten``: students of whom faces were destroyed for good; operations that name them must not be kept.
    """

    topics: frozenset[Topic] = frozenset()
    inverse: tuple[Inverse, ...] = ()
    undoable: bool = True
    operation: Operation | None = None
    forgotten: frozenset[int] = frozenset()

    def __add__(self, later: "Changes") -> "Changes":
        """Return both as the changes of one action; an operation is offered for the whole only."""
        return Changes(
            topics=self.topics | later.topics,
            inverse=self.inverse + later.inverse,
            undoable=self.undoable and later.undoable,
            forgotten=self.forgotten | later.forgotten,
        )


NO_CHANGES = Changes()


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo has changed; ``kept`` names those who stay because they have been used since."""

    changes: Changes
    kept: tuple[str, ...] = ()


@dataclass(slots=True)
class ChangeLog:
    """Collects the changes of a transaction in progress."""

    topics: set[Topic] = field(default_factory=set)
    inverse: list[Inverse] = field(default_factory=list)
    undoable: bool = True
    scrub: bool = False
    forgotten: set[int] = field(default_factory=set)

    def note(self, topic: Topic, *inverse: Inverse) -> None:
        """Note a change and how it is taken back; without an inverse it is nothing that anybody would undo."""
        self.topics.add(topic)
        self.inverse += inverse

    def note_final(self, *topics: Topic) -> None:
        """Note a change that can't be taken back: the whole action can't be undone."""
        self.topics.update(topics)
        self.undoable = False

    def changes(self) -> Changes:
        """Return what was collected."""
        return Changes(
            topics=frozenset(self.topics),
            inverse=tuple(self.inverse),
            undoable=self.undoable,
            forgotten=frozenset(self.forgotten),
        )
