"""Opens the window: application, theme, language, store, main window."""

import logging
import sys
from datetime import timedelta
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from attendance_app.bootstrap import open_data, utc_now
from attendance_app.config.data_folder import data_home
from attendance_app.domain.errors import KnownError
from attendance_app.services.data_folder import remove_data
from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.store.database import Store
from attendance_app.store.errors import OpenElsewhere
from attendance_app.ui import theme as themes
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.crash import CrashDialog, CrashWatch, log_into
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.end_signals import EndSignals
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.instance import OpenWindow, call_open_window
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.start_error import show_start_error

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.001
"""How long a worker thread may keep Python's lock while the window waits for it; Python's default is five times
that."""


def open_window(home: Path | None, *, lesson: DemoLesson | None = None) -> int:
    """Open the window on a data folder and return the exit status when it is closed.

    ``home``: None for the user's own folder; ``lesson``: the demo's, ready on the page Roll call. If a window is open
    on the same data, it comes to the front instead. When the data can't be used, shows a dialog and raises KnownError.
    """
    application = prepare_application()
    # Each turn is one window on one data folder: after a move, or with another folder chosen in the error dialog, the
    # next begins.
    while True:
        try:
            place = data_home(home)
            with open_data(place) as store, store.window():
                moving = _run(store, application, lesson)
                # Whatever was changed since the last one, however lately that was.
                store.keep_backup(utc_now(), apart=timedelta())
        except OpenElsewhere as error:
            if call_open_window(place):
                return 0
            show_start_error(error, application, folder_helps=False)
            raise
        except KnownError as error:
            home = show_start_error(error, application)
            if home is None:
                raise
            continue
        if moving is None:
            return 0
        home, lesson = _moved(moving), None


def _run(store: Store, application: QApplication, lesson: DemoLesson | None) -> DataFolderMove | None:
    """Show the window until it is closed; return the data folder to open next, if any."""
    handler = log_into(store.home)
    watch, instance, ending = CrashWatch(application), OpenWindow(store.home, application), EndSignals(application)
    try:
        window = build_window(store, application, watch=watch, course_code=lesson.course.code if lesson else None)
        instance.called.connect(window.come_forward)
        ending.asked.connect(window.leave)
        window.start(lesson)
        window.show()
        application.exec()
        # The next window must not meet widgets and timers of this one.
        window.deleteLater()
        return window.moving
    finally:
        ending.stop()
        instance.close()
        watch.stop()
        logging.getLogger().removeHandler(handler)
        handler.close()


def _moved(moving: DataFolderMove) -> Path:
    """Delete the copied data of the old folder; return the folder to open next."""
    if moving.left_behind is not None:
        try:
            remove_data(moving.left_behind)
        except KnownError as error:
            log.warning("%s", error)
            show_start_error(error, prepare_application(), folder_helps=False)
    return moving.folder


def prepare_application() -> QApplication:
    """Return the one QApplication, named and with its theme."""
    sys.setswitchinterval(SWITCH_SECONDS)
    # Qt allows one application in a process: the second window after a move uses the first one's.
    existing = QApplication.instance()
    # The name only: Qt would take options of the command line for its own.
    application = cast("QApplication", existing) if existing else QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("Attendance")
    application.setApplicationDisplayName("Attendance")
    # The desktop on Linux finds the window's icon by the name of its .desktop file.
    application.setDesktopFileName("attendance")
    return application


def build_window(
    store: Store, application: QApplication, *, watch: CrashWatch | None = None, course_code: str | None = None
) -> MainWindow:
    """Assemble the window as the user left it, without showing it."""
    theme = themes.install(application)
    language = LanguageSwitch(application)
    context = AppContext(store, language=language, theme=theme)
    # Before the window is built: the navigation chooses the remembered course.
    if course_code is not None:
        context.memory.keep("course", course_code)
    context.apply_settings()
    window = MainWindow(context)
    # After the window is built: its message bar shows the error.
    if context.settings_error is not None:
        context.show_error(context.settings_error)
    if watch is not None:
        context.jobs.crashed.connect(watch.take)
        watch.caught.connect(lambda error: CrashDialog(error, store.home / "attendance.log", window).show())
    return window
