"""For the services of a roll, until they write in ``Store.write``: every writing call is a transaction of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from attendance_app.domain.marks import setting_of
from attendance_app.domain.sessions import Mark
from attendance_app.store.marks import MarkReads, MarkWrites
from attendance_app.store.repository import Read
from attendance_app.store.sessions import SessionReads, SessionWrites
from attendance_app.store.unit import Transaction

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W")
Write: TypeAlias = Callable[[], AbstractContextManager[Transaction]]


class _Calls:
    write: Write


def _once(of: Callable[[Transaction], W], method: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[Any, P], R]:
    def call(self: _Calls, /, *args: P.args, **options: P.kwargs) -> R:
        with self.write() as tx:
            return method(of(tx), *args, **options)

    return call


class SessionCalls(SessionReads, _Calls):
    open = _once(lambda tx: tx.sessions, SessionWrites.open)
    close = _once(lambda tx: tx.sessions, SessionWrites.close)
    count_unknown = _once(lambda tx: tx.sessions, SessionWrites.count_unknown)
    delete = _once(lambda tx: tx.sessions, SessionWrites.delete)


class MarkCalls(MarkReads, _Calls):
    record_many = _once(lambda tx: tx.marks, MarkWrites.record)
    set_by_teacher = _once(lambda tx: tx.marks, MarkWrites.set)
    fill_blanks = _once(lambda tx: tx.marks, MarkWrites.fill)

    def record(self, mark: Mark) -> Mark:
        return self.record_many([mark])[0]

    def clear(self, session_id: int, student_id: int, at: datetime) -> None:
        self.restore(session_id, student_id, None, at)

    def restore(self, session_id: int, student_id: int, mark: Mark | None, at: datetime) -> Mark | None:
        with self.write() as tx:
            return tx.marks.take_back(session_id, student_id, None if mark is None else setting_of(mark), at)


C = TypeVar("C", bound=_Calls)


def calls(kind: Callable[[Read], C], read: Read, write: Write) -> C:
    made = kind(read)
    made.write = write
    return made
