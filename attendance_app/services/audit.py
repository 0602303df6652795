"""The audit trail for the other layers: what was recorded of a session or a student, and notes of what changes no
row, such as exports and settings."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from attendance_app.domain.audit import AuditAction, AuditEntry
from attendance_app.domain.session_edits import SessionChange, SessionEdit
from attendance_app.store.database import Store
from attendance_app.store.unit import Repositories

# What rows of the register don't say: the trail has a session's new times, but not that it was split.
_NOT_IN_ROWS = frozenset({SessionEdit.SPLIT, SessionEdit.MERGED})


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, oldest first, with the names that it needs, by id.

    ``earlier``: changes of a session as a whole that the trail does not tell: those from before it began, splits and
    merges. ``sessions``: the course's id and the start.
    """

    entries: tuple[AuditEntry, ...]
    earlier: tuple[SessionChange, ...] = ()
    students: Mapping[int, str] = field(default_factory=dict)
    courses: Mapping[int, str] = field(default_factory=dict)
    sessions: Mapping[int, tuple[int, datetime]] = field(default_factory=dict)


def recorded_of_session(store: Store, session_id: int) -> Recorded:
    """Return what was recorded of a session and its marks."""
    with store.read() as register:
        entries = register.audit.of_session(session_id)
        changes = register.sessions.changes(session_id)
        students = {one.id: one.name for one in register.students.all(archived=None)}
    began = next((one.at for one in entries if one.action is AuditAction.BEGIN), None)
    earlier = (one for one in changes if one.edit in _NOT_IN_ROWS or (began is not None and one.changed_at < began))
    return Recorded(entries, tuple(earlier), students=students)


def recorded_of_student(store: Store, student_id: int) -> Recorded:
    """Return what was recorded of a student."""
    with store.read() as register:
        return Recorded(
            register.audit.of_student(student_id),
            courses={one.id: one.title or one.code for one in register.courses.all(archived=None)},
            sessions=_sessions(register),
        )


def _sessions(register: Repositories) -> dict[int, tuple[int, datetime]]:
    found = (*register.sessions.all(), *register.sessions.all(deleted=True))
    return {one.id: (one.course_id, one.started_at) for one in found}


def note_export(store: Store, file: Path) -> None:
    """Record that a file was exported: its kind and its SHA-256, by which it can be told again.

    Its name stays out: it may be a student's, and a record can't forget.
    """
    sha256 = ""
    # It may have been taken away already, or stand where nothing can be read again, such as a pipe.
    with suppress(OSError):
        if file.is_file():
            sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with store.write() as tx:
        tx.audit.note(AuditAction.EXPORT, {"kind": file.suffix.lstrip(".").lower(), "sha256": sha256})


def note_settings(store: Store, keys: Iterable[str]) -> None:
    """Record which settings were changed; not their values, one of which may have a camera's password."""
    with store.write() as tx:
        tx.audit.note(AuditAction.SETTINGS, {"changed": sorted(keys)})
