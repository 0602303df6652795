"""Photos from the camera, with a film of somebody who does not exist in the camera's place."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import make_class
from conftest import wait_for, wait_for_jobs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from single_writes import each

from attendance_app.config.paths import bundled
from attendance_app.services.capture_coach import View
from attendance_app.services.demo.clip import read_bust
from attendance_app.services.demo.sitter import Pose, write_sitter
from attendance_app.services.verdicts import Verdict
from attendance_app.store.database import Store
from attendance_app.ui.enrolment.coach_view import CoachView
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.enrolment import EnrolmentPage
from attendance_app.ui.waiting import process_events_for

Settle = Callable[[], None]
ROUND = ((2.2, 0.0), (2.8, 0.65), (2.8, -0.75))
NEAR = (1.0, 0.94, 0.88, 0.97, 0.91, 0.85, 1.03, 0.82)
"""Each round from another place: a camera never gives one picture twice."""
ANOTHER_VIEW_MS = 2800
"""From then on the film shows another view: the same one again would be refused as the very same picture."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody looks ahead, to one side and to the other, again and again."""
    poses = [Pose(seconds, turn, near) for near in NEAR for seconds, turn in ROUND]
    path = tmp_path_factory.mktemp("film") / "sitter.avi"
    write_sitter(path, read_bust(bundled("resources") / "demo" / "busts" / "S04-1.webp"), poses)
    return path


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> Iterator[EnrolmentPage]:
    make_class(store)
    window.context.changed("courses")
    settle()
    opened = window.open_page("enrolment")
    assert isinstance(opened, EnrolmentPage)
    settle()
    yield opened
    opened.close_coach()
    wait_for_jobs(window.context)


def open_coach(page: EnrolmentPage, film: Path, consents: Store | None = None) -> CoachView:
    """Open the coach before the film; with ``consents``, everybody's is on record."""
    if consents is not None:
        for student in consents.students.all():
            each(consents).consents.record(student.id, "forms", page.context.clock())
    page.context.change_settings(camera=str(film))
    page.camera_button.click()
    wait_for(lambda: page.coach.video._shown is not None and page.coach.card.sitter is not None)
    return page.coach


def photos(store: Store) -> dict[str, int]:
    return {student.number: len(store.templates.of_student(student.id)) for student in store.students.all()}


def test_a_class_is_enrolled_one_after_the_other_by_the_keyboard(
    page: EnrolmentPage, film: Path, store: Store, window: MainWindow
) -> None:
    coach = open_coach(page, film)
    first = coach.card.sitter
    assert first is not None
    assert coach.card.lacks_consent
    process_events_for(300)
    assert not coach.taken, "nobody is looked at without a consent"

    QTest.keyClicks(coach.card.consent_line, "parents' forms, binder 3")
    QTest.keyClick(coach.card.consent_line, Qt.Key.Key_Return)
    wait_for(lambda: not coach.card.lacks_consent)
    assert not coach.card.next_button.hasFocus(), "a key pressed too early leaves nobody out"
    wait_for(lambda: len(coach.taken) == 3)
    assert [one.view for one in coach.taken] == list(View)
    consent = store.consents.current(first.student.id)
    assert consent is not None
    assert consent.ground == "parents' forms, binder 3"
    assert sum(photos(store).values()) == 0, "taking stores nothing"

    QTest.keyClick(coach, Qt.Key.Key_Return)
    wait_for(lambda: coach.enrolled)
    assert photos(store)[first.student.number] == 3

    QTest.keyClick(coach.card.primary, Qt.Key.Key_Space)
    second = coach.card.sitter
    assert second is not None
    assert second.student.number != first.student.number
    assert not coach.enrolled
    assert coach.card.consent_line.text() == "parents' forms, binder 3", "one class, one ground"


def test_the_wrong_student_is_noticed_before_anything_is_stored(
    page: EnrolmentPage, film: Path, store: Store, window: MainWindow
) -> None:
    coach = open_coach(page, film, store)
    wait_for(lambda: bool(coach.taken))
    coach.go_on()
    wait_for(lambda: coach.enrolled)
    process_events_for(ANOTHER_VIEW_MS)
    coach.go_on()
    wait_for(lambda: bool(coach.taken))
    assert {one.candidate.refusal for one in coach.taken} == {Verdict.LOOKS_LIKE_ANOTHER}
    assert not coach.card.primary.isEnabled()
    assert coach.card.sure_button.isVisible()
    coach.go_on()
    assert sum(count > 0 for count in photos(store).values()) == 1

    coach.card.sure_button.click()
    wait_for(coach.card.primary.isEnabled)


def test_enrolling_can_be_undone(page: EnrolmentPage, film: Path, store: Store, window: MainWindow) -> None:
    coach = open_coach(page, film, store)
    wait_for(lambda: bool(coach.taken))
    coach.go_on()
    wait_for(lambda: coach.enrolled)
    assert sum(photos(store).values()) >= 1
    window.context.undo()
    wait_for(lambda: sum(photos(store).values()) == 0)


def test_enter_pressed_early_says_that_views_are_missing(
    page: EnrolmentPage, film: Path, store: Store, window: MainWindow
) -> None:
    coach = open_coach(page, film, store)
    told: list[str] = []
    window.context.toast_wanted.connect(lambda text, _step: told.append(text))
    wait_for(lambda: bool(coach.taken))
    views = len(coach.taken)
    QTest.keyClick(coach, Qt.Key.Key_Return)
    wait_for(lambda: coach.enrolled)
    wait_for(lambda: bool(told))
    assert views < 3
    assert coach.words.text() == f"Enrolled with {views} of three views"
    assert "take the others" in told[0]


def test_a_view_is_taken_again_by_a_click(page: EnrolmentPage, film: Path, store: Store) -> None:
    coach = open_coach(page, film, store)
    wait_for(lambda: bool(coach.taken))
    before = coach.taken[0]
    QTest.mouseClick(coach.card.tiles[before.view], Qt.MouseButton.LeftButton)
    wait_for(lambda: before not in coach.taken)
    wait_for(lambda: any(one.view is before.view for one in coach.taken))
    assert coach.taken[0].candidate.photo_sha256 != before.candidate.photo_sha256


def test_a_missing_camera_is_said_with_what_to_do_and_can_be_tried_again(
    page: EnrolmentPage, film: Path, store: Store, window: MainWindow, settle: Settle
) -> None:
    window.context.change_settings(camera="9")
    page.camera_button.click()
    coach = page.coach
    wait_for(coach.again_button.isVisible)
    assert "camera" in coach.words.text()
    assert not window.message_bar.isVisible(), "the error stands where the work is"
    window.context.change_settings(camera=str(film))
    coach.again_button.click()
    wait_for(lambda: coach.video._shown is not None)
    assert not coach.again_button.isVisible()


def test_the_camera_is_let_go_with_the_page(
    page: EnrolmentPage, film: Path, window: MainWindow, settle: Settle
) -> None:
    coach = open_coach(page, film)
    window.open_page("students")
    assert not coach.runner.running
    window.open_page("enrolment")
    wait_for(lambda: coach.video._shown is not None)
    page.back_button.click()
    assert not coach.runner.running
    wait_for_jobs(window.context)
