"""First start: language, camera, the room, where the data lives, then the demo class or the first course."""

from typing import ClassVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from attendance_app.bootstrap import open_room_checker
from attendance_app.services.demo.demo_lesson import DemoLesson
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.demo_class import begin_demo
from attendance_app.ui.i18n import LANGUAGES, tr
from attendance_app.ui.page import Page
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.room_check.room_dialog import RoomCheckDialog
from attendance_app.ui.settings.camera_card import CameraChooser
from attendance_app.ui.settings.data_folder import DataFolder
from attendance_app.ui.settings.self_test import SelfTest


class WelcomePage(Page):
    """One page, two buttons; everything else on it is optional."""

    follows_course: ClassVar[bool] = False

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.header.takeAt(0)
        self.title.hide()
        self.subtitle.hide()
        inside = QWidget()
        inside.setProperty("role", "plain")
        inside.setMaximumWidth(context.theme.px(760))
        column = QVBoxLayout(inside)
        column.setSpacing(16)
        for part in (self._greeting(), self._ways(), self._camera(), self._room(), self._data(), self._test()):
            column.addWidget(part)
        column.addStretch(1)
        around = QWidget()
        around.setProperty("role", "plain")
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 8)
        row.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(around)
        self.body.addWidget(scroll, 1)

    def _greeting(self) -> QWidget:
        around = QWidget()
        heading = label("title", wrap=True)
        self.bind_text(heading.setText, "Welcome")
        words = label("quiet", wrap=True)
        self.bind_text(
            words.setText,
            "The camera recognises the students and marks them in the register; you can change every mark. "
            "All data stay on this computer.",
        )
        languages = QHBoxLayout()
        languages.setSpacing(8)
        self._languages = QButtonGroup(self)
        for code, name in LANGUAGES.items():
            button = Button()
            button.setText(name)
            button.setAccessibleName(name)
            button.setCheckable(True)
            button.setProperty("code", code)
            button.setChecked(code == self.context.language.code)
            button.clicked.connect(self._on_language)
            self._languages.addButton(button)
            languages.addWidget(button)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addLayout(languages)
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(words)
        return around

    def retranslate(self) -> None:
        for button in self._languages.buttons():
            button.setChecked(button.property("code") == self.context.language.code)

    def _on_language(self) -> None:
        button = self._languages.checkedButton()
        if button is not None:
            self.context.change_settings(language=button.property("code"))

    def _ways(self) -> QWidget:
        card = Card()
        self.demo_button = Button("primary", "play").with_text("Try the demo class").on_click(self._demo)
        self.demo_button.setIconSize(QSize(20, 20))
        self.course_button = Button("plain", "plus").with_text("Create my first course").on_click(self._first_course)
        demo, own = label("quiet", wrap=True), label("quiet", wrap=True)
        self.bind_text(
            demo.setText,
            "24 made-up students and a filmed lesson: see in a minute how the roll is taken. Nobody in it is real.",
        )
        self.bind_text(own.setText, "Bring your class list, enrol photos with consent, and take the roll tomorrow.")
        row = QHBoxLayout()
        row.setSpacing(24)
        for button, words in ((self.demo_button, demo), (self.course_button, own)):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(button)
            column.addWidget(words)
            column.addStretch(1)
            row.addLayout(column, 1)
        self.progress = JobProgress()
        card.column.addLayout(row)
        card.column.addWidget(self.progress)
        return card

    def _camera(self) -> QWidget:
        card = Card()
        self.camera = CameraChooser(self.context)
        card.column.addWidget(self.camera)
        return card

    def _room(self) -> QWidget:
        card = Card()
        heading, words = label("strong"), label("quiet", wrap=True)
        self.bind_text(heading.setText, "Does this room work?")
        self.bind_text(
            words.setText,
            "Put the camera where it will stand, with somebody in the last row: the picture shows up to which row "
            "faces are recognised, and what would help.",
        )
        self.room_button = Button("plain", "ruler").with_text("Check the room").on_click(self.check_room)
        for part in (heading, words):
            card.column.addWidget(part)
        card.column.addWidget(self.room_button, alignment=Qt.AlignmentFlag.AlignLeft)
        return card

    def check_room(self) -> RoomCheckDialog:
        """Show how far recognition reaches with the chosen camera; return the dialog."""
        self.camera.stop()
        detector = self.context.settings.detector
        dialog = RoomCheckDialog(
            self.context, self.camera.spec, lambda: open_room_checker(detector), source_fixed=True, parent=self
        )
        dialog.open()
        return dialog

    def _data(self) -> QWidget:
        card = Card()
        heading = label("strong")
        self.bind_text(heading.setText, "Folder for your data")
        self.data_folder = DataFolder(self.context)
        for part in (heading, self.data_folder):
            card.column.addWidget(part)
        return card

    def _test(self) -> QWidget:
        card = Card()
        self.self_test = SelfTest(self.context)
        card.column.addWidget(self.self_test)
        return card

    def refresh(self) -> None:
        self.camera.look()

    def hideEvent(self, event: object) -> None:
        self.camera.stop()

    def close_down(self) -> None:
        self.camera.stop()

    # -- the two ways

    def _welcomed(self) -> None:
        self.context.memory.keep("welcomed", "yes")

    def _first_course(self) -> None:
        self._welcomed()
        self.context.open_page("students", "new course")

    def _demo(self) -> None:
        self.demo_button.setEnabled(False)
        job = begin_demo(self.context, done=self._on_demo, failed=lambda: self.demo_button.setEnabled(True))
        self.progress.watch(job, tr("The demo class is being set up…"))

    def _on_demo(self, lesson: DemoLesson) -> None:
        self._welcomed()
        self.demo_button.setEnabled(True)
        self.context.open_page("roll_call", lesson)


def make_page(context: AppContext) -> Page:
    return WelcomePage(context)
