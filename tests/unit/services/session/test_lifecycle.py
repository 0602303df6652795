"""Sessions that were cut off are closed with what they had counted."""

from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each

from attendance_app.services.session.lifecycle import SessionLifecycle
from attendance_app.store.database import open_store

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        yield opened


def test_closing_what_was_cut_off_keeps_its_count(store):
    course = each(store).courses.add("A", "A")
    lifecycle = SessionLifecycle(store, lambda: NINE)
    started = lifecycle.begin(course, timedelta(minutes=10))
    with store.write() as tx:
        tx.sessions.count_unknown(started.session.id, 2)

    cut_off = lifecycle.cut_off(course)
    assert cut_off is not None
    assert lifecycle.close_cut_off(cut_off).unknown_people == 2


def test_a_closed_session_is_not_counted_on(store):
    course = each(store).courses.add("A", "A")
    session = SessionLifecycle(store, lambda: NINE).begin(course, timedelta(minutes=10)).session
    with store.write() as tx:
        tx.sessions.close(session.id, NINE, 1)
        tx.sessions.count_unknown(session.id, 9)
    assert store.sessions.get(session.id).unknown_people == 1
