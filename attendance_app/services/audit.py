"""Notes in the audit trail for what changes no row of the register: exports and settings."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from attendance_app.domain.audit import AuditAction
from attendance_app.store.database import Store


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
