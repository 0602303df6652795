"""The source of a roll: opened on a separate thread, read, lost, and opened again."""

import logging
from collections.abc import Callable
from dataclasses import replace

from attendance_app.domain.addresses import without_secrets
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.services.errors import CameraLost
from attendance_app.services.session.roll_messages import PictureKnown, RollOrder, SourceStatus
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.services.session.source_time import SourceTime
from attendance_app.vision.opening import Opening
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import Source, SourceState

_log = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
"""How long to wait for a frame before the queue of commands is read again."""

GAP_SECONDS = 1.0
"""Source time between two sources, so that no track continues from one to the other."""


class RollSource:
    """One source at a time; ``number`` tells it from those beside it. Used on the roll's thread, except for the
    ``on_state`` callback."""

    def __init__(
        self, order: RollOrder, tools: RollTools, post: Callable[[Callable[[], None]], None], number: int = 0
    ) -> None:
        self.number = number
        self._order = order
        self._tools = tools
        self._post = post
        self._opening: Opening[Source] | None = None
        self._source: Source | None = None
        self._token = object()
        self._base = 0.0
        self._before = 0  # frames of the sources before the open one
        self._waited_from = 0.0  # in ``ticks``: when the newest frame came
        self.spec: str | PhotoSet | None = None
        """What is, or is to be, open."""
        self.time: SourceTime | None = None
        """There once its frames have begun."""
        self.error: KnownError | None = None
        """Why it is lost."""
        self.reopen_at: float | None = None
        """When a lost camera is opened again, in ``ticks``."""
        self.turn = order.turn
        """By how many degrees its pictures are turned clockwise."""
        self.seconds = 0.0
        """Of the newest frame, over all that it has opened."""
        self.truncated = False
        self._told: tuple[int, int] | None = None
        """Size of the open camera's picture that was reported."""
        self.pictures: list[PictureKnown] = []
        """What the cameras have given, each camera and size once."""

    @property
    def source(self) -> Source | None:
        """The source that is open."""
        return self._source

    @property
    def known(self) -> KnownSource:
        """What the register notes of the open source."""
        if isinstance(self.spec, PhotoSet):
            return KnownSource.of(SourceKind.PHOTOGRAPHS)
        assert self._source is not None
        assert self.spec is not None
        if self._source.recorded:
            return KnownSource.of(SourceKind.RECORDING)
        return KnownSource.of(SourceKind.CAMERA, without_secrets(self.spec))

    @property
    def idle(self) -> bool:
        """Whether nothing comes from it any more, and nothing is waited for."""
        return self._source is None and self._opening is None and self.reopen_at is None

    @property
    def running(self) -> bool:
        """Whether frames come."""
        return self._source is not None and self.error is None

    @property
    def status(self) -> SourceStatus | None:
        """What to say of it; None where there is nothing."""
        if self.spec is None or (self.idle and self.error is None):
            return None
        name = "" if self._source is None else self._source.name
        return SourceStatus(self.number, self.spec, name, opening=self._opening is not None, error=self.error)

    @property
    def base(self) -> float:
        """The seconds at which the open source begins."""
        return self._base

    @property
    def frames_read(self) -> int:
        """Frames of all that it has opened so far, including those that were dropped."""
        return self._before + (self._source.frames_read if self._source is not None else 0)

    def open(self, spec: str | PhotoSet, *, ready: Callable[[], None], on_state: Callable[[SourceState], None]) -> None:
        """Open another source in its place; ``ready`` and ``on_state`` are queued as commands of the roll."""
        self.close()
        self.spec, self.reopen_at = spec, None
        # A copy: ``turn`` may change before the other thread opens the source.
        turn = self.turn
        # A source that was replaced may still report states from its thread; they must not be taken for those of its
        # successor.
        token = object()
        self._token = token

        def tell(state: SourceState) -> None:
            self._post(lambda: on_state(state) if self._token is token and self._source is not None else None)

        self._opening = Opening(
            _name_of(spec),
            lambda: self._tools.open_source(spec, realtime=self._order.realtime, on_state=tell, turn=turn),
            close=lambda source: source.close(),
            ready=lambda: self._post(ready),
        )

    @property
    def opened(self) -> bool:
        """Whether the source has been opened, or has failed to open."""
        return self._opening is not None and self._opening.done

    def take_up(self) -> Source:
        """Use the source that was opened. Raises the error of opening it."""
        assert self._opening is not None
        opening, self._opening = self._opening, None
        self._source = opening.result()
        self.error = None
        # Seconds grow over all sources of a session, because the pipeline requires that they never go back.
        self._base = self.seconds + GAP_SECONDS if self.frames_read else 0.0
        self._waited_from = self._tools.ticks()
        self._told = None
        return self._source

    def read(self, timeout: float = WAIT_SECONDS) -> Frame | None:
        """Return the next frame; None at the end of the source or of the time. Raises TimeoutError, and CameraLost."""
        assert self._source is not None
        try:
            frame = self._source.read(timeout)
        except TimeoutError:
            # A camera that delivers nothing must not make a roll with ``max_seconds`` endless.
            if self._over(self.seconds + self._tools.ticks() - self._waited_from):
                return None
            raise
        except KnownError:
            raise  # it says more than "lost"
        except Exception as error:  # whatever a driver raises, the camera is lost
            _log.warning("%s has failed", self._source.name, exc_info=True)
            raise CameraLost(name=self._source.name) from error
        if frame is None or self._over(frame.seconds + self._base):
            return None
        self.seconds, self._waited_from = frame.seconds + self._base, self._tools.ticks()
        return replace(frame, seconds=self.seconds, source=self._source.name)

    def news_of_picture(self) -> PictureKnown | None:
        """Return what the open camera gives, once it is known and when its size has changed."""
        picture = None if self._source is None else self._source.picture
        if self._source is None or picture is None or picture.rate is None or picture.size == self._told:
            return None
        self._told = picture.size
        known = PictureKnown(self._source.name, picture, self.number)
        if not any(one.name == known.name and one.picture.size == picture.size for one in self.pictures):
            self.pictures.append(known)
        return known

    def close(self) -> None:
        """Close the source, or the one that is being opened; a lost one is not opened again."""
        if self._opening is not None:
            self._opening.abandon()
        if self._source is not None:
            # The property adds the open source, which is about to go.
            self._before = self.frames_read
            self.truncated |= self._source.truncated
            self._source.close()
        self._opening = self._source = self.reopen_at = None

    def _over(self, seconds: float) -> bool:
        return self._order.max_seconds is not None and seconds > self._order.max_seconds


def _name_of(spec: str | PhotoSet) -> str:
    return spec if isinstance(spec, str) else "photographs"
