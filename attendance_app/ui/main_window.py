"""The window: navigation, the open page, the message bar above it and toasts over it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.store.backups import local_backups
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.exporting import open_file, show_in_folder
from attendance_app.ui.i18n import tr
from attendance_app.ui.message_bar import MessageBar, Toast, ToastAction
from attendance_app.ui.navigation import Navigation
from attendance_app.ui.page import Page
from attendance_app.ui.pages import PAGES, WELCOME
from attendance_app.ui.recovery_reminder import RecoveryReminder
from attendance_app.ui.undo import UndoStep

SMALLEST = QSize(960, 600)
FIRST_SIZE = QSize(1280, 720)
BACKUP_EVERY_MS = 3_600_000
"""How often an open window looks whether a backup is due."""


class MainWindow(QMainWindow):
    """Owns the context. Pages are made when they are first opened."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        context.setParent(self)
        self.setMinimumSize(SMALLEST)
        self.moving: DataFolderMove | None = None
        """Where the window shall open again once it is closed."""
        self._leaving = False
        self.pages: dict[str, Page] = {}
        self._specs = {spec.key: spec for spec in (*PAGES, WELCOME)}
        self.navigation = Navigation(context)
        self.navigation.chosen.connect(self.open_page)
        self.message_bar = MessageBar()
        self.recovery_reminder = RecoveryReminder(context)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._assemble())
        self.toast = Toast(self._stack)
        self._listen()
        self._shortcuts()
        self.setWindowTitle("Attendance")
        self._remember()
        self.navigation.read_courses()

    def _assemble(self) -> QWidget:
        center = QWidget()
        center.setProperty("role", "page")
        around_bar = QVBoxLayout()
        around_bar.setContentsMargins(24, 16, 24, 0)
        around_bar.setSpacing(8)
        around_bar.addWidget(self.recovery_reminder)
        around_bar.addWidget(self.message_bar)
        self._bar_room = QWidget()
        self._bar_room.setLayout(around_bar)
        self._bar_room.hide()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._bar_room)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(center)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        return center

    def _listen(self) -> None:
        self.context.error_shown.connect(self._on_error)
        self.context.toast_wanted.connect(self._on_toast)
        self.context.file_saved.connect(self._on_saved)
        self.context.page_wanted.connect(self.open_page)
        # Queued, so that the slot that asks for the move has returned before its page is closed.
        self.context.move_wanted.connect(self._move, Qt.ConnectionType.QueuedConnection)
        self.message_bar.closed.connect(self._fit_bar_room)
        self.recovery_reminder.changed.connect(self._fit_bar_room)

    def _shortcuts(self) -> None:
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self.context.undo)
        again = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        again.activated.connect(self._refresh)
        leave = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Q), self)
        leave.activated.connect(self.close)
        for number, spec in enumerate(PAGES, start=1):
            page = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            page.activated.connect(partial(self.open_page, spec.key))

    def start(self, lesson: DemoLesson | None = None) -> None:
        """Open the page that was open last; with the demo's lesson, the roll call ready to run from it."""
        self.context.restore_undo_list()
        self._keep_backups()
        self.recovery_reminder.look()
        if lesson is not None:
            self.open_page("roll_call", lesson)
        elif self.context.memory.text("welcomed"):
            self._open_last()
        else:
            store = self.context.store
            self.context.run(lambda _job: bool(store.courses.all(archived=None)), done=self._begin)

    def _keep_backups(self) -> None:
        """Make up for a backup that was not made, as after a crash, and look again while the window stays open."""
        timer = QTimer(self)
        timer.setInterval(BACKUP_EVERY_MS)
        timer.timeout.connect(self._back_up)
        timer.start()
        # A register without a backup gets its first one after the first change, when the window is closed.
        if local_backups(self.context.home):
            self._back_up()

    def _back_up(self) -> None:
        store, clock = self.context.store, self.context.clock
        self.context.run(lambda _job: store.keep_backup(clock()))

    def _begin(self, used_before: bool) -> None:
        """Show the welcome page if there is no course yet; not if commands have made data."""
        if used_before:
            self._open_last()
        else:
            self.open_page(WELCOME.key)

    def _open_last(self) -> None:
        last = self.context.memory.text("page", PAGES[0].key)
        self.open_page(last if last in self._specs and last != WELCOME.key else PAGES[0].key)

    @property
    def page(self) -> Page | None:
        """The open page."""
        current = self._stack.currentWidget()
        return current if isinstance(current, Page) else None

    def open_page(self, key: str, argument: object = None) -> Page:
        """Open a page, made at its first use; ``argument`` says what it shall show."""
        # Made at the first use: importing and building all pages would delay the start.
        made = self.pages.get(key)
        if made is None:
            made = self.pages[key] = self._specs[key].make(self.context)
            self._stack.addWidget(made)
        # An error belongs to the page on which it came up.
        if self.page is not made:
            self.context.clear_error()
        self._stack.setCurrentWidget(made)
        self.navigation.setVisible(key != WELCOME.key)
        if key != WELCOME.key:
            self.navigation.mark(key)
            self.context.memory.keep("page", key)
        if argument is not None:
            made.open(argument)
        return made

    def _refresh(self) -> None:
        if self.page is not None:
            self.page.make_stale()

    def _on_error(self, error: KnownError | None) -> None:
        if error is None:
            self.message_bar.clear()
            return
        self._bar_room.show()
        self.message_bar.show_error(error)

    def _fit_bar_room(self) -> None:
        """Take room above the pages only for what is shown there."""
        self._bar_room.setVisible(not (self.message_bar.isHidden() and self.recovery_reminder.isHidden()))

    def _on_toast(self, text: str, step: UndoStep | None) -> None:
        if step is None:
            self.toast.show_toast(text)
        else:
            undo = ToastAction(tr("Undo"), lambda: self.context.undo(step), "arrow-counter-clockwise")
            self.toast.show_toast(text, undo)

    def _on_saved(self, path: Path) -> None:
        self.toast.show_toast(
            tr("Saved: {file}").format(file=str(path)),
            ToastAction(tr("Open", "a file"), lambda: open_file(path)),
            ToastAction(tr("Show in folder"), lambda: show_in_folder(path)),
        )

    def _move(self, moving: DataFolderMove) -> None:
        self.moving = moving
        # A page may have refused, because of a running session.
        if not self.close():
            self.moving = None

    def come_forward(self) -> None:
        """Bring the window to the front, because the program was started again on the same data."""
        # Only the bit for "minimised": a maximised window stays so.
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _remember(self) -> None:
        self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        # With nothing remembered it changes nothing.
        self.restoreGeometry(self.context.memory.blob("window/geometry"))

    def leave(self) -> None:
        """Close without asking: a running session stays open, to be gone on with at the next start."""
        self._leaving = True
        # A question that is open would keep the window from closing.
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leaving and not all(page.may_close() for page in self.pages.values()):
            event.ignore()
            return
        self.context.memory.keep("window/geometry", self.saveGeometry())
        for page in self.pages.values():
            page.close_down()
        self.context.close()
        super().closeEvent(event)
