"""What a transaction has changed: topics for the views, inverses for undo, students whose faces were deleted for
good."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from attendance_app.store.unit import Transaction


class Topic(StrEnum):
    """A part of the register that views show."""

    COURSES = "courses"
    STUDENTS = "students"
    FACES = "faces"
    SESSIONS = "sessions"
    MARKS = "marks"


class Inverse(ABC):
    """Reverts one change. Subclasses are frozen dataclasses of plain values, so that they can be stored as JSON."""

    __slots__ = ()
    private: ClassVar[bool] = False
    """Whether it contains a face: then it is kept in memory and never written to the disk."""

    @abstractmethod
    def apply(self, tx: "Transaction", at: datetime) -> None:
        """Revert the change. Raises KnownError when that is not possible any more."""

    def concerns(self) -> tuple[int, ...]:
        """Return the ids of the students it refers to."""
        return ()


@dataclass(frozen=True, slots=True)
class Operation:
    """An action that can be undone; ``text`` describes it in the user's language.

    ``inverse`` is in the order of the changes. ``partial``: undo leaves out what has been used since, instead of being
    refused as a whole. ``id`` None: it contains a face and is not stored, so it is lost when the program ends.
    """

    text: str
    inverse: tuple[Inverse, ...]
    done_at: datetime
    partial: bool = False
    id: int | None = None

    def concerns(self) -> frozenset[int]:
        """Return the ids of the students it refers to."""
        return frozenset(student_id for one in self.inverse for student_id in one.concerns())


@dataclass(frozen=True, slots=True)
class Changes:
    """What was committed.

    ``operation`` is set when undo was requested and something can be undone. ``forgotten``: students who were
    removed, or whose faces were deleted for good; operations that refer to them must be dropped. ``erasure_record``:
    the number of the audit trail's record that proves an erasure, None where nobody was erased.
    """

    topics: frozenset[Topic] = frozenset()
    inverse: tuple[Inverse, ...] = ()
    undoable: bool = True
    operation: Operation | None = None
    forgotten: frozenset[int] = frozenset()
    erasure_record: int | None = None

    def __add__(self, later: "Changes") -> "Changes":
        """Return both as the changes of one action, without an operation: either one would undo its own part only."""
        return Changes(
            topics=self.topics | later.topics,
            inverse=self.inverse + later.inverse,
            # An action can be undone only if each of its parts can.
            undoable=self.undoable and later.undoable,
            forgotten=self.forgotten | later.forgotten,
            erasure_record=self.erasure_record if later.erasure_record is None else later.erasure_record,
        )


NO_CHANGES = Changes()


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo has changed; ``kept`` names the students who stay because they have been used since."""

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
        """Note a change and its inverse; a change without an inverse needs no undo."""
        self.topics.add(topic)
        self.inverse += inverse

    def note_final(self, *topics: Topic) -> None:
        """Note a change that can't be reverted: the whole action can't be undone."""
        self.topics.update(topics)
        self.undoable = False

    def changes(self) -> Changes:
        """Return the changes noted so far."""
        return Changes(
            topics=frozenset(self.topics),
            inverse=tuple(self.inverse),
            undoable=self.undoable,
            forgotten=frozenset(self.forgotten),
        )
