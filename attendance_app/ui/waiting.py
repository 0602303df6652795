"""Waiting in a script that drives the window: for screenshots, measurements and tests.

``QTest.qWait`` is not used: it keeps Python's lock while it waits (PySide6 6.11), so that our threads stand still. A
separate event loop releases it.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

LOOK_AGAIN_MS = 10


def process_events_for(milliseconds: int) -> None:
    """Process events for so many milliseconds."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], object], seconds: float) -> bool:
    """Process events until a condition holds, or so many seconds have passed; return whether it holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        process_events_for(LOOK_AGAIN_MS)
    return True
