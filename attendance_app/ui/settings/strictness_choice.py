"""How sure the camera must be, each answer with what it means in errors."""

from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout

from attendance_app.classifiers.expected import EXPECTED
from attendance_app.classifiers.thresholds import Strictness
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.settings.setting_box import caption_of, choices_of
from attendance_app.ui.translated_widget import TranslatedWidget


class StrictnessChoice(TranslatedWidget):
    """Keeps the setting ``strictness``."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._intro = label("quiet", wrap=True)
        self.buttons = QButtonGroup(self)
        self._meanings: dict[Strictness, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._intro)
        for number, strictness in enumerate(Strictness):
            button = QRadioButton()
            self.buttons.addButton(button, number)
            meaning = label("quiet", wrap=True)
            meaning.setContentsMargins(24, 0, 0, 8)
            self._meanings[strictness] = meaning
            column.addWidget(button)
            column.addWidget(meaning)
        # ``idClicked`` is emitted for a choice of the user only, not for ``setChecked``.
        self.buttons.idClicked.connect(
            lambda number: context.change_settings(strictness=list(Strictness)[number].value)
        )
        self.retranslate()

    def retranslate(self) -> None:
        self._intro.setText(caption_of("strictness"))
        for number, strictness in enumerate(Strictness):
            button = self.buttons.button(number)
            button.setText(strictness_word(strictness))
            button.setChecked(strictness.value == self._context.settings.strictness)
            self._meanings[strictness].setText(strictness_meaning(strictness))


def strictness_word(strictness: Strictness) -> str:
    """A strictness as a teacher would call it."""
    return choices_of("strictness")[strictness.value]


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
