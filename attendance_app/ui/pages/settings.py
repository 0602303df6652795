"""The page "Settings": camera, strictness, lateness, looks, data folder, self-test."""

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from attendance_app.classifiers.expected import EXPECTED
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.ui import dates
from attendance_app.ui.controls import Card, NumberBox, label
from attendance_app.ui.desk import SETTINGS, Desk
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.settings.camera_card import CameraChooser
from attendance_app.ui.settings.data_folder import DataFolder
from attendance_app.ui.settings.recognition_choices import FindFaces, SecondOpinion
from attendance_app.ui.settings.self_test import SelfTest

TEXT_PERCENTS = (100, 110, 125, 150)


class SettingsPage(Page):
    """Every change is kept at once; there is nothing to save."""

    topics: ClassVar[frozenset[str]] = frozenset({SETTINGS})
    follows_course: ClassVar[bool] = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Settings")
        self.say(self.subtitle.setText, "Changes are kept at once")
        inside = QWidget()
        inside.setProperty("role", "plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        for part in (self._camera(), self._recognition(), self._looks(), self._data(), self._test()):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self._show()

    def _card(self) -> tuple[Card, QLabel]:
        card = Card()
        words = label("heading")
        card.column.addWidget(words)
        return card, words

    def _camera(self) -> QWidget:
        card, heading = self._card()
        self.say(heading.setText, "Camera")
        self.camera = CameraChooser(self.desk)
        card.column.addWidget(self.camera)
        return card

    def _recognition(self) -> QWidget:
        card, heading = self._card()
        self.say(heading.setText, "Recognition")
        intro = label("quiet", wrap=True)
        self.say(intro.setText, "How sure must the camera be before it marks a student by itself?")
        card.column.addWidget(intro)
        self._strictness = QButtonGroup(self)
        self._meanings: dict[Strictness, QLabel] = {}
        for number, strictness in enumerate(Strictness):
            button = QRadioButton()
            self._strictness.addButton(button, number)
            meaning = label("quiet", wrap=True)
            meaning.setContentsMargins(24, 0, 0, 8)
            self._meanings[strictness] = meaning
            card.column.addWidget(button)
            card.column.addWidget(meaning)
        self._strictness.idClicked.connect(
            lambda number: self.desk.change_settings(strictness=list(Strictness)[number].value)
        )
        self.late_after = NumberBox(0, 600)
        self.say(self.late_after.setAccessibleName, "Late after")
        self.late_after.valueChanged.connect(lambda minutes: self.desk.change_settings(late_after_minutes=minutes))
        caption = QLabel()
        self.say(caption.setText, "Who comes later than this is marked late:")
        caption.setBuddy(self.late_after)
        row = QHBoxLayout()
        row.addWidget(caption)
        row.addWidget(self.late_after)
        row.addStretch(1)
        card.column.addLayout(row)
        self.find_faces, self.second_opinion = FindFaces(self.desk), SecondOpinion(self.desk)
        for choice in (self.find_faces, self.second_opinion):
            card.column.addWidget(choice)
        return card

    def _looks(self) -> QWidget:
        card, heading = self._card()
        self.say(heading.setText, "Language and appearance")
        form = QFormLayout()
        form.setSpacing(8)
        self.language, self.theme_box, self.text_size = QComboBox(), QComboBox(), QComboBox()
        self.say(self.language.setAccessibleName, "Language")
        self.say(self.theme_box.setAccessibleName, "Colours")
        self.say(self.text_size.setAccessibleName, "Text size")
        captions = QLabel(), QLabel(), QLabel()
        self.say(captions[0].setText, "Language")
        self.say(captions[1].setText, "Colours")
        self.say(captions[2].setText, "Text size")
        for caption, box in zip(captions, (self.language, self.theme_box, self.text_size), strict=True):
            caption.setBuddy(box)
            box.setMinimumContentsLength(16)
            around = QHBoxLayout()
            around.addWidget(box)
            around.addStretch(1)
            form.addRow(caption, around)
        self.language.activated.connect(lambda row: self.desk.change_settings(language=self.language.itemData(row)))
        self.theme_box.activated.connect(lambda row: self.desk.change_settings(theme=self.theme_box.itemData(row)))
        self.text_size.activated.connect(
            lambda row: self.desk.change_settings(text_percent=self.text_size.itemData(row))
        )
        card.column.addLayout(form)
        return card

    def _data(self) -> QWidget:
        card, heading = self._card()
        self.say(heading.setText, "Your data")
        self.data_folder = DataFolder(self.desk)
        card.column.addWidget(self.data_folder)
        return card

    def _test(self) -> QWidget:
        card, heading = self._card()
        self.say(heading.setText, "Self-test")
        self.self_test = SelfTest(self.desk)
        card.column.addWidget(self.self_test)
        return card

    # -- showing

    def refresh(self) -> None:
        if self.camera.box.count() <= 1:
            self.camera.look()
        self._show()

    def open(self, argument: object) -> None:
        """``self-test``: run it."""
        if argument == "self-test":
            self.self_test.start()

    def hideEvent(self, event: object) -> None:
        self.camera.stop()

    def shut(self) -> None:
        self.camera.stop()

    def retranslate(self) -> None:
        self._show()

    def _show(self) -> None:
        settings = self.desk.settings
        for number, strictness in enumerate(Strictness):
            button = self._strictness.button(number)
            button.setText(strictness_word(strictness))
            button.setChecked(strictness.value == settings.strictness)
            self._meanings[strictness].setText(strictness_meaning(strictness))
        self.late_after.setSuffix(" " + tr("minutes"))
        self.late_after.blockSignals(True)
        self.late_after.setValue(settings.late_after_minutes)
        self.late_after.blockSignals(False)
        self.find_faces.retranslate()
        self.second_opinion.retranslate()
        self._fill(self.language, {"system": tr("As the system"), "en": "English", "es": "Español"}, settings.language)
        themes = {"system": tr("As the system"), "light": tr("Light"), "dark": tr("Dark")}
        self._fill(self.theme_box, themes, settings.theme)
        sizes = {percent: dates.percent(percent / 100) for percent in TEXT_PERCENTS}
        self._fill(self.text_size, sizes, settings.text_percent)

    @staticmethod
    def _fill(box: QComboBox, words: dict[str, str] | dict[int, str], chosen: str | int) -> None:
        box.clear()
        for value, word in words.items():
            box.addItem(word, value)
        box.setCurrentIndex(list(words).index(chosen) if chosen in words else 0)


def strictness_word(strictness: Strictness) -> str:
    """A strictness as a teacher would call it."""
    return {
        Strictness.STRICT: tr("Strict"),
        Strictness.BALANCED: tr("Balanced (recommended)"),
        Strictness.LENIENT: tr("Lenient"),
    }[strictness]


def strictness_meaning(strictness: Strictness) -> str:
    """What a strictness means in errors, as measured with thirty students and three photos of each."""
    expected = EXPECTED[strictness]
    figures = tr(
        "In tests one good picture was enough for {named} of 100 students, "
        "and {strangers} of 10,000 pictures of strangers were taken for a student."
    ).format(named=dates.number(round(100 * expected.named)), strangers=dates.number(round(1e4 * expected.strangers)))
    advice = {
        Strictness.STRICT: tr("It asks you more often."),
        Strictness.BALANCED: tr("It asks you about the doubtful ones."),
        Strictness.LENIENT: tr("It asks you least; look over the register afterwards."),
    }[strictness]
    return f"{figures} {advice}"


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return SettingsPage(desk)
