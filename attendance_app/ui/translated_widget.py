"""Widgets whose texts follow the language."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from attendance_app.ui.i18n import tr


class TranslatedWidget(QWidget):
    """A widget that sets its texts again when the language changes.

    ``bind_text`` sets a fixed text now and after every change. Texts with numbers or names are set in ``retranslate``,
    which a subclass overrides and calls whenever its data changes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts: list[tuple[Callable[[str], object], str, str]] = []

    def bind_text(self, setter: Callable[[str], object], text: str, comment: str = "") -> None:
        """Call ``setter`` with the translation of the literal ``text``, now and later."""
        self._texts.append((setter, text, comment))
        setter(tr(text, comment))

    def retranslate(self) -> None:
        """Set texts that depend on data; called after the fixed ones."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            for setter, text, comment in self._texts:
                setter(tr(text, comment))
            self.retranslate()
        super().changeEvent(event)
