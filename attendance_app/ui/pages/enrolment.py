"""The page "Enrolment": photos that are dropped or chosen, or taken by the camera with the coach."""

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedWidget

from attendance_app.domain.people import Student
from attendance_app.ui.app_context import COURSES, STUDENTS, AppContext
from attendance_app.ui.controls import Button, EmptyPage
from attendance_app.ui.enrolment.coach_view import CoachView
from attendance_app.ui.enrolment.enrolment_work import EnrolmentWork
from attendance_app.ui.enrolment.photo_list import PhotoList
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.progress import JobProgress

NO_COURSE, EMPTY, PHOTOS, COACH = range(4)


class EnrolmentPage(Page):
    """Shows the photos, or the coach between "From the camera…" and "Back to the photos"."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Enrolment")
        self.setAcceptDrops(True)
        self._coaching = False
        self.progress = JobProgress()
        work = EnrolmentWork(context.store)
        self.photos = PhotoList(context, work, self.progress)
        self.photos.changed.connect(self._show)
        self.coach = CoachView(context, work)
        self.choose_button = Button("plain", "plus").with_text("Choose photos…").on_click(self._offer)
        self.clear_button = Button("quiet", "eraser").with_text("Clear the list").on_click(self.photos.clear)
        self.camera_button = Button("plain", "video-camera").with_text("From the camera…").on_click(self.open_coach)
        self.back_button = Button("plain", "arrow-left").with_text("Back to the photos").on_click(self.close_coach)
        self.add_actions(self.clear_button, self.camera_button, self.choose_button, self.back_button)
        self._stack = QStackedWidget()
        self._no_course, self._empty = EmptyPage("chalkboard-teacher"), EmptyPage("identification-card")
        self._no_course.set_texts(
            "No course yet",
            "Photos are enrolled for the students of a course. Make the course first.",
            "Create a course",
            lambda: context.open_page("students", "new course"),
        )
        self._empty.set_texts(
            "Drop photos here",
            "Photos named by student number or name, a folder with a folder a student, or a zip of either. "
            "Each is looked at first; nothing is kept before you say so.",
            "Choose photos…",
            self._offer,
        )
        for part in (self._no_course, self._empty, self.photos, self.coach):
            self._stack.addWidget(part)
        self.body.addWidget(self.progress)
        self.body.addWidget(self._stack, 1)
        self.retranslate()
        self._show()

    # -- reading

    def refresh(self) -> None:
        course, store = self.context.course, self.context.store
        if course is None:
            self._coaching = False
            self._show()
            return
        self.context.run(lambda _job: store.students.of_course(course.id), done=self._show_students)

    def _show_students(self, students: tuple[Student, ...]) -> None:
        self.photos.show_students(students)
        self.coach.refresh()
        self._show()

    def _follow_course(self, course: object) -> None:
        self.photos.clear()
        self.coach.forget()
        self.retranslate()
        super()._follow_course(course)  # type: ignore[arg-type]

    # -- files

    def open(self, argument: object) -> None:
        """Examine these paths, or begin with the camera ("camera")."""
        if isinstance(argument, Path):
            self.close_coach()
            self.photos.examine([argument])
        elif argument == "camera":
            self.open_coach()

    def _offer(self) -> None:
        menu = QMenu(self)
        # A menu is made for each use; without it they would all live as long as the page.
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Photos or a zip…"), self._choose_files)
        menu.addAction(tr("A folder…"), self._choose_folder)
        under = self.choose_button if self.choose_button.isVisible() else self._empty.button
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _choose_files(self) -> None:
        kinds = tr("Photos and zips (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff *.zip)")
        folder = self.context.memory.text("enrolment/folder")
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Choose photos…"), folder, kinds)
        self.photos.examine([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, tr("Choose a folder of photos"), self.context.memory.text("enrolment/folder")
        )
        self.photos.examine([Path(chosen)] if chosen else [])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.context.course is not None and not self.photos.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.close_coach()
        self.photos.examine(paths)

    # -- camera

    def open_coach(self) -> None:
        """Take photos with the camera."""
        if self.context.course is not None and not self._coaching:
            self._coaching = True
            self._show()

    def close_coach(self) -> None:
        """Release the camera and show the photos."""
        if self._coaching:
            self._coaching = False
            self._show()

    def close_down(self) -> None:
        self.coach.stop()

    # -- showing

    def _show(self) -> None:
        listed, course = bool(self.photos.items), self.context.course is not None
        coaching = self._coaching and course
        page = NO_COURSE if not course else COACH if coaching else PHOTOS if listed or self.photos.busy else EMPTY
        self._stack.setCurrentIndex(page)
        self.choose_button.setVisible(listed and not coaching)
        self.clear_button.setVisible(listed and not coaching)
        self.camera_button.setVisible(course and not coaching)
        self.back_button.setVisible(coaching)
        for part in (self.choose_button, self.clear_button, self._empty.button):
            part.setEnabled(not self.photos.busy)

    def retranslate(self) -> None:
        course = self.context.course
        self.subtitle.setText((course.title or course.code) if course else "")


def make_page(context: AppContext) -> Page:
    return EnrolmentPage(context)
