"""A slow driver opens a camera on a thread of its own; giving up does not wait for it."""

import threading
import time

import pytest

from attendance_app.vision.opening import Opening, open_and_wait


def test_what_was_opened_is_handed_over():
    ready = threading.Event()
    opening = Opening("x", lambda: 5, close=lambda _made: None, ready=ready.set)
    assert ready.wait(5)
    assert (opening.done, opening.result()) == (True, 5)


def test_what_opening_raises_is_raised_where_it_is_wanted():
    ready = threading.Event()
    opening = Opening("x", lambda: 1 // 0, close=lambda _made: None, ready=ready.set)
    assert ready.wait(5)
    with pytest.raises(ZeroDivisionError):
        opening.result()


def test_what_comes_after_it_was_abandoned_is_closed_and_told_to_nobody():
    release, closed, told = threading.Event(), [], []
    opening = Opening("x", lambda: release.wait(5), close=closed.append, ready=lambda: told.append(1))
    opening.abandon()
    release.set()
    deadline = time.monotonic() + 5
    while not closed and time.monotonic() < deadline:
        time.sleep(0.005)
    assert (closed, told) == ([True], [])


def test_whoever_waits_can_be_called_away_at_once():
    release = threading.Event()

    def called_away() -> None:
        raise InterruptedError

    begun = time.monotonic()
    with pytest.raises(InterruptedError):
        open_and_wait("x", lambda: release.wait(60), close=lambda _made: None, check=called_away)
    assert time.monotonic() - begun < 30
    release.set()
