"""The page "Settings": every declared setting in its card, data folder, self-test."""

from collections.abc import Callable
from typing import ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from attendance_app.config.settings import SETTINGS, Place
from attendance_app.ui.app_context import SETTINGS as SETTINGS_TOPIC
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Card, label
from attendance_app.ui.page import Page
from attendance_app.ui.settings.about import About
from attendance_app.ui.settings.audit_trail import AuditTrail
from attendance_app.ui.settings.backups import Backups
from attendance_app.ui.settings.camera_card import CameraChooser
from attendance_app.ui.settings.data_folder import DataFolder
from attendance_app.ui.settings.encryption import Encryption
from attendance_app.ui.settings.recognition_choices import DetectorChoice, SecondOpinion
from attendance_app.ui.settings.self_test import SelfTest
from attendance_app.ui.settings.setting_box import SettingBox
from attendance_app.ui.settings.strictness_choice import StrictnessChoice
from attendance_app.ui.translated_widget import TranslatedWidget

EXPLAINED: Final[dict[str, Callable[[AppContext], TranslatedWidget]]] = {
    "camera": CameraChooser,
    "strictness": StrictnessChoice,
    "detector": DetectorChoice,
    "classifier": SecondOpinion,
    "backup_folder": Backups,
}
"""Settings whose control shows more than a caption and a value."""


class SettingsPage(Page):
    """Every change is written at once; there is no button to save."""

    topics: ClassVar[frozenset[str]] = frozenset({SETTINGS_TOPIC})
    follows_course: ClassVar[bool] = False

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Settings")
        self.bind_text(self.subtitle.setText, "Changes are kept at once")
        self.controls: dict[str, TranslatedWidget] = {}
        """What shows each setting, by its key."""
        inside = QWidget()
        inside.setProperty("role", "plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        for part in (self._camera(), self._recognition(), self._looks(), self._data(), self._test(), self._about()):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)

    def _card(self) -> tuple[Card, QLabel]:
        card = Card()
        words = label("heading")
        card.column.addWidget(words)
        return card, words

    def _camera(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "Camera")
        self._add_settings(card, "camera")
        camera = self.controls["camera"]
        assert isinstance(camera, CameraChooser)
        self.camera = camera
        return card

    def _recognition(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "Recognition")
        self._add_settings(card, "recognition")
        return card

    def _looks(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "Language and appearance")
        self._add_settings(card, "looks")
        return card

    def _add_settings(self, card: Card, place: Place) -> None:
        form: QFormLayout | None = None
        for setting in SETTINGS.values():
            if setting.place != place:
                continue
            if setting.key in EXPLAINED:
                # The next plain settings begin a new form, below this control.
                form, control = None, EXPLAINED[setting.key](self.context)
                card.column.addWidget(control)
            else:
                control = SettingBox(self.context, setting.key)
                if form is None:
                    form = QFormLayout()
                    form.setSpacing(8)
                    card.column.addLayout(form)
                form.addRow(control.caption, control)
            self.controls[setting.key] = control

    def _data(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "Your data")
        self.data_folder = DataFolder(self.context)
        card.column.addWidget(self.data_folder)
        self.encryption = Encryption(self.context)
        card.column.addWidget(self.encryption)
        self._add_settings(card, "data")
        backups = self.controls["backup_folder"]
        assert isinstance(backups, Backups)
        self.backups = backups
        self.audit_trail = AuditTrail(self.context)
        card.column.addWidget(self.audit_trail)
        return card

    def _test(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "Self-test")
        self.self_test = SelfTest(self.context)
        card.column.addWidget(self.self_test)
        return card

    def _about(self) -> QWidget:
        card, heading = self._card()
        self.bind_text(heading.setText, "About this program")
        self.about = About(self.context)
        card.column.addWidget(self.about)
        return card

    # -- showing

    def refresh(self) -> None:
        # On some systems looking opens every camera for a moment: once is enough where cameras were found.
        if self.camera.box.count() <= 1:
            self.camera.look()
        self.backups.look()
        self.encryption.look()
        for control in self.controls.values():
            control.retranslate()

    def open(self, argument: object) -> None:
        """``self-test``: run it."""
        if argument == "self-test":
            self.self_test.start()

    def hideEvent(self, event: object) -> None:
        self.camera.stop()

    def close_down(self) -> None:
        self.camera.stop()


def make_page(context: AppContext) -> Page:
    return SettingsPage(context)
