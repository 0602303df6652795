"""The files of an enrolment: examine them, correct them, record the consent, enrol those that are ready."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSplitter, QVBoxLayout, QWidget

from attendance_app.domain.people import Student
from attendance_app.services.enrolment import EnrolmentOrder, PhotoInstructions
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import StudentName
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.enrolment.enrolment_work import DONE, EnrolmentWork, Item, SavedPhotos
from attendance_app.ui.enrolment.photo_panel import PhotoPanel
from attendance_app.ui.enrolment.photos_table import FACE, FILE, STUDENT, VERDICT, PhotoDelegate, photos_model
from attendance_app.ui.enrolment.verdict_words import FIXABLE
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.tables import RowTable
from attendance_app.ui.translated_widget import TranslatedWidget


class PhotoList(TranslatedWidget):
    """Stores nothing before the primary button is pressed, and nothing without a consent."""

    changed = Signal()
    """Emitted when files came or went, or a job began or ended."""

    def __init__(self, context: AppContext, work: EnrolmentWork, progress: JobProgress) -> None:
        super().__init__()
        self.context = context
        self.work = work
        self.model = photos_model()
        self._progress = progress
        self._job: JobRunner | None = None
        self._rechosen: dict[int, PhotoInstructions] = {}
        """Instructions that were given for files, by key, while a job was running; they are applied when it ends."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._table_and_panel(), 1)
        column.addWidget(self._missing())
        column.addWidget(self._consent())
        column.addLayout(self._footer())
        self._count()

    def _table_and_panel(self) -> QWidget:
        self.table = RowTable(self.context.memory, "enrolment", row_height=56)
        self.table.begin(self.model, stretch=VERDICT, widths={FACE: 64, FILE: 168, STUDENT: 152}, spare=(FILE,))
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._delegate = PhotoDelegate()
        for drawn in (FACE, VERDICT):
            self.table.setItemDelegateForColumn(drawn, self._delegate)
        self.bind_text(self.table.setAccessibleName, "Photos to enrol")
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.panel = PhotoPanel(self.context)
        for key, does in (
            (Qt.Key.Key_Delete, lambda: self._leave_out(self._current())),
            (Qt.Key.Key_R, self.panel.turn),
        ):
            shortcut = QShortcut(QKeySequence(key), self.table)
            # Only while the table has the focus: both keys are typed into fields as well.
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(does)
        self.panel.chosen.connect(self._rechoose)
        self.panel.removed.connect(self._leave_out)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setSizes([720, 288])
        return splitter

    def _consent(self) -> QWidget:
        self._consent_words = label(wrap=True)
        self.consent_line = QLineEdit()
        self.bind_text(self.consent_line.setPlaceholderText, "Ground of the consent, e.g. parents' forms, binder 3")
        self.bind_text(self.consent_line.setAccessibleName, "Ground of the consent")
        self.consent_line.textChanged.connect(lambda _text: self._count())
        self._consent_row = QWidget()
        row = QHBoxLayout(self._consent_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._consent_words, 1)
        row.addWidget(self.consent_line, 1)
        return self._consent_row

    def _missing(self) -> QWidget:
        self.missing_box = QCheckBox()
        self.bind_text(self.missing_box.setText, "Add students who are not on the list yet")
        self.missing_box.toggled.connect(self._examine_unknown)
        return self.missing_box

    def _footer(self) -> QHBoxLayout:
        self.counts = label("large")
        self.enrol_button = Button("primary", "check").on_click(self.enrol)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.counts)
        row.addStretch(1)
        row.addWidget(self.enrol_button)
        return row

    @property
    def items(self) -> Sequence[Item]:
        return self.model.rows

    @property
    def busy(self) -> bool:
        """Whether photos are being examined or saved."""
        return self._job is not None

    def show_students(self, students: Sequence[Student]) -> None:
        """Offer the course's list."""
        self.panel.show_students(students)

    # -- jobs

    def examine(self, paths: Sequence[Path]) -> None:
        """Look at every file under these paths."""
        if not paths or self.context.course is None or self.busy:
            return
        self.context.memory.keep("enrolment/folder", str(paths[0].parent))
        order, work, listed = self._order(), self.work, tuple(self.items)
        self._run(lambda job: work.examine_paths(paths, listed, order, job), tr("Looking at the photos…"))

    def _rechoose(self, item: Item, choice: PhotoInstructions) -> None:
        if self.busy:
            self._rechosen[item.key] = choice
        elif item.verdict not in DONE:
            self._again([(item, choice)])

    def _examine_unknown(self) -> None:
        unknown = [item for item in self.items if item.verdict in FIXABLE or isinstance(item.who, StudentName)]
        self._again([(item, item.choice) for item in unknown])

    def _again(self, changed: Sequence[tuple[Item, PhotoInstructions]]) -> None:
        """Examine some files again and compare all; with no files, only compare, because the list has become
        shorter."""
        if not self.items or self.busy or self.context.course is None:
            return
        order, work, listed = self._order(), self.work, tuple(self.items)
        self._run(lambda job: work.examine_again(changed, listed, order, job), tr("Looking at the photos…"))

    def enrol(self) -> None:
        """Enrol what is ready."""
        ground = self.consent_line.text().strip() or None
        if not any(item.ready for item in self.items) or self.busy or (self._without_consent() and ground is None):
            return
        order, work, listed = self._order(ground), self.work, tuple(self.items)

        def message(photos: int) -> str:
            return tr("%n photo(s) enrolled", "", photos)

        self._run(lambda job: work.save(listed, order, job, message), tr("Enrolling…"), done=self._on_saved)

    def _on_saved(self, saved: SavedPhotos) -> None:
        if saved.error is not None:
            self.context.show_error(saved.error)
        text = tr("%n photo(s) enrolled", "", len(saved.keys))
        self.context.report_stored(saved.changes, text, undone=lambda: self._make_ready(saved.keys))

    def _make_ready(self, keys: frozenset[int]) -> None:
        listed, work = tuple(self.items), self.work
        self.context.run(lambda _job: work.make_ready(listed, keys), done=lambda _none: self._drain())

    def _order(self, consent: str | None = None) -> EnrolmentOrder:
        assert self.context.course is not None
        return EnrolmentOrder(self.context.course, create_missing=self.missing_box.isChecked(), consent=consent)

    def _run(
        self,
        function: Callable[[JobContext], object],
        text: str,
        *,
        done: Callable[..., object] | None = None,
    ) -> None:
        job = self.context.run(function, done=done, long=True)
        self._job = job
        job.progressed.connect(lambda _done, _total: self._drain())
        job.ended.connect(self._on_ended)
        self._progress.watch(job, text)
        self.changed.emit()
        self._count()

    def _on_ended(self) -> None:
        self._drain()
        self._job = None
        self.changed.emit()
        self._count()
        waiting, self._rechosen = self._rechosen, {}
        open_ones = [item for item in self.items if item.key in waiting and item.verdict not in DONE]
        if open_ones:
            self._again([(item, waiting[item.key]) for item in open_ones])

    def _drain(self) -> None:
        """Show what the job has found since."""
        before = self.model.rowCount()
        while not self.work.found.empty():
            self.model.put(self.work.found.get())
        if before == 0 and self.model.rowCount():
            self.changed.emit()
            # The first file to arrive shows what the panel is for.
            self.table.selectRow(0)
        self._on_row()
        self._count()

    # -- the list

    def clear(self) -> None:
        """Remove all files from the list; enrolled photos stay enrolled."""
        self._keep(())

    def _current(self) -> Item | None:
        row = self.table.currentIndex().row()
        return self.items[row] if 0 <= row < len(self.items) else None

    def _on_row(self, _now: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        self.panel.show_item(self._current())

    def _leave_out(self, item: Item | None) -> None:
        if item is not None and not self.busy:
            row = self.table.currentIndex().row()
            self._keep([one for one in self.items if one.key != item.key])
            self.table.selectRow(min(row, len(self.items) - 1))
            self._again(())  # whom it was like may be ready now

    def _keep(self, items: Sequence[Item]) -> None:
        if not self.busy:
            self.model.show_rows(items)
            self._on_row()
            self.changed.emit()
            self._count()

    def _without_consent(self) -> int:
        return len({item.who.number for item in self.items if item.ready and item.who and not item.consent})

    def _count(self) -> None:
        items = self.items
        ready = sum(item.ready for item in items)
        fix = sum(item.verdict in FIXABLE for item in items)
        done = sum(item.verdict in DONE for item in items)
        counts = [tr("%n ready", "", ready)]
        if fix:
            counts.append(tr("%n to fix", "", fix))
        if len(items) > ready + fix + done:
            counts.append(tr("%n refused", "", len(items) - ready - fix - done))
        if done:
            counts.append(tr("%n enrolled", "", done))
        self.counts.setText(", ".join(counts))
        lacking = self._without_consent()
        self._consent_row.setVisible(bool(lacking))
        self._consent_words.setText(
            tr("%n student(s) have no consent on record. Nothing is enrolled without one.", "", lacking)
        )
        self.missing_box.setEnabled(not self.busy)
        self.enrol_button.show_text(tr("Enrol %n", "", ready))
        allowed = not lacking or bool(self.consent_line.text().strip())
        self.enrol_button.setEnabled(bool(ready) and allowed and not self.busy)
        self.enrol_button.setVisible(bool(ready) or not done)

    def retranslate(self) -> None:
        self._count()
        self.model.refresh()
