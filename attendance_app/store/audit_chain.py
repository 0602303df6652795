"""The audit trail's chain: each record's hash covers its content and the record before (docs/adr/0039).

Plain SQL on the driver's connection: copies of the register are brought up to date with it as well, and the triggers
that notice changes belong to a connection.
"""

import getpass
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from attendance_app.domain.audit import AuditAction
from attendance_app.store.contents import tables
from attendance_app.store.driver import Connection

SQL_TIME: Final = "%Y-%m-%d %H:%M:%S.%f"
"""As SQLAlchemy writes a time into SQLite; as texts they sort by time."""


@dataclass(frozen=True, slots=True)
class Audited:
    """A table whose changes are recorded, with the columns that count. No column may hold a face.

    ``keys``: the columns that name a row. ``student``, ``session``: the columns that say whose it is.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ("id",)
    student: str = ""
    session: str = ""

    def names(self, row: str) -> str:
        """SQL for what names a row and whose it is: ``row`` is a table's alias, or a trigger's ``new`` or ``old``."""
        key = " || '/' || ".join(f"{row}.{column}" for column in self.keys)
        whose = (f"{row}.{column}" if column else "NULL" for column in (self.student, self.session))
        return f"{key}, {', '.join(whose)}"


_OF_STUDENT, _OF_SESSION = "student_id", "session_id"
AUDITED: Final = (
    Audited("student", ("number", "name", "email", "archived", "family_name", "given_name"), student="id"),
    Audited(
        "enrolment",
        ("course_id", "student_id", "list_number"),
        keys=("course_id", "student_id"),
        student=_OF_STUDENT,
    ),
    Audited("consent", ("student_id", "ground", "source", "given_at", "withdrawn_at"), student=_OF_STUDENT),
    Audited("excuse", ("student_id", "first", "last", "reason"), student=_OF_STUDENT),
    Audited("face_template", ("student_id", "encoder_id", "enrolled_at"), student=_OF_STUDENT),
    Audited(
        "session",
        (
            "course_id",
            "started_at",
            "ended_at",
            "late_after_s",
            "lesson_at",
            "topic",
            "note",
            "voided_at",
            "void_reason",
            "deleted_at",
        ),
        session="id",
    ),
    Audited(
        "mark",
        ("session_id", "student_id", "status", "marked_by", "marked_at", "arrived_at", "remark"),
        student=_OF_STUDENT,
        session=_OF_SESSION,
    ),
    Audited(
        "mark_history",
        ("session_id", "student_id", "changed_at", "changed_by", "old_status", "new_status", "remark"),
        student=_OF_STUDENT,
        session=_OF_SESSION,
    ),
)
BY_TABLE: Final = {one.table: one for one in AUDITED}
GONE: Final = "null"
"""The content of a row that was deleted."""
Named: TypeAlias = tuple[str, int | None, int | None]
"""A row's key, and the student and the session that it belongs to."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a transaction has to say of itself. ``detail`` must name no student: it can't be taken out again."""

    action: AuditAction
    detail: Mapping[str, object]


def watch(connection: Connection) -> None:
    """Have the connection note which audited rows it changes, also by cascades. Nothing of it is in the file."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS audit_touched (table_name TEXT, row_key TEXT, student_id INT, session_id INT)"
    )
    there = set(tables(connection))
    for one in AUDITED:
        if one.table not in there:
            continue
        columns = _columns_of(connection, one)
        changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
        for event, when, row in (
            ("INSERT", "", "new"),
            (f"UPDATE OF {', '.join(columns)}", f"WHEN {changed}", "new"),
            ("DELETE", "", "old"),
        ):
            name = f"audit_{event.split()[0].lower()}_{one.table}"
            connection.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {event} ON main.{one.table} {when} BEGIN "
                f"INSERT INTO audit_touched VALUES ('{one.table}', {one.names(row)}); END"
            )


def record(
    connection: Connection, at: datetime, noted: Iterable[Noted] = (), *, erased: Iterable[int] = ()
) -> int | None:
    """Append what the transaction in progress has changed, and what it says of itself; nothing if it is neither.

    Of a student who was deleted, and of those in ``erased``, no record says anything from now on: returns the number
    of the record that proves it, None where there is none.
    """
    gone = frozenset(erased)
    touched = connection.execute(
        "SELECT table_name, row_key, student_id, session_id FROM audit_touched "
        "GROUP BY table_name, row_key ORDER BY min(rowid)"
    ).fetchall()
    connection.execute("DELETE FROM audit_touched")
    columns = {table: _columns_of(connection, BY_TABLE[table]) for table in {one[0] for one in touched}}
    found = [
        ((table, str(key), student_id, session_id), _content(connection, table, columns[table], str(key)))
        for table, key, student_id, session_id in touched
    ]
    gone |= {named[2] for named, content in found if named[0] == "student" and content == GONE}
    # What falls with a student leaves no content, not even that it was deleted.
    rows = [_salted(named, content) for named, content in found if named[2] not in gone]
    if rows:
        _append(connection, at, Noted(AuditAction.CHANGE, {}), rows)
    erasure = None
    if gone:
        erasure = _append(connection, at, Noted(AuditAction.ERASE, {"emptied": _empty(connection, gone)}), ())
    for one in noted:
        _append(connection, at, one, ())
    return erasure


def begin(connection: Connection, at: datetime) -> None:
    """Take in what the register holds, as the trail's first record; nothing if it has begun."""
    if connection.execute("SELECT 1 FROM audit_record LIMIT 1").fetchone():
        return
    rows = []
    for one in AUDITED:
        rows += [_salted((one.table, *named), as_json(fields)) for named, fields in contents_of(connection, one)]
    _append(connection, at, Noted(AuditAction.BEGIN, {}), rows)


def speaks_of(connection: Connection, student_id: int) -> bool:
    """Whether a record still says something of a student."""
    query = "SELECT 1 FROM audit_row WHERE student_id = ? AND content IS NOT NULL LIMIT 1"
    return connection.execute(query, (student_id,)).fetchone() is not None


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last record; 0 and "" without one."""
    found = connection.execute("SELECT id, hash FROM audit_record ORDER BY id DESC LIMIT 1").fetchone()
    return (found[0], found[1]) if found else (0, "")


@dataclass(frozen=True, slots=True)
class ChainRow:
    """What a record says of one row. ``content`` and ``salt`` are None once it was taken out."""

    table: str
    key: str
    student_id: int | None
    session_id: int | None
    content: str | None
    salt: str | None
    digest: str


def digest_of(table: str, key: str, content: str, salt: str) -> str:
    """The salt keeps anybody from guessing the content of a row after it was taken out."""
    return _sha256([salt, table, key, content])


def hash_of(before: str, fields: Sequence[str | int], digests: Iterable[str]) -> str:
    """Return the hash of a record, in hexadecimal. ``fields``: its number, time, actor, action and detail."""
    return _sha256([before, *fields, list(digests)])


def fields_of(text: str) -> dict[str, Any] | None:
    """Read what a record says of a row, or of itself; None for a deleted row, and for what another program wrote there.

    The check finds the latter by its hash.
    """
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def contents_of(connection: Connection, one: Audited) -> Iterator[tuple[Named, dict[str, object]]]:
    """Yield key, student and session of every row of a table, with its content."""
    columns = _columns_of(connection, one)
    for found in connection.execute(f"SELECT {one.names('t')}, {', '.join(columns)} FROM {one.table} t"):
        key, student_id, session_id, *values = found
        yield (str(key), student_id, session_id), dict(zip(columns, values, strict=True))


def _content(connection: Connection, table: str, columns: Sequence[str], key: str) -> str:
    """Return a row as it is now, as JSON; ``GONE`` if there is none."""
    where = " AND ".join(f"{column} = ?" for column in BY_TABLE[table].keys)
    query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"
    found = connection.execute(query, tuple(map(int, key.split("/")))).fetchone()
    return GONE if found is None else as_json(dict(zip(columns, found, strict=True)))


def as_json(value: object) -> str:
    """One spelling for one value, so that a hash can be made of it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _columns_of(connection: Connection, one: Audited) -> tuple[str, ...]:
    """The columns that count, of those that the file has: a copy may be older than this program."""
    there = {name for _number, name, *_rest in connection.execute(f"PRAGMA table_info({one.table})")}
    return tuple(column for column in one.columns if column in there)


def _salted(named: tuple[str, str, int | None, int | None], content: str) -> ChainRow:
    """Return the row of a record. ``named``: table, key, student and session."""
    salt, (table, key, *_whose) = secrets.token_hex(16), named
    return ChainRow(*named, content, salt, digest_of(table, key, content, salt))


def _append(connection: Connection, at: datetime, noted: Noted, rows: Iterable[ChainRow]) -> int:
    """Return the record's number."""
    _last, before = head(connection)
    # Not the last record's number plus one: a removed tail must leave a gap.
    counted = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_record'").fetchone()
    number = (counted[0] if counted else 0) + 1
    written, when, actor, detail = list(rows), at.astimezone(UTC).strftime(SQL_TIME), _actor(), as_json(noted.detail)
    fields = (number, when, actor, noted.action.value, detail)
    own = hash_of(before, fields, (one.digest for one in written))
    connection.execute(
        "INSERT INTO audit_record (id, at, actor, action, detail, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (*fields, own),
    )
    connection.executemany(
        "INSERT INTO audit_row "
        "(record_id, position, table_name, row_key, student_id, session_id, content, salt, digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, place, one.table, one.key, one.student_id, one.session_id, one.content, one.salt, one.digest)
            for place, one in enumerate(written)
        ],
    )
    return number


def _empty(connection: Connection, students: frozenset[int]) -> list[list[int]]:
    """Take out what was recorded of students; return which places of which records are empty now."""
    marks = ", ".join("?" * len(students))
    where = f"student_id IN ({marks}) AND content IS NOT NULL"
    emptied = connection.execute(
        f"SELECT record_id, position FROM audit_row WHERE {where} ORDER BY record_id, position", (*students,)
    ).fetchall()
    connection.execute(f"UPDATE audit_row SET content = NULL, salt = NULL WHERE {where}", (*students,))
    return [list(one) for one in emptied]


def _actor() -> str:
    """The user of the computer: the program has no users of its own."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        # A user without an entry, as in some containers.
        return ""


def _sha256(parts: object) -> str:
    return hashlib.sha256(as_json(parts).encode()).hexdigest()
