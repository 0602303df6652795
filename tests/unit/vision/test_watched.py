"""Every frame is shown, the newest is recognised, and a failure is never silent."""

import threading

import numpy as np
import pytest

from attendance_app.domain.faces import Frame
from attendance_app.vision.source_protocol import ClosingSource, SourceState
from attendance_app.vision.watched import WatchedSource


class Film(ClosingSource):
    live, name, state, truncated = True, "film", SourceState.STREAMING, False

    def __init__(self, frames: int) -> None:
        self.frames_read = 0
        self._frames = frames

    def read(self, timeout=None):
        if self.frames_read == self._frames:
            return None
        self.frames_read += 1
        return Frame(self.frames_read - 1, float(self.frames_read), np.zeros((2, 2, 3), np.uint8))

    def close(self) -> None:
        self._frames = self.frames_read


def test_all_frames_are_shown_and_the_last_one_reaches_a_slow_reader():
    shown: list[int] = []
    over = threading.Event()
    with WatchedSource(
        Film(5), lambda frame: (shown.append(frame.index), over.set() if frame.index == 4 else None)
    ) as source:
        first = source.read(timeout=5)
        assert over.wait(5)
        last = source.read(timeout=5)

        assert shown == [0, 1, 2, 3, 4]
        assert [frame.index for frame in (first, last) if frame is not None][-1] == 4
        assert source.read(timeout=5) is None


def test_what_goes_wrong_while_showing_is_raised_by_the_reader():
    def show(_frame):
        raise ZeroDivisionError

    with WatchedSource(Film(5), show) as source, pytest.raises(ZeroDivisionError):
        source.read(timeout=5)


def test_after_closing_there_are_no_frames():
    source = WatchedSource(Film(5), lambda _frame: None)
    source.close()
    assert source.read(timeout=1) is None
