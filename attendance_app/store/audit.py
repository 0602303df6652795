"""The audit trail for the rest of the program: what was recorded of a session or a student, and its check."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.audit import AuditAction, AuditCheck, AuditEntry, AuditRecord, AuditSummary
from attendance_app.store.audit_chain import SQL_TIME, Noted, fields_of
from attendance_app.store.audit_check import check
from attendance_app.store.contents import tables
from attendance_app.store.driver import Connection, connect
from attendance_app.store.repository import Reads
from attendance_app.store.rows import AuditRecordRow, AuditRowRow
from attendance_app.store.sqlite_errors import known_errors


def raw_connection(session: OrmSession) -> Connection:
    """Return the driver's connection of a transaction, with what the session has not written yet flushed."""
    session.flush()
    raw = session.connection().connection.driver_connection
    assert isinstance(raw, Connection)
    return raw


def summary_of(path: Path) -> AuditSummary:
    """Count the records of a register without bringing it to this program's schema. Raises StoreError."""
    with known_errors(path), closing(connect(path)) as connection:
        if "audit_record" not in tables(connection):
            return AuditSummary()
        records, last = connection.execute("SELECT count(*), max(at) FROM audit_record").fetchone()
        (rows,) = connection.execute("SELECT count(*) FROM audit_row").fetchone()
    last_at = None if last is None else datetime.strptime(last, SQL_TIME).replace(tzinfo=UTC)
    return AuditSummary(records, rows, last_at)


class AuditReads(Reads):
    """Reads the trail."""

    def of_session(self, session_id: int) -> tuple[AuditEntry, ...]:
        """Return what was recorded of a session and its marks, oldest first."""
        return self._entries(session_id=session_id)

    def of_student(self, student_id: int) -> tuple[AuditEntry, ...]:
        """Return what was recorded of a student, oldest first; nothing after an erasure."""
        return self._entries(student_id=student_id)

    def records(self, last: int | None = None) -> tuple[AuditRecord, ...]:
        """Return the ``last`` records, or all, oldest first."""
        with self._read() as session:
            rows = session.scalars(select(AuditRecordRow).order_by(AuditRecordRow.id.desc()).limit(last)).all()
            return tuple(
                AuditRecord(
                    row.id,
                    row.at,
                    row.actor,
                    _action(row.action),
                    fields_of(row.detail) or {},
                    len(row.rows),
                    row.hash,
                )
                for row in reversed(rows)
            )

    def has(self, own: str) -> bool:
        """Whether a record has this hash."""
        with self._read() as session:
            return session.scalar(select(AuditRecordRow.id).where(AuditRecordRow.hash == own)) is not None

    def check(self) -> AuditCheck:
        """Check the whole trail against itself and the register."""
        with self._read() as session:
            return check(raw_connection(session))

    def _entries(self, **where: int) -> tuple[AuditEntry, ...]:
        query = (
            select(AuditRowRow, AuditRecordRow)
            .join(AuditRecordRow, AuditRecordRow.id == AuditRowRow.record_id)
            .filter_by(**where)
            # The table mark has the same changes.
            .where(AuditRowRow.table_name != "mark_history")
            .order_by(AuditRowRow.record_id, AuditRowRow.position)
        )
        with self._read() as session:
            return _with_before((row, record) for row, record in session.execute(query))


def _with_before(found: Iterable[tuple[AuditRowRow, AuditRecordRow]]) -> tuple[AuditEntry, ...]:
    before: dict[tuple[str, str], Mapping[str, Any] | None] = {}
    entries = []
    for row, record in found:
        if row.content is None:
            continue
        key, after = (row.table_name, row.row_key), fields_of(row.content)
        entries.append(
            AuditEntry(
                record.id,
                record.at,
                record.actor,
                _action(record.action),
                row.table_name,
                row.row_key,
                before.get(key),
                after,
            )
        )
        before[key] = after
    return tuple(entries)


def _action(text: str) -> AuditAction:
    """What a record is about; of one that another program altered, the check says so."""
    return AuditAction(text) if text in set(AuditAction) else AuditAction.CHANGE


class AuditNotes:
    """What an action adds to the trail beside the rows that it changes."""

    def __init__(self) -> None:
        self.noted: list[Noted] = []

    def note(self, action: AuditAction, detail: Mapping[str, object]) -> None:
        """Record something that changes no row, such as an export. ``detail`` must name no student."""
        self.noted.append(Noted(action, detail))
