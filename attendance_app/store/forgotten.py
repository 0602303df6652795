"""Who was erased or has withdrawn: kept as internal numbers, so that no backup brings a face or a name back.

A student's internal number is never given again, and of an erased one nothing is left that it could lead to, except in
copies that the program could not reach (docs/adr/0036).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.audit_chain import SQL_TIME, record, speaks_of, watch
from attendance_app.store.contents import tables
from attendance_app.store.driver import Connection
from attendance_app.store.messages import family_language_key
from attendance_app.store.rows import SettingRow

KEY = "store.forgotten"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Ids of erased students, and for those who have withdrawn the time of it."""

    erased: frozenset[int] = frozenset()
    withdrawn: Mapping[int, str] = field(default_factory=dict)

    def __or__(self, other: "Forgotten") -> "Forgotten":
        later = {
            student: max(self.withdrawn.get(student, ""), other.withdrawn.get(student, ""))
            for student in {*self.withdrawn, *other.withdrawn}
        }
        return Forgotten(self.erased | other.erased, later)

    def as_json(self) -> str:
        withdrawn = {str(student): at for student, at in sorted(self.withdrawn.items())}
        return json.dumps({"erased": sorted(self.erased), "withdrawn": withdrawn})


def _from_json(text: str | None) -> Forgotten:
    if text is None:
        return Forgotten()
    read = json.loads(text)
    return Forgotten(frozenset(read["erased"]), {int(student): at for student, at in read["withdrawn"].items()})


def note_erased(session: OrmSession, student_id: int) -> None:
    """Note an erasure, in its own transaction."""
    _note(session, Forgotten(frozenset({student_id})))


def note_withdrawn(session: OrmSession, student_id: int, at: datetime) -> None:
    """Note a withdrawal, in its own transaction."""
    _note(session, Forgotten(withdrawn={student_id: at.astimezone(UTC).strftime(SQL_TIME)}))


def _note(session: OrmSession, more: Forgotten) -> None:
    row = session.get(SettingRow, KEY)
    session.merge(SettingRow(key=KEY, value=(_from_json(row.value if row else None) | more).as_json()))


def forgotten_in(connection: Connection) -> Forgotten:
    """Return what a register has noted."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (KEY,)).fetchone()
    return _from_json(row[0] if row else None)


def put_forgotten(connection: Connection, forgotten: Forgotten) -> None:
    """Write the note into a file that takes the register's place."""
    connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (KEY, forgotten.as_json()))


def forget(connection: Connection, forgotten: Forgotten) -> bool:
    """Delete from a copy, of whatever schema, what the register has forgotten; whether there was anything.

    Plain SQL, because a copy may be older than the rows that this program knows.
    """
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    before = connection.total_changes
    there = set(tables(connection))
    audited = "audit_record" in there
    if audited:
        watch(connection)
    connection.execute("BEGIN IMMEDIATE")
    spoken_of = [student for student in sorted(forgotten.erased) if audited and speaks_of(connection, student)]
    for student in forgotten.erased:
        _drop_heads(connection, student)
        if "operation_student" in there:
            named = "SELECT operation_id FROM operation_student WHERE student_id = ?"
            connection.execute(f"DELETE FROM operation WHERE id IN ({named})", (student,))
        if "setting" in there:
            connection.execute("DELETE FROM setting WHERE key = ?", (family_language_key(student),))
        connection.execute("DELETE FROM student WHERE id = ?", (student,))
    for student, at in forgotten.withdrawn.items():
        _drop_heads(connection, student, until=at)
        connection.execute("DELETE FROM face_template WHERE student_id = ? AND enrolled_at <= ?", (student, at))
        connection.execute(
            "UPDATE consent SET withdrawn_at = ? WHERE student_id = ? AND withdrawn_at IS NULL AND given_at <= ?",
            (at, student, at),
        )
    if audited:
        record(connection, datetime.now(UTC), erased=spoken_of)
    connection.execute("COMMIT")
    return connection.total_changes > before


def _drop_heads(connection: Connection, student: int, *, until: str = "9999-12-31") -> None:
    heads = connection.execute("SELECT course_id, student_ids FROM trained_head WHERE trained_at <= ?", (until,))
    for course, students in heads.fetchall():
        # A JSON list, which no foreign key sees.
        if student in json.loads(students):
            connection.execute("DELETE FROM trained_head WHERE course_id = ?", (course,))
