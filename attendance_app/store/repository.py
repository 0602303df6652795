"""What every repository stands on: a session to read from, and the transaction's own for the writing ones."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeAlias

from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.changes import ChangeLog

Read: TypeAlias = Callable[[], AbstractContextManager[OrmSession]]
"""Opens a session that sees one moment of the database."""


class Reads:
    """Reads; every call is a read transaction of its own unless ``read`` hands out the same session."""

    def __init__(self, read: Read) -> None:
        self._read = read


class Writes(Reads):
    """Reads and writes inside one transaction, and notes what it changes."""

    def __init__(self, session: OrmSession, log: ChangeLog) -> None:
        super().__init__(lambda: nullcontext(session))
        self._session = session
        self._log = log
