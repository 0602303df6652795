"""The page "Students": the course's list at the left, one student at the right."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QActionGroup, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from attendance_app.domain.people import Course, RosterOrder, Student
from attendance_app.services.audit import recorded_of_student
from attendance_app.ui.app_context import COURSES, FACES, MARKS, SESSIONS, STUDENTS, AppContext
from attendance_app.ui.changes_dialog import ChangesDialog
from attendance_app.ui.controls import Button, EmptyPage
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.students.course_files import CourseFiles
from attendance_app.ui.students.excuse_dialog import ExcuseDialog
from attendance_app.ui.students.roster_data import Photo, RosterItem, StudentRecord, read_roster, read_student
from attendance_app.ui.students.roster_import import RosterImportDialog
from attendance_app.ui.students.roster_table import (
    CONSENT,
    LIST_NUMBER,
    NAME,
    NUMBER,
    PHOTOS,
    NameDelegate,
    RosterFilter,
    roster_model,
)
from attendance_app.ui.students.student_dialogs import (
    ConsentDialog,
    CourseDialog,
    EraseDialog,
    StudentDialog,
    out_of_reach,
)
from attendance_app.ui.students.student_panel import StudentPanel
from attendance_app.ui.students.timetable_dialog import TimetableDialog
from attendance_app.ui.tables import RowTable


class StudentsPage(Page):
    """Keeps the chosen student through every change."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, FACES, SESSIONS, MARKS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Students")
        self.setAcceptDrops(True)
        self._record: StudentRecord | None = None
        self._wanted: int | None = None
        """Id of the student to choose when the list has been read."""
        self._items: tuple[RosterItem, ...] = ()
        self._files = CourseFiles(context, self)
        self._show_archived = False
        self._sorted_as: tuple[int, RosterOrder] | None = None
        self._course_button = Button("plain", "chalkboard-teacher").with_text("Course").on_click(self._course_menu)
        self._import_button = Button("plain", "download-simple").with_text("Import list…").on_click(self.import_list)
        self._add_button = Button("primary", "plus").with_text("Add student").on_click(self.add_student)
        self.add_actions(self._course_button, self._import_button, self._add_button)
        self._stack = QStackedWidget()
        self._no_course = EmptyPage("chalkboard-teacher")
        self._no_course.set_texts(
            "No course yet",
            "A course is one class with its list of students. Create it once; everything else follows from it.",
            "Create a course",
            self.new_course,
        )
        self._no_students = EmptyPage("users")
        self._no_students.set_texts(
            "Nobody on the list yet",
            "Bring the class list as your school has it, CSV or Excel with any columns: you see what will be added "
            "before anything is saved.",
            "Import list…",
            self.import_list,
        )
        self._stack.addWidget(self._no_course)
        self._stack.addWidget(self._no_students)
        self._stack.addWidget(self._assemble())
        self.body.addWidget(self._stack, 1)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._search.setFocus)

    def _assemble(self) -> QWidget:
        self._model = roster_model()
        self._filter = RosterFilter()
        self._filter.setSourceModel(self._model)
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self.bind_text(self._search.setPlaceholderText, "Search name or number")
        self.bind_text(self._search.setAccessibleName, "Search name or number")
        self._search.textChanged.connect(self._filter.search)
        self._table = RowTable(self.context.memory, "roster", row_height=48)
        self._table.begin(
            self._filter,
            stretch=NAME,
            widths={LIST_NUMBER: 56, NUMBER: 110, PHOTOS: 72, CONSENT: 130},
            spare=(CONSENT, PHOTOS, NUMBER),
        )
        self._delegate = NameDelegate()
        self._table.setItemDelegateForColumn(NAME, self._delegate)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        self.bind_text(self._table.setAccessibleName, "Students of the course")
        self._table.selectionModel().currentRowChanged.connect(self._on_chosen)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._search)
        column.addWidget(self._table)
        self._panel = StudentPanel(self.context)
        self._connect_panel()
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(left)
        splitter.addWidget(self._panel)
        splitter.setSizes([620, 400])
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        return around

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.edit_wanted.connect(self._edit)
        panel.photos_wanted.connect(
            lambda: self.context.open_page("enrolment", self._record.student if self._record else None)
        )
        panel.consent_wanted.connect(self._record_consent)
        panel.withdraw_wanted.connect(self._withdraw_consent)
        panel.photo_removed.connect(self._remove_photo)
        panel.archive_wanted.connect(self._archive)
        panel.excuse_wanted.connect(self.excuse)
        panel.changes_wanted.connect(self.show_changes)
        panel.leave_wanted.connect(self._leave)
        panel.erase_wanted.connect(self._erase)
        panel.session_wanted.connect(lambda session_id: self.context.open_page("sessions", session_id))

    # -- reading

    def open(self, argument: object) -> None:
        """Show a student (``Student``), or begin a new course ("new course")."""
        if isinstance(argument, Student):
            self._wanted = argument.id
            self.make_stale()
        elif argument == "new course":
            self.new_course()

    def refresh(self) -> None:
        course, store, archived = self.context.course, self.context.store, self._show_archived
        for button in (self._import_button, self._add_button):
            button.setVisible(course is not None)
        if course is None:
            self.subtitle.setText("")
            self._stack.setCurrentWidget(self._no_course)
            return
        self.context.run(lambda _job: read_roster(store, course, archived=archived), done=self._show_roster)

    def _show_roster(self, items: tuple[RosterItem, ...]) -> None:
        self._items = items
        self._model.reset(items)
        self._table.setColumnHidden(LIST_NUMBER, not any(item.student.list_number for item in items))
        self._sort_as_course()
        self.retranslate()
        self._add_button.set_kind("primary" if items else "plain")
        self._import_button.setVisible(bool(items))
        if not items:
            self._stack.setCurrentWidget(self._no_students)
            return
        self._stack.setCurrentIndex(2)
        wanted = self._wanted if self._wanted is not None else self._record.student.id if self._record else None
        row = self._filter.mapFromSource(self._model.index(self._model.row_of(wanted), 0)).row() if wanted else -1
        self._table.selectRow(max(row, 0))
        self._wanted = None

    def _sort_as_course(self) -> None:
        """Sort by what leads in the course when another course is shown, or its order has changed."""
        course = self.context.course
        order = None if course is None else (course.id, course.roster_order)
        if course is not None and order != self._sorted_as:
            by_number = course.roster_order is RosterOrder.LIST_NUMBER
            self._table.sortByColumn(LIST_NUMBER if by_number else NAME, Qt.SortOrder.AscendingOrder)
            self._sorted_as = order

    def retranslate(self) -> None:
        course = self.context.course
        if course is not None:
            self.subtitle.setText(f"{course.title or course.code} · " + tr("%n student(s)", "", len(self._items)))
        self._model.refresh()

    def _on_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not current.isValid():
            return
        student = self._model.rows[self._filter.mapToSource(current).row()].student
        store = self.context.store
        self.context.run(lambda _job: read_student(store, student.id), done=self._show_student)

    def _show_student(self, record: StudentRecord) -> None:
        self._record = record
        self._panel.show_record(record)

    # -- courses

    def _course_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("New course…"), self.new_course)
        if self.context.course is not None:
            menu.addAction(tr("Change title…"), self._retitle)
            menu.addAction(tr("Timetable…"), self.show_timetable)
            self._files.add_to(menu, self.context.course, self._record.student if self._record else None)
            self._add_orders(menu.addMenu(tr("List students by")), self.context.course)
            menu.addAction(tr("Archive course"), self._archive_course)
        menu.addSeparator()
        show = menu.addAction(tr("Show archived students"))
        show.setCheckable(True)
        show.setChecked(self._show_archived)
        show.toggled.connect(self._set_show_archived)
        menu.addAction(tr("Bring back an archived course…"), self._offer_archived)
        menu.popup(self._course_button.mapToGlobal(self._course_button.rect().bottomLeft()))

    def _add_orders(self, menu: QMenu, course: Course) -> None:
        words = {
            RosterOrder.FAMILY_NAME: tr("Family name"),
            RosterOrder.GIVEN_NAME: tr("Given name"),
            RosterOrder.LIST_NUMBER: tr("Number in the class list"),
        }
        group = QActionGroup(menu)
        for order, word in words.items():
            action = menu.addAction(word, partial(self._reorder, course, order))
            action.setCheckable(True)
            action.setChecked(order is course.roster_order)
            group.addAction(action)

    def _reorder(self, course: Course, order: RosterOrder) -> None:
        self.context.act(
            lambda tx: tx.courses.reorder(course.id, order),
            message=tr("Every list of {code} has this order now").format(code=course.code),
            then=self.context.choose_course,
            undone=lambda _course: self.context.choose_course(course),
        )

    def new_course(self) -> None:
        """Ask for title and code."""
        dialog = CourseDialog(self.context, parent=self)
        dialog.saved.connect(self.context.choose_course)
        dialog.open()

    def _retitle(self) -> None:
        dialog = CourseDialog(self.context, self.context.course, parent=self)
        dialog.saved.connect(self.context.choose_course)
        dialog.open()

    def show_timetable(self) -> None:
        """Show when the course meets, to be changed."""
        course, store = self.context.course, self.context.store
        if course is not None:
            self.context.run(
                lambda _job: store.timetables.of_course(course.id),
                done=lambda timetable: TimetableDialog(self.context, course, timetable, self).open(),
            )

    def _archive_course(self) -> None:
        course = self.context.course
        if course is not None:
            self.context.act(
                lambda tx: tx.courses.archive(course.id),
                message=tr("Course {code} was archived").format(code=course.code),
                then=lambda _course: self.context.choose_course(None),
                undone=lambda _course: self.context.choose_course(course),
            )

    def _bring_back(self, course: Course) -> None:
        self.context.act(
            lambda tx: tx.courses.archive(course.id, archived=False),
            message=tr("Course {code} is back").format(code=course.code),
            then=self.context.choose_course,
        )

    def _offer_archived(self) -> None:
        self.context.run(lambda _job: self.context.store.courses.all(archived=True), done=self._show_archived_courses)

    def _show_archived_courses(self, courses: tuple[Course, ...]) -> None:
        if not courses:
            self.context.show_toast(tr("No course is archived"))
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for course in courses:
            menu.addAction(f"{course.title} · {course.code}", partial(self._bring_back, course))
        menu.popup(self._course_button.mapToGlobal(self._course_button.rect().bottomLeft()))

    def _set_show_archived(self, shown: bool) -> None:
        self._show_archived = shown
        self.make_stale()

    # -- students

    def add_student(self) -> None:
        """Ask for name and number."""
        dialog = StudentDialog(self.context, course=self.context.course, parent=self)
        dialog.saved.connect(self._on_student)
        dialog.open()

    def _on_student(self, student: Student) -> None:
        self._wanted = student.id

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.context.course is not None and len(_files_in(event)) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.import_list(_files_in(event)[0])

    def import_list(self, path: Path | None = None) -> None:
        """Choose a file and show what it would change."""
        course = self.context.course
        if course is None:
            return
        if path is None:
            chosen, _ = QFileDialog.getOpenFileName(
                self, tr("Import list…"), "", tr("Lists (*.csv *.txt *.tsv *.xlsx *.xlsm *.zip)")
            )
            if not chosen:
                return
            path = Path(chosen)
        dialog = RosterImportDialog(self.context, course, path, parent=self)
        dialog.begin()

    def _edit(self) -> None:
        if self._record is not None:
            # As one of this course, with the list number; who was taken off it meanwhile has none.
            item = self._model.get(self._record.student.id)
            student = self._record.student if item is None else item.student
            course = None if item is None else self.context.course
            dialog = StudentDialog(self.context, course=course, student=student, parent=self)
            dialog.saved.connect(self._on_student)
            dialog.open()

    def _record_consent(self) -> None:
        if self._record is not None:
            dialog = ConsentDialog(self.context, self._record.student, parent=self)
            dialog.open()

    def _withdraw_consent(self) -> None:
        if self._record is None:
            return
        student, now, home = self._record.student, self.context.clock(), self.context.home

        def message(removed: int) -> str:
            words = tr("Consent of {name} withdrawn; face templates removed: {count}")
            return words.format(name=student.name, count=removed) + out_of_reach(home)

        self.context.act(lambda tx: tx.consents.withdraw(student.id, now), message=message)

    def _remove_photo(self, photo: Photo) -> None:
        template_id = photo.template.id
        assert template_id is not None
        self.context.act(lambda tx: tx.templates.delete(template_id), message=tr("Photo removed"))

    def excuse(self) -> None:
        """Ask for which days the student is excused; show the excuses on record."""
        if self._record is not None:
            student, store = self._record.student, self.context.store
            self.context.run(
                lambda _job: store.excuses.of_student(student.id),
                done=lambda excuses: ExcuseDialog(self.context, student, excuses, self).open(),
            )

    def show_changes(self) -> None:
        """Show what was recorded of the student."""
        if self._record is not None:
            student, store = self._record.student, self.context.store
            self.context.run(
                lambda _job: recorded_of_student(store, student.id),
                done=lambda recorded: ChangesDialog(self.context, recorded, student.name, self).open(),
            )

    def _archive(self) -> None:
        if self._record is None:
            return
        student, archived = self._record.student, not self._record.student.archived
        text = tr("{name} was archived") if archived else tr("{name} is back on the lists")
        self.context.act(
            lambda tx: tx.students.archive(student.id, archived=archived), message=text.format(name=student.name)
        )

    def _leave(self) -> None:
        course, record = self.context.course, self._record
        if course is None or record is None:
            return
        student = record.student
        self.context.act(
            lambda tx: tx.enrolments.remove(course.id, student.id),
            message=tr("{name} was taken off the list").format(name=student.name),
            then=lambda _left: self._forget_record(),
        )

    def _forget_record(self) -> None:
        """Show the first student, because the one shown before is not on the list any more."""
        self._record = None

    def _erase(self) -> None:
        if self._record is None:
            return
        dialog = EraseDialog(self.context, self._record.student, parent=self)
        dialog.saved.connect(lambda _erasure: self._forget_record())
        dialog.open()


def _files_in(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def make_page(context: AppContext) -> Page:
    return StudentsPage(context)
