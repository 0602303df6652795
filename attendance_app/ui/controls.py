"""Small controls that every page uses."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import icon, pixmap
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget

Kind = Literal["primary", "quiet", "danger", "plain"]
_TINTS = {"primary": "on_accent", "danger": "danger", "quiet": "text_quiet", "plain": "text"}


class Button(QPushButton):
    """A button with an icon in its own tint. One ``primary`` a page; ``quiet`` has no frame."""

    def __init__(self, kind: Kind = "plain", icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._icon_name = icon_name
        self._text = ("", "", "")
        """Text, its comment for translation, and hint, all in English."""
        self._worded = True
        """Whether the words are shown beside the icon."""
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)  # its words are never cut
        theme().changed.connect(self._tint)
        self._tint()

    def with_text(self, text: str, comment: str = "", *, hint: str = "") -> "Button":
        """Set a literal text (and tool tip) that is translated again when the language changes; for an icon alone,
        give only the hint."""
        self._text = (text, comment, hint)
        self._say()
        return self

    def show_text(self, text: str) -> None:
        """Set a text with data in it, translated by the caller; call it again after a change of language."""
        # An en space: Qt's style sheets have no property for the distance between icon and words.
        self.setText(("\u2002" if self._icon_name else "") + text)
        self.setAccessibleName(text)

    @property
    def kind(self) -> Kind:
        return self._kind

    def show_words(self, shown: bool) -> None:
        """Show or hide the words beside the icon; hidden words stay the accessible name."""
        if shown != self._worded and self._icon_name:
            self._worded = shown
            self._say()

    def width_with(self, *, words: bool) -> int:
        """Return the preferred width with words, or with the icon alone."""
        # Qt's preferred width is that of the text shown now: its part is exchanged for the text asked about.
        wanted = self._words() if words or not self._icon_name else ""
        advance = self.fontMetrics().horizontalAdvance
        return self.sizeHint().width() - advance(self.text()) + advance(wanted)

    def on_click(self, action: Callable[[], object]) -> "Button":
        """Call ``action``, without arguments, when pressed; return the button."""
        self.clicked.connect(lambda: action())  # noqa: PLW0108 - drops "checked"
        return self

    def set_kind(self, kind: Kind) -> None:
        """Make it the primary button, or a plain one."""
        if kind != self._kind:
            self._kind = kind
            self.setProperty("kind", kind)
            # Qt's style sheets look at properties only while a widget is polished.
            self.style().unpolish(self)
            self.style().polish(self)
            self._tint()

    def show_icon(self, name: str) -> None:
        self._icon_name = name
        self._tint()

    def _words(self) -> str:
        text, comment, _hint = self._text
        return ("\u2002" if self._icon_name else "") + tr(text, comment) if text else self.text()

    def _say(self) -> None:
        text, comment, hint = self._text
        if text:
            self.setText(self._words() if self._worded else "")
        if hint:
            self.setToolTip(tr(hint))
        if text or hint:
            self.setAccessibleName(tr(text, comment) if text else tr(hint))

    def _tint(self) -> None:
        if self._icon_name:
            self.setIcon(icon(self._icon_name, _TINTS[self._kind]))
        side = theme().px(18)
        self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


class NumberBox(QSpinBox):
    """A spin box with padding before its number."""

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(least, most)
        self.lineEdit().setTextMargins(8, 0, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # As in ChoiceBox.
        event.ignore()


class ChoiceBox(QComboBox):
    """A list to choose from that leaves the wheel to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Qt would change the value below the pointer while somebody scrolls the page.
        event.ignore()


class ElidedLabel(QLabel):
    """One line that shortens with "…" instead of widening its page; the whole text is its tool tip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # Ignored: the label takes the width that is left, whatever its text would like.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._hint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hint()

    def _hint(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()
        self.setToolTip(self.text() if cut else "")

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        # Painted by the style, so that colours of the style sheet and of a disabled label hold.
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            self.alignment().value,
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )


def label(role: str = "", *, wrap: bool = False) -> QLabel:
    """Make a label; ``role`` is ``title``, ``large``, ``quiet``, ``small`` or plain."""
    made = QLabel()
    # Plain, because names of students and files may look like HTML.
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


class Card(QFrame):
    """A surface with a thin border; its contents go into ``column``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(8)


class EmptyPage(TranslatedWidget):
    """Shown by a page without data: its purpose, and the one button to begin."""

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.title = label("title", wrap=True)
        self.text = label("quiet", wrap=True)
        self.button = Button("primary")
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(2)
        for widget in (self._picture, self.title, self.text):
            column.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        for words in (self.title, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        theme().changed.connect(self._tint)
        self._tint()

    def set_texts(self, title: str, text: str, button: str = "", action: Callable[[], object] | None = None) -> None:
        """Set the literal texts; without ``button`` there is none."""
        self.bind_text(self.title.setText, title)
        self.bind_text(self.text.setText, text)
        self.retranslate()
        self.button.setVisible(bool(button))
        if button and action is not None:
            self.button.with_text(button).on_click(action)

    def _tint(self) -> None:
        self._picture.setPixmap(pixmap(self._icon_name, 64, "text_quiet"))
        self.retranslate()

    def retranslate(self) -> None:
        for words in (self.title, self.text):  # a centred label would get the height of a wider one
            words.setFixedWidth(theme().px(480))
            words.setMinimumHeight(max(0, words.heightForWidth(theme().px(480))))
