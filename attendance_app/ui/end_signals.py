"""The system asks the program to end: a signal, or the end of the user's session at the computer."""

import contextlib
import signal
import socket
import threading
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class EndSignals(QObject):
    """``asked`` is emitted in the window's thread when the program should end without asking anybody."""

    asked = Signal()

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        self._application = application
        application.commitDataRequest.connect(self._on_session_end)
        self._before: dict[int, object] = {}
        self._woken: socket.socket | None = None
        if threading.current_thread() is threading.main_thread():
            self._listen()

    def _listen(self) -> None:
        # Python runs its own handlers between two steps of Python code, and Qt's loop may not make one for long. So the
        # signal writes into a socket (``set_wakeup_fd``), which wakes the loop.
        self._woken, self._wakes = socket.socketpair()
        for end in (self._woken, self._wakes):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._woken.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._wakeup_before = signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            self._before[number] = signal.signal(number, self._on_signal)

    def stop(self) -> None:
        """Give the signals back to whoever had them before."""
        self._application.commitDataRequest.disconnect(self._on_session_end)
        if self._woken is None:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal has returned
        self._woken.close()
        self._wakes.close()
        self._woken = None

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Nothing: the socket has woken the loop."""

    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if self._woken is not None and self._woken.recv(64):
                self.asked.emit()

    def _on_session_end(self, *_manager: object) -> None:
        self.asked.emit()
