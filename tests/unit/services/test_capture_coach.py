"""Three views that differ, each taken while it is sharp, near, lit and still; and what is said meanwhile."""

from collections.abc import Sequence

import numpy as np
import pytest

from attendance_app.domain.faces import Box, Flaw, Quality
from attendance_app.services.capture_coach import (
    APART_SECONDS,
    HOLD_SECONDS,
    PATIENCE_SECONDS,
    Advice,
    CaptureCoach,
    Coaching,
    SeenFace,
    View,
)

SIZE = (1280, 720)
STEP = 0.1


def face(
    yaw: float = 0.0, *, x: float = 640, y: float = 330, width: int = 240, flaw: Flaw | None = None, sharp: float = 0.02
) -> SeenFace:
    """A face about (x, y), in pixels; ``yaw`` with its sign."""
    half = width * 0.22
    points = [[x + half, y], [x + half / 2, y], [x - half, y], [x - half / 2, y], [x + yaw * half, y + half]]
    box = Box(round(x - width / 2), round(y - width / 3), round(x + width / 2), round(y + width * 2 / 3))
    return SeenFace(box, np.array(points, np.float32), Quality(0.9, flaw, width, sharp, 0.5, abs(yaw)))


class CoachDriver:
    """Shows a coach one picture each tenth of a second."""

    def __init__(self) -> None:
        self.coach = CaptureCoach()
        self.seconds = 0.0
        self.taken: list[tuple[View, float]] = []

    def show(self, faces: Sequence[SeenFace], seconds: float = STEP) -> Coaching:
        """Show the same for a while; returns what was said last."""
        for _ in range(max(1, round(seconds / STEP))):
            said = self.coach.look(self.seconds, faces, SIZE)
            self.seconds += STEP
            if said.taken is not None:
                self.taken.append((said.taken, self.seconds))
        return said

    @property
    def views(self) -> list[View]:
        return [view for view, _ in self.taken]


@pytest.fixture
def driver() -> CoachDriver:
    return CoachDriver()


def test_three_views_are_asked_for_and_taken_one_after_the_other(driver):
    assert driver.show([face()]).wanted is View.STRAIGHT
    assert driver.show([face()], 1.0).advice is Advice.TURN_LEFT
    assert driver.show([face(0.3)], 2.5).advice is Advice.TURN_RIGHT
    assert driver.show([face(-0.3)], 2.5).advice is Advice.DONE
    assert driver.views == [View.STRAIGHT, View.LEFT, View.RIGHT]


def test_one_instant_is_never_taken_twice(driver):
    driver.show([face()], PATIENCE_SECONDS - 1)
    assert driver.views == [View.STRAIGHT], "the same pose is no second view"


def test_pictures_are_some_time_apart_however_quickly_the_head_turns(driver):
    driver.show([face()], 1.0)
    driver.show([face(0.3)], 0.9)
    assert driver.views == [View.STRAIGHT]
    driver.show([face(0.3)], 2.0)
    times = [seconds for _, seconds in driver.taken]
    assert times[1] - times[0] >= APART_SECONDS


def test_a_side_that_comes_uncalled_for_is_taken_too(driver):
    driver.show([face()], 1.0)
    assert driver.show([face(-0.3)], 2.5).advice is Advice.TURN_LEFT
    assert driver.views == [View.STRAIGHT, View.RIGHT]


@pytest.mark.parametrize("rest", [-0.09, 0.09])
def test_both_sides_ask_for_the_same_turn_of_a_face_that_seems_turned_at_rest(driver, rest):
    driver.show([face(rest)], 1.0)
    for view, side in ((View.LEFT, 1), (View.RIGHT, -1)):
        driver.show([face(rest + 0.15 * side)], 2.5)
        assert view not in driver.views, "as little as the other side"
        driver.show([face(rest + 0.19 * side)], 2.5)
        assert driver.views[-1] is view


def test_the_next_student_is_not_measured_by_the_last_ones_face(driver):
    driver.show([face(0.09)], 1.0)
    driver.coach.start_over()
    driver.show([face()], 1.0)
    driver.show([face(-0.12)], 2.5)
    assert driver.views == [View.STRAIGHT, View.STRAIGHT]


def test_who_cannot_turn_is_taken_as_they_are_after_a_while(driver):
    driver.show([face()], 1.0)
    driver.show([face(0.02)], 2 * PATIENCE_SECONDS + 2)
    assert driver.views == [View.STRAIGHT, View.LEFT, View.RIGHT]
    times = [seconds for _, seconds in driver.taken]
    assert times[1] - times[0] >= PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("faces", "advice"),
    [
        pytest.param([], Advice.NOBODY, id="nobody"),
        pytest.param([face(x=400), face(x=900)], Advice.ONE_ONLY, id="two people"),
        pytest.param([face(width=120)], Advice.COME_NEARER, id="far"),
        pytest.param([face(width=640, y=300)], Advice.MOVE_BACK, id="very near"),
        pytest.param([face(x=60)], Advice.TO_THE_MIDDLE, id="half out of the picture"),
        pytest.param([face(flaw=Flaw.TOO_DARK)], Advice.TOO_DARK, id="dark"),
        pytest.param([face(flaw=Flaw.TOO_BRIGHT)], Advice.TOO_BRIGHT, id="bright"),
        pytest.param([face(flaw=Flaw.BLURRED)], Advice.HOLD_STILL, id="blurred"),
        pytest.param([face(0.15)], Advice.LOOK_AHEAD, id="neither straight nor to the side"),
        pytest.param([face(0.6, flaw=Flaw.TURNED_AWAY)], Advice.TURN_LESS, id="turned away"),
    ],
)
def test_one_plain_thing_is_said_and_nothing_is_taken(driver, faces, advice):
    assert driver.show(faces, 3 * HOLD_SECONDS).advice is advice
    assert driver.taken == []


def test_a_small_face_in_the_background_does_not_count(driver):
    driver.show([face(), face(x=1100, width=100)], 1.0)
    assert driver.views == [View.STRAIGHT]


def test_a_face_that_moves_is_waited_for(driver):
    for step in range(15):
        said = driver.show([face(x=400 + 40 * step)])
    assert said.advice is Advice.HOLD_STILL
    assert driver.taken == []


def test_the_hold_begins_anew_after_an_interruption(driver):
    driver.show([face()], HOLD_SECONDS)
    driver.show([])
    driver.show([face()], HOLD_SECONDS)
    assert driver.taken == []


def test_the_sharpest_picture_of_a_view_is_kept(driver):
    driver.show([face()])
    kept = [driver.show([face(sharp=sharp)]).keep for sharp in (0.01, 0.03, 0.02, 0.04, 0.01)]
    assert kept == [True, True, False, True, False]


def test_progress_grows_while_a_view_is_held(driver):
    driver.show([face()])
    progress = [driver.show([face()]).progress for _ in range(5)]
    assert progress == sorted(progress)
    assert 0 < progress[-1] < 1


def test_a_view_can_be_taken_again_and_the_next_student_starts_over(driver):
    driver.show([face()], 1.0)
    driver.show([face(0.3)], 2.5)
    driver.coach.again([View.STRAIGHT])
    assert driver.coach.missing == [View.STRAIGHT, View.RIGHT]
    driver.show([face()], 2.5)
    assert driver.views == [View.STRAIGHT, View.LEFT, View.STRAIGHT]
    driver.coach.start_over()
    assert driver.coach.missing == list(View)
