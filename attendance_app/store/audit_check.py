"""Checks the audit trail: that no record was changed, removed or reordered, and that the register is what it says."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from attendance_app.domain.audit import AuditAction, AuditCheck, AuditProblem, Finding
from attendance_app.store.audit_chain import AUDITED, GONE, ChainRow, contents_of, digest_of, fields_of, hash_of, head
from attendance_app.store.driver import Connection


def check(connection: Connection) -> AuditCheck:
    """Read the whole trail and every audited row. Call it in a transaction, so that both are of one moment."""
    seen = _Seen()
    problems = [*_records(connection, seen), *_tail(connection), *_emptied(seen), *_register(connection, seen)]
    return AuditCheck(seen.records, seen.rows, len(seen.empty), head(connection)[1], tuple(problems))


@dataclass(frozen=True, slots=True)
class _Latest:
    """The last record of a row. ``content`` None: it was taken out."""

    record_id: int
    content: str | None
    session_id: int | None


@dataclass(slots=True)
class _Seen:
    """What was read of the trail. ``latest``: by table and key. ``empty`` and ``allowed``: record and place."""

    records: int = 0
    rows: int = 0
    latest: dict[tuple[str, str], _Latest] = field(default_factory=dict)
    empty: set[tuple[int, int]] = field(default_factory=set)
    allowed: set[tuple[int, int]] = field(default_factory=set)
    """Those that an erasure says it has emptied."""


def _records(connection: Connection, seen: _Seen) -> Iterator[AuditProblem]:
    rows = _rows(connection)
    before, expected = "", 1
    query = "SELECT id, at, actor, action, detail, hash FROM audit_record ORDER BY id"
    for number, at, actor, action, detail, own in connection.execute(query):
        # A restore goes on from an older trail; its record says what it replaced.
        if number != expected and action != AuditAction.RESTORE:
            yield AuditProblem(Finding.RECORDS_REMOVED, expected, number - 1)
        for place, row in enumerate(rows[number]):
            yield from _row(seen, number, place, row)
        if hash_of(before, (number, at, actor, action, detail), (row.digest for row in rows[number])) != own:
            yield AuditProblem(Finding.RECORD_ALTERED, number)
        elif action == AuditAction.ERASE:
            seen.allowed |= {(record, place) for record, place in (fields_of(detail) or {}).get("emptied", ())}
        seen.records += 1
        before, expected = own, number + 1


def _rows(connection: Connection) -> dict[int, list[ChainRow]]:
    found: dict[int, list[ChainRow]] = defaultdict(list)
    query = (
        "SELECT record_id, table_name, row_key, student_id, session_id, content, salt, digest FROM audit_row "
        "ORDER BY record_id, position"
    )
    for number, *values in connection.execute(query):
        found[number].append(ChainRow(*values))
    return found


def _row(seen: _Seen, number: int, place: int, row: ChainRow) -> Iterator[AuditProblem]:
    seen.rows += 1
    seen.latest[row.table, row.key] = _Latest(number, row.content, row.session_id)
    if row.content is None or row.salt is None:
        seen.empty.add((number, place))
    elif digest_of(row.table, row.key, row.content, row.salt) != row.digest:
        yield AuditProblem(Finding.CONTENT_ALTERED, number, table=row.table, row=row.key, session_id=row.session_id)


def _tail(connection: Connection) -> Iterator[AuditProblem]:
    """Records removed from the end: SQLite still knows how many there were."""
    counted = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_record'").fetchone()
    last = head(connection)[0]
    if counted and counted[0] > last:
        yield AuditProblem(Finding.RECORDS_REMOVED, last + 1, counted[0])


def _emptied(seen: _Seen) -> Iterator[AuditProblem]:
    for number in sorted({number for number, _place in seen.empty - seen.allowed}):
        yield AuditProblem(Finding.CONTENT_REMOVED, number)


def _register(connection: Connection, seen: _Seen) -> Iterator[AuditProblem]:
    """Compare the register with the last content of every row, in the columns that the record has."""
    missing = {key for key, latest in seen.latest.items() if latest.content not in {GONE, None}}
    for one in AUDITED:
        for (key, _student_id, session_id), content in contents_of(connection, one):
            latest = seen.latest.get((one.table, key))
            missing.discard((one.table, key))
            if latest is None or latest.content in {GONE, None}:
                yield AuditProblem(Finding.ROW_UNRECORDED, table=one.table, row=key, session_id=session_id)
                continue
            recorded = fields_of(latest.content or GONE) or {}
            if any(recorded[column] != value for column, value in content.items() if column in recorded):
                yield AuditProblem(
                    Finding.ROW_CHANGED, latest.record_id, table=one.table, row=key, session_id=session_id
                )
    for table, key in sorted(missing):
        latest = seen.latest[table, key]
        yield AuditProblem(Finding.ROW_REMOVED, latest.record_id, table=table, row=key, session_id=latest.session_id)
