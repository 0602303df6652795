"""Which words of a window have no room."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QCheckBox, QLabel, QPushButton, QWidget

from attendance_app.ui.controls import ElidedLabel


def cut_words(root: QWidget) -> list[str]:
    """Buttons, boxes to tick and labels under ``root`` that are narrower than their words, or reach outside it."""
    # Layouts take effect in the event loop only.
    QApplication.processEvents()
    cut = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        needed = _needed(widget)
        if needed and widget.width() < needed:
            cut.append(f"{type(widget).__name__} {widget.text()!r}: {widget.width()} < {needed}")
        if needed and not _reached(widget):
            cut.append(f"{type(widget).__name__} {widget.text()!r} reaches outside")
    return cut


def _needed(widget: QWidget) -> int:
    if isinstance(widget, QPushButton | QCheckBox):
        return widget.sizeHint().width()
    shortened = isinstance(widget, ElidedLabel)
    if isinstance(widget, QLabel) and not shortened and not widget.wordWrap() and widget.pixmap().isNull():
        return widget.fontMetrics().horizontalAdvance(widget.text())
    return 0


def _reached(widget: QWidget) -> bool:
    """Whether its whole width can be brought in sight: no parent that doesn't scroll sideways cuts it."""
    parent = widget.parentWidget()
    left, right = widget.x(), widget.x() + widget.width()
    while parent is not None and not parent.isWindow():
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.horizontalScrollBar().maximum() > 0:
            return area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if left < 0 or right > parent.width():
            return False
        left, right = left + parent.x(), right + parent.x()
        parent = parent.parentWidget()
    return True
