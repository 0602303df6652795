"""Unknown people of a session that was cut off are still counted after it has been gone on with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import Decision, DecisionKind
from attendance_app.services.session.desk import SessionDesk
from attendance_app.services.session.live import LiveEvents, LiveSession
from attendance_app.services.session.pipeline import FrameResult, UnknownPerson
from attendance_app.store.database import open_store
from attendance_app.store.errors import DiskFull

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Strangers:
    """Source and pipeline at once: one more unknown person in each of so many seconds, then the end."""

    truncated = False

    def __init__(self, people: int) -> None:
        self._people = people
        self.frames_read = 0

    def read(self, timeout=None):
        if self.frames_read == self._people:
            return None
        self.frames_read += 1
        return Frame(self.frames_read - 1, float(self.frames_read), np.zeros((4, 4, 3), np.uint8))

    def close(self):
        pass

    def process(self, frame):
        found = Decision(DecisionKind.UNKNOWN, frame.index, None, 0.0, 3, 0.9, frame.seconds, frame.seconds)
        return FrameResult(frame.index, frame.seconds, (), (found,), ())

    def unknown_people(self):
        return [UnknownPerson((track,), None) for track in range(self.frames_read)]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


def watch(store, begun, people):
    both = Strangers(people)
    return LiveSession(
        begun.session,
        both,  # type: ignore[arg-type]
        both,  # type: ignore[arg-type]
        write=store.marks.record_many,
        events=LiveEvents(),
        offset=begun.offset,
        count_unknown=lambda count: store.sessions.count_unknown(begun.session.id, count),
    ).run()


def test_a_session_that_is_cut_off_keeps_its_count_and_the_rest_is_added(store):
    course = store.courses.add("A", "A")
    begun = SessionDesk(store, lambda: NINE).begin(course, timedelta(minutes=10))
    watch(store, begun, 2)  # and then the power fails: nobody closes it

    resumed = SessionDesk(store, lambda: NINE + timedelta(minutes=5)).begin(course, timedelta(minutes=10))
    assert (resumed.resumed, resumed.session.unknown_people) == (True, 2)
    watch(store, resumed, 3)
    assert store.sessions.get(begun.session.id).unknown_people == 5


def test_closing_what_was_cut_off_keeps_its_count(store):
    course = store.courses.add("A", "A")
    desk = SessionDesk(store, lambda: NINE)
    watch(store, desk.begin(course, timedelta(minutes=10)), 2)

    cut_off = desk.cut_off(course)
    assert cut_off is not None
    assert desk.close_cut_off(cut_off).unknown_people == 2


def test_a_closed_session_is_not_counted_on(store):
    course = store.courses.add("A", "A")
    session = SessionDesk(store, lambda: NINE).begin(course, timedelta(minutes=10)).session
    store.sessions.close(session.id, NINE, 1)
    store.sessions.count_unknown(session.id, 9)
    assert store.sessions.get(session.id).unknown_people == 1


def test_a_count_that_cannot_be_noted_does_not_end_the_session(store, monkeypatch):
    begun = SessionDesk(store, lambda: NINE).begin(store.courses.add("A", "A"), timedelta(minutes=10))

    def full(_session, _count):
        raise DiskFull(path=Path("register.sqlite"))

    monkeypatch.setattr(type(store.sessions), "count_unknown", lambda _self, session, count: full(session, count))
    assert len(watch(store, begun, 2).unknown_people) == 2
