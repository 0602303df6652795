"""The page "Sessions": what was recorded, corrected with one key, exported in two clicks."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListView,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.errors import KnownError
from attendance_app.domain.presence import Presence
from attendance_app.domain.roster_order import numbered_name
from attendance_app.domain.sessions import MarkChange, Status
from attendance_app.services.exports import export_session
from attendance_app.services.registers import Register, RegisterLine, session_register
from attendance_app.services.session.arrival import read_arrival
from attendance_app.services.session.marks_by_hand import fill_blanks, set_status
from attendance_app.services.sheets.registers import register_sheet
from attendance_app.ui import dates
from attendance_app.ui.app_context import COURSES, MARKS, SESSIONS, STUDENTS, AppContext
from attendance_app.ui.controls import Button, EmptyPage, label
from attendance_app.ui.exporting import Exporter, Offer, file_name
from attendance_app.ui.families.opening import show_absent
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.sessions.mistakes_bar import MistakesBar
from attendance_app.ui.sessions.moodle_dialog import MoodleDialog
from attendance_app.ui.sessions.register_table import (
    ARRIVED,
    MARKED_BY,
    MINUTES,
    NAME,
    REMARK,
    STATUS,
    RegisterTable,
    StatusDelegate,
    register_model,
)
from attendance_app.ui.sessions.session_editing import SessionEditing
from attendance_app.ui.sessions.session_list import SessionDelegate, SessionItem, read_sessions, session_model
from attendance_app.ui.sessions.typing_dialog import TypingDialog
from attendance_app.ui.sessions.why_panel import WhyPanel
from attendance_app.ui.status_buttons import StatusButtons
from attendance_app.ui.status_look import status_count, status_word
from attendance_app.ui.table_import.corrections_dialog import CorrectionsDialog

MOST_NAMED = 2
"""So many students who seem to have left early are named."""

WIDE = 900
"""Width of the page at 100 % from which three columns have room."""


class SessionsPage(Page):
    """Keeps the chosen session and student through every change."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, SESSIONS, MARKS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Sessions")
        self._register: Register | None = None
        self._presence: dict[int, Presence] = {}
        self._wanted: int | None = None
        """Id of the session to choose when the list has been read."""
        self._exporter = Exporter(context, self)
        self.edits = SessionEditing(context, self)
        self.mistakes = MistakesBar(context)
        self._more = Button("quiet", "dots-three-vertical").with_text("", hint="More about this session")
        self._more.on_click(self._show_menu)
        self.export_button = Button("primary", "export").with_text("Export").on_click(self._export)
        self.add_actions(self._more, self.export_button)
        self._stack = QStackedWidget()
        self._empty = EmptyPage("calendar-check")
        self._empty.set_texts(
            "No session yet",
            "Every roll call you take is kept here: correct a mark, see who changed what, and export the register.",
            "Take the roll",
            lambda: context.open_page("roll_call"),
        )
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._assemble())
        self.body.addWidget(self.mistakes)
        self.body.addWidget(self._stack, 1)

    def _assemble(self) -> QWidget:
        self._sessions = session_model()
        self._list = QListView()
        self._list.setModel(self._sessions)
        self._session_delegate = SessionDelegate()
        self._list.setItemDelegate(self._session_delegate)
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.bind_text(self._list.setAccessibleName, "Sessions of the course")
        self._list.selectionModel().currentChanged.connect(self._on_session)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(self._list)
        self._why = WhyPanel()
        self._right = QSplitter()
        self._right.setChildrenCollapsible(False)
        self._right.setHandleWidth(16)
        self._right.addWidget(self._middle())
        self._right.addWidget(self._why)
        splitter.addWidget(self._right)
        splitter.setStretchFactor(1, 1)
        self.context.theme.changed.connect(self._fit)
        self._fit()
        return splitter

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window, show the reasons below the register instead of beside it."""
        scale, wide = self.context.theme.px, self.width() >= self.context.theme.px(WIDE)
        self._list.setMinimumWidth(scale(184))
        self._buttons.show_keys(wide)
        self._list.setMaximumWidth(scale(280))
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        # All sizes are 0 until the splitter is first laid out. Later the user's own division stays.
        if self._right.orientation() is not wanted or not any(self._right.sizes()):
            self._right.setOrientation(wanted)
            self._right.setSizes([600, 210] if wide else [400, 150])

    def _name_of(self, line: RegisterLine) -> str:
        assert self._register is not None
        return numbered_name(line.student, self._register.course.roster_order)

    def _presence_of(self, line: RegisterLine) -> Presence | None:
        return self._presence.get(line.student.id)

    def _middle(self) -> QWidget:
        self._model = register_model(self._name_of, self._presence_of)
        self._model.edited.connect(self._on_edited)
        self._table = RegisterTable(self.context.memory)
        self._table.begin(
            self._model,
            stretch=NAME,
            widths={STATUS: 120, ARRIVED: 104, MINUTES: 84, MARKED_BY: 110, REMARK: 110},
            spare=(MARKED_BY, MINUTES, ARRIVED),
        )
        self._delegate = StatusDelegate()
        self._table.setItemDelegateForColumn(STATUS, self._delegate)
        self._table.status_wanted.connect(self.set_status)
        self._table.selectionModel().currentRowChanged.connect(self._on_line)
        self.bind_text(self._table.setAccessibleName, "Register")
        self._buttons = StatusButtons()
        self._buttons.chosen.connect(self.set_status)
        self._counts = label("quiet", wrap=True)
        bottom = QHBoxLayout()
        bottom.addWidget(self._buttons)
        bottom.addStretch(1)
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._counts)
        column.addWidget(self._table, 1)
        column.addLayout(bottom)
        return around

    # -- reading

    def open(self, argument: object) -> None:
        """Show a session by its id."""
        if isinstance(argument, int):
            self._wanted = argument
            self.make_stale()

    def refresh(self) -> None:
        course, store = self.context.course, self.context.store
        if course is None:
            self._show_sessions(())
            return
        self.context.run(lambda _job: read_sessions(store, course), done=self._show_sessions)

    def _show_sessions(self, items: tuple[SessionItem, ...]) -> None:
        self._sessions.show_rows(items)
        self.export_button.setVisible(bool(items))
        self._more.setVisible(self.context.course is not None)
        self.mistakes.show_sessions([item.session for item in items if item.accidental])
        self._stack.setCurrentIndex(1 if items else 0)
        if not items:
            self._register = None
            self.retranslate()
            return
        current = self._register.session.id if self._register else None
        wanted = self._wanted if self._wanted is not None else current
        row = self._sessions.row_of(wanted) if wanted is not None else 0
        index = self._sessions.index(max(row, 0), 0)
        # The view emits nothing when the index stays the same, and the register may have changed.
        if self._list.currentIndex() == index:
            self._read_register(items[index.row()].session.id)
        else:
            self._list.setCurrentIndex(index)

    def _on_session(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._read_register(self._sessions.rows[current.row()].session.id)

    def _read_register(self, session_id: int) -> None:
        store = self.context.store
        self.context.run(lambda _job: session_register(store, session_id), done=self._show_register)

    def _show_register(self, register: Register) -> None:
        another = self._register is None or self._register.session.id != register.session.id
        self._register, self._presence = register, register.presence
        # Not before it is shown: until then the list may be read again, and would choose the session shown before.
        if self._wanted == register.session.id:
            self._wanted = None
        self._model.show_rows(register.lines)
        if another and register.lines:
            self._table.selectRow(0)
        self.retranslate()
        self._read_changes()

    def retranslate(self) -> None:
        register = self._register
        if register is None:
            self.subtitle.setText("")
            return
        session = register.session
        self.subtitle.setText(
            f"{register.course.title or register.course.code} · "
            f"{dates.day(session.started_at, long=True)} {dates.time(session.started_at)}"
            + (f" · {session.topic}" if session.topic else "")
        )
        left = [line for line in register.lines if (one := self._presence_of(line)) and one.left_at is not None]
        counts = [status_count(status, register.count(status)) for status in Status]
        if session.unknown_people:
            counts.append(tr("%n unknown person(s)", "", session.unknown_people))
        if left:
            named = ", ".join(line.student.name for line in left[:MOST_NAMED])
            more = "" if len(left) <= MOST_NAMED else " …"
            counts.append(tr("left early? {names}").format(names=named + more))
        if session.voided_at is not None:
            reason = f" ({session.void_reason})" if session.void_reason else ""
            counts.insert(0, tr("Void: counts in no report") + reason)
        self._counts.setText("   ".join(counts))
        self._model.refresh()

    def _on_line(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._read_changes()

    def _read_changes(self) -> None:
        row = self._table.currentIndex().row()
        if self._register is None or not 0 <= row < self._model.rowCount():
            self._why.show_line(None, ())
            return
        line, session_id, store = self._model.rows[row], self._register.session.id, self.context.store

        def done(changes: tuple[MarkChange, ...]) -> None:
            self._why.show_line(line, changes)

        self.context.run(lambda _job: store.marks.history(session_id, line.student.id), done=done)

    # -- changing

    def set_status(self, status: Status) -> None:
        """Set the status of the selected students."""
        lines = self._table.chosen_lines()
        if lines:
            self._store(lines, status)

    def _on_edited(self, line: RegisterLine, column: int, text: str) -> None:
        if line.mark is None or self._register is None:
            return
        if column == REMARK:
            self._store([line], line.mark.status, remark=text)
            return
        try:
            arrived_at = read_arrival(text, self._register.session)
        except KnownError as error:
            self.context.show_error(error)
            return
        self._store([line], line.mark.status, arrived_at=arrived_at)

    def _store(
        self,
        lines: list[RegisterLine],
        status: Status,
        *,
        remark: str | None = None,
        arrived_at: datetime | None = None,
    ) -> None:
        if self._register is None:
            return
        session_id, now = self._register.session.id, self.context.clock()
        students = [line.student.id for line in lines]
        self.context.act(
            lambda tx: set_status(tx, session_id, students, status, at=now, remark=remark, arrived_at=arrived_at),
            message=_marked_words(lines, status),
        )

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        session = self._register.session if self._register else None
        if session is not None:
            menu.addAction(tr("Mark the rest absent"), lambda: self._fill(Status.ABSENT))
            menu.addAction(tr("Mark the rest present"), lambda: self._fill(Status.PRESENT))
            menu.addSeparator()
            menu.addAction(tr("Messages for families…"), self.write_messages)
            menu.addSeparator()
            self.edits.fill_menu(menu, session, [item.session for item in self._sessions.rows])
            menu.addSeparator()
        self.edits.fill_general(menu)
        menu.addAction(tr("Type in a paper sheet…"), self.type_sheet)
        menu.addAction(tr("Import a changed register…"), self.import_corrections)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def type_sheet(self) -> None:
        """Type a paper sheet into the register that is shown."""
        if self._register is not None:
            TypingDialog(self.context, self._register, parent=self).open()

    def write_messages(self) -> None:
        """Show the messages for the families of who is absent in the session that is shown."""
        if self._register is not None:
            show_absent(self.context, self._register, self)

    def import_corrections(self, path: Path | None = None) -> None:
        """Choose an exported register and show what was changed in it."""
        if path is None:
            chosen, _ = QFileDialog.getOpenFileName(
                self, tr("Import a changed register…"), "", tr("Tables (*.csv *.txt *.tsv *.xlsx *.xlsm)")
            )
            if not chosen:
                return
            path = Path(chosen)
        CorrectionsDialog(self.context, path, parent=self).begin()

    def _fill(self, status: Status) -> None:
        if self._register is None:
            return
        session_id, now = self._register.session.id, self.context.clock()
        self.context.act(
            lambda tx: fill_blanks(tx, session_id, status, at=now),
            message=lambda made: tr("%n student(s) marked", "", len(made)),
        )

    def _export_for_moodle(self, session_id: int) -> None:
        def show(register: Register) -> None:
            MoodleDialog(self.context, register, self._exporter, self).open()

        store = self.context.store
        self.context.run(lambda _job: session_register(store, session_id), done=show)

    def _export(self) -> None:
        register = self._register
        if register is None:
            return
        session = register.session
        name = file_name(register.course.code, f"{session.started_at.astimezone():%Y-%m-%d_%H%M}")
        session_id, store = session.id, self.context.store
        # Read again, so that the file has what is stored and not what was shown.
        self._exporter.offer(
            self.export_button,
            Offer(
                name,
                lambda words: register_sheet(session_register(store, session_id), words),
                machine=lambda out: export_session(session_register(store, session_id), out),
                others=((tr("Marks for Moodle…"), lambda: self._export_for_moodle(session_id)),),
            ),
        )


def _marked_words(lines: list[RegisterLine], status: Status) -> str:
    if len(lines) == 1:
        return f"{lines[0].student.name}: {status_word(status)}"
    return tr("%n student(s) marked", "", len(lines)) + f": {status_word(status)}"


def make_page(context: AppContext) -> Page:
    return SessionsPage(context)
