"""An unexpected exception must not end the session: it is logged, and a dialog offers a report to copy."""

import copy
import logging
import platform
import sys
import threading
import traceback
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from attendance_app.config.errors import SettingsError
from attendance_app.domain.addresses import text_without_secrets
from attendance_app.domain.errors import KnownError, StoreError
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr

log = logging.getLogger(__name__)


def log_into(home: Path) -> RotatingFileHandler:
    """Write warnings and worse to ``attendance.log`` in the data folder, at most 1 MB and one older file."""
    handler = _LogFile(home / "attendance.log", maxBytes=1_000_000, backupCount=1, encoding="utf-8")
    handler.setLevel(logging.WARNING)
    handler.setFormatter(NamelessFormatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.getLogger().addHandler(handler)
    return handler


class NamelessFormatter(logging.Formatter):
    """Leaves the details of known errors out: they may be a student's name or number, or a photo's file name.

    Those of the store and the settings stay: they say where a file is and why it can't be used.
    """

    def format(self, record: logging.LogRecord) -> str:
        # A copy: another handler may have left its own text of the exception in the record, and will want it again.
        record = copy.copy(record)
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(_nameless(one) for one in record.args)
        return text_without_secrets(super().format(record))

    def formatException(self, caught: Any) -> str:
        told = traceback.TracebackException(*caught) if caught[0] is not None else None
        if told is None:
            return super().formatException(caught)
        error: BaseException | None = caught[1]
        part: traceback.TracebackException | None = told
        while error is not None and part is not None:
            if isinstance(error, KnownError) and not isinstance(error, SPOKEN):
                part._str = ""  # type: ignore[attr-defined]
            if part.__cause__ is not None:
                error, part = error.__cause__, part.__cause__
            else:
                error, part = error.__context__, part.__context__
        return "".join(told.format()).rstrip()


SPOKEN: Final = (StoreError, SettingsError)


def _nameless(one: object) -> object:
    return type(one).__name__ if isinstance(one, KnownError) and not isinstance(one, SPOKEN) else one


class _LogFile(RotatingFileHandler):
    """For the owner only; does without a line that a full disk has no room for."""

    def _open(self) -> TextIOWrapper:
        # Made before: it has the rights that it was made with.
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()

    def close(self) -> None:
        # The last lines may still wait in the stream, which writes them now.
        with suppress(OSError):
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class CrashWatch(QObject):
    """Catches unhandled exceptions of any thread; ``caught`` is emitted in the window's thread."""

    caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = (sys.excepthook, threading.excepthook)
        # PySide hands exceptions of slots to this hook, and goes on.
        sys.excepthook = self._on_main
        threading.excepthook = self._on_thread

    def stop(self) -> None:
        """Restore the previous hooks."""
        sys.excepthook, threading.excepthook = self._before

    def take(self, error: BaseException) -> None:
        """Log an exception that was caught elsewhere (in a job) and report it like the others."""
        log.error("unexpected error", exc_info=error)
        self.caught.emit(error)

    def _on_main(self, _kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.take(error.with_traceback(trace))

    def _on_thread(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.take(caught.exc_value)


class CrashDialog(QDialog):
    """Says that the program has a fault, and offers the report to copy."""

    def __init__(self, error: BaseException, log_file: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setMinimumWidth(560)
        self.report = report_of(error)
        title = label("title", wrap=True)
        title.setText(tr("Something went wrong in the program"))
        text = label(wrap=True)
        text.setText(
            tr(
                "It was not your doing. What was saved is safe, and a running session goes on. "
                "Details were written to {file}."
            ).format(file=str(log_file))
        )
        details = QPlainTextEdit(self.report)
        details.setReadOnly(True)
        details.setAccessibleName(tr("Details"))
        details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        copy = (
            Button("plain", "copy")
            .with_text("Copy details")
            .on_click(lambda: QGuiApplication.clipboard().setText(self.report))
        )
        go_on = Button("primary").with_text("Go on").on_click(self.accept)
        go_on.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        for widget in (title, text, details):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)


def report_of(error: BaseException) -> str:
    """Return the traceback with the versions that a report needs."""
    if isinstance(error, KnownError):
        return str(error)
    lines = text_without_secrets("".join(traceback.format_exception(error)))
    return f"Python {platform.python_version()}, {platform.platform()}\n{lines}"
