"""The source of a roll: one at a time, seconds that never go back, and any failure of a driver a lost camera."""

import queue
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rolls import Film

from attendance_app.config.settings import Settings
from attendance_app.domain.people import Course
from attendance_app.services.errors import CameraLost
from attendance_app.services.session.roll_messages import RollOrder
from attendance_app.services.session.roll_source import RollSource
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.vision.errors import CameraWithoutPictures
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import SourceState

ORDER = RollOrder(Course(1, "A", "A"), "0", timedelta(minutes=10), Settings())


@dataclass
class Bench:
    """A source with films to open, one after the other; commands are carried out on the test's thread."""

    films: list[Any]
    order: RollOrder = ORDER
    now: float = 100.0
    opened: list[tuple[object, bool, int]] = field(default_factory=list)
    said: list[object] = field(default_factory=list)
    commands: "queue.SimpleQueue[Any]" = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        tools = RollTools(None, lambda: datetime.now(UTC), self._open, None, None, ticks=lambda: self.now)  # type: ignore[arg-type]
        self.source = RollSource(self.order, tools, self.commands.put)

    def _open(self, spec, *, realtime, on_state, turn):
        self.opened.append((spec, realtime, turn))
        film = self.films.pop(0)
        if isinstance(film, Exception):
            raise film
        film.on_state = on_state
        return film

    def take(self, spec: str = "0") -> None:
        self.source.open(spec, ready=lambda: self.said.append("ready"), on_state=self.said.append)
        self.commands.get(timeout=10)()
        self.source.take_up()

    def states(self) -> list[object]:
        """What the source has said since it was ready."""
        while not self.commands.empty():
            self.commands.get()()
        return self.said[1:]


def test_a_source_is_opened_as_it_was_ordered_and_used_once_it_is_taken_up():
    film = Film([0.5])
    bench = Bench([film], RollOrder(ORDER.course, "film", ORDER.late_after, Settings(), realtime=True, turn=90))
    assert (bench.source.opened, bench.source.source, bench.source.spec) == (False, None, None)
    bench.source.open("film", ready=lambda: bench.said.append("ready"), on_state=bench.said.append)
    bench.commands.get(timeout=10)()
    assert bench.said == ["ready"]
    assert (bench.source.opened, bench.source.source, bench.source.spec) == (True, None, "film")
    assert bench.source.take_up() is film
    assert bench.source.source is film
    assert bench.opened == [("film", True, 90)]
    assert (bench.source.opened, bench.source.base, bench.source.seconds) == (False, 0.0, 0.0)


def test_a_turn_that_is_changed_counts_for_the_next_source():
    bench = Bench([Film([]), Film([])])
    bench.take()
    bench.source.turn = 270
    bench.take()
    assert [turn for _, _, turn in bench.opened] == [0, 270]
    assert {realtime for _, realtime, _ in bench.opened} == {False}


def test_seconds_and_frames_go_on_from_one_source_to_the_next():
    first, second, third = Film([0.0, 2.5]), Film([]), Film([0.25, 4.0], truncated=True)
    bench = Bench([first, second, third])
    bench.take()
    frames = [bench.source.read() for _ in range(3)]
    assert [frame and frame.seconds for frame in frames] == [0.0, 2.5, None]
    assert (bench.source.seconds, bench.source.frames_read, first.closed) == (2.5, 2, False)
    bench.take("1")
    assert (first.closed, bench.source.base, bench.source.frames_read) == (True, 3.5, 2)
    bench.take("2")
    assert (bench.source.base, bench.source.truncated) == (3.5, False)
    assert [bench.source.read().seconds for _ in range(2)] == [3.75, 7.5]
    assert (bench.source.seconds, bench.source.frames_read) == (7.5, 4)
    for _ in range(2):
        bench.source.close()
        assert (bench.source.source, bench.source.frames_read, bench.source.truncated) == (None, 4, True)
    assert third.closed


def test_a_source_from_which_nothing_came_shifts_nothing():
    bench = Bench([Film([]), Film([0.25])])
    bench.take()
    bench.take()
    assert bench.source.base == 0.0
    assert bench.source.read().seconds == 0.25


def test_the_time_asked_for_is_watched_to_its_end_and_not_beyond():
    bench = Bench([Film([1.0, 1.5, 1.51])], RollOrder(ORDER.course, "0", ORDER.late_after, Settings(), max_seconds=1.5))
    bench.take()
    assert [bench.source.read().seconds for _ in range(2)] == [1.0, 1.5]
    assert bench.source.read() is None
    assert bench.source.seconds == 1.5


def test_a_camera_that_delivers_nothing_uses_up_the_time_asked_for():
    film = Film([1.0, None, None, None])
    bench = Bench([film], RollOrder(ORDER.course, "0", ORDER.late_after, Settings(), max_seconds=5.0))
    bench.now = 50.0
    bench.take()
    bench.now = 90.0
    assert bench.source.read().seconds == 1.0
    for now in (90.5, 94.0):
        bench.now = now
        with pytest.raises(TimeoutError):
            bench.source.read()
    bench.now = 94.01
    assert bench.source.read() is None


def test_without_a_limit_a_camera_is_waited_for_however_long():
    bench = Bench([Film([None])])
    bench.take()
    bench.now = 1e9
    with pytest.raises(TimeoutError):
        bench.source.read()


def test_time_without_a_first_frame_counts_from_the_opening():
    bench = Bench([Film([None, None])], RollOrder(ORDER.course, "0", ORDER.late_after, Settings(), max_seconds=5.0))
    bench.take()
    bench.now = 105.0
    with pytest.raises(TimeoutError):
        bench.source.read()
    bench.now = 105.1
    assert bench.source.read() is None


def test_a_frame_is_waited_for_half_a_second_so_that_commands_are_heard():
    waits = []

    class Patient(Film):
        def read(self, timeout=None):
            waits.append(timeout)
            return super().read(timeout)

    bench = Bench([Patient([0.0])])
    bench.take()
    bench.source.read()
    assert waits == [0.5]


def test_whatever_a_driver_raises_the_camera_is_lost_and_named(caplog):
    bench = Bench([Film([RuntimeError("driver"), CameraWithoutPictures(name="0")], name="Camera 0")])
    bench.take()
    with pytest.raises(CameraLost) as lost:
        bench.source.read()
    assert lost.value.name == "Camera 0"
    assert [(record.args, record.exc_info is not None) for record in caplog.records] == [(("Camera 0",), True)]
    with pytest.raises(CameraWithoutPictures):
        bench.source.read()


def test_a_source_that_cant_be_opened_says_so_when_it_is_taken_up():
    bench = Bench([CameraWithoutPictures(name="0")])
    with pytest.raises(CameraWithoutPictures):
        bench.take()
    assert bench.source.source is None


def test_states_are_passed_on_for_the_open_source_only():
    first, second = Film([]), Film([])
    bench = Bench([first, second])
    bench.take()
    first.on_state(SourceState.RECONNECTING)
    assert bench.states() == [SourceState.RECONNECTING]
    first.on_state(SourceState.STREAMING)
    bench.source.close()
    assert bench.states() == [SourceState.RECONNECTING], "it was closed before the state was heard"
    bench.take()
    bench.said[:] = ["ready"]
    first.on_state(SourceState.ENDED)
    second.on_state(SourceState.STREAMING)
    assert bench.states() == [SourceState.STREAMING]


def test_a_source_that_is_being_opened_is_closed_once_another_is_wanted():
    first, second = Film([]), Film([])
    bench = Bench([first, second])
    bench.source.open("0", ready=lambda: bench.said.append("first"), on_state=bench.said.append)
    command = bench.commands.get(timeout=10)
    bench.source.open("1", ready=lambda: bench.said.append("second"), on_state=bench.said.append)
    bench.commands.get(timeout=10)()
    command()
    assert (first.closed, second.closed, bench.source.spec) == (True, False, "1")
    assert bench.source.take_up() is second


def test_the_order_says_whether_it_begins_with_photographs():
    assert not ORDER.from_photographs
    assert not RollOrder(ORDER.course, None, ORDER.late_after, Settings()).from_photographs
    assert RollOrder(ORDER.course, PhotoSet((), None), ORDER.late_after, Settings()).from_photographs
