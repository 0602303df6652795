"""What is changed on the page Sessions during a roll shows in the roll."""

from collections.abc import Callable

from conftest import wait_for
from roll_call_steps import begin, finish, long_lesson

from attendance_app.domain.sessions import Status
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.pages.sessions import SessionsPage

Settle = Callable[[], None]


@long_lesson
def test_a_mark_changed_on_the_page_sessions_shows_in_the_running_roll_and_so_does_its_undo(
    page: RollCallPage, window: MainWindow, settle: Settle
) -> None:
    session = begin(page)
    sessions = window.open_page("sessions", session.id)
    assert isinstance(sessions, SessionsPage)
    settle()
    sessions._table.selectRow(4)
    sessions.set_status(Status.EXCUSED)
    wait_for(lambda: page.model.rows[4].mark is not None)
    assert page.model.rows[4].mark.status is Status.EXCUSED
    settle()
    window.context.undo()
    wait_for(lambda: page.model.rows[4].mark is None)
    window.open_page("roll_call")
    finish(page)
