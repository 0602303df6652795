"""For tests that set a scene: ``each(store).students.add(...)`` is a transaction of its own."""

from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from attendance_app.domain.marks import setting_of
from attendance_app.domain.people import TrainedHead
from attendance_app.domain.sessions import Mark
from attendance_app.store.consents import ConsentReads, ConsentWrites
from attendance_app.store.courses import CourseReads, CourseWrites
from attendance_app.store.database import Store
from attendance_app.store.enrolments import EnrolmentWrites
from attendance_app.store.erasures import ErasureReads, ErasureWrites
from attendance_app.store.heads import HeadReads
from attendance_app.store.marks import MarkReads, MarkWrites
from attendance_app.store.repository import Read
from attendance_app.store.sessions import SessionReads, SessionWrites
from attendance_app.store.students import StudentReads, StudentWrites
from attendance_app.store.templates import TemplateReads, TemplateWrites
from attendance_app.store.unit import Transaction

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W")
Write: TypeAlias = Callable[[], AbstractContextManager[Transaction]]


# The program has no such calls: one action is one transaction there (docs/adr/0032).
class _Calls:
    write: Write


def _once(of: Callable[[Transaction], W], method: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[Any, P], R]:
    def call(self: _Calls, /, *args: P.args, **options: P.kwargs) -> R:
        with self.write() as tx:
            return method(of(tx), *args, **options)

    return call


class CourseCalls(CourseReads, _Calls):
    add = _once(lambda tx: tx.courses, CourseWrites.add)
    retitle = _once(lambda tx: tx.courses, CourseWrites.retitle)
    archive = _once(lambda tx: tx.courses, CourseWrites.archive)
    reorder = _once(lambda tx: tx.courses, CourseWrites.reorder)


class StudentCalls(StudentReads, _Calls):
    add = _once(lambda tx: tx.students, StudentWrites.add)
    update = _once(lambda tx: tx.students, StudentWrites.update)
    archive = _once(lambda tx: tx.students, StudentWrites.archive)
    put_roster = _once(lambda tx: tx.students, StudentWrites.put_roster)
    enrol = _once(lambda tx: tx.enrolments, EnrolmentWrites.add)
    unenrol = _once(lambda tx: tx.enrolments, EnrolmentWrites.remove)
    renumber = _once(lambda tx: tx.enrolments, EnrolmentWrites.renumber)


class ConsentCalls(ConsentReads, _Calls):
    record = _once(lambda tx: tx.consents, ConsentWrites.record)
    withdraw = _once(lambda tx: tx.consents, ConsentWrites.withdraw)


class TemplateCalls(TemplateReads, _Calls):
    add = _once(lambda tx: tx.templates, TemplateWrites.add)
    delete = _once(lambda tx: tx.templates, TemplateWrites.delete)
    set_far = _once(lambda tx: tx.templates, TemplateWrites.set_far)


class HeadCalls(HeadReads, _Calls):
    def put(self, head: TrainedHead, made_of: Set[tuple[int, str]] = frozenset()) -> None:
        with self.write() as tx:
            tx.heads.put(head, made_of=made_of)


class SessionCalls(SessionReads, _Calls):
    open = _once(lambda tx: tx.sessions, SessionWrites.open)
    close = _once(lambda tx: tx.sessions, SessionWrites.close)
    count_unknown = _once(lambda tx: tx.sessions, SessionWrites.count_unknown)
    note_source = _once(lambda tx: tx.sessions, SessionWrites.note_source)
    add_past = _once(lambda tx: tx.sessions, SessionWrites.add_past)
    void = _once(lambda tx: tx.sessions, SessionWrites.void)
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


class ErasureCalls(ErasureReads, _Calls):
    erase_student = _once(lambda tx: tx.erasures, ErasureWrites.erase_student)


C = TypeVar("C", bound=_Calls)


class each:  # noqa: N801 - reads as a word: each(store).students.add(...)
    """A store's repositories with writing methods."""

    def __init__(self, store: Store) -> None:
        def made(kind: Callable[[Read], C]) -> C:
            calls = kind(store.database.read)
            calls.write = store.write
            return calls

        self.courses = made(CourseCalls)
        self.students = made(StudentCalls)
        self.consents = made(ConsentCalls)
        self.templates = made(TemplateCalls)
        self.heads = made(HeadCalls)
        self.sessions = made(SessionCalls)
        self.marks = made(MarkCalls)
        self.erasures = made(ErasureCalls)
