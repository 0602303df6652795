"""A camera in the network: RTSP, or motion JPEG and other streams over HTTP."""

import socket
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from attendance_app.domain.errors import SourceError
from attendance_app.vision.live_source import LiveSource, LiveTiming, open_live
from attendance_app.vision.opencv import Capture, as_capture, open_capture
from attendance_app.vision.source_protocol import StateListener, ignore_state
from attendance_app.vision.stream_answer import explained

SCHEMES: Final = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""What is understood, with the port taken when the address names none."""

REACH_WITHIN: Final = 3.0
"""Seconds for the camera to accept a connection."""

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
        _reach(address)
        capture = _open_stream(url, patience=timing.open_within * 0.6)
        if capture is None:
            raise explained(address, name)
        return capture

    return open_live(
        name, connect=connect, no_frames=lambda: _no_pictures(name), timing=timing, clock=clock, on_state=on_state
    )


def checked_address(url: str) -> SplitResult:
    """Split an address. Raises SourceError if it isn't one."""
    try:
        address = urlsplit(url)
        usable = address.scheme in SCHEMES and address.hostname and (address.port is None or address.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SourceError(
            "{url} is not the address of a camera.",
            remedy="Write it as rtsp://user:password@host:554/path or http://host:port/path.",
            url=url,
        )
    return address


def without_password(address: SplitResult) -> str:
    """Return the address as it may be shown and logged."""
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()


def _reach(address: SplitResult) -> None:
    """Try a connection first: it fails sooner and says more than the video library."""
    host = address.hostname or ""
    port = address.port or SCHEMES[address.scheme]
    try:
        socket.create_connection((host, port), timeout=REACH_WITHIN).close()
    except socket.gaierror as error:
        raise SourceError(
            "There is no host {host}.",
            remedy="Check the address, and that this computer is in the same network.",
            host=host,
        ) from error
    except ConnectionRefusedError as error:
        raise SourceError(
            "{host} answers, but not on port {port}.",
            remedy="Check the port (RTSP usually has 554) and that streaming is switched on in the camera.",
            host=host,
            port=port,
        ) from error
    except OSError as error:
        raise SourceError(
            "The camera {host}:{port} does not answer.",
            remedy="Check that it is switched on and in the same network, and try its address in a browser.",
            host=host,
            port=port,
        ) from error


def _open_stream(url: str, *, patience: float) -> Capture | None:
    import cv2

    milliseconds = round(patience * 1000)
    timeouts = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, milliseconds, cv2.CAP_PROP_READ_TIMEOUT_MSEC, milliseconds)
    return as_capture(open_capture(url, cv2.CAP_FFMPEG, timeouts))


def _no_pictures(name: str) -> SourceError:
    return SourceError(
        "{name} sends no pictures.",
        remedy="Check that the camera is switched on and reachable from this computer.",
        name=name,
    )
