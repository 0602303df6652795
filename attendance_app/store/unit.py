"""One action, one transaction: the repositories bound to it, its changes and their inverses."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.audit import AuditNotes, AuditReads, raw_connection
from attendance_app.store.audit_chain import record
from attendance_app.store.cards import CardReads, CardWrites
from attendance_app.store.changes import NO_CHANGES, ChangeLog, Changes, Inverse, Operation
from attendance_app.store.consents import ConsentReads, ConsentWrites
from attendance_app.store.courses import CourseReads, CourseWrites
from attendance_app.store.enrolments import EnrolmentWrites
from attendance_app.store.erasures import ErasureReads, ErasureWrites
from attendance_app.store.errors import InUseError
from attendance_app.store.excuses import ExcuseReads, ExcuseWrites
from attendance_app.store.heads import HeadReads, HeadWrites
from attendance_app.store.marks import MarkReads, MarkWrites
from attendance_app.store.messages import MessageReads, MessageWrites
from attendance_app.store.operations import OperationReads, OperationWrites
from attendance_app.store.repository import Read
from attendance_app.store.session_edits import SessionEdits
from attendance_app.store.sessions import SessionReads
from attendance_app.store.students import StudentReads, StudentWrites
from attendance_app.store.templates import TemplateReads, TemplateWrites
from attendance_app.store.timetables import TimetableReads, TimetableWrites


class Repositories:
    """All reading repositories of the register."""

    def __init__(self, read: Read) -> None:
        self.courses = CourseReads(read)
        self.timetables = TimetableReads(read)
        self.students = StudentReads(read)
        self.cards = CardReads(read)
        self.consents = ConsentReads(read)
        self.excuses = ExcuseReads(read)
        self.messages = MessageReads(read)
        self.templates = TemplateReads(read)
        self.heads = HeadReads(read)
        self.sessions = SessionReads(read)
        self.marks = MarkReads(read)
        self.erasures = ErasureReads(read)
        self.operations = OperationReads(read)
        self.audit = AuditReads(read)


class Transaction:
    """The changes of one action. They are committed together or not at all, at the end of ``Store.write``."""

    def __init__(self, session: OrmSession) -> None:
        self._session = session
        self._log = log = ChangeLog()
        self._changes: Changes | None = None
        self._prepared = NO_CHANGES
        self._offer: tuple[str, datetime, Changes, bool] | None = None
        self.courses = CourseWrites(session, log)
        self.timetables = TimetableWrites(session, log)
        self.students = StudentWrites(session, log)
        self.enrolments = EnrolmentWrites(session, log)
        self.cards = CardWrites(session, log)
        self.consents = ConsentWrites(session, log)
        self.excuses = ExcuseWrites(session, log)
        self.messages = MessageWrites(session, log)
        self.templates = TemplateWrites(session, log)
        self.heads = HeadWrites(session, log)
        self.sessions = SessionEdits(session, log)
        self.marks = MarkWrites(session, log)
        self.erasures = ErasureWrites(session, log)
        self.operations = OperationWrites(session, log)
        self.audit = AuditNotes()

    @property
    def changes(self) -> Changes:
        """What was committed; raises before the commit."""
        if self._changes is None:
            raise RuntimeError("the changes of a transaction are known once it is committed")
        return self._changes

    @property
    def deletes_faces(self) -> bool:
        """Whether the files must be rewritten after the commit."""
        return self._log.scrub

    def offer_undo(self, text: str, at: datetime, *, earlier: Changes | None = None, partial: bool = False) -> None:
        """Make the transaction's changes an operation that can be undone; ``text`` describes it.

        ``earlier``: changes of earlier transactions of the same action; ``changes`` will include them. ``partial``: its
        undo leaves out what has been used since, instead of being refused as a whole.
        """
        self._offer = text, at, earlier or NO_CHANGES, partial

    def take_back(self, operation: Operation, at: datetime) -> tuple[str, ...]:
        """Undo an operation, the last change first; return the names of students who stay because they have been used
        since.

        Raises KnownError when it can't be undone, InUseError among them unless it is ``partial``.
        """
        # First: an action that another process has undone meanwhile must not be undone again.
        self.operations.take_out(operation)
        kept: dict[str, tuple[int, ...]] = {}
        # A student that was added and then enrolled must be taken off the roster before being removed.
        for inverse in reversed(operation.inverse):
            if operation.partial:
                self._try(inverse, at, kept)
            else:
                inverse.apply(self, at)
        return tuple(kept)

    def _try(self, inverse: Inverse, at: datetime, kept: dict[str, tuple[int, ...]]) -> None:
        """Revert one change, or note who stays; the other changes of that student stay as well."""
        stay = {student_id for ids in kept.values() for student_id in ids}
        if stay & set(inverse.concerns()):
            return
        try:
            # A savepoint: a refused inverse must leave nothing behind, while those before it stay.
            with self._session.begin_nested():
                inverse.apply(self, at)
        except InUseError as error:
            kept[error.name] = inverse.concerns()

    def prepare_commit(self) -> None:
        """Store the operation. Called by ``Store.write`` at the end of the block."""
        self._prepared = whole = self._log.changes()
        if self._offer is not None:
            text, at, earlier, partial = self._offer
            # Photos of one enrolment are committed one by one, but are one operation for the user.
            self._prepared = whole = earlier + whole
            # Otherwise nothing has changed, or something that can't be reverted: there is nothing to offer.
            if whole.undoable and whole.inverse:
                operation = self.operations.put(Operation(text, whole.inverse, at, partial))
                self._prepared = replace(whole, operation=operation)

    def record(self, at: datetime) -> None:
        """Append to the audit trail what the action has changed. Called by ``Store.write``, last of all."""
        erasure = record(raw_connection(self._session), at, self.audit.noted)
        self._prepared = replace(self._prepared, erasure_record=erasure)

    def committed(self) -> None:
        """Allow ``changes`` to be read. Called by ``Store.write`` after the commit."""
        self._changes = self._prepared
