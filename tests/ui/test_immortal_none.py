import sys

from PySide6.QtWidgets import QWidget

from attendance_app.ui.immortal_none import ENOUGH, keep_none_alive


def test_calls_into_qt_can_not_use_none_up(qapp: object) -> None:
    widget = QWidget()
    for _ in range(20_000):  # more than Python has references to None at its start
        widget.update()
    assert sys.getrefcount(None) > ENOUGH // 2


def test_references_are_added_once(qapp: object) -> None:
    before = sys.getrefcount(None)
    keep_none_alive()
    assert sys.getrefcount(None) - before < 1000
