"""One window per data folder: a second start brings the first window to the front."""

import hashlib
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS = 1000
"""How long the open window may take to answer, and to hang up."""

ABSTRACT = sys.platform == "linux"
"""Linux has sockets without a file, so that nothing stays in /tmp when the program is killed."""


class OpenWindow(QObject):
    """Created by the window that holds the folder's lock; ``called`` is emitted when the program is started again."""

    called = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        option = QLocalServer.SocketOption
        self._server.setSocketOptions(option.AbstractNamespaceOption if ABSTRACT else option.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        QLocalServer.removeServer(_name(home))  # left behind by one that was killed; the lock says that none lives
        self._server.listen(_name(home))

    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            caller = self._server.nextPendingConnection()
            caller.disconnectFromServer()
            caller.deleteLater()
        self.called.emit()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


def call_open_window(home: Path) -> bool:
    """Ask the window that is open on ``home`` to come to the front; False if it doesn't answer."""
    socket = QLocalSocket()
    if ABSTRACT:
        socket.setSocketOptions(QLocalSocket.SocketOption.AbstractNamespaceOption)
    socket.connectToServer(_name(home))
    answered = socket.waitForConnected(PATIENCE_MS)
    # The open window hangs up once it has been called. Qt warns when one waits for a connection that is closed.
    if answered and socket.state() is not QLocalSocket.LocalSocketState.UnconnectedState:
        socket.waitForDisconnected(PATIENCE_MS)
    return answered


def _name(home: Path) -> str:
    """Return a short name: some systems allow a hundred characters."""
    return "attendance-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
