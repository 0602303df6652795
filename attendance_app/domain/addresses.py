"""Addresses of cameras in a form that may be shown: without the password."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

HIDDEN: Final = "•••"
"""Stands for a password; of fixed length, so that it says nothing of the password's."""

_NAMED_SECRET: Final = re.compile(
    r"(?i)(?<![a-z])((?:pass(?:w(?:or)?d)?|pwd|psw|token|secret|auth|api_?key|key)=)([^&;/?#\s]*)",
)
"""Some cameras take the password as a named part of path or query."""
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
"""A file of Windows: the colon after the drive's letter ends no user name."""
_ADDRESS_IN_TEXT: Final = re.compile(r"[A-Za-z][\w+.-]*://(?:[^\n]*@)?\S*")
"""A password may have spaces: all up to the line's last @ is taken for a part of it."""
_SCHEME: Final = r"\s*(?:[A-Za-z][\w+.-]*:/+)"


def without_secrets(address: str) -> str:
    """Return an address for showing and logging: without user and password, however badly it is written."""
    return _NAMED_SECRET.sub(rf"\g<1>{HIDDEN}", _place(address))


def text_without_secrets(text: str) -> str:
    """Return a report or a line of a log without the passwords of the addresses in it."""
    return _ADDRESS_IN_TEXT.sub(lambda found: without_secrets(found[0]), text)


def with_dots(address: str) -> str:
    """Return an address for keeping and editing: the user stays, dots replace the password."""
    return _replaced(address, [HIDDEN] * len(_secret_spans(address)))


def secrets_of(address: str) -> tuple[str, ...]:
    """Return the passwords in an address, in their order; one that is shown as dots is ``HIDDEN``."""
    return tuple(address[start:end] for start, end in _secret_spans(address))


def with_secrets(address: str, secrets: Sequence[str]) -> str | None:
    """Return an address with ``secrets`` where it has dots, None where they are not as many as its passwords."""
    there = secrets_of(address)
    if HIDDEN not in there:
        return address
    if len(secrets) != len(there):
        return None
    return _replaced(address, [new if old == HIDDEN else old for old, new in zip(there, secrets, strict=True)])


def lacks_password(address: str) -> bool:
    """Whether an address of the network names a user without a password, or shows dots for it."""
    return HIDDEN in secrets_of(address) or re.match(_SCHEME + "[^/:@?#]+@", address) is not None


def with_password(address: str, password: str) -> str:
    """Return an address that lacks a password with this one, as it is typed at the camera: unescaped."""
    escaped, there = quote(password, safe=""), secrets_of(address)
    if HIDDEN in there:
        return _replaced(address, [escaped if old == HIDDEN else old for old in there])
    return address.replace("@", f":{escaped}@", 1)


def camera_account(address: str) -> str:
    """Return "user@host" of an address, by which its password is kept: a password is for one user of one host."""
    _, user, _, place = _parts(address)
    host = re.match(r"\[[^\]]*\]|[^/:?#]*", place)
    return f"{user}@{host[0].lower() if host else ''}"


def _secret_spans(address: str) -> list[tuple[int, int]]:
    """Where the passwords stand in an address."""
    if re.match(r"(?i)\s*webcam:", address):
        return []
    scheme, user, password, place = _parts(address)
    start = len(address) - len(place)
    if _forgot_its_at(scheme, user, place):
        return [(start + place.index(":") + 1, len(address))]
    spans = [(start - 1 - len(password), start - 1)] if password else []
    return spans + [found.span(2) for found in _NAMED_SECRET.finditer(address, start) if found[2]]


def _replaced(address: str, secrets: Sequence[str]) -> str:
    """Return an address with other passwords, as many as it has."""
    for (start, end), secret in reversed(list(zip(_secret_spans(address), secrets, strict=True))):
        address = address[:start] + secret + address[end:]
    return address


def _place(address: str) -> str:
    scheme, user, _, place = _parts(address)
    return scheme + (place.partition(":")[0] if _forgot_its_at(scheme, user, place) else place)


def _forgot_its_at(scheme: str, user: str, place: str) -> bool:
    """Whether what looks like a host's port is a password whose @ was forgotten."""
    # An IPv6 address in brackets has colons of its own; only digits after a colon are a port.
    return not user and bool(scheme) and re.match(r"(?!\[)[^/?#]*:[^/?#]*[^\d/?#]", place) is not None


def _parts(address: str) -> tuple[str, str, str, str]:
    """Split into scheme with its slashes, user, password, and the rest. The last @ ends the password.

    Without a colon before it, an @ belongs to a name, as in a file's; a colon after a slash belongs to a path.
    """
    if _DRIVE.match(address):
        return "", "", "", address
    # The group (?>...) is not given up again: without it, the colon of "http:" would end a user name where none is
    # given.
    found = re.match(r"(?s)\s*((?>(?:[A-Za-z][\w+.-]*:/+)?))([^/:@?#]*):(.*)@(.*)", address)
    if found:
        return found[1], found[2], found[3], found[4]
    scheme = re.match(_SCHEME + "?", address)
    start = scheme.end() if scheme else 0
    named = re.match(r"(?s)([^/:@?#]+)@(.*)", address[start:])
    if named:
        return address[:start], named[1], "", named[2]
    return address[:start], "", "", address[start:]
