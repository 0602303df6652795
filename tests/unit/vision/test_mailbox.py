"""The newest value wins, and closing wakes whoever waits."""

import threading

import pytest

from attendance_app.vision.mailbox import Mailbox


def test_the_newest_value_replaces_one_that_nobody_took():
    box = Mailbox()
    assert [box.put(1), box.put(2)] == [True, False]
    assert box.take() == 2


def test_a_value_is_taken_once():
    box = Mailbox()
    box.put(1)
    box.take()
    with pytest.raises(TimeoutError):
        box.take(timeout=0.01)


def test_closing_wakes_a_waiting_reader_and_stays_closed():
    box = Mailbox()
    answers = []
    reader = threading.Thread(target=lambda: answers.append(box.take()))
    reader.start()
    box.close()
    reader.join(timeout=2)
    box.put(3)
    assert answers == [None]
    assert box.take() is None


def test_what_is_left_when_nothing_more_comes_is_still_taken():
    box = Mailbox()
    box.put(1)
    box.finish()
    assert [box.take(), box.take()] == [1, None]
    assert box.poll() is None
