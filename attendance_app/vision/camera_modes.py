"""Finds the largest picture that a camera gives at a usable rate.

Drivers differ in what they do with a size that the camera does not have: they give the nearest, the default, or
nothing. Uncompressed pictures of full size come at 1 to 5 a second over USB 2. So each size is tried, and what counts
is what comes (docs/adr/0024).
"""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from attendance_app.config.settings import CameraPicture
from attendance_app.vision.camera_memory import CameraMemory
from attendance_app.vision.opencv import Capture
from attendance_app.vision.source_protocol import PictureMode

_log = logging.getLogger(__name__)

PictureSize: TypeAlias = tuple[int, int]
"""Width and height."""

SIZES: Final[tuple[PictureSize, ...]] = ((3840, 2160), (2560, 1440), (1920, 1080), (1280, 720), (640, 480))

LARGEST_BY_SETTING: Final[dict[CameraPicture, PictureSize]] = {
    "largest": SIZES[0],
    "1080p": (1920, 1080),
    "720p": (1280, 720),
}

LEAST_RATE: Final = 8.0
"""Pictures a second that following faces needs."""

SAME_RATE: Final = 0.8
"""A rate of at least this share of another is as good."""

MEASURED_PICTURES: Final = 6
FIRST_WITHIN: Final = 3.0
"""Seconds within which the first picture of a size must come."""
SEARCH_SECONDS: Final = 5.0
"""No further size is tried after that."""
POLL: Final = 0.02
USUAL: Final[PictureSize] = (1920, 1080)
"""Asked for where nothing came at any size: the camera may only be slow to start."""


@dataclass(frozen=True, slots=True)
class PictureWish:
    """What is asked of cameras: ``largest`` is the size that is tried first."""

    largest: PictureSize = SIZES[0]
    memory: CameraMemory = field(default_factory=CameraMemory)

    @property
    def sizes(self) -> tuple[PictureSize, ...]:
        """What is tried, the largest first."""
        return tuple(size for size in SIZES if _pixels(size) <= _pixels(self.largest))


class Device(Capture, Protocol):
    """The part of ``cv2.VideoCapture`` with which a camera is set up."""

    def set(self, prop: int, value: float) -> bool: ...

    def get(self, prop: int) -> float: ...


@dataclass(frozen=True, slots=True)
class _Tried:
    """What came when ``asked`` was asked for."""

    asked: PictureSize
    mode: PictureMode
    rate: float

    @property
    def pixels(self) -> int:
        return self.mode.width * self.mode.height


def largest_mode(
    reopen: Callable[[], Device | None],
    sizes: Sequence[PictureSize],
    *,
    known: PictureMode | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Device, PictureMode | None] | None:
    """Open a camera at the largest of ``sizes`` at which it gives at least ``LEAST_RATE`` pictures a second.

    ``known``: what an earlier search has found; nothing else is tried if it is given still. Where no size is fast
    enough, the largest that is about as fast as the fastest: in the dark all are slow. The mode is None if no pictures
    came at any size; the camera is then open all the same. None: it can't be opened. ``clock`` counts seconds
    monotonically.
    """
    device = reopen()
    if device is None:
        return None
    search = _Search(reopen, device, clock)
    if known is not None:
        as_before = search.tried((known.width, known.height))
        if as_before is not None and as_before.rate >= LEAST_RATE and as_before.mode.size == known.size:
            return search.finish(as_before, known.size)
    return search.finish(search.largest(sizes), min(USUAL, sizes[0], key=_pixels))


class _Search:
    """One camera, while its sizes are tried."""

    def __init__(self, reopen: Callable[[], Device | None], device: Device, clock: Callable[[], float]) -> None:
        self._reopen = reopen
        self._device: Device | None = device
        self._clock = clock
        self._asked: PictureSize | None = None
        self._gone = False

    def largest(self, sizes: Sequence[PictureSize]) -> _Tried | None:
        deadline = self._clock() + SEARCH_SECONDS
        fast: _Tried | None = None
        slow: list[_Tried] = []
        for size in sizes:
            # What comes may be smaller than what was asked for: a smaller size may then give more.
            if (fast is not None and fast.pixels >= _pixels(size)) or self._clock() >= deadline:
                break
            tried = self.tried(size, unless=[one.mode.size for one in (fast, *slow) if one is not None])
            if tried is None:
                continue
            if tried.rate >= LEAST_RATE:
                fast = tried if fast is None or tried.pixels > fast.pixels else fast
            else:
                slow.append(tried)
                if _limited_by_light(slow):
                    break
        if fast is not None or not slow:
            return fast
        best = max(one.rate for one in slow)
        return max((one for one in slow if one.rate >= SAME_RATE * best), key=lambda one: one.pixels)

    def tried(self, size: PictureSize, *, unless: Sequence[PictureSize] = ()) -> _Tried | None:
        """Ask for a size and measure; None if nothing comes, or the camera says that it gives one of ``unless``."""
        device = self._opened()
        if device is None:
            return None
        try:
            said = _ask(device, size)
            self._asked = size
            if said in unless:
                return None
            mode = _measured(device, self._clock)
        except Exception:  # noqa: BLE001 - a driver may raise anything; the next size is tried with a fresh start
            _log.info("the driver has failed at %s x %s", *size, exc_info=True)
            mode = None
        if mode is None:
            # A driver that gives nothing at one size may be stuck until the camera is opened again.
            _release(device)
            self._device = self._asked = None
            return None
        _log.info("asked for %s x %s: %s x %s at %.1f a second", *size, *mode.size, mode.rate)
        return _Tried(size, mode, mode.rate or 0.0)

    def finish(self, chosen: _Tried | None, usual: PictureSize) -> tuple[Device, PictureMode | None] | None:
        """Return the camera, set to what was chosen, else to ``usual``; None if it has gone."""
        device = self._opened()
        if device is None:
            return None
        asked = usual if chosen is None else chosen.asked
        if asked != self._asked:
            _ask(device, asked)
        return device, None if chosen is None else chosen.mode

    def _opened(self) -> Device | None:
        if self._device is None and not self._gone:
            self._device = self._reopen()
            # A camera that is missing is not looked for once a size.
            self._gone = self._device is None
        return self._device


def _pixels(size: PictureSize) -> int:
    return math.prod(size)


def _ask(device: Device, size: PictureSize) -> PictureSize:
    """Ask for a size in motion JPEG; return the size that the camera says it gives."""
    import cv2

    # Before the size, and for each: where a size has no motion JPEG, the back end goes on with another format.
    device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    device.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    device.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    return round(device.get(cv2.CAP_PROP_FRAME_WIDTH)), round(device.get(cv2.CAP_PROP_FRAME_HEIGHT))


def _measured(device: Device, clock: Callable[[], float]) -> PictureMode | None:
    """Read some pictures; return their size and rate, None if there were fewer than two."""
    begun, first, came, size = clock(), None, 0, (0, 0)
    while came <= MEASURED_PICTURES:
        good, picture = device.read()
        now = clock()
        if good and picture is not None:
            height, width = picture.shape[:2]
            size, came, last = (width, height), came + 1, now
            first = now if first is None else first
        elif first is None and now - begun > FIRST_WITHIN:
            return None
        else:
            time.sleep(POLL)
        # The first picture comes late, so time counts from it.
        if first is not None and now - first > MEASURED_PICTURES / LEAST_RATE:
            break
    if first is None or came < 2:
        return None
    return PictureMode(*size, rate=(came - 1) / max(last - first, 1e-3))


def _limited_by_light(slow: Sequence[_Tried]) -> bool:
    """Whether a smaller size is no faster than the one before: exposure, not the cable, takes the time."""
    if len(slow) < 2 or slow[-1].pixels >= slow[-2].pixels:
        return False
    return slow[-1].rate * SAME_RATE <= slow[-2].rate


def _release(device: Device) -> None:
    try:
        device.release()
    except Exception:  # noqa: BLE001 - as in ``tried``
        _log.info("the driver has failed to let the camera go", exc_info=True)
