"""The owner of a running roll: its commands, its events, and how it ends."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.config.settings import Settings
from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.errors import CameraLost, MarksInFile
from attendance_app.services.session import live_roll, recorder
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    MarksDelayed,
    MarksRecorded,
    PictureKnown,
    RollEvent,
    RollOrder,
    RollState,
    SessionBegan,
    SourceEnded,
    StateChanged,
)
from attendance_app.store.database import Store
from attendance_app.store.errors import DiskFull
from attendance_app.store.marks import MarkWrites
from attendance_app.store.sessions import SessionWrites
from attendance_app.vision.errors import CameraWithoutPictures
from attendance_app.vision.source_protocol import PictureMode, SourceState
from tests.rolls import Film, Recognised, conclude, tools

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATE_AFTER = timedelta(minutes=10)


class Roll:
    """A roll that is driven by a test, on a thread of its own."""

    def __init__(self, store: Store, course: Course, sources, recognised=None, *, clock=lambda: NINE, **order) -> None:
        self.events: list[RollEvent] = []
        self.recognised = recognised or Recognised()
        more = {"ticks": order.pop("ticks")} if "ticks" in order else {}
        wanted = {"source": "0", "late_after": LATE_AFTER, "settings": Settings()} | order
        made = tools(store, sources, self.recognised, clock=clock, **more)
        self.roll = LiveRoll(RollOrder(course, **wanted), made, self.events.append)
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.roll.run()
        except KnownError as error:
            self.error = error

    def start(self) -> "Roll":
        self._thread.start()
        return self

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, f"it did not come to pass: {self.states}"
            time.sleep(0.005)

    def join(self) -> "Roll":
        self._thread.join(20)
        assert not self._thread.is_alive()
        return self

    @property
    def states(self) -> list[RollState]:
        return [event.state for event in self.events if isinstance(event, StateChanged)]

    def told(self, kind: type) -> list[RollEvent]:
        return [event for event in self.events if isinstance(event, kind)]


def marks_of(store: Store) -> dict[int, tuple[Status, MarkedBy]]:
    (session,) = store.sessions.all()
    return {mark.student_id: (mark.status, mark.marked_by) for mark in store.marks.of_session(session.id)}


def test_a_film_is_watched_to_its_end_and_the_session_closed(store, course):
    film = Film([0.0, 1.0])
    recognised = Recognised({1.0: [conclude(DecisionKind.MARK, 1, at=1.0)]})
    roll = Roll(store, course, [film], recognised, ends_with_source=True).start().join()

    assert roll.states == [RollState.OPENING, RollState.RUNNING, RollState.PAUSED, RollState.ENDED]
    assert marks_of(store)[1] == (Status.PRESENT, MarkedBy.CAMERA)
    assert marks_of(store)[2] == (Status.ABSENT, MarkedBy.CLOSE)
    assert film.closed
    assert roll.roll.summary is not None
    assert (roll.roll.summary.frames_processed, roll.roll.summary.seconds) == (2, 1.0)


def test_a_session_outlasts_its_film_until_it_is_ended(store, course):
    roll = Roll(store, course, [Film([0.0])]).start()
    roll.wait_for(lambda: roll.told(SourceEnded))
    assert store.sessions.all()[0].ended_at is None
    assert store.is_recording()
    roll.roll.end()
    roll.join()

    assert store.sessions.all()[0].ended_at is not None
    assert not store.is_recording()


def test_a_session_that_is_left_stays_open_and_is_gone_on_with(store, course):
    roll = Roll(store, course, [Film([0.0], waits=True)], Recognised(unknown={0.0: 2})).start()
    roll.wait_for(lambda: roll.told(FrameSeen))
    roll.roll.leave()
    roll.join()
    (session,) = store.sessions.all()
    assert (session.ended_at, session.unknown_people) == (None, 2)

    again = Roll(store, course, [Film([1.0])], Recognised(unknown={1.0: 3}), ends_with_source=True).start().join()
    (began,) = again.told(SessionBegan)
    assert isinstance(began, SessionBegan)
    assert began.started.resumed
    assert store.sessions.get(session.id).unknown_people == 5


def test_a_roll_by_hand_needs_no_source(store, course):
    roll = Roll(store, course, [], source=None).start()
    roll.wait_for(lambda: roll.roll.state is RollState.PAUSED)
    (session,) = store.sessions.all()

    def mark() -> None:
        with store.write() as tx:
            tx.marks.set(session.id, 2, Status.LATE, NINE)

    assert roll.roll.by_hand(ManualWrite(mark))
    roll.roll.end()
    roll.join()

    assert marks_of(store)[2] == (Status.LATE, MarkedBy.TEACHER)
    assert roll.recognised.sources == 0


def test_a_source_that_cannot_be_opened_begins_nothing(store, course):
    roll = Roll(store, course, [CameraWithoutPictures(name="0")]).start().join()

    assert isinstance(roll.error, CameraWithoutPictures)
    assert store.sessions.all() == ()
    assert not store.is_recording()


@pytest.mark.parametrize("how", ["end", "leave", "give_up"])
def test_a_roll_is_given_up_at_once_while_its_camera_is_opened(store, course, how):
    release = threading.Event()
    film = Film([0.0])

    def hang(_spec: str, **_how: object) -> Film:
        release.wait(20)
        return film

    roll = Roll(store, course, hang).start()
    roll.wait_for(lambda: roll.roll.state is RollState.OPENING)
    begun = time.monotonic()
    getattr(roll.roll, how)()
    roll.join()

    assert time.monotonic() - begun < 10  # the camera hangs for 20
    assert store.sessions.all() == ()
    release.set()
    roll.wait_for(lambda: film.closed)


def test_going_on_by_hand_waits_for_no_camera(store, course):
    release = threading.Event()
    roll = Roll(store, course, lambda _spec, **_how: release.wait(20) and Film([])).start()
    roll.wait_for(lambda: roll.roll.state is RollState.OPENING)
    roll.roll.use_source(None)
    roll.wait_for(lambda: roll.roll.state is RollState.PAUSED)
    roll.roll.end()
    roll.join()
    release.set()

    assert store.sessions.all()[0].ended_at is not None


def test_a_driver_that_throws_is_a_lost_camera_that_is_opened_again(store, course, monkeypatch):
    monkeypatch.setattr(live_roll, "REOPEN_SECONDS", 0.01)
    broken = Film([0.0, RuntimeError("the driver")], recorded=False, live=True, name="Camera 0")
    whole = Film([0.0], recorded=False, live=True, waits=True)
    sources = [broken, CameraWithoutPictures(name="0"), whole]
    marks = Recognised({1.0: [conclude(DecisionKind.MARK, 1, at=1.0)]})
    roll = Roll(store, course, sources, marks).start()
    roll.wait_for(lambda: marks.sources == 2 and len(roll.told(FrameSeen)) == 2)
    roll.roll.end()
    roll.join()

    lost = [event.error for event in roll.events if isinstance(event, StateChanged) and event.error is not None]
    assert [type(error) for error in lost] == [CameraLost, CameraWithoutPictures]
    assert roll.states[-2:] == [RollState.RUNNING, RollState.ENDED]
    assert broken.closed
    assert marks_of(store)[1] == (Status.PRESENT, MarkedBy.CAMERA), "seconds go on from one source to the next"


def test_a_camera_that_says_it_is_lost_is_waited_for(store, course):
    film = Film([0.0], recorded=False, live=True, waits=True)
    roll = Roll(store, course, [film]).start()
    roll.wait_for(lambda: roll.told(FrameSeen))
    assert film.on_state is not None
    film.on_state(SourceState.RECONNECTING)
    roll.wait_for(lambda: roll.roll.state is RollState.SOURCE_LOST)
    film.on_state(SourceState.STREAMING)
    roll.wait_for(lambda: roll.roll.state is RollState.RUNNING)
    roll.roll.end()
    roll.join()


def test_a_lost_camera_is_exchanged_for_another_or_for_none(store, course):
    first = Film([0.0], recorded=False, waits=True)
    second = Film([0.0], recorded=False, waits=True)
    roll = Roll(store, course, [first, second]).start()
    roll.wait_for(lambda: roll.told(FrameSeen))
    roll.roll.use_source("1")
    roll.wait_for(lambda: len(roll.told(FrameSeen)) == 2)
    assert first.closed
    roll.roll.use_source(None)
    roll.wait_for(lambda: roll.roll.state is RollState.PAUSED)
    assert second.closed
    roll.roll.end()
    roll.join()


def test_who_comes_after_the_machine_has_slept_is_late(store, course):
    """Asleep from 09:01 to 09:16: the camera's monotonic clock counts a second for that."""
    now = [NINE]
    film = Film([60.0, 61.0], recorded=False, live=True, waits=True)
    recognised = Recognised({61.0: [conclude(DecisionKind.MARK, 1, at=61.0, first=60.9)]})

    def read_and_sleep(timeout: float | None = None, read=film.read):
        frame = read(timeout)
        now[0] = NINE + timedelta(minutes=1 if film.times else 16)
        return frame

    film.read = read_and_sleep  # type: ignore[method-assign]
    roll = Roll(store, course, [film], recognised, clock=lambda: now[0]).start()
    roll.wait_for(lambda: roll.told(MarksRecorded))
    roll.roll.end()
    roll.join()

    assert marks_of(store)[1] == (Status.LATE, MarkedBy.CAMERA)


def test_the_session_ends_after_the_seconds_asked_for(store, course):
    roll = Roll(store, course, [Film([0.0, 1.0, 2.0, 3.0])], ends_with_source=True, max_seconds=1.5).start().join()

    assert roll.roll.summary is not None
    assert (roll.roll.summary.frames_processed, roll.roll.summary.seconds) == (2, 1.0)


def test_a_camera_lost_for_good_does_not_keep_a_limited_session_open(store, course):
    ticks = iter(range(1000))
    film = Film([0.0, *[None] * 50], recorded=False)
    roll = Roll(store, course, [film], ends_with_source=True, max_seconds=10.0, ticks=lambda: float(next(ticks)))
    roll.start().join()

    assert roll.roll.summary is not None
    assert roll.roll.summary.frames_processed == 1


def test_a_film_that_breaks_ends_as_one_that_is_cut_off(store, course):
    roll = Roll(store, course, [Film([0.0, RuntimeError("broken")])], ends_with_source=True).start().join()

    assert roll.roll.summary is not None
    assert roll.roll.summary.truncated
    assert store.sessions.all()[0].ended_at is not None


def test_what_is_asked_for_after_the_last_frame_counts_too(store, course):
    roll = Roll(store, course, [Film([0.0])], Recognised(unknown={0.0: 1})).start()
    roll.wait_for(lambda: roll.told(SourceEnded))
    roll.roll.name_faces((4, 5), 1)
    roll.roll.end()
    roll.join()

    assert roll.recognised.named == [(4, 1), (5, 1)]


def test_recognition_knows_who_is_marked_when_its_source_begins(store, course):
    roll = Roll(store, course, [Film([0.0], waits=True)], source=None).start()
    roll.wait_for(lambda: roll.roll.state is RollState.PAUSED)
    (session,) = store.sessions.all()
    each(store).marks.set_by_teacher(session.id, 3, Status.EXCUSED, NINE)
    roll.roll.use_source("0")
    roll.wait_for(lambda: roll.told(FrameSeen))
    roll.roll.end()
    roll.join()

    assert roll.recognised.marked_before == [3]


def full(*_given: object, **_named: object) -> None:
    raise DiskFull(path=Path("register.sqlite"), free_mb=0.0, needed_mb=20)


def test_marks_that_find_no_room_are_told_of_and_put_into_a_file(store, course, monkeypatch, tmp_path):
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(MarkWrites, "record", full)
    recognised = Recognised({0.0: [conclude(DecisionKind.MARK, 1, at=0.0)]})
    file = tmp_path / "marks.json"
    roll = Roll(store, course, [Film([0.0])], recognised, ends_with_source=True, rescue=file).start().join()

    assert isinstance(roll.error, MarksInFile)
    assert roll.error.file == file
    (waiting,) = roll.told(MarksDelayed)
    assert isinstance(waiting, MarksDelayed)
    assert waiting.error is not None
    assert not store.is_recording()


def test_a_patient_roll_waits_for_room_until_it_is_given_up(store, course, monkeypatch, tmp_path):
    monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(MarkWrites, "record", full)
    recognised = Recognised({0.0: [conclude(DecisionKind.MARK, 1, at=0.0)]})
    roll = Roll(store, course, [Film([0.0])], recognised, patient=True, rescue=tmp_path / "marks.json").start()
    roll.wait_for(lambda: roll.told(MarksDelayed))
    roll.roll.end()
    time.sleep(0.1)
    # Ten attempts to write have failed by now; the roll must still be trying.
    assert roll.roll.state is not RollState.ENDED
    roll.roll.give_up()
    roll.join()

    assert isinstance(roll.error, MarksInFile)


def test_a_count_that_cannot_be_noted_does_not_end_the_session(store, course, monkeypatch):
    monkeypatch.setattr(SessionWrites, "count_unknown", full)
    roll = Roll(store, course, [Film([0.0, 1.0])], Recognised(unknown={0.0: 2}), ends_with_source=True).start().join()

    assert roll.error is None
    assert store.sessions.all()[0].unknown_people == 2


def test_the_session_knows_each_camera_and_recording_that_it_was_taken_from(store, course):
    address = "rtsp://user:secret@lectern/live"
    sources = [
        Film([0.0], recorded=False, waits=True),
        Film([0.0], recorded=False, waits=True),
        Film([0.0], waits=True),
    ]
    roll = Roll(store, course, sources, source=address).start()
    for seen, following in enumerate((address, "lesson.mp4", None), start=1):
        roll.wait_for(lambda: len(roll.told(FrameSeen)) == seen)  # noqa: B023 - called in this turn of the loop only
        if following is not None:
            roll.roll.use_source(following)
    roll.roll.end()
    roll.join()
    assert [source.text for source in store.sessions.all()[0].sources] == ["camera rtsp://lectern/live", "recording"]


def test_a_source_that_cannot_be_noted_does_not_end_the_session(store, course, monkeypatch):
    monkeypatch.setattr(SessionWrites, "note_source", full)
    roll = Roll(store, course, [Film([0.0])], ends_with_source=True).start().join()

    assert roll.error is None
    assert store.sessions.all()[0].sources == ()


def test_the_cameras_picture_is_reported_once_its_rate_is_known(store, course):
    film = Film([0.0, 0.1, 0.2, 0.3], recorded=False, live=True)
    given = [None, PictureMode(3840, 2160), PictureMode(3840, 2160, 15.0), PictureMode(3840, 2160, 15.2)]
    recognised = Recognised(in_frame=lambda frame: setattr(film, "picture", given[frame.index]))
    roll = Roll(store, course, [film], recognised, ends_with_source=True).start().join()

    known = PictureKnown("film", PictureMode(3840, 2160, 15.0))
    assert roll.told(PictureKnown) == [known]
    assert roll.roll.summary.pictures == (known,)


def test_a_picture_of_another_size_is_reported_again(store, course):
    film = Film([0.0, 0.1, 0.2], recorded=False, live=True)
    given = [PictureMode(640, 480, 30.0), PictureMode(1920, 1080, 9.0), PictureMode(640, 480, 30.0)]
    recognised = Recognised(in_frame=lambda frame: setattr(film, "picture", given[frame.index]))
    roll = Roll(store, course, [film], recognised, ends_with_source=True).start().join()

    assert [known.picture for known in roll.told(PictureKnown)] == given
    assert [known.picture for known in roll.roll.summary.pictures] == given[:2], "each size is listed once"
