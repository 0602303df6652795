"""What all pages have in common: a title, actions at the right, and when to read again."""

from collections.abc import Container
from typing import ClassVar

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.people import Course
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ElidedLabel, label
from attendance_app.ui.translated_widget import TranslatedWidget

GAP = 8
WORDLESS: tuple[frozenset[str], ...] = (frozenset(), frozenset({"quiet"}), frozenset({"quiet", "plain"}))
"""Kinds of buttons that show their icon alone, in the order in which the space gets smaller."""


class Page(TranslatedWidget):
    """A page of the window. It reads (``refresh``) when it is shown and something in ``topics`` has changed."""

    topics: ClassVar[frozenset[str]] = frozenset()
    follows_course: ClassVar[bool] = True

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setProperty("role", "page")
        self._stale = True
        """Something was changed since the page was read."""
        self._actions: tuple[QWidget, ...] = ()
        self.title = label("title")
        self.subtitle = ElidedLabel()
        self.subtitle.setProperty("role", "quiet")
        self.subtitle.setMinimumWidth(1)
        self.header = QHBoxLayout()
        self.header.setSpacing(GAP)
        self.header.addWidget(self.title)
        self.header.addSpacing(GAP)
        self.header.addWidget(self.subtitle, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 16, 24, 24)
        self.body.setSpacing(16)
        self.body.addLayout(self.header)
        context.course_changed.connect(self._follow_course)
        context.data_changed.connect(self._follow_data)

    def add_actions(self, *buttons: QWidget) -> None:
        """Put buttons at the right of the title; the primary one last."""
        for button in buttons:
            self.header.addWidget(button)
        self._actions += buttons

    def event(self, event: QEvent) -> bool:
        """Fit the header again when the page or something in it has another size."""
        # First Qt's own layout, which gives the header its new width.
        done = super().event(event)
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}:
            self._fit_header()
        return done

    def _fit_header(self) -> None:
        """Fit title and actions into one line: without room, buttons hide their words, quiet ones first."""
        # ``isHidden``, not ``isVisible``: before the page is shown nothing in it is visible.
        shown = [part for part in self._actions if not part.isHidden()]
        margins = self.body.contentsMargins()
        room = self.width() - margins.left() - margins.right() - self.title.sizeHint().width() - 5 * GAP
        for wordless in WORDLESS:
            if sum(_width(part, wordless) + GAP for part in shown) <= room:
                break
        for part in shown:
            if isinstance(part, Button):
                part.show_words(part.kind not in wordless)

    def refresh(self) -> None:
        """Read again, as a job, and show. Never called while the page is hidden."""

    def open(self, argument: object) -> None:
        """Show something in particular (``AppContext.open_page``)."""

    def may_close(self) -> bool:
        """Whether the window may close now; a page that asks the user does so here."""
        return True

    def close_down(self) -> None:
        """Stop threads, timers and cameras of this page, because the window closes."""

    def make_stale(self) -> None:
        """Read again now, or when shown."""
        self._stale = True
        if self.isVisible():
            self._read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read()

    def _read(self) -> None:
        self._stale = False
        self.refresh()

    def _follow_course(self, _course: Course | None) -> None:
        if self.follows_course:
            self.make_stale()

    def _follow_data(self, topic: str) -> None:
        if topic in self.topics:
            self.make_stale()


def _width(part: QWidget, wordless: Container[str]) -> int:
    if isinstance(part, Button):
        return part.width_with(words=part.kind not in wordless)
    return part.sizeHint().width()
