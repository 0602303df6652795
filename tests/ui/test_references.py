"""PySide6 counts the references it hands out (6.12.0 did not, and freed None on Python 3.11)."""

import sys

from PySide6.QtWidgets import QApplication, QWidget


def test_calls_that_return_nothing_take_no_reference_of_none(qapp: QApplication) -> None:
    widget = QWidget()
    before = sys.getrefcount(None)

    for _ in range(1000):
        widget.update()

    assert sys.getrefcount(None) > before - 100
