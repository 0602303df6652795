"""Several sources in one session: two cameras, a camera and photographs."""

import itertools
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from attendance_app.config.settings import Settings
from attendance_app.domain.errors import KnownError
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.errors import CameraLost
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    MatchConcluded,
    RollOrder,
    RollState,
    SourceEnded,
    SourcesChanged,
    StateChanged,
)
from attendance_app.vision.errors import CameraBusy
from attendance_app.vision.photographs import PhotoSet, RoomPhoto
from attendance_app.vision.source_protocol import SourceState
from tests.rolls import Film, Recognised, conclude, tools

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Camera(Film):
    """Gives a frame whenever it is asked, until ``lost``."""

    def __init__(self, name="Camera 0", *, lost=None):
        super().__init__([], recorded=False, live=True, name=name)
        self.lost = lost or threading.Event()

    def read(self, timeout=None):
        time.sleep(0.002)
        if self.lost.is_set():
            raise CameraLost(name=self.name)
        if self.closed:
            return None
        self.times = [self.frames_read * 0.1]
        return super().read(timeout)


class Recognition(Recognised):
    """Knows which source each frame came from."""

    def __init__(self, **more):
        super().__init__(**more)
        self.frames = []
        self.begun = {}
        self.ended = []

    def begin_source(self, *, beside, photographs, source=0):
        self.begun[source] = (beside, photographs)

    def end_source(self, source):
        self.ended.append(source)

    def process(self, frame, *, source=0):
        self.frames.append((source, frame.source))
        return super().process(frame, source=source)


class Roll:
    def __init__(self, store, course, opened, *, clock=lambda: NINE, **order):
        """``opened``: the sources by what they are called for, or the errors of opening them."""
        self.events = []
        self.recognised = Recognition()
        self.opened = opened
        self.asked = []

        def open_source(spec, *, realtime, on_state, turn):
            self.asked.append((spec, turn))
            made = opened[spec]
            made = made.pop(0) if isinstance(made, list) else made
            if isinstance(made, Exception):
                raise made
            made.on_state = on_state
            return made

        wanted = {"source": "0", "late_after": 10 * MINUTE, "settings": Settings()} | order
        made = tools(store, open_source, self.recognised, clock=clock)
        self.roll = LiveRoll(RollOrder(course, **wanted), made, self.events.append)
        self.error = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        try:
            self.roll.run()
        except KnownError as error:
            self.error = error

    def wait_for(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, self.states
            time.sleep(0.005)

    def until_frames_of(self, *sources):
        begin = len(self.recognised.frames)
        self.wait_for(lambda: {source for source, _ in self.recognised.frames[begin:]} >= set(sources))

    def finish(self):
        self.roll.end()
        return self.join()

    def join(self):
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self

    @property
    def states(self):
        return [event.state for event in self.events if isinstance(event, StateChanged)]

    @property
    def sources(self):
        return [event for event in self.events if isinstance(event, SourcesChanged)][-1].sources

    def told(self, kind):
        return [event for event in self.events if isinstance(event, kind)]


def photographs(*names, started=None):
    return PhotoSet(tuple(RoomPhoto(Path(name), 0.0) for name in names), started)


def test_frames_of_two_cameras_come_in_turn(store, course):
    roll = Roll(store, course, {"0": Camera(), "1": Camera("Camera 1")}, also=("1",))
    roll.until_frames_of(0, 1)
    roll.wait_for(lambda: len(roll.recognised.frames) > 20)
    roll.finish()
    first = roll.recognised.frames[:20]
    assert set(first) == {(0, "Camera 0"), (1, "Camera 1")}
    assert all(before != after for before, after in itertools.pairwise(first[2:]))
    assert roll.recognised.begun == {0: (True, False), 1: (True, False)}
    assert roll.states == [RollState.OPENING, RollState.RUNNING, RollState.ENDED]
    assert {event.source for event in roll.told(FrameSeen)} == {0, 1}
    assert [one.text for one in store.sessions.all()[0].sources] == ["camera 0", "camera 1"]
    summary = roll.roll.summary
    assert summary.frames_processed == len(roll.recognised.frames)
    assert summary.frames_read >= summary.frames_processed


def test_a_camera_that_cant_be_opened_ends_a_roll_that_has_not_begun(store, course):
    first = Camera()
    roll = Roll(store, course, {"0": first, "1": CameraBusy(index=1)}, also=("1",)).join()
    assert isinstance(roll.error, CameraBusy)
    assert store.sessions.all() == ()
    assert first.closed


def test_a_camera_is_added_to_a_roll_that_runs(store, course):
    roll = Roll(store, course, {"0": Camera(), "1": Camera("Camera 1")})
    roll.until_frames_of(0)
    roll.roll.add_source("1", turn=90)
    roll.until_frames_of(0, 1)
    assert roll.asked == [("0", 0), ("1", 90)]
    assert [(one.number, one.spec, one.name, one.error) for one in roll.sources] == [
        (0, "0", "Camera 0", None),
        (1, "1", "Camera 1", None),
    ]
    assert roll.states == [RollState.OPENING, RollState.RUNNING], "the first goes on meanwhile"
    roll.finish()


def test_a_camera_that_cant_be_added_is_said_and_tried_again_while_the_first_goes_on(store, course, monkeypatch):
    monkeypatch.setattr("attendance_app.services.session.live_roll.REOPEN_SECONDS", 0.05)
    roll = Roll(store, course, {"0": Camera(), "1": [CameraBusy(index=1), CameraBusy(index=1), Camera("Camera 1")]})
    roll.until_frames_of(0)
    roll.roll.add_source("1")
    roll.wait_for(lambda: any(isinstance(one.error, CameraBusy) for one in roll.sources))
    roll.until_frames_of(0)
    roll.until_frames_of(0, 1)
    assert [one.error for one in roll.sources] == [None, None]
    assert RollState.SOURCE_LOST not in roll.states
    roll.finish()


def test_a_camera_that_is_lost_does_not_end_the_other(store, course, monkeypatch):
    monkeypatch.setattr("attendance_app.services.session.live_roll.REOPEN_SECONDS", 0.05)
    second = Camera("Camera 1")
    roll = Roll(store, course, {"0": Camera(), "1": [second, Camera("Camera 1")]}, also=("1",))
    roll.until_frames_of(0, 1)
    second.lost.set()
    roll.wait_for(lambda: any(one.error is not None for event in roll.told(SourcesChanged) for one in event.sources))
    (lost,) = [one for event in roll.told(SourcesChanged) for one in event.sources if one.error is not None][:1]
    assert (lost.number, lost.error.name) == (1, "Camera 1")
    roll.until_frames_of(0, 1)
    assert roll.states == [RollState.OPENING, RollState.RUNNING]
    roll.finish()


def test_when_both_are_lost_the_roll_waits_for_either(store, course, monkeypatch):
    monkeypatch.setattr("attendance_app.services.session.live_roll.REOPEN_SECONDS", 0.05)
    cameras = [Camera(), Camera("Camera 1")]
    back = Camera("Camera 1")
    opened = {"0": [cameras[0], *[CameraBusy(index=0)] * 999], "1": [cameras[1], back]}
    roll = Roll(store, course, opened, also=("1",))
    roll.until_frames_of(0, 1)
    cameras[0].on_state(SourceState.RECONNECTING)
    cameras[1].on_state(SourceState.RECONNECTING)
    roll.wait_for(lambda: roll.states[-1] is RollState.SOURCE_LOST)
    for camera in cameras:
        camera.lost.set()
    roll.wait_for(lambda: roll.states[-1] is RollState.RUNNING)
    assert [one.error is None for one in roll.sources] == [False, True]
    roll.finish()


def test_going_on_without_one_of_two(store, course):
    second = Camera("Camera 1")
    roll = Roll(store, course, {"0": Camera(), "1": second}, also=("1",))
    roll.until_frames_of(0, 1)
    roll.roll.drop_source(1)
    roll.wait_for(lambda: len(roll.sources) == 1)
    assert second.closed
    assert roll.recognised.ended == [1]
    roll.roll.drop_source(7)  # gone long ago
    roll.until_frames_of(0)
    roll.roll.drop_source(0)
    roll.wait_for(lambda: roll.states[-1] is RollState.PAUSED)
    assert roll.sources == ()
    roll.finish()
    assert roll.roll.summary.frames_read > 1, "what both have given counts"


def test_another_camera_takes_the_place_of_one(store, course):
    first = Camera()
    opened = {"0": first, "1": [Camera("Camera 1"), Camera("Camera 1")], "2": Camera("Camera 2")}
    roll = Roll(store, course, opened, also=("1",))
    roll.until_frames_of(0, 1)
    roll.roll.use_source("2", instead_of=1)
    roll.wait_for(lambda: (1, "Camera 2") in roll.recognised.frames)
    assert not first.closed
    roll.roll.use_source("1")
    roll.wait_for(lambda: (0, "Camera 1") in roll.recognised.frames)
    assert [one.spec for one in roll.sources] == ["1"]
    assert first.closed
    roll.finish()


def test_the_place_of_a_source_that_has_gone_meanwhile_is_beside_the_others(store, course):
    roll = Roll(store, course, {"0": Camera(), "1": Camera("Camera 1")})
    roll.until_frames_of(0)
    roll.roll.use_source("1", instead_of=5)
    roll.until_frames_of(0, 1)
    roll.finish()


def test_photographs_are_added_and_the_camera_goes_on(store, course):
    corner = photographs("corner.jpg", started=NINE + MINUTE)
    film = Film([0.0], name="corner.jpg")
    roll = Roll(store, course, {"0": Camera(), corner: film}, clock=lambda: NINE + 2 * MINUTE)
    roll.until_frames_of(0)
    roll.recognised.conclusions = {0.0: [conclude(DecisionKind.MARK, 2, at=0.0)]}
    roll.roll.add_source(corner)
    roll.wait_for(lambda: roll.told(SourceEnded))
    roll.until_frames_of(0)
    assert roll.recognised.begun == {0: (True, False), 1: (False, True)}
    assert [one.number for one in roll.sources] == [0]
    assert RollState.PAUSED not in roll.states
    roll.finish()
    (session,) = store.sessions.all()
    (mark,) = [one for one in store.marks.of_session(session.id) if one.marked_by is MarkedBy.CAMERA]
    assert (mark.student_id, mark.status) == (2, Status.PRESENT)


@pytest.mark.parametrize(
    ("taken", "at"),
    [
        (None, NINE + 30 * MINUTE),
        (NINE + 5 * MINUTE, NINE + 5 * MINUTE),
        # The photograph was taken, then the session begun.
        (NINE - MINUTE, NINE),
        # The camera's clock is wrong.
        (NINE + 90 * MINUTE, NINE + 30 * MINUTE),
        (NINE - timedelta(days=365), NINE + 30 * MINUTE),
    ],
)
def test_photographs_that_are_added_have_a_time_within_the_session(store, course, taken, at):
    corner, now = photographs("corner.jpg", started=taken), [NINE]
    roll = Roll(store, course, {"0": Camera(), corner: Film([0.0])}, clock=lambda: now[0])
    roll.until_frames_of(0)
    now[0] = NINE + 30 * MINUTE
    roll.recognised.conclusions = {0.0: [conclude(DecisionKind.MARK, 2, at=0.0)]}
    roll.roll.add_source(corner)
    roll.wait_for(lambda: roll.told(MatchConcluded))
    assert roll.told(MatchConcluded)[0].at == at
    roll.finish()


def test_what_is_added_to_a_roll_by_hand_is_its_source(store, course):
    corner = photographs("corner.jpg")
    roll = Roll(store, course, {corner: Film([0.0])}, source=None)
    roll.wait_for(lambda: roll.roll.state is RollState.PAUSED)
    roll.roll.add_source(corner)
    roll.wait_for(lambda: roll.told(SourceEnded))
    assert roll.told(SourceEnded)[0].source == 0
    roll.wait_for(lambda: roll.states[-1] is RollState.PAUSED)
    roll.finish()


def test_two_films_of_one_lesson_begin_with_it_and_it_ends_with_the_longer(store, course):
    films = {"a.mp4": Film([0.0, 60.0], name="a.mp4"), "b.mp4": Film([0.0, 60.0, 120.0], name="b.mp4")}
    roll = Roll(store, course, films, source="a.mp4", also=("b.mp4",), ends_with_source=True).join()
    assert sorted(roll.recognised.frames) == [(0, "a.mp4")] * 2 + [(1, "b.mp4")] * 3
    (session,) = store.sessions.all()
    assert session.ended_at == NINE + 2 * MINUTE
    assert roll.roll.summary.seconds == 120.0


def test_a_film_that_breaks_beside_another_leaves_the_rest(store, course):
    films = {"a.mp4": Film([0.0, RuntimeError("cut")], name="a.mp4"), "b.mp4": Film([0.0, 1.0, 2.0], name="b.mp4")}
    roll = Roll(store, course, films, source="a.mp4", also=("b.mp4",), ends_with_source=True).join()
    assert len([one for one in roll.recognised.frames if one[0] == 1]) == 3
    assert roll.roll.summary.truncated
    assert store.sessions.all()[0].ended_at is not None
