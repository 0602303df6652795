"""Marks that the register could not take are written to a file, and read into it later.

The file is JSON. It names the course by its code, the session by its start and the students by their numbers, so that
it can be read into a copy of the register as well.
"""

import contextlib
import json
import logging
import os
import stat
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.domain.errors import KnownError
from attendance_app.domain.marks import merge_marks
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, MarkedBy, Session
from attendance_app.services.errors import (
    MarksFileUnreadable,
    MarksInFile,
    MarksInNoFile,
    NotAMarksFile,
    SessionElsewhere,
)
from attendance_app.services.session.rescue_text import read_marks, read_time, text_of_marks

if TYPE_CHECKING:
    from attendance_app.store.database import Store

_log = logging.getLogger(__name__)

KIND = "attendance marks, format 1"
_PREFIX = "attendance-marks-"
_LARGEST_BYTES = 10_000_000
"""Far above what a session of some hundred students makes; a larger file is not one of ours."""


@dataclass(frozen=True, slots=True)
class UnsavedMarks:
    """What a session could not write at its end; ``ended_at`` None leaves the session open.

    ``numbers``: the students' numbers by id, read while the register could still be read.
    """

    course: Course
    session: Session
    marks: tuple[Mark, ...]
    numbers: Mapping[int, str]
    ended_at: datetime | None
    unknown_people: int


@dataclass(frozen=True, slots=True)
class FoundMarks:
    """A file with marks of a session of this register that are not in the register yet."""

    file: Path
    session: Session
    students: int


@dataclass(frozen=True, slots=True)
class RecoveryResult:
    """What was taken in; ``missing`` are numbers that no student of the register has."""

    session: Session
    marks: tuple[Mark, ...]
    missing: tuple[str, ...]


def text_of(unwritten: UnsavedMarks) -> str:
    """Return the file's text."""
    ended = unwritten.ended_at
    document = {
        "kind": KIND,
        "course": unwritten.course.code,
        "session_started": unwritten.session.started_at.isoformat(),
        "session_ended": None if ended is None else ended.isoformat(),
        "unknown_people": unwritten.unknown_people,
        "marks": text_of_marks(unwritten.marks, unwritten.numbers),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def save(unwritten: UnsavedMarks, path: Path | None = None) -> Path | None:
    """Write the file to ``path``, or else where there is room; return where it is, None if it could not be written.

    After ``path`` come the folders of ``_places``. No file is replaced.
    """
    started = unwritten.session.started_at.astimezone()
    code = "".join(letter if letter.isalnum() else "_" for letter in unwritten.course.code)
    # The process: two programs may end in the same second. The time now: a session that is resumed may fail again.
    name = f"{_PREFIX}{code}-{started:%Y%m%d-%H%M%S}-{os.getpid()}-{time.time_ns()}.json"
    text = text_of(unwritten).encode()
    for place in [*([path] if path is not None else []), *(folder / name for folder in _places())]:
        if _written(place, text):
            return place
    return None


def _places() -> tuple[Path, ...]:
    """Return the folders for the file. The temporary one comes last: many systems empty it when they start."""
    places = []
    for folder in (Path.home, Path.cwd, lambda: Path(tempfile.gettempdir())):
        # A user without a home, or a current folder that was deleted.
        with contextlib.suppress(OSError, RuntimeError):
            places.append(folder())
    return tuple(places)


def save_unwritten(unwritten: UnsavedMarks, path: Path | None, reason: KnownError) -> KnownError:
    """Write to a file what the register could not take; return the error to raise, which has the text if no file
    could be written."""
    file, students = save(unwritten, path), len({mark.student_id for mark in unwritten.marks})
    _log.warning("marks that could not be saved are in %s", file if file is not None else "no file")
    if file is not None:
        return MarksInFile(session=unwritten.session.id, students=students, reason=reason, file=file)
    return MarksInNoFile(session=unwritten.session.id, students=students, reason=reason, text=text_of(unwritten))


def _written(path: Path, content: bytes) -> bool:
    """Write a new file that only its owner may read, and flush it to the disk."""
    try:
        # O_EXCL: a file of that name may hold another session's marks. 0600: it has students' numbers.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return False
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            # The register's disk has just failed or is full: the marks must be on a disk before the program ends.
            os.fsync(file.fileno())
    except OSError:
        # Half a file is no use, and it would take room from the next place.
        path.unlink(missing_ok=True)
        return False
    return True


def find(store: "Store") -> tuple[FoundMarks, ...]:
    """Look where ``save`` writes for marks that this register lacks, the oldest session first.

    Files of other registers and files that can't be read are left out.
    """
    files = set()
    for folder in _places():
        # A folder that can't be listed, as on a server that is away, must not keep the course from being shown.
        with contextlib.suppress(OSError):
            files |= {file.resolve() for file in folder.glob(f"{_PREFIX}*.json") if _is_ours(file)}
    found = [one for one in (_found(store, file) for file in sorted(files)) if one is not None]
    return tuple(sorted(found, key=lambda one: one.session.started_at))


def _is_ours(file: Path) -> bool:
    """Say whether this user wrote the file: anybody can put one into the temporary folder."""
    try:
        status = file.lstat()
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return stat.S_ISREG(status.st_mode) and mine and status.st_size <= _LARGEST_BYTES


def _found(store: "Store", file: Path) -> FoundMarks | None:
    try:
        read = _read(store, file)
    except KnownError:
        return None
    present = {mark.student_id: mark for mark in store.marks.of_session(read.session.id)}
    lacking = {mark.student_id for mark in read.marks if _lacks(present.get(mark.student_id), mark)}
    unclosed = read.ended is not None and read.session.ended_at is None
    return FoundMarks(file, read.session, len(lacking)) if lacking or unclosed else None


def _lacks(present: Mark | None, mark: Mark) -> bool:
    """Say whether the register would change if the mark were added."""
    return merge_marks(present, mark) != present and not _outdated(mark, present)


def take_in(store: "Store", found: FoundMarks) -> RecoveryResult:
    """Add the marks of a file that ``find`` has found, and delete the file unless it has marks of unknown students.

    It holds children's marks, and nothing in it is needed any more. Raises as ``recover``.
    """
    result = recover(store, found.file)
    if not result.missing:
        with contextlib.suppress(OSError):
            found.file.unlink()
    return result


def recover(store: "Store", path: Path) -> RecoveryResult:
    """Add the marks of a file to the register, and close their session if the file says so.

    They are merged with the present marks as in a session, so that reading a file twice changes nothing; what the
    teacher has marked since then stays. Raises KnownError for another kind of file, or a session that the register
    does not have.
    """
    read = _read(store, path)
    session = read.session
    # The lock: a running session of this register must not be closed from the file.
    with store.recording(), store.write() as tx:
        present = {mark.student_id: mark for mark in tx.marks.of_session(session.id)}
        written = tx.marks.record([mark for mark in read.marks if not _outdated(mark, present.get(mark.student_id))])
        if read.ended is not None and session.ended_at is None:
            session = tx.sessions.close(session.id, read.ended, read.unknown_people)
    return RecoveryResult(session, written, read.missing)


def _outdated(mark: Mark, present: Mark | None) -> bool:
    """Say whether the teacher has decided about the student after this mark."""
    return present is not None and present.marked_by is MarkedBy.TEACHER and present.marked_at > mark.marked_at


@dataclass(frozen=True, slots=True)
class _FileContent:
    session: Session
    marks: tuple[Mark, ...]
    missing: tuple[str, ...]
    ended: datetime | None
    unknown_people: int


def _read(store: "Store", path: Path) -> _FileContent:
    """Read a file for this register. Raises KnownError as ``recover`` does."""
    document = _document(path)
    try:
        code, started = str(document["course"]), read_time(document["session_started"])
        ended = None if document["session_ended"] is None else read_time(document["session_ended"])
        unknown = int(str(document["unknown_people"]))
        # Archived students too: they may have been in the lesson.
        ids = {student.number: student.id for student in store.students.all(archived=None)}
        session = _session(store, code, started)
        marks, missing = read_marks(document["marks"], session.id, ids)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise NotAMarksFile(file=path) from error
    return _FileContent(session, marks, missing, ended, unknown)


def _document(path: Path) -> Mapping[str, object]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise MarksFileUnreadable(file=path, reason=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise NotAMarksFile(file=path) from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise NotAMarksFile(file=path)
    return document


def _session(store: "Store", code: str, started: datetime) -> Session:
    course = store.courses.by_code(code)
    sessions: Sequence[Session] = store.sessions.all(course.id)
    for session in sessions:
        # By its start and not by its id: a copy of the register may have given that id to another session.
        if session.started_at == started:
            return session
    raise SessionElsewhere(course=code, started=started.astimezone().strftime("%Y-%m-%d %H:%M:%S"))
