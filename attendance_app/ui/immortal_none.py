"""PySide6 6.12 gives ``None`` one reference too few on every call that returns nothing.

From Python 3.12 on ``None`` is immortal (PEP 683) and nothing happens. Python 3.11 counts: the window would end with
"deallocating None" after some minutes of live video. Measured with PySide6 6.12.0 on Python 3.11.7:
1,000 calls of ``QWidget.update`` take 1,000 references away.
"""

import ctypes
import sys

ENOUGH = 1 << 40
"""References to add: at 100,000 calls a second they last four months."""


def keep_none_alive() -> None:
    """Give ``None`` references enough for any session. Does nothing where it is immortal, or a second time."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) >= ENOUGH // 2:
        return
    ctypes.c_ssize_t.from_address(id(None)).value += ENOUGH  # CPython keeps the count at the object's address
