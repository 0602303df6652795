"""What every page is handed: the services, the course it is about, jobs, errors, undo and navigation."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from attendance_app.bootstrap import utc_now
from attendance_app.config.errors import SettingsError
from attendance_app.config.settings_file import read_settings, write_settings
from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.services.jobs import JobContext
from attendance_app.store.database import Store
from attendance_app.ui.i18n import LanguageSwitch, tr
from attendance_app.ui.job_runner import JobRunner, Jobs
from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.theme import Theme, ThemeChoice
from attendance_app.ui.undo import Undoable, UndoList

T = TypeVar("T")

COURSES, STUDENTS, FACES, SESSIONS, MARKS, SETTINGS = "courses", "students", "faces", "sessions", "marks", "settings"
"""Topics of ``data_changed``."""


class Desk(QObject):
    """Pages know it, and not each other."""

    course_changed = Signal(object)
    """With the Course in use, or None."""
    data_changed = Signal(str)
    """With one of the topics above, after a service has stored a change."""
    error_shown = Signal(object)
    """With a KnownError, or None to close the bar."""
    told = Signal(str, object)
    """A toast: its text, and an Undoable or None."""
    page_wanted = Signal(str, object)
    """Key of a page and what it shall show there (page's own type, or None)."""
    move_wanted = Signal(object)
    """With a Moving: close, and open again on another data folder."""

    def __init__(
        self,
        store: Store,
        *,
        language: LanguageSwitch,
        theme: Theme,
        clock: Callable[[], datetime] = utc_now,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.store = store
        self.clock = clock
        self.language = language
        self.theme = theme
        self.memory = WindowMemory(store.home)
        self.jobs = Jobs(self)
        self.undo_list = UndoList()
        self._course: Course | None = None
        read = read_settings(store.home)
        self.settings = read.settings
        self.settings_error: SettingsError | None = read.problems[0] if read.problems else None
        """The first key of the settings file that was left aside, or the whole file."""

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.store.home

    @property
    def course(self) -> Course | None:
        """The course that the window is about."""
        return self._course

    def choose_course(self, course: Course | None) -> None:
        """Make ``course`` the one that every page is about, and remember it."""
        if course == self._course:
            return
        self._course = course
        if course is not None:
            self.memory.keep("course", course.code)
        self.course_changed.emit(course)

    def change_settings(self, **values: object) -> None:
        """Use other settings at once and write them as a job; a bad value goes into the message bar."""
        try:
            wanted = self.settings.changed(**values)
        except SettingsError as error:
            self.show_error(error)
            return
        if wanted == self.settings:
            return
        self.settings = wanted
        home = self.home
        self.run(lambda _job: write_settings(home, wanted))
        self.wear_settings()
        self.changed(SETTINGS)

    def wear_settings(self) -> None:
        """Apply language, theme and text size."""
        settings = self.settings
        self.language.set("" if settings.language == "system" else settings.language)
        self.theme.set(ThemeChoice(settings.theme), scale=settings.text_percent / 100)

    def run(
        self,
        function: Callable[[JobContext], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
        long: bool = False,
    ) -> JobRunner:
        """Run ``function`` as a job; a KnownError goes to ``failed``, by default into the message bar."""
        return self.jobs.start(function, done=done, failed=failed or self.show_error, long=long)

    def show_error(self, error: KnownError) -> None:
        """Put what happened and what to do on top of the page."""
        self.error_shown.emit(error)

    def clear_error(self) -> None:
        self.error_shown.emit(None)

    def tell(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Say what was done (translated); with ``undo``, offer to undo it here and by Ctrl+Z."""
        step = Undoable(text, undo) if undo is not None else None
        if step is not None:
            self.undo_list.push(step)
        self.told.emit(text, step)

    def undo(self, step: Undoable | None = None) -> None:
        """Undo ``step``, by default the newest."""
        undone = self.undo_list.undo(step)
        self.told.emit(tr("Undone: {what}").format(what=undone.text) if undone else tr("Nothing to undo"), None)

    def go(self, page: str, argument: object = None) -> None:
        """Open another page, on ``argument`` if it understands it."""
        self.page_wanted.emit(page, argument)

    def changed(self, *topics: str) -> None:
        """Tell every page what has been stored."""
        for topic in topics:
            self.data_changed.emit(topic)

    def close(self) -> None:
        """Stop jobs and write what is remembered."""
        self.jobs.close()
        self.memory.flush()
