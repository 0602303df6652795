"""The audit trail: what was changed, by whom and when, and what a check of it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

Content: TypeAlias = Mapping[str, str | int | float | None]
"""The fields of a row, as they are stored."""


class AuditAction(StrEnum):
    """What a record is about."""

    BEGIN = "begin"
    """The trail begins: it takes in what the register held before."""
    CHANGE = "change"
    ERASE = "erase"
    """A student was erased: what earlier records said of them was taken out."""
    RESTORE = "restore"
    """A backup took the register's place."""
    EXPORT = "export"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row that one record changed. ``before`` None: it was new, ``after`` None: it was deleted."""

    record_id: int
    at: datetime
    actor: str
    action: AuditAction
    table: str
    row: str
    before: Content | None
    after: Content | None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One record of the chain. ``detail`` names no student; ``rows``: how many rows it speaks of."""

    id: int
    at: datetime
    actor: str
    action: AuditAction
    detail: Mapping[str, object]
    rows: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """How long a trail is, unchecked. ``last_at``: the time of its last record, None without one."""

    records: int = 0
    rows: int = 0
    last_at: datetime | None = None


class Finding(StrEnum):
    """What a check can find to be wrong."""

    RECORD_ALTERED = "record_altered"
    """A record does not fit to its own hash, or to the record before."""
    RECORDS_REMOVED = "records_removed"
    CONTENT_ALTERED = "content_altered"
    """What a record says of a row does not fit to its hash."""
    CONTENT_REMOVED = "content_removed"
    """What a record said of a row is gone, and no erasure took it out."""
    ROW_CHANGED = "row_changed"
    """The register has something else than the last record of the row."""
    ROW_REMOVED = "row_removed"
    ROW_UNRECORDED = "row_unrecorded"


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """Where something is wrong. ``record_id``: the record, for several removed ones the first; ``last``: the last.

    ``table`` and ``row``: the row of the register, where it is about one.
    """

    finding: Finding
    record_id: int | None = None
    last: int | None = None
    table: str = ""
    row: str = ""
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a check has read and found. ``head``: the hash of the last record; ``erased``: rows without content."""

    records: int
    rows: int
    erased: int
    head: str
    problems: tuple[AuditProblem, ...] = ()
