"""A camera that lies on its side is turned in the window."""

from conftest import wait_for
from roll_call_steps import begin, finish, long_lesson

from attendance_app.services.session.roll_messages import RollState
from attendance_app.ui.pages.roll_call import RollCallPage


def is_wide(page: RollCallPage) -> bool | None:
    """Whether the picture that is shown is wider than high; None while none is shown."""
    shown = page.parts.video._shown
    return None if shown is None else shown.image.width() > shown.image.height()


@long_lesson
def test_the_hint_turns_the_picture_and_the_source_stays_turned(page: RollCallPage) -> None:
    begin(page)
    wait_for(lambda: is_wide(page) is True)
    page.running.runner.sideways.emit(270)
    wait_for(page.parts.turn_button.isVisible)

    page.parts.turn_button.click()

    wait_for(lambda: is_wide(page) is False)
    assert not page.parts.turn_button.isVisible()
    assert page.source.turn == 270
    finish(page)
    page.source.use("another.avi")
    assert page.source.turn == 0


def test_a_film_that_has_ended_can_still_be_turned(page: RollCallPage) -> None:
    states: list[RollState] = []
    page.running.runner.state_changed.connect(lambda state, _error: states.append(state))
    begin(page)
    page.running.runner.sideways.emit(90)
    wait_for(lambda: RollState.PAUSED in states)

    assert page.parts.turn_button.isVisible()
    page.parts.turn_button.click()

    wait_for(lambda: is_wide(page) is False)
    finish(page)


def test_four_quarters_are_a_whole_turn(page: RollCallPage) -> None:
    turns = []
    for _ in range(4):
        page.source.turn_by(90)
        turns.append(page.source.turn)
    assert turns == [90, 180, 270, 0]
