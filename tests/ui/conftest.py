"""Fixtures for the window: no screen, a temporary data folder, and nothing left behind."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))  # importlib mode finds no neighbours (collect_strings) by itself

import pytest
from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from attendance_app.bootstrap import open_data
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.waiting import wait_until

HARMLESS = ("This plugin does not support", "propagateSizeHints", "Could not find the Qt platform plugin")


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """pytest-qt's application is ours."""
    return prepare_application()


@pytest.fixture(autouse=True)
def quiet_qt(qapp: QApplication) -> Iterator[None]:
    """Fail a test that makes Qt warn, or leaves a thread, a top-level window or a running timer behind."""
    said: list[str] = []

    def note(kind: QtMsgType, _context: object, message: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            # Qt ends the process right after this message, before pytest could show what was noted.
            os.write(2, f"Qt is giving up: {message}\n".encode())
        if kind != QtMsgType.QtDebugMsg and not message.startswith(HARMLESS):
            said.append(message)

    # Threads of Qt that have run Python code are listed as dummies for ever.
    threads = {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
    before = qInstallMessageHandler(note)
    yield
    for widget in qapp.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    qapp.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    qapp.processEvents()
    qInstallMessageHandler(before)
    left = {
        thread
        for thread in threading.enumerate()
        if not isinstance(thread, threading._DummyThread) and thread.is_alive()
    } - threads
    timers = [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert not said, f"Qt said: {said}"
    assert not left, f"threads left alive: {left}"
    assert not timers, f"timers left running: {timers}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty data folder."""
    with open_data(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def window(qtbot: object, qapp: QApplication, store: Store) -> Iterator[MainWindow]:
    """The main window in English and light, shown, on an empty data folder."""
    built = build_window(store, qapp)
    # Otherwise the greeting of the first start would cover the window.
    built.context.memory.keep("welcomed", "yes")
    built.context.change_settings(language="en", theme="light")
    built.resize(1280, 720)
    built.start()
    built.show()
    built.activateWindow()
    QTest.qWaitForWindowActive(built)
    yield built
    built.close()
    qapp.processEvents()


@pytest.fixture
def settle(qtbot: object, window: MainWindow) -> Callable[[], None]:
    """Wait until no job runs any more."""

    def wait() -> None:
        wait_for_jobs(window.context)

    return wait


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Let the window live until something holds."""
    assert wait_until(condition, seconds), "it did not come to pass"


def wait_for_jobs(context: AppContext, seconds: float = 60.0) -> None:
    """Let the event loop run until every job has ended and been shown."""
    QApplication.processEvents()
    assert wait_until(lambda: not context.jobs.busy, seconds), "jobs still running"
    QApplication.processEvents()
