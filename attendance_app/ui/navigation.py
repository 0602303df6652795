"""The column at the left: the course in use, and the pages."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QVBoxLayout

from attendance_app.domain.people import Course
from attendance_app.ui.app_context import COURSES, AppContext
from attendance_app.ui.controls import ChoiceBox, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import icon
from attendance_app.ui.pages import PAGES
from attendance_app.ui.translated_widget import TranslatedWidget


class Navigation(TranslatedWidget):
    """Emits ``chosen`` with a page's key."""

    chosen = Signal(str)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._courses: tuple[Course, ...] = ()
        self.setProperty("role", "navigation")
        # A subclass of QWidget paints no background of a style sheet without it.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._caption = label("small")
        self.bind_text(self._caption.setText, "Course")
        self.course_box = ChoiceBox()
        self.course_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.course_box.setMinimumContentsLength(8)
        self.bind_text(self.course_box.setAccessibleName, "Course")
        # ``activated`` is emitted for a choice of the user only, not for changes by ``show_courses``.
        self.course_box.activated.connect(self._on_course_picked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 16, 12, 16)
        self._column.setSpacing(4)
        self._column.addWidget(self._caption)
        self._column.addWidget(self.course_box)
        self._column.addSpacing(12)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for spec in PAGES:
            self._add(spec.key)
        context.theme.changed.connect(self._tint)
        context.course_changed.connect(lambda _course: self.show_courses(self._courses))
        context.data_changed.connect(lambda topic: self.read_courses() if topic == COURSES else None)
        self.retranslate()
        self._tint()

    def _add(self, key: str) -> None:
        if key == "settings":
            self._column.addStretch(1)
        button = QPushButton()
        button.setCheckable(True)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._column.addWidget(button)
        self.buttons[key] = button

    def mark(self, key: str) -> None:
        """Show which page is open."""
        self.buttons[key].setChecked(True)

    def read_courses(self) -> None:
        """Read the courses again; keeps the one in use, or the remembered one, if it is still there."""
        self._context.run(lambda _job: self._context.store.courses.all(), done=self._take_courses)

    def _take_courses(self, courses: tuple[Course, ...]) -> None:
        self._courses = courses
        current = self._context.course
        # By its code: the course that is read now may have another title than the one in use.
        wanted = current.code if current else self._context.memory.text("course")
        chosen = next((course for course in courses if course.code == wanted), courses[0] if courses else None)
        self._context.choose_course(chosen)
        self.show_courses(courses)

    def show_courses(self, courses: tuple[Course, ...]) -> None:
        """Fill the list."""
        self._courses = courses
        self.course_box.clear()
        for course in courses:
            self.course_box.addItem(course.title or course.code)
            whole = f"{course.title} · {course.code}"
            self.course_box.setItemData(self.course_box.count() - 1, whole, Qt.ItemDataRole.ToolTipRole)
        if not courses:
            self.course_box.addItem(tr("No course yet"))
        codes = [course.code for course in courses]
        current = self._context.course
        self.course_box.setCurrentIndex(codes.index(current.code) if current and current.code in codes else 0)
        self.course_box.setEnabled(bool(courses))
        self.course_box.setToolTip(self.course_box.currentText())

    def _on_course_picked(self, index: int) -> None:
        if 0 <= index < len(self._courses):
            self._context.choose_course(self._courses[index])

    def retranslate(self) -> None:
        for number, spec in enumerate(PAGES, start=1):
            button = self.buttons[spec.key]
            button.setText(spec.title())
            button.setAccessibleName(spec.title())
            button.setToolTip(f"{spec.title()} (Ctrl+{number})")
        if not self._courses:
            self.show_courses(())

    def _tint(self) -> None:
        side = self._context.theme.px(22)
        for spec in PAGES:
            self.buttons[spec.key].setIcon(icon(spec.icon, "text_quiet"))
            self.buttons[spec.key].setIconSize(QSize(side, side))
        self.setFixedWidth(self._context.theme.px(208))
