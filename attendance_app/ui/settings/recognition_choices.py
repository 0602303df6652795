"""The settings "Find faces" and "Second opinion", in a teacher's words."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from attendance_app.domain.people import Course
from attendance_app.ui.app_context import FACES, AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.settings.setting_box import caption_of, choice_box, fill_choice_box
from attendance_app.ui.translated_widget import TranslatedWidget


class DetectorChoice(TranslatedWidget):
    """The whole room (the detector ``auto``), or near faces by dlib's HOG or CNN detector."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.box, self._caption = choice_box(context, "detector"), QLabel()
        self._meaning = label("quiet", wrap=True)
        _stack(self, self._caption, self.box, self._meaning)
        self.retranslate()

    def retranslate(self) -> None:
        chosen = self._context.settings.detector
        _show_choice(self._caption, self.box, "detector", chosen)
        meanings = {
            "auto": tr("Finds the faces in the last rows, turned ones and those behind masks as well."),
            "hog": tr("Finds the faces of the front rows that look ahead, without masks; a little less work."),
            "cnn": tr(
                "Finds the faces of the front rows, some of them with masks. Each look takes longer: newcomers show up "
                "a little later, and the computer has more to do."
            ),
        }
        self._meaning.setText(meanings[chosen])


class SecondOpinion(TranslatedWidget):
    """Encodings, the course's own network, or both; shows when the current course has no network yet."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._asked: tuple[Course, bool] | None = None
        """The course in use, and whether its network has been trained."""
        self.box, self._caption = choice_box(context, "classifier"), QLabel()
        self._meaning = label("quiet", wrap=True)
        self.untrained = label("warning", wrap=True)
        self.train = (
            Button("plain", "brain")
            .with_text("Train it on the page Models")
            .on_click(lambda: context.open_page("models"))
        )
        column = _stack(self, self._caption, self.box, self._meaning)
        column.addWidget(self.untrained)
        link = QHBoxLayout()
        link.addWidget(self.train)
        link.addStretch(1)
        column.addLayout(link)
        context.course_changed.connect(self._follow_course)
        context.data_changed.connect(self._follow_data)
        self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def _follow_course(self, _course: Course | None) -> None:
        if self.isVisible():
            self.ask()

    def _follow_data(self, topic: str) -> None:
        # A face that was withdrawn takes the trained network with it.
        if topic == FACES and self.isVisible():
            self.ask()

    def ask(self) -> None:
        """Look up whether the course in use has a network of its own."""
        course, heads = self._context.course, self._context.store.heads
        if course is None:
            self._show(None)
            return
        self._context.run(lambda _job: (course, heads.of_course(course.id) is not None), done=self._show)

    def _show(self, asked: tuple[Course, bool] | None) -> None:
        self._asked = asked
        self.retranslate()

    def retranslate(self) -> None:
        chosen = self._context.settings.classifier
        _show_choice(self._caption, self.box, "classifier", chosen)
        meanings = {
            "encodings": tr("Students are recognised by comparing with their photos."),
            "both": tr(
                "A network trained on the course is asked as well. Where both agree the camera is surer; where they "
                "differ you are asked."
            ),
            "cnn": tr("Only the network trained on the course names its students."),
        }
        self._meaning.setText(meanings[chosen])
        untrained = self._asked is not None and not self._asked[1]
        for part in (self.untrained, self.train):
            part.setVisible(untrained and chosen != "encodings")
        if self._asked is not None:
            course = self._asked[0]
            self.untrained.setText(
                tr(
                    "{course} has no trained network yet, or a face in it was withdrawn since: its sessions go by the "
                    "photos alone until it is trained."
                ).format(course=course.title or course.code)
            )


def _stack(around: QWidget, caption: QLabel, box: QComboBox, meaning: QLabel) -> QVBoxLayout:
    caption.setBuddy(box)
    box.setMinimumContentsLength(24)
    row = QHBoxLayout()
    for part in (caption, box):
        row.addWidget(part)
    row.addStretch(1)
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(4)
    column.addLayout(row)
    column.addWidget(meaning)
    return column


def _show_choice(caption: QLabel, box: QComboBox, key: str, chosen: str) -> None:
    caption.setText(caption_of(key))
    box.setAccessibleName(caption_of(key))
    fill_choice_box(box, key, chosen)
