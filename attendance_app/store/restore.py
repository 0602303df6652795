"""Puts a backup in the register's place, after showing what would change; the present state is backed up first."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Final

from attendance_app.domain.audit import AuditAction
from attendance_app.domain.errors import StoreError
from attendance_app.store.audit_chain import Noted, head, record, watch
from attendance_app.store.backup_files import FOLDER, Backup, Reason
from attendance_app.store.backups import LOCK_NAME, REGISTER_KEY, SCRATCH, local_backups, sweep, write_backup
from attendance_app.store.connection import create_file
from attendance_app.store.contents import Row, is_whole, rows_by_key, tables
from attendance_app.store.driver import Connection, connect, key_name_of, salt_of
from attendance_app.store.encryption import recode
from attendance_app.store.errors import (
    BackupDamaged,
    BackupNotWritten,
    NoSuchBackup,
    NotARegister,
    RegisterBusy,
    RegisterDamaged,
    RegisterTooNew,
)
from attendance_app.store.forgotten import forget, forgotten_in, put_forgotten
from attendance_app.store.key_store import key_named
from attendance_app.store.keys import PLAIN_HEADER
from attendance_app.store.recording_lock import backup_lock
from attendance_app.store.schema import SCHEMA, begin_audit, ensure_current, revision_of, upgrade
from attendance_app.store.sqlite_errors import known_errors

PATIENCE_SECONDS: Final = 10.0
"""How long another program may write while a restore waits for it."""


_ERASURE: Final = "erased_at, templates, consents, marks, changes"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a restore does to one kind of thing.

    ``back``: what comes back, ``gone``: what vanishes, each as people name it; ``changed``: how many differ.
    """

    kind: str
    back: tuple[str, ...]
    gone: tuple[str, ...]
    changed: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has done, or would do. ``kept``: where the state before is, None where nothing could be kept.

    ``aside``: where a damaged register was put.
    """

    source: Path
    differences: tuple[Difference, ...]
    kept: Backup | None = None
    aside: Path | None = None


def find_backup(home: Path, name: str) -> Path:
    """Return the file that a user means: a path, the name of a backup, or ``latest``. Raises NoSuchBackup."""
    if Path(name).is_file():
        return Path(name)
    backups = local_backups(home)
    if name == "latest" and backups:
        return backups[0].path
    found = [one.path for one in backups if name in {one.path.name, one.path.stem}]
    if not found:
        raise NoSuchBackup(name=name)
    return found[0]


def plan_restore(register: Path, file: Path) -> Restored:
    """Say what restoring ``file`` would change. Raises BackupDamaged, NotARegister, RegisterTooNew, StoreError."""
    with _prepared(register, file) as ready:
        return Restored(file, _differences(register, ready))


def restore(register: Path, file: Path, at: datetime) -> Restored:
    """Put ``file`` in the register's place, brought to this program's schema and without whom the register forgot.

    The present state is backed up first; a damaged one is put aside as it is. Open connections see the new content in
    their next transaction. Killed at any moment, the register is the old one or the new one. Raises as
    ``plan_restore``, RegisterBusy.
    """
    with _prepared(register, file) as ready:
        differences = _differences(register, ready)
        if _is_empty(register):
            create_file(register)
            ensure_current(register)
            name = key_name_of(ready)
            if name is not None:
                recode(register, key_named(name, ready))  # so that its recovery key stays the same
            _take_key(register, ready)
        try:
            kept = write_backup(register, Reason.RESTORE, at).backup
        except (RegisterDamaged, NotARegister):
            return Restored(file, differences, aside=_swap(register, ready, at))
        _pour(ready, register)
        return Restored(file, differences, kept)


@contextmanager
def _prepared(register: Path, file: Path) -> Iterator[Path]:
    """Give a copy of ``file`` that could be the register, and hold the lock of the backups."""
    home = register.parent
    # Nothing to restore; and on POSIX whoever opens and closes the register in another way than through SQLite ends the
    # locks that this process has on it.
    if register.is_file() and file.is_file() and file.samefile(register):
        raise NoSuchBackup(name=str(file))
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with backup_lock(home / LOCK_NAME), _scratch(home / SCRATCH) as scratch:
            sweep(home / FOLDER)
            ready = scratch / "restored.sqlite3"
            _fetch(file, ready)
            _bring_up_to_date(ready, file)
            _carry_over(register, ready)
            _take_key(register, ready)
            yield ready
    except OSError as error:
        raise BackupNotWritten(folder=home, reason=error.strerror or str(error)) from error


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """An empty folder; one that a killed restore has left is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bring_up_to_date(ready: Path, file: Path) -> None:
    try:
        revision = revision_of(ready)
        if revision is None:
            raise NotARegister(path=file)
        if revision > SCHEMA:
            raise RegisterTooNew(path=file, found=revision, known=SCHEMA)
        with known_errors(ready), closing(connect(ready)) as connection:
            if not is_whole(connection):
                raise BackupDamaged(path=file)
        if revision != SCHEMA:
            upgrade(ready)
        begin_audit(ready)
    except NotARegister as error:
        raise NotARegister(path=file) from error
    except RegisterDamaged as error:
        raise BackupDamaged(path=file) from error


def _fetch(file: Path, ready: Path) -> None:
    """Copy the bytes: the file may lie where SQLite could not make its own files beside it."""
    try:
        for end in ("", "-wal"):  # a register that somebody copied while it was open
            source = file.with_name(file.name + end)
            if not end or source.is_file():
                shutil.copyfile(source, ready.with_name(ready.name + end))
                ready.with_name(ready.name + end).chmod(0o600)
    except OSError as error:
        raise NoSuchBackup(name=str(file)) from error


def _carry_over(register: Path, ready: Path) -> None:
    """Bring into the copy what must not go back in time, and record in its trail what it takes the place of."""
    number, replaced = _carried(register, ready)
    with known_errors(ready), closing(connect(ready)) as new:
        watch(new)
        new.execute("BEGIN IMMEDIATE")
        record(new, datetime.now(UTC), (Noted(AuditAction.RESTORE, {"replaced": number, "hash": replaced}),))
        new.execute("COMMIT")


def _carried(register: Path, ready: Path) -> tuple[int, str]:
    """Carry over whom was forgotten, the proof of it, and used numbers; return the register's last audit record.

    0 and "" of a register that can't be read, or of another one.
    """
    if _is_empty(register):
        return 0, ""
    with known_errors(ready), closing(connect(ready)) as new:
        try:
            with known_errors(register), closing(connect(register)) as now:
                if _name(now) not in {None, _name(new)}:
                    return 0, ""  # another register, whose students have other numbers
                forgotten = forgotten_in(now) | forgotten_in(new)
                erasures = now.execute(f"SELECT {_ERASURE} FROM erasure").fetchall()
                numbers = now.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
                replaced = head(now) if "audit_record" in tables(now) else (0, "")
        except StoreError:
            return 0, ""  # a damaged register has nothing to say
        forget(new, forgotten)
        new.execute("BEGIN IMMEDIATE")
        put_forgotten(new, forgotten)
        there = set(new.execute(f"SELECT {_ERASURE} FROM erasure").fetchall())
        for row in erasures:
            if row not in there:
                new.execute(f"INSERT INTO erasure ({_ERASURE}) VALUES (?, ?, ?, ?, ?)", row)
        for table, number in numbers:
            if not new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, table)).rowcount:
                new.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, number))
        new.execute("COMMIT")
        new.execute("VACUUM")
    return replaced


def _take_key(register: Path, ready: Path) -> None:
    """Encrypt the copy with the register's key, or make it plain like it."""
    name = key_name_of(register)
    # Of a damaged register nobody can say what it was.
    known = name is not None or salt_of(register) == PLAIN_HEADER
    if known and name != key_name_of(ready):
        recode(ready, None if name is None else key_named(name, register))


def _is_empty(register: Path) -> bool:
    """Whether there is no register; opening one would make it."""
    return not register.is_file() or not register.stat().st_size


def _name(connection: Connection) -> str | None:
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (REGISTER_KEY,)).fetchone()
    return row[0] if row else None


def _pour(ready: Path, register: Path) -> None:
    """Copy into the register in one transaction of SQLite's, so that other connections may stay open."""
    end = monotonic() + PATIENCE_SECONDS

    def not_for_ever(_status: int, _left: int, _pages: int) -> None:
        # Called after every step; a step that met another writer is repeated until this raises.
        if monotonic() > end:
            raise RegisterBusy(path=register)

    with known_errors(register), closing(connect(ready)) as new, closing(connect(register)) as now:
        now.execute("PRAGMA synchronous = FULL")
        new.backup(now, progress=not_for_ever, sleep=0.05)
        now.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _swap(register: Path, ready: Path, at: datetime) -> Path:
    """Put a register that can't be read aside, with its log, and the copy in its place."""
    aside = register.with_name(f"{register.name}.damaged-{at:%Y%m%dT%H%M%SZ}")
    for end in ("-wal", "-shm", ""):
        source = register.with_name(register.name + end)
        if source.is_file():
            source.replace(aside.with_name(aside.name + end))
    ready.replace(register)
    return aside


# -- what is different

Names = Callable[[Connection], Mapping[object, str]]


def _differences(register: Path, ready: Path) -> tuple[Difference, ...]:
    with known_errors(ready), closing(connect(ready)) as new:
        coming = {kind: (rows_by_key(new, kind), names(new)) for kind, names in KINDS.items()}
    there: dict[str, tuple[Mapping[object, Row], Mapping[object, str]]] = {}
    try:
        if not _is_empty(register):
            with known_errors(register), closing(connect(register)) as now:
                there = {kind: (rows_by_key(now, kind), names(now)) for kind, names in KINDS.items()}
    except StoreError:
        pass  # of a damaged register nobody can say what would be lost
    return tuple(_difference(kind, coming[kind], there.get(kind, ({}, {}))) for kind in KINDS)


def _difference(
    kind: str,
    coming: tuple[Mapping[object, Row], Mapping[object, str]],
    there: tuple[Mapping[object, Row], Mapping[object, str]],
) -> Difference:
    (new, new_names), (now, now_names) = coming, there
    return Difference(
        kind,
        tuple(new_names[key] for key in new if key not in now),
        tuple(now_names[key] for key in now if key not in new),
        sum(1 for key, row in new.items() if key in now and now[key] != row),
    )


def _named(query: str) -> Names:
    def names(connection: Connection) -> Mapping[object, str]:
        return {key: " ".join(str(word) for word in words) for key, *words in connection.execute(query)}

    return names


_STUDENT_OF = "JOIN student s ON s.id = t.student_id"
KINDS: Final[Mapping[str, Names]] = {
    "course": _named("SELECT id, code FROM course"),
    "student": _named("SELECT id, number, name FROM student"),
    "enrolment": _named(
        f"SELECT t.rowid, s.number, s.name, c.code FROM enrolment t {_STUDENT_OF} JOIN course c ON c.id = t.course_id"
    ),
    "consent": _named(f"SELECT t.id, s.number, s.name FROM consent t {_STUDENT_OF}"),
    "face_template": _named(f"SELECT t.id, s.number, s.name FROM face_template t {_STUDENT_OF}"),
    "session": _named(
        "SELECT t.id, t.id, c.code, substr(t.started_at, 1, 16) FROM session t JOIN course c ON c.id = t.course_id"
    ),
    "mark": _named(f"SELECT t.id, t.session_id, s.number, s.name FROM mark t {_STUDENT_OF}"),
}
"""The kinds of things that are compared, by their table, with what a person calls each of them."""
