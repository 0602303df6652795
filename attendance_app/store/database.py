"""The store: one data folder, its database and the repositories over it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from attendance_app.store.connection import Database, create_file
from attendance_app.store.consents import ConsentRepository
from attendance_app.store.courses import CourseRepository
from attendance_app.store.erasures import ErasureRepository
from attendance_app.store.heads import HeadRepository
from attendance_app.store.marks import MarkRepository
from attendance_app.store.recording_lock import is_held, recording_lock, window_lock
from attendance_app.store.schema import ensure_current
from attendance_app.store.scrub import finish_scrub
from attendance_app.store.sessions import SessionRepository
from attendance_app.store.settings import SettingRepository
from attendance_app.store.students import StudentRepository
from attendance_app.store.templates import TemplateRepository

FILE_NAME = "attendance.sqlite3"
LOCK_NAME = "recording.lock"
WINDOW_LOCK_NAME = "window.lock"


@dataclass(frozen=True, slots=True)
class Store:
    """The repositories of one data folder; every call is a transaction of its own and may come from any thread."""

    home: Path
    database: Database
    courses: CourseRepository
    students: StudentRepository
    consents: ConsentRepository
    templates: TemplateRepository
    heads: HeadRepository
    sessions: SessionRepository
    marks: MarkRepository
    erasures: ErasureRepository
    settings: SettingRepository

    def recording(self) -> AbstractContextManager[None]:
        """Hold this while a session runs: a second instance gets a KnownError instead of a second recorder."""
        return recording_lock(self.home / LOCK_NAME)

    def is_recording(self) -> bool:
        """Say whether some process records into this folder, so that an unfinished session is not cut off."""
        return is_held(self.home / LOCK_NAME)

    def window(self) -> AbstractContextManager[None]:
        """Hold this while a window is open: a second one gets OpenElsewhereError."""
        return window_lock(self.home / WINDOW_LOCK_NAME)

    def close(self) -> None:
        """Close the files. A store may be used again after it; it opens them anew."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(home: Path, *, busy_timeout_s: float = 5.0) -> Store:
    """Open the data folder, made if it is not there (0700), with its database brought to this program's schema.

    A copy of an older database is kept beside it before it is migrated. ``busy_timeout_s``: how long a write waits
    for another process. Raises StoreError for a folder that can't be written, a damaged or foreign file, or one of
    a newer program.
    """
    path = home / FILE_NAME
    create_file(path)
    ensure_current(path)
    database = Database(path, busy_timeout_s=busy_timeout_s)
    store = Store(
        home=home,
        database=database,
        courses=CourseRepository(database),
        students=StudentRepository(database),
        consents=ConsentRepository(database),
        templates=TemplateRepository(database),
        heads=HeadRepository(database),
        sessions=SessionRepository(database),
        marks=MarkRepository(database),
        erasures=ErasureRepository(database),
        settings=SettingRepository(database),
    )
    finish_scrub(database)
    return store
