"""What all pages share: the services, the current course, jobs, errors, undo and navigation."""

import dataclasses
import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from attendance_app.bootstrap import source_opener, utc_now
from attendance_app.config.errors import SettingsError
from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.domain.people import Course
from attendance_app.services.audit import note_settings
from attendance_app.services.jobs import JobContext
from attendance_app.services.undo_after_restart import still_undoable
from attendance_app.services.user_settings import load_settings, save_settings
from attendance_app.store import camera_passwords
from attendance_app.store.changes import NO_CHANGES, Changes, Operation, Topic, UndoResult
from attendance_app.store.database import Store
from attendance_app.store.unit import Transaction
from attendance_app.ui.i18n import LanguageSwitch, tr
from attendance_app.ui.job_runner import JobRunner, Jobs
from attendance_app.ui.memory import WindowMemory
from attendance_app.ui.theme import Theme, ThemeChoice
from attendance_app.ui.undo import UndoList, UndoStep
from attendance_app.vision.camera_owner import CameraOwner

T = TypeVar("T")

# In the order in which ``Topic`` declares them.
COURSES, STUDENTS, FACES, SESSIONS, MARKS = tuple(Topic)
SETTINGS = "settings"
"""Topics of ``data_changed``: those of the register, and the settings, which have their own file."""


class AppContext(QObject):
    """Passed to every page, so that pages don't know each other."""

    course_changed = Signal(object)
    """With the current Course, or None."""
    data_changed = Signal(str)
    """With one of the topics above, after a service has stored a change."""
    error_shown = Signal(object)
    """With a KnownError, or None to close the bar."""
    toast_wanted = Signal(str, object)
    """A toast: its text, and an UndoStep or None."""
    file_saved = Signal(object)
    """With the Path of a file that was written for the user."""
    page_wanted = Signal(str, object)
    """Key of a page, and what to show there (a type of that page, or None)."""
    move_wanted = Signal(object)
    """With a DataFolderMove: close, and open again on another data folder."""

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
        self.cameras = CameraOwner(
            source_opener(store.home, lambda: self.settings), asked=lambda: self.settings.camera_picture
        )
        self._course: Course | None = None
        read = load_settings(store.home)
        self.settings = read.settings
        self.settings_error: SettingsError | None = read.problems[0] if read.problems else None
        """The first key of the settings file that was ignored, or an error of the whole file."""

    @property
    def home(self) -> Path:
        """The data folder."""
        return self.store.home

    @property
    def course(self) -> Course | None:
        """The current course of the window."""
        return self._course

    def choose_course(self, course: Course | None) -> None:
        """Make ``course`` the current one of all pages, and remember it."""
        if course == self._course:
            return
        self._course = course
        if course is not None:
            self.memory.keep("course", course.code)
        self.course_changed.emit(course)

    def change_settings(self, **values: object) -> None:
        """Use other settings at once and write them as a job; a bad value is shown in the message bar."""
        try:
            wanted = self.settings.changed(**values)
        except SettingsError as error:
            self.show_error(error)
            return
        # A password goes into the opened program only; the settings have dots, also where it was typed anew.
        typed = wanted.camera
        wanted = dataclasses.replace(wanted, camera=camera_passwords.hide(typed))
        if wanted == self.settings and typed == wanted.camera:
            return
        # In use before it is written: reading it back would wait for the jobs before it.
        self.settings = wanted
        home, store, keys = self.home, self.store, tuple(values)

        def write(_job: JobContext) -> None:
            save_settings(home, wanted)
            note_settings(store, keys)

        self.run(write)
        self.apply_settings()
        self.changed(SETTINGS)

    def apply_settings(self) -> None:
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
        """Show the error and its remedy above the page."""
        self.error_shown.emit(error)

    def clear_error(self) -> None:
        self.error_shown.emit(None)

    def act(
        self,
        work: Callable[[Transaction], T],
        *,
        message: str | Callable[[T], str] = "",
        partial: bool = False,
        then: Callable[[T], object] | None = None,
        undone: Callable[[T], object] | None = None,
        failed: Callable[[KnownError], object] | None = None,
    ) -> JobRunner:
        """Run an action of the user on the register: ``work`` in one transaction, as a job.

        After the commit, ``then`` gets its result, pages that show changed data read again, and ``message``
        (translated) is shown with an undo if there is one. ``undone`` gets the same result after an undo. ``partial``:
        the undo leaves out what has been used since.
        """
        # The time of the user's action, not the time at which its turn among the jobs comes.
        store, at = self.store, self.clock()

        def write(_job: JobContext) -> tuple[T, str, Changes]:
            with store.write() as tx:
                result = work(tx)
                text = _worded(message, result)
                if text:
                    # The text is stored with the operation: it is offered for undo by this name after a restart too.
                    tx.offer_undo(text, at, partial=partial)
            return result, text, tx.changes

        def done(written: tuple[T, str, Changes]) -> None:
            result, text, changes = written
            if then is not None:
                then(result)
            self.report_stored(changes, text, undone=None if undone is None else functools.partial(undone, result))

        return self.run(write, done=done, failed=failed)

    def report_stored(self, changes: Changes, text: str = "", *, undone: Callable[[], object] | None = None) -> None:
        """Report a change that was stored outside of ``act``: refresh the pages concerned, and show ``text`` with
        its undo, if any."""
        # An undo must not bring back anything about a student who was erased.
        self.undo_list.forget(changes.forgotten)
        self.changed(*changes.topics)
        operation = changes.operation
        if text and changes.erasure_record is not None:
            text += ". " + tr("Proof: entry {number} in the record of changes").format(number=changes.erasure_record)
        if operation is None:
            if text:
                self.toast_wanted.emit(text, None)
        else:
            self._show_undoable(UndoStep(operation.text, operation, undone))

    def show_toast(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Show a message (translated); ``undo`` reverts an action of the window that stored nothing."""
        if undo is None:
            self.toast_wanted.emit(text, None)
        else:
            self._show_undoable(UndoStep(text, undone=undo))

    def _show_undoable(self, step: UndoStep) -> None:
        self.undo_list.push(step)
        self.toast_wanted.emit(step.text, step)

    def restore_undo_list(self) -> None:
        """Offer the operations of the unfinished lesson for undo, after the program was closed or crashed."""
        store = self.store

        def done(operations: tuple[Operation, ...]) -> None:
            self.undo_list.put_before(UndoStep(one.text, one) for one in operations)

        self.run(lambda _job: still_undoable(store), done=done)

    def undo(self, step: UndoStep | None = None) -> None:
        """Undo ``step``, by default the newest. "Undone" is shown only after the commit."""
        taken = self.undo_list.take(step)
        if taken is None:
            self.toast_wanted.emit(tr("Nothing to undo"), None)
            return
        operation, store, at = taken.operation, self.store, self.clock()
        if operation is None:
            self._on_undone(taken, UndoResult(NO_CHANGES))
            return
        self.run(
            lambda _job: store.undo(operation, at),
            done=lambda undone: self._on_undone(taken, undone),
            failed=lambda error: self._on_not_undone(taken, error),
        )

    def _on_undone(self, step: UndoStep, undone: UndoResult) -> None:
        if step.undone is not None:
            step.undone()
        self.undo_list.forget(undone.changes.forgotten)
        self.changed(*undone.changes.topics)
        text = tr("Undone: {what}").format(what=step.text)
        if undone.kept:
            text += ". " + tr("Used since and kept: {names}").format(names=", ".join(undone.kept))
        self.toast_wanted.emit(text, None)

    def _on_not_undone(self, step: UndoStep, error: KnownError) -> None:
        if isinstance(error, StoreError):  # a full disk: it can be tried again
            self.undo_list.push(step)
        self.show_error(error)

    def open_page(self, page: str, argument: object = None) -> None:
        """Open another page, with ``argument`` if the page accepts it."""
        self.page_wanted.emit(page, argument)

    def changed(self, *topics: str) -> None:
        """Report stored changes to every page."""
        for topic in topics:
            self.data_changed.emit(topic)

    def close(self) -> None:
        """Stop jobs and write the window's state."""
        # First, since jobs read from the cameras.
        self.jobs.close()
        self.cameras.close()
        self.memory.flush()


def _worded(words: str | Callable[[T], str], result: T) -> str:
    return words if isinstance(words, str) else words(result)
