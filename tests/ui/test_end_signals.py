"""The system asks the program to end."""

import os
import signal
import sys

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from attendance_app.ui.end_signals import EndSignals

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends programs without signals")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_is_heard_while_qt_waits(qtbot: QtBot, qapp: QApplication, number: signal.Signals) -> None:
    signals = EndSignals(qapp)
    try:
        with qtbot.waitSignal(signals.asked, timeout=5_000):
            os.kill(os.getpid(), number)
    finally:
        signals.stop()


def test_afterwards_signals_mean_what_they_did(qapp: QApplication) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]

    EndSignals(qapp).stop()

    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)] == before


def test_the_end_of_the_users_session_is_listened_to(qapp: QApplication) -> None:
    # A test can't send it: only Qt makes a QSessionManager.
    session_end = SIGNAL("commitDataRequest(QSessionManager&)")
    before = qapp.receivers(session_end)

    signals = EndSignals(qapp)
    during = qapp.receivers(session_end)
    signals.stop()

    assert (during - before, qapp.receivers(session_end) - before) == (1, 0)
