"""The store: one data folder, its database and its repositories."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import APART, BackedUp, keep_daily, make_backup
from attendance_app.store.changes import Operation, UndoResult
from attendance_app.store.connection import Database, create_file
from attendance_app.store.encryption import erase_leftover
from attendance_app.store.recording_lock import is_held, recording_lock, window_lock
from attendance_app.store.restore import Restored, plan_restore, restore
from attendance_app.store.schema import ensure_current
from attendance_app.store.scrub import finish_scrub
from attendance_app.store.unit import Repositories, Transaction

# In the data folder.
FILE_NAME = "attendance.sqlite3"
LOCK_NAME = "recording.lock"
WINDOW_LOCK_NAME = "window.lock"


class Store(Repositories):
    """The register of one data folder, thread-safe.

    Every reading call sees a snapshot; ``read`` is one snapshot for several calls. All writing is done in ``write``.
    """

    def __init__(self, home: Path, database: Database, *, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(database.read)
        self.home = home
        self.database = database
        self._clock = clock
        self._written = False

    @contextmanager
    def read(self) -> Iterator[Repositories]:
        """Repositories that share one snapshot."""
        with self.database.read() as session:
            yield Repositories(lambda: nullcontext(session))

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Run one action: the block is committed at its end, or not at all when it raises.

        Afterwards ``changes`` of the transaction says what has changed, and deleted faces have been removed from the
        files. Threads wait for one another; another process is waited for up to the busy timeout (StoreError). A nested
        write, or another read in the block, is a bug (RuntimeError): the transaction's own repositories see its
        changes.
        """
        with self.database.write() as session:
            tx = Transaction(session)
            yield tx
            tx.prepare_commit()
            tx.record(self._now())
        # From here on the action is done, whatever happens to the files below.
        tx.committed()
        self._written = True
        # After the commit, because VACUUM can't run inside a transaction.
        if tx.deletes_faces:
            finish_scrub(self.database)

    def undo(self, operation: Operation, at: datetime) -> UndoResult:
        """Undo an action in one transaction. Raises KnownError, and then nothing is undone."""
        with self.write() as tx:
            kept = tx.take_back(operation, at)
        return UndoResult(tx.changes, kept)

    def back_up(self, reason: Reason, at: datetime) -> BackedUp:
        """Make a backup now; raises as ``make_backup``."""
        return make_backup(self.database.path, reason, at)

    def keep_backup(self, at: datetime, *, apart: timedelta = APART) -> None:
        """Make a backup if one is due (``keep_daily``)."""
        keep_daily(self.database.path, at, apart=apart)

    def plan_restore(self, file: Path) -> Restored:
        """Say what restoring ``file`` would change; raises as the function of that name."""
        return plan_restore(self.database.path, file)

    def restore(self, file: Path, at: datetime) -> Restored:
        """Put ``file`` in the register's place; raises as the function of that name, and while a session runs."""
        with self.recording():
            # Windows does not let a damaged register be put aside while it is open.
            self.database.close()
            return restore(self.database.path, file, at)

    def change_protection(self, change: Callable[[Path], object]) -> None:
        """Run what encrypts the register, or makes it plain, while no thread writes: it puts another file in its place.

        ``change`` gets the register's path. Raises StoreError.
        """
        self.database.replace(lambda: change(self.database.path))

    def recording(self) -> AbstractContextManager[None]:
        """Held while a session runs: a second program gets a KnownError instead of recording as well."""
        return recording_lock(self.home / LOCK_NAME)

    def is_recording(self) -> bool:
        """Say whether a process records into this folder; its unfinished session is then not cut off."""
        return is_held(self.home / LOCK_NAME)

    def window(self) -> AbstractContextManager[None]:
        """Held while a window is open: a second one gets OpenElsewhere."""
        return window_lock(self.home / WINDOW_LOCK_NAME)

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._clock is None else self._clock()

    def close(self) -> None:
        """Close the files, after a backup where one is due. The next use opens them again."""
        self.database.close()
        if self._written and self._clock is not None:
            self._written = False
            self.keep_backup(self._clock())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(home: Path, *, busy_timeout_s: float = 5.0, clock: Callable[[], datetime] | None = None) -> Store:
    """Open the data folder, made if it is not there (0700), with its database brought to this program's schema.

    An older database is backed up before it is migrated. ``busy_timeout_s``: how long a write waits for another
    process. ``clock``: with it, a register that was written to is backed up when it is closed, where a backup is due.
    Raises StoreError for a folder that can't be written, a damaged or foreign file, or one of a newer program.
    """
    path = home / FILE_NAME
    create_file(path)
    erase_leftover(path)
    _keep_to_owner(home)
    ensure_current(path)
    # Migrations have a connection of their own; the pool opens only on the finished schema.
    database = Database(path, busy_timeout_s=busy_timeout_s)
    store = Store(home, database, clock=clock)
    finish_scrub(database)  # what a reader, a full disk or a crash has prevented
    return store


def _keep_to_owner(home: Path) -> None:
    """Take away from others what earlier versions let them read; other files in the folder are not ours."""
    if os.name != "posix":
        return
    for pattern in (f"{FILE_NAME}*", "*.lock", "attendance.log*", "settings.toml*", "window.ini", "demo"):
        for file in home.glob(pattern):
            with suppress(OSError):
                mode = file.stat().st_mode
                if mode & (stat.S_IRWXG | stat.S_IRWXO):
                    file.chmod(stat.S_IMODE(mode) & stat.S_IRWXU)
