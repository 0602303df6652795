"""A camera in the network: RTSP, or motion JPEG and other streams over HTTP."""

import re
import socket
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from attendance_app.domain.addresses import without_secrets
from attendance_app.vision.errors import (
    CameraSilent,
    NoCameraAddress,
    NoSuchHost,
    PasswordNotEscaped,
    PortClosed,
    StreamWithoutPictures,
)
from attendance_app.vision.live_source import LiveSource, LiveTiming, open_live
from attendance_app.vision.opencv import Capture
from attendance_app.vision.source_protocol import StateListener, ignore_state
from attendance_app.vision.stream_answer import explain_stream_error

SCHEMES: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""Supported schemes, with the default port."""

REACH_WITHIN: Final = 3.0
"""Seconds within which the camera must accept a connection."""

NETWORK_TIMING: Final = LiveTiming(open_within=9.0, silent_for=1.0)


def open_network_camera(
    url: str,
    *,
    timing: LiveTiming = NETWORK_TIMING,
    clock: Callable[[], float] = time.monotonic,
    on_state: StateListener = ignore_state,
) -> LiveSource:
    """Open a stream by its address, password and all. Raises SourceError within ``timing.open_within`` seconds."""
    address = checked_address(url)
    name = without_password(address)

    def connect() -> Capture:
        from attendance_app.vision.films.open import open_stream  # imports OpenCV

        _reach(address)
        # The plain connection before it may take up to REACH_WITHIN of the time allowed.
        capture = open_stream(url, patience=timing.open_within * 0.6)
        if capture is None:
            raise explain_stream_error(address, name)
        return capture

    return open_live(
        name,
        connect=connect,
        no_frames=lambda: StreamWithoutPictures(name=name),
        timing=timing,
        clock=clock,
        on_state=on_state,
    )


def checked_address(url: str) -> SplitResult:
    """Split an address. Raises SourceError if it isn't one, or if its password would end the address too early."""
    try:
        address = urlsplit(url)
        usable = address.scheme in SCHEMES and address.hostname and (address.port is None or address.port > 0)
    except ValueError:
        address, usable = None, False
    if _ends_too_early(url, address if usable else None):
        raise PasswordNotEscaped(address=without_secrets(url))
    if not usable or address is None:
        raise NoCameraAddress(url=without_secrets(url))
    return address


def _ends_too_early(url: str, address: SplitResult | None) -> bool:
    """Whether user and password have signs that end them: an @ behind a # or, where nothing else fits, a / ? [ or ]."""
    if "@" not in url:
        return False
    behind = "@" in re.sub(r"^\w+://[^/?]*", "", url) or re.search(r"[\[\]].*@", url)
    return "#" in url or (address is None and bool(behind))


def without_password(address: SplitResult) -> str:
    """Return the address as it may be shown and logged."""
    return without_secrets(address.geturl())


def _reach(address: SplitResult) -> None:
    """Try a plain connection first: it fails sooner than the video library, with a more precise reason."""
    host = address.hostname or ""
    port = address.port or SCHEMES[address.scheme]
    try:
        socket.create_connection((host, port), timeout=REACH_WITHIN).close()
    except socket.gaierror as error:
        if "@" in f"{address.path}{address.query}":  # admin:12/34@10.0.0.7 reads as a host "admin" with port 12
            raise PasswordNotEscaped(address=without_password(address)) from error
        raise NoSuchHost(host=host) from error
    except ValueError as error:  # no name that the network could have: an empty or too long part, a NUL
        raise NoSuchHost(host=host) from error
    except ConnectionRefusedError as error:
        raise PortClosed(host=host, port=port) from error
    except OSError as error:  # a timeout, or no route to the host
        raise CameraSilent(host=host, port=port) from error
