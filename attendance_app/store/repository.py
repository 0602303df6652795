"""Base classes of the repositories: a session to read from, and for writing ones the transaction's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeAlias

from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.changes import ChangeLog

Read: TypeAlias = Callable[[], AbstractContextManager[OrmSession]]
"""Opens a session that sees one snapshot of the database."""


class Reads:
    """Reads; every call has its own read transaction unless ``read`` returns a shared session."""

    def __init__(self, read: Read) -> None:
        self._read = read


class Writes(Reads):
    """Reads and writes inside one transaction, and notes the changes."""

    def __init__(self, session: OrmSession, log: ChangeLog) -> None:
        super().__init__(lambda: nullcontext(session))
        self._session = session
        self._log = log
