import sys

import pytest
from PySide6.QtWidgets import QWidget

from attendance_app.ui.immortal_none import CONSTANTS, ENOUGH, keep_none_alive


@pytest.mark.parametrize("constant", CONSTANTS)
def test_calls_into_qt_can_not_use_a_constant_up(qapp: object, constant: object) -> None:
    widget = QWidget()
    for _ in range(20_000):  # more than Python has references to any of them at its start
        widget.update()
    assert sys.getrefcount(constant) > ENOUGH // 2


def test_references_are_added_once(qapp: object) -> None:
    before = sys.getrefcount(None)
    keep_none_alive()
    assert sys.getrefcount(None) - before < 1000
