"""A roll that is told what to do by what it says itself, so that nothing is waited for."""

import queue
import threading
import time
import types
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from rolls import Film, Recognised, conclude, tools
from single_writes import each

from attendance_app.config.settings import Settings
from attendance_app.domain.people import Course
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Mark, MarkedBy, Session, Status
from attendance_app.services.errors import CameraLost, MarksInFile
from attendance_app.services.session import live_roll, recorder
from attendance_app.services.session.lifecycle import RESUME_WITHIN
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.manual_write import ManualWrite
from attendance_app.services.session.rescue import recover
from attendance_app.services.session.roll_messages import (
    FrameSeen,
    MarksDelayed,
    MarksRecorded,
    MatchConcluded,
    RollEvent,
    RollOrder,
    RollState,
    SessionBegan,
    SessionClosed,
    SourceEnded,
    SourcesChanged,
    StateChanged,
    UnknownSeen,
)
from attendance_app.store.database import Store
from attendance_app.store.errors import DiskFull
from attendance_app.store.marks import MarkWrites
from attendance_app.store.students import StudentReads
from attendance_app.vision.errors import CameraWithoutPictures
from attendance_app.vision.photographs import PhotoSet
from attendance_app.vision.source_protocol import SourceState

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


class Recognition(Recognised):
    """Keeps how it was used."""

    def __init__(self, *given, **named) -> None:
        super().__init__(*given, **named)
        self.begun: list[tuple[bool, bool]] = []
        self.renamed: list[tuple[int, int | None, int | None]] = []
        self.compared: list[object] = []
        self.closed = 0

    def begin_source(self, *, beside, photographs, source=0):
        super().begin_source(beside=beside, photographs=photographs)
        self.begun.append((beside, photographs))

    def name_face(self, track_id, student_id, *, before=None):
        self.renamed.append((track_id, student_id, before))

    def compare_with(self, roster):
        self.compared.append(roster)

    def close(self):
        self.closed += 1


class Taken:
    """A roll from its beginning to its end on the test's thread; ``then`` acts on what it says."""

    def __init__(
        self,
        store: Store,
        course: Course,
        sources,
        recognised: Recognised | None = None,
        *,
        then: Callable[["Taken", RollEvent], object] = lambda _taken, _event: None,
        clock=lambda: NINE,
        ticks=time.monotonic,
        **order,
    ) -> None:
        self.events: list[RollEvent] = []
        self.recognised = recognised or Recognition()
        self._then = then
        wanted = {"source": "0", "late_after": 10 * MINUTE, "settings": Settings(), "ends_with_source": True} | order
        self.rosters: list[tuple[Course, str]] = []
        made = tools(store, sources, self.recognised, clock=clock, ticks=ticks)
        made = replace(made, read_roster=lambda *which: self.rosters.append(which) or "the roster")
        self.roll = LiveRoll(RollOrder(course, **wanted), made, self._hear)

    def _hear(self, event: RollEvent) -> None:
        self.events.append(event)
        self._then(self, event)

    def run(self) -> "Taken":
        self.session = self.roll.run()
        return self

    def told(self, kind: type) -> list[RollEvent]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def states(self) -> list[RollState]:
        return [event.state for event in self.events if isinstance(event, StateChanged)]


def at_the_end(act: Callable[[Taken], object]) -> Callable[[Taken, RollEvent], object]:
    """Act once the first source has ended."""
    return lambda taken, event: act(taken) if isinstance(event, SourceEnded) else None


def test_a_roll_says_what_happens_in_order_and_sums_it_up(store, course):
    doubt = conclude(DecisionKind.REVIEW, 2, at=1.0)
    mark = conclude(DecisionKind.MARK, 1, at=1.0, first=0.0)
    film = Film([0.0, 1.0, 2.5])
    recognised = Recognition({1.0: [doubt, mark, conclude(DecisionKind.UNKNOWN, None, at=1.0)]}, unknown={2.5: 2})
    roll = Taken(store, course, [film], recognised)
    assert (roll.roll.state, roll.roll.summary) == (RollState.IDLE, None)
    roll.run()

    events = [event for event in roll.events if not isinstance(event, MarksRecorded)]
    assert [type(event) for event in events] == [
        StateChanged,
        SourcesChanged,
        SessionBegan,
        StateChanged,
        SourcesChanged,
        FrameSeen,
        MatchConcluded,
        MatchConcluded,
        FrameSeen,
        UnknownSeen,
        FrameSeen,
        SourceEnded,
        StateChanged,
        SourcesChanged,
        StateChanged,
        SessionClosed,
    ]
    assert roll.states == [RollState.OPENING, RollState.RUNNING, RollState.PAUSED, RollState.ENDED]
    assert [(event.conclusion, event.at) for event in roll.told(MatchConcluded)] == [
        (doubt, NINE + SECOND),
        (mark, NINE + SECOND),
    ]
    assert [len(event.people) for event in roll.told(UnknownSeen)] == [2]
    assert [(event.frame.seconds, event.result.seconds) for event in roll.told(FrameSeen)] == [
        (0.0, 0.0),
        (1.0, 1.0),
        (2.5, 2.5),
    ]
    (recorded,) = roll.told(MarksRecorded)
    assert recorded.marks == store.marks.of_session(1)[:1]
    (began,) = roll.told(SessionBegan)
    assert (began.marks, began.started.resumed) == ((), False)
    assert [event.truncated for event in roll.told(SourceEnded)] == [False]
    assert roll.told(SessionClosed) == [SessionClosed(roll.session)]
    assert roll.session == store.sessions.get(1)
    assert roll.session.unknown_people == 2
    summary = roll.roll.summary
    assert summary is not None
    assert (summary.frames_read, summary.frames_processed, summary.seconds, summary.truncated) == (3, 3, 2.5, False)
    assert (summary.unknown_people, summary.to_review) == ((None, None), (doubt,))
    assert (film.closed, recognised.closed, recognised.begun) == (True, 1, [(False, False)])
    assert not store.is_recording()


def test_a_film_that_ends_before_its_time_is_said_to_be_cut_off(store, course):
    roll = Taken(store, course, [Film([0.0], truncated=True)]).run()
    assert [event.truncated for event in roll.told(SourceEnded)] == [True]
    assert roll.roll.summary.truncated


@pytest.mark.parametrize(
    ("clock", "film", "order", "ended"),
    [
        pytest.param(NINE + MINUTE, Film([0.0, 90.0]), {}, 90 * SECOND, id="a film ends with itself"),
        pytest.param(NINE + 5 * MINUTE, Film([0.0, 90.0]), {}, 90 * SECOND, id="however late it is"),
        pytest.param(
            NINE + 5 * MINUTE, Film([0.0, 90.0], recorded=False), {}, 5 * MINUTE, id="a camera ends by the clock"
        ),
    ],
)
def test_a_session_ends_when_its_lesson_did(store, course, clock, film, order, ended):
    times = iter([NINE])
    roll = Taken(store, course, [film], clock=lambda: next(times, clock), **order).run()
    assert roll.session.ended_at == NINE + ended


def test_a_session_that_is_ended_by_hand_after_its_film_ends_then_and_never_before_what_was_seen(store, course):
    times = iter([NINE])
    end = at_the_end(lambda taken: taken.roll.end())
    ended = Taken(
        store, course, [Film([0.0, 90.0])], then=end, clock=lambda: next(times, NINE + MINUTE), ends_with_source=False
    ).run()
    assert ended.session.ended_at == NINE + 90 * SECOND
    times = iter([NINE])
    ended = Taken(
        store,
        course,
        [Film([0.0, 90.0])],
        then=end,
        clock=lambda: next(times, NINE + 2 * MINUTE),
        ends_with_source=False,
    ).run()
    assert ended.session.ended_at == NINE + 2 * MINUTE


def test_a_camera_ends_no_earlier_than_its_last_frame(store, course):
    times = iter([NINE, NINE + 2 * MINUTE])
    film = Film([0.0], recorded=False)
    roll = Taken(store, course, [film], clock=lambda: next(times, NINE + MINUTE)).run()
    assert roll.session.ended_at == NINE + 2 * MINUTE


def test_a_resumed_session_goes_on_where_it_was_cut_off(store, course):
    session = each(store).sessions.open(course.id, NINE - 20 * MINUTE, 10 * MINUTE)
    each(store).marks.set_by_teacher(session.id, 3, Status.PRESENT, NINE)
    recognised = Recognition({30.0: [conclude(DecisionKind.MARK, 1, at=30.0)]})
    roll = Taken(store, course, [Film([30.0])], recognised).run()
    (began,) = roll.told(SessionBegan)
    assert (began.started.resumed, [mark.student_id for mark in began.marks]) == (True, [3])
    assert store.marks.get(session.id, 1).marked_at == NINE + 30 * SECOND
    assert store.marks.get(session.id, 1).status is Status.LATE
    assert (roll.session.id, roll.session.ended_at) == (session.id, NINE + 30 * SECOND)
    assert recognised.marked_before == [3]


def test_a_session_that_was_cut_off_is_closed_where_resuming_is_not_wanted(store, course):
    session = each(store).sessions.open(course.id, NINE - 20 * MINUTE, 10 * MINUTE)
    roll = Taken(store, course, [Film([0.0])], resume=False, late_after=3 * MINUTE).run()
    (began,) = roll.told(SessionBegan)
    assert began.started.closed == store.sessions.get(session.id)
    assert (roll.session.id, roll.session.late_after) == (session.id + 1, 3 * MINUTE)


def test_an_absence_from_closing_is_no_mark_from_before(store, course):
    recognised = Recognition()

    def mark(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, SessionBegan):
            session = event.started.session.id
            absent = Mark(session, 2, Status.ABSENT, MarkedBy.CLOSE, NINE)
            each(store).marks.record_many([absent, replace(absent, student_id=3, marked_by=MarkedBy.CAMERA)])

    Taken(store, course, [Film([0.0])], recognised, then=mark).run()
    assert recognised.marked_before == [3]


def test_the_first_word_about_the_end_counts(store, course):
    def leave_and_end(taken: Taken) -> None:
        taken.roll.leave()
        taken.roll.end()

    roll = Taken(store, course, [Film([0.0])], then=at_the_end(leave_and_end), ends_with_source=False).run()
    assert (roll.session, roll.told(SessionClosed)) == (None, [SessionClosed(None)])
    assert store.sessions.get(1).ended_at is None


def test_a_roll_that_is_ended_before_it_begins_leaves_nothing(store, course):
    roll = Taken(store, course, [], then=lambda taken, event: None)
    roll.roll.end()
    assert roll.run().session is None
    assert store.sessions.all() == ()
    assert (roll.states[-1], roll.told(SessionClosed), roll.roll.summary) == (
        RollState.ENDED,
        [SessionClosed(None)],
        None,
    )


def test_a_roll_by_hand_is_paused_from_its_beginning(store, course):
    def end(taken: Taken, event: RollEvent) -> None:
        if event == StateChanged(RollState.PAUSED):
            taken.roll.end()

    roll = Taken(store, course, [], then=end, source=None).run()
    assert (roll.states, roll.recognised.closed) == ([RollState.PAUSED, RollState.ENDED], 0)
    assert roll.session.ended_at == NINE


def test_a_hand_mark_before_the_session_is_committed_at_once(store, course):
    roll = Taken(store, course, [])
    done = []
    assert roll.roll.by_hand(ManualWrite(lambda: done.append(1)))
    assert done == [1]


def test_faces_are_named_with_who_they_were_taken_for(store, course):
    recognised = Recognition()

    def name(taken: Taken) -> None:
        taken.roll.name_faces((4, 5), 1, before=2)
        taken.roll.name_faces([6], None, before=1)
        taken.roll.compare_again()

    roll = Taken(store, course, [Film([0.0])], recognised, then=at_the_end(name)).run()
    assert recognised.renamed == [(4, 1, 2), (5, 1, 2), (6, None, 1)]
    assert (roll.rosters, recognised.compared) == ([(course, "stand-in")], ["the roster"])


def test_what_is_said_of_faces_before_there_is_recognition_is_no_error(store, course):
    roll = Taken(store, course, [], source=None)
    roll.roll.name_faces((4,), 1)
    roll.roll.compare_again()
    roll.roll.end()
    assert roll.run().session is not None
    assert roll.rosters == []


def test_another_source_goes_on_by_the_clock_and_is_opened_as_asked(store, course):
    asked, films = [], [Film([0.0, 5.0]), Film([1.0], recorded=False, live=True)]

    def open_source(spec, *, realtime, on_state, turn):
        asked.append((spec, realtime, turn))
        return films.pop(0)

    def follow(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, SourceEnded):
            if films:
                taken.roll.use_source("camera", turn=90)
            else:
                taken.roll.end()

    recognised = Recognition({7.0: [conclude(DecisionKind.MARK, 2, at=7.0)]})
    order = {"ends_with_source": False, "realtime": True, "turn": 180}
    roll = Taken(store, course, open_source, recognised, then=follow, clock=lambda: NINE + 30 * MINUTE, **order).run()
    assert asked == [("0", True, 180), ("camera", True, 90)]
    assert recognised.begun == [(False, False), (True, False)]
    assert recognised.sources == 2
    assert store.marks.get(1, 2).marked_at == NINE + 30 * MINUTE
    assert roll.states == [
        RollState.OPENING,
        RollState.RUNNING,
        RollState.PAUSED,
        RollState.OPENING,
        RollState.RUNNING,
        RollState.PAUSED,
        RollState.ENDED,
    ]
    assert (roll.roll.summary.frames_read, roll.roll.summary.frames_processed) == (3, 3)
    assert roll.roll.summary.seconds == 7.0


def test_the_same_source_is_opened_again_on_request(store, course):
    asked, films = [], [Film([0.0]), Film([0.0])]

    def open_source(spec, **_how):
        asked.append(spec)
        return films.pop(0)

    def again(taken: Taken) -> None:
        if films:
            taken.roll.try_again()
        else:
            taken.roll.end()

    Taken(store, course, open_source, then=at_the_end(again), source="room", ends_with_source=False).run()
    assert asked == ["room", "room"]


def test_going_on_without_a_source_closes_it(store, course):
    film = Film([0.0], waits=True)

    def without(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, FrameSeen):
            taken.roll.use_source(None)
            taken.roll.end()

    roll = Taken(store, course, [film], then=without, ends_with_source=False).run()
    assert film.closed
    assert roll.states == [RollState.OPENING, RollState.RUNNING, RollState.PAUSED, RollState.ENDED]


class Inbox(queue.SimpleQueue):  # type: ignore[type-arg]
    """Doesn't wait; keeps how long it was asked to."""

    waits: list[float] = []  # noqa: RUF012

    def get(self, block=True, timeout=None):
        if timeout is None:
            return super().get(timeout=20)
        self.waits.append(timeout)
        return super().get(timeout=0)


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    monkeypatch.setattr(Inbox, "waits", [])
    monkeypatch.setattr(live_roll, "queue", types.SimpleNamespace(SimpleQueue=Inbox, Empty=queue.Empty))
    return Inbox.waits


def test_a_lost_camera_is_opened_again_after_two_seconds_by_itself(store, course, waits):
    def end(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, FrameSeen) and event.frame.seconds > 0:
            taken.roll.end()

    broken = Film([0.0, RuntimeError("driver")], recorded=False, live=True, name="Camera 0")
    roll = Taken(
        store,
        course,
        [broken, CameraWithoutPictures(name="0"), Film([0.0], recorded=False, waits=True)],
        then=end,
        ticks=lambda: 100.0,
        ends_with_source=False,
    ).run()
    assert waits[0] == 2.0
    assert set(waits) == {2.0}
    lost = [event for event in roll.told(StateChanged) if event.error is not None]
    assert [(event.state, type(event.error)) for event in lost] == [
        (RollState.SOURCE_LOST, CameraLost),
        (RollState.SOURCE_LOST, CameraWithoutPictures),
    ]
    assert roll.states == [
        RollState.OPENING,
        RollState.RUNNING,
        RollState.SOURCE_LOST,
        RollState.SOURCE_LOST,
        RollState.RUNNING,
        RollState.ENDED,
    ]
    assert not roll.roll.summary.truncated


def test_a_time_to_reopen_that_has_passed_is_not_waited_for(store, course, waits):
    ticks = iter([0.0, 0.0, 0.0, 50.0])
    films = [Film([0.0, RuntimeError("driver")], recorded=False), Film([0.0], recorded=False)]
    Taken(store, course, films, ticks=lambda: next(ticks, 60.0)).run()
    assert waits[0] == 0.0


def test_a_film_that_breaks_is_not_opened_again(store, course, waits):
    def end(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, StateChanged) and event.state is RollState.SOURCE_LOST:
            taken.roll.end()

    roll = Taken(store, course, [Film([0.0, RuntimeError("driver")])], then=end, ends_with_source=False).run()
    assert roll.states == [RollState.OPENING, RollState.RUNNING, RollState.SOURCE_LOST, RollState.ENDED]
    assert (waits, roll.roll.summary.truncated) == ([], False)


def test_a_camera_that_was_lost_and_is_back_is_said_once_each(store, course):
    film = Film([0.0, None, None, 1.0], recorded=False, name="Camera 0")

    def lose(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, FrameSeen) and event.frame.seconds == 0:
            for state in (SourceState.STREAMING, SourceState.RECONNECTING, SourceState.OPENING, SourceState.STREAMING):
                film.on_state(state)
        if isinstance(event, FrameSeen) and event.frame.seconds == 1:
            taken.roll.end()

    roll = Taken(store, course, [film], then=lose, ends_with_source=False).run()
    assert roll.states == [
        RollState.OPENING,
        RollState.RUNNING,
        RollState.SOURCE_LOST,
        RollState.RUNNING,
        RollState.ENDED,
    ]
    (lost,) = [event.error for event in roll.told(StateChanged) if event.error is not None]
    assert isinstance(lost, CameraLost)
    assert lost.name == "Camera 0"


def test_networks_that_fail_to_open_begin_nothing_and_close_the_camera(store, course):
    film = Film([0.0])
    roll = Taken(store, course, [film])

    def fail(_order):
        raise CameraWithoutPictures(name="networks")

    roll.roll._tools = replace(roll.roll._tools, open_pipeline=fail)
    with pytest.raises(CameraWithoutPictures, match="networks"):
        roll.run()
    assert store.sessions.all() == ()
    assert roll.states[-1] is RollState.ENDED
    assert not store.is_recording()


def photographs(at: datetime | None) -> PhotoSet:
    return PhotoSet((), at)


@pytest.mark.parametrize(
    ("later", "ended"),
    [
        pytest.param(RESUME_WITHIN + 90 * SECOND, RESUME_WITHIN + 90 * SECOND, id="of this lesson"),
        pytest.param(RESUME_WITHIN + 91 * SECOND, 90 * SECOND, id="of one that is long over"),
    ],
)
def test_a_session_from_photographs_has_their_times(store, course, later, ended):
    film = Film([0.0, 90.0])
    recognised = Recognition({0.0: [conclude(DecisionKind.MARK, 1, at=0.0)]})
    roll = Taken(
        store,
        course,
        [film],
        recognised,
        then=at_the_end(lambda taken: taken.roll.end()),
        clock=lambda: NINE + later,
        source=photographs(NINE),
        ends_with_source=False,
    ).run()
    assert (roll.session.started_at, roll.session.ended_at) == (NINE, NINE + ended)
    assert store.marks.get(1, 1).marked_at == NINE
    assert recognised.begun == [(False, True)]


def test_photographs_that_dont_say_when_they_were_taken_are_of_now(store, course):
    roll = Taken(store, course, [Film([0.0])], source=photographs(None)).run()
    assert roll.session.started_at == NINE


# -- the register


FULL = DiskFull(path=Path("register"), free_mb=0.0, needed_mb=20)


class Disk:
    """Has no room for marks as often as it is told."""

    def __init__(self, monkeypatch, failures: int) -> None:
        self.failures = failures
        record = MarkWrites.record
        monkeypatch.setattr(recorder, "RETRY_SECONDS", 0.0)

        def sometimes(marks: MarkWrites, given):
            if self.failures:
                self.failures -= 1
                raise FULL
            return record(marks, given)

        monkeypatch.setattr(MarkWrites, "record", sometimes)


COMES = {0.0: [conclude(DecisionKind.MARK, 1, at=0.0)]}


def test_a_delay_is_said_once_and_so_is_its_end(store, course, monkeypatch):
    Disk(monkeypatch, 4)
    roll = Taken(store, course, [Film([0.0])], Recognition(COMES), patient=True).run()
    told = [event for event in roll.events if isinstance(event, MarksDelayed | MarksRecorded)]
    assert told[:2] == [MarksDelayed(FULL), MarksDelayed(None)]
    assert [type(event) for event in told[2:]] == [MarksRecorded]
    assert store.marks.get(1, 1).status is Status.PRESENT


def test_two_delays_are_said_twice(store, course, monkeypatch):
    disk, first = Disk(monkeypatch, 2), threading.Event()
    recognised = Recognition(COMES | {1.0: [conclude(DecisionKind.MARK, 2, at=1.0)]})
    recognised.in_frame = lambda frame: frame.seconds == 0 or first.wait(20)

    def full_again(_taken: Taken, event: RollEvent) -> None:
        if isinstance(event, MarksRecorded) and not first.is_set():
            disk.failures = 2
            first.set()

    roll = Taken(store, course, [Film([0.0, 1.0])], recognised, then=full_again, patient=True).run()
    assert roll.told(MarksDelayed) == [MarksDelayed(FULL), MarksDelayed(None)] * 2
    assert {mark.status for mark in store.marks.of_session(1)} == {Status.PRESENT, Status.ABSENT}


def failing(store, course, tmp_path, *, then=lambda _taken, _event: None, comes=None, **order) -> MarksInFile:
    roll = Taken(
        store,
        course,
        [Film([0.0, 5.0])],
        Recognition(comes or COMES, unknown={0.0: 3}),
        then=then,
        rescue=tmp_path / "marks.json",
        **order,
    )
    with pytest.raises(MarksInFile) as saved:
        roll.run()
    assert roll.states[-1] is RollState.ENDED
    return saved.value


def test_marks_that_the_register_did_not_take_are_in_the_file_with_all_that_closes_the_session(
    store, course, tmp_path, monkeypatch
):
    with monkeypatch.context() as full:
        Disk(full, 10**6)
        error = failing(store, course, tmp_path)
    assert error.details == {"session": 1, "students": 1, "reason": FULL, "file": tmp_path / "marks.json"}
    assert store.marks.of_session(1) == ()
    result = recover(store, tmp_path / "marks.json")
    assert (result.session.ended_at, result.session.unknown_people) == (NINE + 5 * SECOND, 3)
    assert [mark.status for mark in store.marks.of_session(1)] == [Status.PRESENT, Status.ABSENT, Status.ABSENT]


def test_a_session_that_is_left_is_left_open_by_its_file(store, course, tmp_path, monkeypatch):
    with monkeypatch.context() as full:
        Disk(full, 10**6)
        leave = at_the_end(lambda taken: taken.roll.give_up())
        failing(store, course, tmp_path, then=leave, ends_with_source=False, patient=True)
    assert recover(store, tmp_path / "marks.json").session.ended_at is None


def test_somebody_who_joined_during_the_session_is_in_the_file_and_those_from_before_always(
    store, course, tmp_path, monkeypatch
):
    def join(_taken: Taken, event: RollEvent) -> None:
        if isinstance(event, SessionBegan):
            each(store).students.add("S9", "Late")

    comes = {0.0: [*COMES[0.0], conclude(DecisionKind.MARK, 4, at=0.0)]}
    with monkeypatch.context() as full:
        Disk(full, 10**6)
        assert failing(store, course, tmp_path, then=join, comes=comes).students == 2
    assert '"student": "S9"' in (tmp_path / "marks.json").read_text()


def test_a_register_that_cant_be_read_any_more_still_has_its_students_numbers(store, course, tmp_path, monkeypatch):
    def break_it(_taken: Taken, event: RollEvent) -> None:
        if isinstance(event, FrameSeen):
            monkeypatch.setattr(StudentReads, "all", unreadable)

    def unreadable(*_given, **_named):
        raise FULL

    Disk(monkeypatch, 10**6)
    failing(store, course, tmp_path, then=break_it)
    assert '"student": "S1"' in (tmp_path / "marks.json").read_text()


def test_an_earlier_count_of_unknown_people_is_added_to(store, course):
    session = each(store).sessions.open(course.id, NINE, 10 * MINUTE)
    each(store).sessions.count_unknown(session.id, 2)
    counts = []

    def note(_taken: Taken, event: RollEvent) -> None:
        if isinstance(event, UnknownSeen):
            counts.append(store.sessions.get(session.id).unknown_people)

    roll = Taken(store, course, [Film([0.0])], Recognition(unknown={0.0: 3}), then=note).run()
    assert (counts, roll.session.unknown_people) == ([5], 5)


def test_a_roll_that_is_left_notes_who_was_unknown(store, course):
    def leave(taken: Taken, event: RollEvent) -> None:
        if isinstance(event, SourceEnded):
            each(store).sessions.count_unknown(1, 0)
            taken.roll.leave()

    Taken(store, course, [Film([0.0])], Recognition(unknown={0.0: 3}), then=leave, ends_with_source=False).run()
    assert store.sessions.get(1).unknown_people == 3


def test_who_was_seen_last_is_written_at_the_end(store, course):
    recognised = Recognition(COMES, seen={5.0: (1,)})
    Taken(store, course, [Film([0.0, 5.0])], recognised).run()
    assert store.marks.get(1, 1).last_seen_at == NINE + 5 * SECOND


def test_what_was_drawn_is_held_in_memory_only(store, course):
    roll = Taken(store, course, [Film([0.0])], Recognition(COMES)).run()
    (event,) = roll.told(MatchConcluded)
    assert isinstance(event.conclusion.crop, np.ndarray)
    assert isinstance(roll.session, Session)
