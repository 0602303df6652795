"""After a session: counts and export in one dialog. Before closing the window: end the session or leave it open."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.sessions import Status
from attendance_app.services.output.files import OutputFile
from attendance_app.services.registers import Register
from attendance_app.services.session.accidental import register_looks_accidental
from attendance_app.services.sheets.registers import register_sheet
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.exporting import Offer, file_name, kept_folder, open_file, show_in_folder, write_for_people
from attendance_app.ui.i18n import tr
from attendance_app.ui.message_bar import MessageBar
from attendance_app.ui.status_buttons import status_icon
from attendance_app.ui.status_look import status_word


class EndDialog(QDialog):
    """One primary button at a time: first Export, then Done."""

    session_wanted = Signal(int)

    def __init__(self, context: AppContext, register: Register, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._register = register
        self._file: Path | None = None
        self.setWindowTitle(tr("Session ended"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(context.theme.px(480))
        self.message_bar = MessageBar()
        self.saved = label(wrap=True)
        self.saved.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.saved.hide()
        self.export_button = Button("primary", "export").with_text("Export CSV").on_click(self.export)
        self.done_button = Button().with_text("Done").on_click(self.accept)
        self.more_button = Button("quiet").with_text("Open the register").on_click(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(_title(tr("Session ended")))
        column.addWidget(self._when())
        column.addLayout(self._figures())
        if register.session.unknown_people:
            column.addWidget(_words(tr("%n unknown person(s) were seen.", "", register.session.unknown_people)))
        self.void_button = Button("quiet").with_text("Make void").on_click(self._make_void)
        self.mistake = _words(tr("It lasted under a minute and saw hardly anybody: it is not counted."))
        shown = register_looks_accidental(register)
        for part in (self.mistake, self.void_button):
            column.addWidget(part)
            part.setVisible(shown)
        column.addWidget(self.message_bar)
        column.addWidget(self.saved)
        self.open_button = Button("quiet").with_text("Open", "a file").on_click(lambda: self._with_file(open_file))
        self.folder_button = (
            Button("quiet").with_text("Show in folder").on_click(lambda: self._with_file(show_in_folder))
        )
        after = QHBoxLayout()
        for button in (self.open_button, self.folder_button):
            button.hide()
            after.addWidget(button)
        after.addStretch(1)
        column.addLayout(after)
        buttons = QHBoxLayout()
        buttons.addWidget(self.more_button)
        buttons.addStretch(1)
        buttons.addWidget(self.done_button)
        buttons.addWidget(self.export_button)
        column.addLayout(buttons)
        self.export_button.setDefault(True)
        self.export_button.setFocus()

    def _when(self) -> QLabel:
        session, course = self._register.session, self._register.course
        length = (session.ended_at or session.started_at) - session.started_at
        return _words(
            f"{course.title or course.code} · {dates.day(session.started_at, long=True)} "
            f"{dates.time(session.started_at)} · {dates.elapsed(max(length, timedelta(0)))}"
        )

    def _figures(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(24)
        side = self.context.theme.px(24)
        for status in Status:
            picture = QLabel()
            picture.setPixmap(status_icon(status, 24).pixmap(side, side))
            figure, word = label("figure"), label("quiet")
            figure.setText(dates.number(self._register.count(status)))
            word.setText(status_word(status))
            top = QHBoxLayout()
            top.setSpacing(8)
            top.addWidget(picture)
            top.addWidget(figure)
            top.addStretch(1)
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addLayout(top)
            column.addWidget(word)
            row.addLayout(column)
        row.addStretch(1)
        return row

    def export(self) -> None:
        """Write the CSV where the last export went (at first, the user's documents) and say where that is."""
        path = self._free_path()
        register = self._register
        write = write_for_people(Offer(path.stem, lambda words: register_sheet(register, words)))
        self.export_button.setEnabled(False)
        self.message_bar.clear()
        self.context.run(
            lambda _job: write(OutputFile(path, "csv")),
            done=lambda _nothing: self._on_saved(path),
            failed=self._on_failed,
        )

    def _free_path(self) -> Path:
        folder = kept_folder(self.context)
        session = self._register.session
        name = file_name(self._register.course.code, f"{session.started_at.astimezone():%Y-%m-%d_%H%M}")
        # An export made before is kept: it may have been edited since.
        names = (f"{name}.csv", *(f"{name}-{number}.csv" for number in range(2, 1000)))
        return next(folder / one for one in names if not (folder / one).exists())

    def _on_saved(self, path: Path) -> None:
        self.context.memory.keep("export/folder", str(path.parent))
        self.saved.setText(tr("Saved: {file}").format(file=str(path)))
        self.saved.show()
        self._file = path
        self.open_button.show()
        self.folder_button.show()
        self.export_button.hide()
        self.done_button.set_kind("primary")
        self.done_button.setDefault(True)
        self.done_button.setFocus()

    def _make_void(self) -> None:
        session_id, now, reason = self._register.session.id, self.context.clock(), tr("Begun by mistake")
        self.context.act(
            lambda tx: tx.sessions.void(session_id, now, reason, at=now), message=tr("The session is void")
        )
        self.void_button.setEnabled(False)

    def _with_file(self, act: Callable[[Path], None]) -> None:
        if self._file is not None:
            act(self._file)

    def _on_failed(self, error: KnownError) -> None:
        self.export_button.setEnabled(True)
        self.message_bar.show_error(error)

    def _open(self) -> None:
        self.session_wanted.emit(self._register.session.id)
        self.accept()


class LeaveDialog(QDialog):
    """Asked when the window is closed while a session runs."""

    END, LEAVE = "end", "leave"
    chosen = Signal(str)

    def __init__(self, context: AppContext, *, marks_wait: bool = False, parent: QWidget | None = None) -> None:
        """``marks_wait``: some can't be written at the moment."""
        super().__init__(parent)
        self.setWindowTitle(tr("A session is running"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(context.theme.px(440))
        self.end_button = Button().with_text("End the session").on_click(lambda: self._choose(self.END))
        self.leave_button = (
            Button("primary").with_text("Close and resume later").on_click(lambda: self._choose(self.LEAVE))
        )
        stay = Button("quiet").with_text("Stay").on_click(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(_title(tr("A session is running")))
        column.addWidget(
            _words(
                tr("Some marks can't be saved at the moment. If you close now, they go into a file to take in later.")
                if marks_wait
                else tr("Every mark so far is saved. Close now and it is offered for resuming at the next start.")
            )
        )
        buttons = QHBoxLayout()
        buttons.addWidget(stay)
        buttons.addStretch(1)
        buttons.addWidget(self.end_button)
        buttons.addWidget(self.leave_button)
        column.addLayout(buttons)
        # Leaving loses nothing; ending would make all who have no mark absent.
        self.leave_button.setDefault(True)
        self.leave_button.setFocus()

    def _choose(self, what: str) -> None:
        self.chosen.emit(what)
        self.accept()


def _title(text: str) -> QLabel:
    made = label("title", wrap=True)
    made.setText(text)
    return made


def _words(text: str) -> QLabel:
    made = label("quiet", wrap=True)
    made.setText(text)
    return made
