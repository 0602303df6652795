"""Asks a network camera by its own protocol why it gives no video: the video library doesn't tell.

RTSP (RFC 2326) has taken requests, statuses and passwords from HTTP, so one small client does for both.
"""

import base64
import hashlib
import re
import socket
from typing import Final
from urllib.parse import SplitResult, unquote

from attendance_app.domain.errors import SourceError
from attendance_app.vision.errors import NoSuchStream, NoVideoInStream, PasswordRefused, PasswordWanted

ANSWER_WITHIN: Final = 1.0
"""Seconds for a connection, and again for the answer."""

# Method, protocol and usual port. Schemes with encryption are not asked.
_ASKED: Final = {"rtsp": ("DESCRIBE", "RTSP/1.0", 554), "http": ("GET", "HTTP/1.0", 80)}
_REFUSED: Final = {401, 403}
# 454 is RTSP's "Session Not Found".
_NOT_THERE: Final = {404, 410, 454}


def explain_stream_error(address: SplitResult, name: str) -> SourceError:
    """Return why the stream at ``address``, shown as ``name``, can't be had, as far as the camera says so."""
    status = _status(address)
    if status in _REFUSED and not address.username:
        return PasswordWanted(name=name)
    if status in _REFUSED:
        return PasswordRefused(name=name)
    if status in _NOT_THERE:
        return NoSuchStream(name=name)
    return NoVideoInStream(name=name)


def _status(address: SplitResult) -> int | None:
    """The status of the camera's answer, with user and password where it asks for them; None: no answer."""
    if address.scheme not in _ASKED:
        return None
    status, challenges = _ask(address)
    if status == 401 and address.username:
        status, _ = _ask(address, _credentials(address, challenges))
    return status


def _ask(address: SplitResult, credentials: str = "") -> tuple[int | None, str]:
    """Send one request; return the answer's status and the ways it offers to prove who one is."""
    method, protocol, port = _ASKED[address.scheme]
    lines = [
        f"{method} {_target(address)} {protocol}",
        f"Host: {address.hostname}",
        "CSeq: 1",
        *filter(None, [credentials]),
    ]
    try:
        with socket.create_connection((address.hostname or "", address.port or port), ANSWER_WITHIN) as connection:
            connection.settimeout(ANSWER_WITHIN)
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            # The status and the challenges stand at the start; one read has them.
            answer = connection.recv(4096).decode("latin-1")
    except OSError:
        return None, ""
    first = re.match(r"(?:RTSP|HTTP)/\d\.\d (\d{3})", answer)
    return int(first[1]) if first else None, "\n".join(re.findall(r"(?im)^WWW-Authenticate:(.*)$", answer))


def _target(address: SplitResult) -> str:
    """What is asked for: RTSP wants the whole address (without the password), HTTP the path."""
    place = address.netloc.rpartition("@")[2] if address.scheme == "rtsp" else ""
    return address._replace(scheme=address.scheme if place else "", netloc=place, path=address.path or "/").geturl()


def _credentials(address: SplitResult, challenges: str) -> str:
    """The line that proves who one is: by digest (RFC 2069, which every later one allows) where that is offered."""
    user, password = unquote(address.username or ""), unquote(address.password or "")
    digest = re.search(r"Digest .*", challenges)
    if digest is None:
        return "Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    given = dict(re.findall(r'(\w+)="([^"]*)"', digest[0]))
    realm, nonce, target = given.get("realm", ""), given.get("nonce", ""), _target(address)
    proof = _md5(f"{_md5(f'{user}:{realm}:{password}')}:{nonce}:{_md5(f'{_ASKED[address.scheme][0]}:{target}')}")
    return (
        f'Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{target}", response="{proof}"'
    )


def _md5(text: str) -> str:
    # The protocol asks for MD5; ``usedforsecurity`` lets it work where the system's policy forbids MD5.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
