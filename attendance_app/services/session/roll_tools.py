"""The dependencies of a roll, passed in by ``bootstrap`` or by a test."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from attendance_app.domain.faces import Frame
from attendance_app.domain.people import Course
from attendance_app.services.session.frame_result import FrameResult, UnknownPerson
from attendance_app.services.session.roll_messages import RollOrder
from attendance_app.services.session.stages.track_states import GallerySnapshot
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import Source, StateListener

if TYPE_CHECKING:
    from attendance_app.store.database import Store


class Recognition(Protocol):
    """Turns frames into conclusions; see ``pipeline.Pipeline``."""

    encoder_id: str

    def begin_source(self, *, beside: bool, photographs: bool, source: int = 0) -> None: ...

    def end_source(self, source: int) -> None: ...

    def process(self, frame: Frame, *, source: int = 0) -> FrameResult: ...

    def compare_with(self, roster: GallerySnapshot) -> None: ...

    def name_face(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None: ...

    def already_marked(self, student_id: int) -> None: ...

    def unknown_people(self) -> tuple[UnknownPerson, ...]: ...

    def close(self) -> None: ...


class OpenSource(Protocol):
    """Opens what ``spec`` names (see ``vision.sources.open_source``); may block as long as a driver does."""

    def __call__(self, spec: str | PhotoSet, *, realtime: bool, on_state: StateListener, turn: int) -> Source: ...


@dataclass(frozen=True, slots=True, eq=False)
class RollTools:
    """``clock`` returns the time of day, ``ticks`` monotonic seconds."""

    store: "Store"
    clock: Callable[[], datetime]
    open_source: OpenSource
    open_pipeline: Callable[[RollOrder], Recognition]
    read_roster: Callable[[Course, str], GallerySnapshot]
    """For a course and an encoder's id, what faces are compared with now."""
    ticks: Callable[[], float] = time.monotonic
