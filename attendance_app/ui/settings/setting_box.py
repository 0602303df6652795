"""The control of a declared setting: a list of words or steps, or a box for a whole number."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from attendance_app.config.kinds import OneOf, Value, WholeNumber
from attendance_app.config.settings import SETTINGS
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox, NumberBox
from attendance_app.ui.i18n import translated
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.words.catalogue import WINDOW


def caption_of(key: str) -> str:
    """Return a setting's caption, translated."""
    return translated(WINDOW, SETTINGS[key].caption)


def choices_of(key: str) -> dict[Value, str]:
    """Return the values of a setting with their names, translated."""
    kind = SETTINGS[key].kind
    if isinstance(kind, OneOf):
        return {value: translated(WINDOW, word) for value, word in kind.words.items()}
    return {step: dates.percent(step / 100) for step in kind.steps} if isinstance(kind, WholeNumber) else {}


def bounds_of(key: str) -> WholeNumber:
    """Return the declaration of a setting that is a whole number."""
    kind = SETTINGS[key].kind
    assert isinstance(kind, WholeNumber)
    return kind


def choice_box(context: AppContext, key: str) -> QComboBox:
    """Return a list that changes the setting; ``fill_choice_box`` sets its words."""
    box = ChoiceBox()
    box.activated.connect(lambda row: context.change_settings(**{key: box.itemData(row)}))
    return box


def fill_choice_box(box: QComboBox, key: str, chosen: Value) -> None:
    """Set the words of ``choice_box`` and choose a value; one that is not offered shows as the first."""
    words = choices_of(key)
    box.clear()
    for value, word in words.items():
        box.addItem(word, value)
    box.setCurrentIndex(list(words).index(chosen) if chosen in words else 0)


class SettingBox(TranslatedWidget):
    """The control; ``caption`` is for the layout around it."""

    def __init__(self, context: AppContext, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._key = context, key
        self.caption = QLabel()
        self.control = self._control()
        self.caption.setBuddy(self.control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.control)
        row.addStretch(1)
        self.retranslate()

    def _control(self) -> QComboBox | NumberBox:
        if choices_of(self._key):
            box = choice_box(self._context, self._key)
            box.setMinimumContentsLength(16)
            return box
        bounds = bounds_of(self._key)
        number = NumberBox(bounds.least, bounds.most)
        number.valueChanged.connect(lambda value: self._context.change_settings(**{self._key: value}))
        return number

    def retranslate(self) -> None:
        self.caption.setText(caption_of(self._key))
        self.control.setAccessibleName(caption_of(self._key).rstrip(":"))
        value = getattr(self._context.settings, self._key)
        if isinstance(self.control, QComboBox):
            fill_choice_box(self.control, self._key, value)
            return
        self.control.setSuffix(" " + translated(WINDOW, bounds_of(self._key).unit))
        # Setting the value would count as a change by the user, and write the settings.
        with QSignalBlocker(self.control):
            self.control.setValue(value)
