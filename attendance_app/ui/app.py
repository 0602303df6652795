"""Opens the window: application, theme, language, store, main window."""

import sys
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from attendance_app.bootstrap import open_data
from attendance_app.domain.errors import KnownError
from attendance_app.store.database import Store
from attendance_app.ui import theme as themes
from attendance_app.ui.crash import CrashDialog, CrashWatch, log_into
from attendance_app.ui.desk import Desk
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.start_error import show_start_error


def open_window(home: Path, *, course_code: str | None = None, source: str | None = None) -> int:
    """Open the window on a data folder and return the exit status when it is closed.

    ``course_code``: the course to begin with; ``source``: use this camera, video or folder for the next session.
    Raises StoreError when the data folder can't be used, after saying so in a dialog.
    """
    application = prepare_application()
    try:
        store = open_data(home)
    except KnownError as error:
        show_start_error(error, application)
        raise
    handler = log_into(home)
    watch = CrashWatch(application)
    try:
        window = build_window(store, application, watch=watch, course_code=course_code)
        window.start(source=source)
        window.show()
        return application.exec()
    finally:
        watch.stop()
        handler.close()
        store.close()


def prepare_application() -> QApplication:
    """Return the one QApplication, named and with its theme."""
    existing = QApplication.instance()
    application = cast("QApplication", existing) if existing else QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("Attendance")
    application.setApplicationDisplayName("Attendance")
    application.setDesktopFileName("attendance")
    return application


def build_window(
    store: Store, application: QApplication, *, watch: CrashWatch | None = None, course_code: str | None = None
) -> MainWindow:
    """Assemble the window as the user left it, without showing it."""
    theme = themes.install(application)
    language = LanguageSwitch(application)
    desk = Desk(store, language=language, theme=theme)
    if course_code is not None:
        desk.memory.keep("course", course_code)
    desk.wear_settings()
    window = MainWindow(desk)
    if desk.settings_error is not None:
        desk.show_error(desk.settings_error)
    if watch is not None:
        desk.jobs.crashed.connect(watch.take)
        watch.caught.connect(lambda error: CrashDialog(error, store.home / "attendance.log", window).show())
    return window
