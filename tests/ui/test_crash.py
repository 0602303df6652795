import errno
import io
import logging
import sys
import threading
from pathlib import Path
from typing import cast

from conftest import wait_for_jobs
from PySide6.QtWidgets import QApplication

from attendance_app.store.database import Store
from attendance_app.ui.app import build_window
from attendance_app.ui.crash import CrashDialog, CrashWatch, log_into


def test_a_bug_is_logged_and_offered_for_copying_and_the_window_goes_on(
    store: Store, qapp: QApplication, monkeypatch
) -> None:
    handler = log_into(store.home)
    watch = CrashWatch(qapp)
    window = build_window(store, qapp, watch=watch)
    window.context.memory.keep("welcomed", "yes")
    window.show()

    def broken(_job: object) -> None:
        raise ZeroDivisionError("a bug in a job")

    window.context.run(broken)
    wait_for_jobs(window.context)
    dialog = next(widget for widget in window.findChildren(CrashDialog))
    assert "a bug in a job" in dialog.report
    dialog.accept()
    window.open_page("settings")
    wait_for_jobs(window.context)
    window.close()
    watch.stop()
    handler.close()
    logging.getLogger().removeHandler(handler)
    assert "ZeroDivisionError" in (store.home / "attendance.log").read_text(encoding="utf-8")


def test_bugs_of_any_thread_are_caught_and_the_hooks_are_put_back(qapp: QApplication) -> None:
    before = (sys.excepthook, threading.excepthook)
    watch = CrashWatch(qapp)
    caught: list[str] = []
    watch.caught.connect(lambda error: caught.append(type(error).__name__))

    def broken() -> None:
        raise KeyError

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qapp.processEvents()
    watch.stop()
    assert caught == ["KeyError"]
    assert (sys.excepthook, threading.excepthook) == before


def test_the_log_is_small_and_in_the_data_folder(tmp_path: Path) -> None:
    handler = log_into(tmp_path)
    assert handler.maxBytes <= 1_000_000
    handler.close()
    logging.getLogger().removeHandler(handler)


class _OnFullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        self.flush()


def test_the_log_on_a_full_disk_is_closed_without_an_error(tmp_path: Path) -> None:
    handler = log_into(tmp_path)
    handler.stream.close()
    handler.stream = cast("io.TextIOWrapper", _OnFullDisk())
    handler.handle(logging.LogRecord("a test", logging.WARNING, "", 1, "no room for this", None, None))
    logging.getLogger().removeHandler(handler)
    handler.close()
    assert handler.stream is None
