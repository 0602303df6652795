import pytest

from attendance_app.ui.progress import time_left


@pytest.mark.parametrize(
    ("seconds", "done", "total", "said"),
    [
        pytest.param(10.0, 10, 40, "00:30 left", id="at the rate so far"),
        pytest.param(1.0, 1, 100, "", id="too early to tell"),
        pytest.param(10.0, 0, 40, "", id="nothing done yet"),
        pytest.param(10.0, 5, 0, "", id="nobody knows how much"),
        pytest.param(10.0, 40, 40, "", id="done"),
    ],
)
def test_time_left(seconds: float, done: int, total: int, said: str) -> None:
    assert time_left(seconds, done, total) == said
