"""The page "Enrolment": drop photos, put right what is not, record the consent, and enrol what is ready."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.people import Student
from attendance_app.services.enrolment import EnrolmentOrder
from attendance_app.services.photo_folders import StudentName
from attendance_app.ui.controls import Button, EmptyPage, label
from attendance_app.ui.desk import COURSES, FACES, STUDENTS, Desk
from attendance_app.ui.enrolment.enrolment_work import EnrolmentWork, Item
from attendance_app.ui.enrolment.photo_panel import PhotoPanel
from attendance_app.ui.enrolment.photos_model import FACE, FILE, STUDENT, VERDICT, PhotoDelegate, PhotosModel
from attendance_app.ui.enrolment.verdict_words import DONE, FIXABLE
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.page import Page
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.tables import RowTable


class EnrolmentPage(Page):
    """Nothing is stored before the primary button is pressed, and nothing without a consent."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Enrolment")
        self.setAcceptDrops(True)
        self._students: tuple[Student, ...] = ()
        self._job: JobRunner | None = None
        self.work = EnrolmentWork(desk.store)
        self.model = PhotosModel()
        self.choose_button = Button("plain", "plus").says("Choose photos…").does(self._offer)
        self.clear_button = Button("quiet", "eraser").says("Clear the list").does(lambda: self._keep(()))
        self.add_actions(self.clear_button, self.choose_button)
        self.progress = JobProgress()
        self._stack = QStackedWidget()
        self._no_course, self._empty = EmptyPage("chalkboard-teacher"), EmptyPage("identification-card")
        self._no_course.teaches(
            "No course yet",
            "Photos are enrolled for the students of a course. Make the course first.",
            "Create a course",
            lambda: desk.go("students", "new course"),
        )
        self._empty.teaches(
            "Drop photos here",
            "Photos named by student number or name, a folder with a folder a student, or a zip of either. "
            "Each is looked at first; nothing is kept before you say so.",
            "Choose photos…",
            self._offer,
        )
        for part in (self._no_course, self._empty, self._assemble()):
            self._stack.addWidget(part)
        self.body.addWidget(self.progress)
        self.body.addWidget(self._stack, 1)
        self.retranslate()

    def _assemble(self) -> QWidget:
        self.table = RowTable(self.desk.memory, "enrolment", row_height=56)
        self.table.begin(self.model, stretch=VERDICT, widths={FACE: 64, FILE: 168, STUDENT: 152})
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._delegate = PhotoDelegate()
        for drawn in (FACE, VERDICT):
            self.table.setItemDelegateForColumn(drawn, self._delegate)
        self.say(self.table.setAccessibleName, "Photos to enrol")
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        remove = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(lambda: self._leave_out(self._current()))
        self.panel = PhotoPanel(self.desk)
        self.panel.student_chosen.connect(self._reassign)
        self.panel.removed.connect(self._leave_out)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(self.table)
        splitter.addWidget(self.panel)
        splitter.setSizes([720, 288])
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(splitter, 1)
        column.addWidget(self._footer())
        return around

    def _footer(self) -> QWidget:
        self.missing_box = QCheckBox()
        self.say(self.missing_box.setText, "Add students who are not on the list yet")
        self.missing_box.toggled.connect(self._examine_unknown)
        self._consent_words = label(wrap=True)
        self.consent_line = QLineEdit()
        self.say(self.consent_line.setPlaceholderText, "Ground of the consent, e.g. parents' forms, binder 3")
        self.say(self.consent_line.setAccessibleName, "Ground of the consent")
        self.consent_line.textChanged.connect(lambda _text: self._count())
        self._counts = label("large")
        self.enrol_button = Button("primary", "check").does(self.enrol)
        consent = QHBoxLayout()
        consent.setSpacing(16)
        consent.addWidget(self._consent_words, 1)
        consent.addWidget(self.consent_line, 1)
        self._consent_row = QWidget()
        self._consent_row.setLayout(consent)
        consent.setContentsMargins(0, 0, 0, 0)
        bottom = QHBoxLayout()
        bottom.setSpacing(16)
        bottom.addWidget(self._counts)
        bottom.addStretch(1)
        bottom.addWidget(self.missing_box)
        bottom.addWidget(self.enrol_button)
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._consent_row)
        column.addLayout(bottom)
        return around

    # -- reading

    def refresh(self) -> None:
        course, store = self.desk.course, self.desk.store
        if course is None:
            self._show()
            return
        self.desk.run(lambda _job: store.students.of_course(course.id), done=self._show_students)

    def _show_students(self, students: tuple[Student, ...]) -> None:
        self._students = students
        self.panel.show_students(students)
        self._on_row()
        self._show()

    def _follow_course(self, course: object) -> None:
        self._keep(())
        super()._follow_course(course)  # type: ignore[arg-type]

    def _order(self, consent: str | None = None) -> EnrolmentOrder:
        assert self.desk.course is not None
        return EnrolmentOrder(self.desk.course, create_missing=self.missing_box.isChecked(), consent=consent)

    # -- choosing files

    def open(self, argument: object) -> None:
        """Examine these paths."""
        if isinstance(argument, Path):
            self.examine([argument])

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Photos or a zip…"), self._choose_files)
        menu.addAction(tr("A folder…"), self._choose_folder)
        under = self.choose_button if self.choose_button.isVisible() else self._empty.button
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _choose_files(self) -> None:
        kinds = tr("Photos and zips (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff *.zip)")
        folder = self.desk.memory.text("enrolment/folder")
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Choose photos…"), folder, kinds)
        self.examine([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, tr("Choose a folder of photos"), self.desk.memory.text("enrolment/folder")
        )
        self.examine([Path(chosen)] if chosen else [])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.desk.course is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.examine(paths)

    # -- jobs

    def examine(self, paths: Sequence[Path]) -> None:
        """Look at every file under these paths."""
        if not paths or self.desk.course is None or self._job is not None:
            return
        self.desk.memory.keep("enrolment/folder", str(paths[0].parent))
        order, work = self._order(), self.work
        self._watch(
            self.desk.run(lambda job: work.examine_paths(paths, order, job), long=True), tr("Looking at the photos…")
        )

    def _reassign(self, item: Item, student: Student | StudentName) -> None:
        if item.verdict not in DONE:
            self._again([(item, student)])

    def _examine_unknown(self) -> None:
        unknown = [item for item in self.model.items if item.verdict in FIXABLE or isinstance(item.who, StudentName)]
        self._again([(item, None) for item in unknown])

    def _again(self, items: Sequence[tuple[Item, Student | StudentName | None]]) -> None:
        if not items or self._job is not None:
            return
        order, work = self._order(), self.work
        self._watch(
            self.desk.run(lambda job: work.examine_again(items, order, job), long=True), tr("Looking at the photos…")
        )

    def enrol(self) -> None:
        """Enrol what is ready."""
        ready = [item for item in self.model.items if item.ready]
        ground = self.consent_line.text().strip() or None
        if not ready or self._job is not None or (self._without_consent() and ground is None):
            return
        order, work = self._order(ground), self.work

        def done(count: int) -> None:
            self.desk.tell(tr("%n photo(s) enrolled", "", count))

        job = self.desk.run(lambda job: work.save(ready, order, job), done=done, long=True)
        job.ended.connect(lambda: self.desk.changed(FACES, STUDENTS))
        self._watch(job, tr("Enrolling…"))

    def _watch(self, job: JobRunner, text: str) -> None:
        self._job = job
        job.progressed.connect(lambda _done, _total: self._drain())
        job.ended.connect(self._on_ended)
        self.progress.watch(job, text)
        self._show()

    def _on_ended(self) -> None:
        self._drain()
        self._job = None
        self._show()

    def _drain(self) -> None:
        """Show what the job has found since."""
        before = self.model.rowCount()
        while not self.work.found.empty():
            self.model.put(self.work.found.get())
        if before == 0 and self.model.rowCount():
            self._stack.setCurrentIndex(2)
            self.table.selectRow(0)
        self._on_row()
        self._count()

    # -- showing

    def _current(self) -> Item | None:
        row = self.table.currentIndex().row()
        return self.model.items[row] if 0 <= row < len(self.model.items) else None

    def _on_row(self, _now: QModelIndex | None = None, _before: QModelIndex | None = None) -> None:
        self.panel.show_item(self._current())

    def _leave_out(self, item: Item | None) -> None:
        if item is not None and self._job is None:
            row = self.table.currentIndex().row()
            self._keep([one for one in self.model.items if one.key != item.key])
            self.table.selectRow(min(row, len(self.model.items) - 1))

    def _keep(self, items: Sequence[Item]) -> None:
        if self._job is None:
            self.model.keep(items)
            self._on_row()
            self._show()

    def _show(self) -> None:
        listed = bool(self.model.items)
        self._stack.setCurrentIndex(0 if self.desk.course is None else 2 if listed else 1)
        self.choose_button.setVisible(listed)
        self.clear_button.setVisible(listed)
        for part in (self.choose_button, self.clear_button, self.missing_box, self._empty.button):
            part.setEnabled(self._job is None)
        self._count()

    def _without_consent(self) -> int:
        return len({item.who.number for item in self.model.items if item.ready and item.who and not item.consent})

    def _count(self) -> None:
        items = self.model.items
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
        self._counts.setText(", ".join(counts))
        lacking = self._without_consent()
        self._consent_row.setVisible(bool(lacking))
        self._consent_words.setText(
            tr("%n student(s) have no consent on record. Nothing is enrolled without one.", "", lacking)
        )
        self.enrol_button.show_text(tr("Enrol %n", "", ready))
        allowed = not lacking or bool(self.consent_line.text().strip())
        self.enrol_button.setEnabled(bool(ready) and allowed and self._job is None)
        self.enrol_button.setVisible(bool(ready) or not done)

    def retranslate(self) -> None:
        course = self.desk.course
        self.subtitle.setText((course.title or course.code) if course else "")
        self._count()
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, VERDICT)


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return EnrolmentPage(desk)
