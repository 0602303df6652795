"""Stand-ins for a roll: a camera, a film, and recognition that concludes what is written down for a second."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from attendance_app.domain.faces import Frame
from attendance_app.domain.masks import MaskState
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.services.session.evidence import NetworkOpinions
from attendance_app.services.session.frame_result import Conclusion, FrameResult, UnknownPerson
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.store.database import Store
from attendance_app.vision.source_protocol import ClosingSource, PictureMode, SourceState, StateListener

IMAGE = np.zeros((4, 4, 3), np.uint8)


def conclude(kind: DecisionKind, student: int | None, at: float, first: float | None = None) -> Conclusion:
    """A conclusion at a second of the source."""
    decision = Decision(kind, 1, student, 0.99, 3, 0.4, at if first is None else first, at)
    return Conclusion(decision, IMAGE, NetworkOpinions(mask=MaskState.WITH_MASK))


@dataclass
class Film(ClosingSource):
    """Frames at the given seconds. None in their place: nothing comes for a while; an error: it is raised."""

    times: list[float | Exception | None]
    recorded: bool = True
    live: bool = False
    frames_read: int = 0
    truncated: bool = False
    closed: bool = False
    name: str = "film"
    state: SourceState = SourceState.STREAMING
    on_state: StateListener | None = None
    waits: bool = False
    """Nothing comes at the end instead of the end."""
    picture: PictureMode | None = None

    def read(self, timeout: float | None = None) -> Frame | None:
        if self.closed:
            return None
        if not self.times:
            if not self.waits:
                return None
            # Without a pause the thread that reads would keep a core busy.
            threading.Event().wait(0.01)
            raise TimeoutError
        seconds = self.times.pop(0)
        if isinstance(seconds, Exception):
            raise seconds
        if seconds is None:
            raise TimeoutError
        self.frames_read += 1
        return Frame(self.frames_read - 1, seconds, IMAGE)

    def close(self) -> None:
        self.closed = True


@dataclass
class Recognised:
    """Concludes and sees what is written down for a second."""

    conclusions: dict[float, list[Conclusion]] = field(default_factory=dict)
    seen: dict[float, tuple[int, ...]] = field(default_factory=dict)
    unknown: dict[float, int] = field(default_factory=dict)
    in_frame: Callable[[Frame], object] = lambda _frame: None
    encoder_id: str = "stand-in"
    people: int = 0
    named: list[tuple[int, int | None]] = field(default_factory=list)
    marked_before: list[int] = field(default_factory=list)
    sources: int = 0

    def begin_source(self, *, beside: bool, photographs: bool, source: int = 0) -> None:
        self.sources += 1

    def end_source(self, source: int) -> None: ...

    def process(self, frame: Frame, *, source: int = 0) -> FrameResult:
        self.in_frame(frame)
        self.people = self.unknown.get(frame.seconds, self.people)
        return FrameResult(
            index=frame.index,
            seconds=frame.seconds,
            faces=(),
            conclusions=tuple(self.conclusions.get(frame.seconds, ())),
            seen=self.seen.get(frame.seconds, ()),
            unknown=self.unknown_people() if frame.seconds in self.unknown else None,
        )

    def unknown_people(self) -> tuple[UnknownPerson, ...]:
        return tuple(UnknownPerson((track,), None) for track in range(self.people))

    def compare_with(self, roster: object) -> None: ...

    def name_face(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        self.named.append((track_id, student_id))

    def already_marked(self, student_id: int) -> None:
        self.marked_before.append(student_id)

    def close(self) -> None: ...


def tools(
    store: Store,
    sources: Sequence[Any] | Callable[..., Any],
    recognised: Recognised,
    *,
    clock: Callable[[], datetime],
    **more: Any,
) -> RollTools:
    """``sources``: what is opened, one after the other (an error is raised), or what opens them."""
    waiting = list(sources) if not callable(sources) else []

    def open_next(_spec: str, *, realtime: bool, on_state: StateListener, turn: int) -> Any:
        source = waiting.pop(0)
        if isinstance(source, Exception):
            raise source
        source.on_state = on_state
        return source

    return RollTools(
        store=store,
        clock=clock,
        open_source=sources if callable(sources) else open_next,
        open_pipeline=lambda _order: recognised,
        read_roster=lambda _course, _encoder: None,  # type: ignore[arg-type, return-value]
        **more,
    )
