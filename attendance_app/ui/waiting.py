"""Waiting in a script that drives the window: for screenshots, measurements and tests.

``QTest.qWait`` is not used: it keeps Python's lock while it waits (PySide6 6.11), so that every thread of ours
stands still. An event loop of its own lets go of it.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

LOOK_AGAIN_MS = 10


def process_events_for(milliseconds: int) -> None:
    """Let the window and all threads live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    """Let the window live until something holds, or so many seconds have passed; returns whether it holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        process_events_for(LOOK_AGAIN_MS)
    return True
