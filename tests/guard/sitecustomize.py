"""Writes down whom Python code asks for or connects to; on the path of every process of a test (PYTHONPATH)."""

import os
import socket
import sys

_EVENTS = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


def _write_down(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    first = arguments[0]
    # Sockets of the system's own file names: displays and desktops, nothing that leaves the machine.
    if isinstance(first, socket.socket) and first.family == getattr(socket, "AF_UNIX", None):
        return
    address = arguments[1] if isinstance(first, socket.socket) else first
    with open(os.environ["CONNECTIONS_FILE"], "a", encoding="utf-8") as file:
        file.write(f"{event} {address!r} by {sys.argv}\n")


if "CONNECTIONS_FILE" in os.environ:
    sys.addaudithook(_write_down)
