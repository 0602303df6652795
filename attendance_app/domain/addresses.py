"""Addresses of cameras in a form that may be shown: without the password."""

import re
from typing import Final

HIDDEN: Final = "•••"
"""Stands for a password; of fixed length, so that it says nothing of the password's."""

_NAMED_SECRET: Final = re.compile(
    r"(?i)\b((?:pass(?:w(?:or)?d)?|pwd|psw|token|secret|auth|api_?key|key)=)[^&;/?#\s]*",
)
"""Some cameras take the password as a named part of path or query."""
_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
"""A file of Windows: the colon after the drive's letter ends no user name."""


def without_secrets(address: str) -> str:
    """Return an address for showing and logging: without user and password, however badly it is written."""
    return _NAMED_SECRET.sub(rf"\g<1>{HIDDEN}", _place(address))


def with_dots(address: str) -> str:
    """Return an address for an editable field: the user stays, dots replace the password."""
    scheme, user, password, place = _parts(address)
    if not password:
        return address
    return f"{scheme}{user}:{HIDDEN}@{place}"


def with_password_of(edited: str, before: str) -> str:
    """Return the edited address with the password of the address that was shown with dots."""
    _, _, password, _ = _parts(before)
    return edited.replace(f":{HIDDEN}@", f":{password}@", 1) if password else edited


def _place(address: str) -> str:
    scheme, user, _, place = _parts(address)
    # An IPv6 address in brackets has colons of its own; only digits after a colon are a port.
    if not user and scheme and re.match(r"(?!\[)[^/?#]*:[^/?#]*[^\d/?#]", place):  # a password whose @ was forgotten
        return scheme + place.partition(":")[0]
    return scheme + place


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
    scheme = re.match(r"\s*(?:[A-Za-z][\w+.-]*:/+)?", address)
    start = scheme.end() if scheme else 0
    named = re.match(r"(?s)([^/:@?#]+)@(.*)", address[start:])
    if named:
        return address[:start], named[1], "", named[2]
    return address[:start], "", "", address[start:]
