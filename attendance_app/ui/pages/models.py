"""The page "Models": the networks in use, and checks that the user can run with them."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from attendance_app.networks.identity_input import NETWORK
from attendance_app.ui.app_context import COURSES, FACES, SETTINGS, STUDENTS, AppContext
from attendance_app.ui.controls import EmptyPage
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.recognition.course_check import CourseChecker
from attendance_app.ui.recognition.course_training import CourseTraining, read_trained_head
from attendance_app.ui.recognition.dataset import DatasetExplorer
from attendance_app.ui.recognition.mask_photos import MaskPhotos
from attendance_app.ui.recognition.networks import NetworkInfo, NetworksView, read_networks


class ModelsPage(Page):
    """Four tabs: the networks, this course, photos tried for masks, a collection of pictures."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, FACES, SETTINGS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Models")
        self._own_network = False
        """Whether our own network is there and intact."""
        self._checked_once = False
        self.networks = NetworksView(context, self._read_networks)
        self.course_check = CourseChecker(context)
        self.training = CourseTraining(context)
        self.mask_photos = MaskPhotos(context)
        self.dataset = DatasetExplorer(context)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.bind_text(self.tabs.tabBar().setAccessibleName, "Models")
        for part in (self.networks, self._course_tab(), self.mask_photos, self.dataset):
            around = QWidget()
            column = QVBoxLayout(around)
            column.setContentsMargins(0, 16, 0, 0)
            column.addWidget(part)
            self.tabs.addTab(around, "")
        self.body.addWidget(self.tabs, 1)
        self.retranslate()

    def _course_tab(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("role", "plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        column.addWidget(self.course_check)
        column.addWidget(self.training)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self._no_course = EmptyPage("chalkboard-teacher")
        self._no_course.set_texts(
            "No course yet",
            "Here you see how well a course's photos tell its students apart.",
            "Create a course",
            lambda: self.context.open_page("students", "new course"),
        )
        self._course_stack = QStackedWidget()
        self._course_stack.addWidget(self._no_course)
        self._course_stack.addWidget(scroll)
        return self._course_stack

    # -- reading

    def refresh(self) -> None:
        self.retranslate()
        self.course_check.retranslate()
        self._show_course()
        # Each file's hash is computed: once is enough, they don't change while the program runs.
        if not self._checked_once:
            self._checked_once = True
            self._read_networks()
        elif self._own_network:
            self._read_learnt()

    def _read_networks(self) -> None:
        home = self.context.store.home
        self.context.run(lambda job: read_networks(job, home), done=self._show_networks, long=True)

    def _show_networks(self, networks: Sequence[NetworkInfo]) -> None:
        self.networks.show_networks(networks)
        self._own_network = any(one.entry.name == NETWORK and one.error is None for one in networks)
        self.course_check.with_network = self._own_network
        self._show_course()
        if self._own_network:
            self._read_learnt()

    def _read_learnt(self) -> None:
        course, store = self.context.course, self.context.store
        if course is None:
            self.training.show_learnt(None)
        else:
            self.context.run(lambda _job: read_trained_head(store, course), done=self.training.show_learnt)

    def _show_course(self) -> None:
        self._course_stack.setCurrentIndex(1 if self.context.course else 0)
        self.training.setVisible(self._own_network)

    def _follow_course(self, course: object) -> None:
        self.course_check.forget()
        super()._follow_course(course)  # type: ignore[arg-type]

    def _follow_data(self, topic: str) -> None:
        if topic in {FACES, STUDENTS}:
            self.course_check.forget()
        super()._follow_data(topic)

    def retranslate(self) -> None:
        course = self.context.course
        self.subtitle.setText(tr("The networks and their accuracy"))
        titles = (
            tr("Networks in use"),
            (course.title or course.code) if course else tr("Your course"),
            tr("Masks in photos"),
            tr("Collection of pictures"),
        )
        for index, text in enumerate(titles):
            # Qt takes a single & for the mark of a shortcut, and courses may have one in their title.
            self.tabs.setTabText(index, text.replace("&", "&&"))


def make_page(context: AppContext) -> Page:
    return ModelsPage(context)
