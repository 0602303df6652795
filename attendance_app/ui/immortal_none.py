"""PySide6 6.12 hands out ``None`` and ``True`` without counting the reference.

Its wheels are made as for Python 3.12, where these are immortal (PEP 683). Python 3.11 counts: some minutes of live
video ended in "deallocating None". Measured with PySide6 6.12.0 on Python 3.11.7: 1,000 calls of ``QWidget.update``
take 1,000 references of ``None`` away, 100 jobs with five reports of progress 1,300 of ``True``.
"""

import ctypes
import sys

ENOUGH = 1 << 40
"""References to add: at 100,000 calls a second they last four months."""
CONSTANTS: tuple[object, ...] = (None, True, False, NotImplemented)


def keep_none_alive() -> None:
    """Give the constants references enough for any session. Does nothing where they are immortal, or a second time."""
    if sys.version_info >= (3, 12) or sys.getrefcount(None) >= ENOUGH // 2:
        return
    for constant in CONSTANTS:
        ctypes.c_ssize_t.from_address(id(constant)).value += ENOUGH  # CPython keeps the count at the object's address
