import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import make_class
from conftest import wait_for_jobs
from cut_words import cut_words
from PIL import Image as Pictures

from attendance_app.config.paths import bundled
from attendance_app.services.enrolment import PhotoInstructions
from attendance_app.services.verdicts import Verdict
from attendance_app.store.database import Store
from attendance_app.ui.enrolment.photos_table import VERDICT, remedy, verdict_words
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.enrolment import EnrolmentPage

Settle = Callable[[], None]
PHOTOS = bundled("resources") / "demo" / "photos"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos of S01, one of S02, one of nobody on the list, and a text."""
    folder = tmp_path / "photos"
    for number, name in (("S01", "1.jpg"), ("S01", "2.jpg"), ("S02", "1.jpg")):
        (folder / number).mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTOS / number / name, folder / number / name)
    (folder / "Z99").mkdir()
    shutil.copy(PHOTOS / "S03" / "1.jpg", folder / "Z99" / "1.jpg")
    (folder / "S02" / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def page(window: MainWindow, settle: Settle, store: Store) -> EnrolmentPage:
    make_class(store)
    window.context.changed("courses")
    settle()
    opened = window.open_page("enrolment")
    assert isinstance(opened, EnrolmentPage)
    settle()
    return opened


def verdicts(page: EnrolmentPage) -> dict[str, Verdict | None]:
    return {item.photo.name: item.verdict for item in page.photos.model.rows}


def templates(store: Store) -> int:
    return sum(len(store.templates.of_student(student.id)) for student in store.students.all())


def test_without_a_course_the_page_leads_to_making_one(window: MainWindow, settle: Settle) -> None:
    page = window.open_page("enrolment")
    assert isinstance(page, EnrolmentPage)
    settle()
    assert page._no_course.isVisible()


def test_photos_are_looked_at_put_right_and_enrolled_with_consent(
    page: EnrolmentPage, photos: Path, store: Store, window: MainWindow
) -> None:
    page.photos.examine([photos])
    wait_for_jobs(window.context)
    assert verdicts(page) == {
        "S01/1.jpg": None,
        "S01/2.jpg": None,
        "S02/1.jpg": None,
        "S02/notes.txt": Verdict.NOT_A_PICTURE,
        "Z99/1.jpg": Verdict.UNKNOWN_STUDENT,
    }
    assert page.photos.counts.text() == "3 ready, 1 to fix, 1 refused"
    assert templates(store) == 0, "looking stores nothing"

    row = next(i for i, item in enumerate(page.photos.model.rows) if item.photo.name.startswith("Z99"))
    page.photos.table.selectRow(row)
    page.photos.panel.students.activated.emit(2)  # S03
    wait_for_jobs(window.context)
    assert verdicts(page)["Z99/1.jpg"] is None
    assert page.photos.model.rows[row].who == page.photos.panel.students.itemData(2)

    assert not page.photos.enrol_button.isEnabled()
    page.photos.enrol()
    assert templates(store) == 0, "nothing without a consent"
    page.photos.consent_line.setText("parents' forms, binder 3")
    page.photos.enrol_button.click()
    wait_for_jobs(window.context)
    assert templates(store) == 4
    student = next(student for student in store.students.all() if student.number == "S03")
    consent = store.consents.current(student.id)
    assert consent is not None
    assert consent.ground == "parents' forms, binder 3"
    assert set(verdicts(page).values()) == {Verdict.ENROLLED, Verdict.NOT_A_PICTURE}


@pytest.mark.parametrize("language", ["en", "es"])
def test_listed_photos_fit_at_150_percent(page: EnrolmentPage, photos: Path, window: MainWindow, language: str) -> None:
    window.context.change_settings(language=language, text_percent=150)
    page.photos.examine([photos])
    wait_for_jobs(window.context)
    assert not cut_words(window)
    table, panel = page.photos.table, page.photos.panel
    for row in range(len(page.photos.items)):
        table.selectRow(row)
        wait_for_jobs(window.context)
        parts = [part for part in (panel.picture, panel._file, panel._verdict, panel._remedy) if part.isVisible()]
        for above, below in itertools.pairwise(parts):
            assert above.geometry().bottom() < below.geometry().top()
    assert table.columnViewportPosition(VERDICT) + table.columnWidth(VERDICT) <= table.viewport().width()


def test_students_who_are_not_on_the_list_are_added_on_request(
    page: EnrolmentPage, photos: Path, store: Store, window: MainWindow
) -> None:
    page.photos.examine([photos / "Z99"])
    wait_for_jobs(window.context)
    assert page.photos.counts.text() == "0 ready, 1 to fix"
    page.photos.missing_box.click()
    wait_for_jobs(window.context)
    page.photos.consent_line.setText("form")
    page.photos.enrol()
    wait_for_jobs(window.context)
    assert templates(store) == 1
    assert len(store.students.all()) == 7
    window.context.undo()
    wait_for_jobs(window.context)
    assert len(store.students.all()) == 6, "undone with all that was entered"
    assert page.photos.items[0].ready
    page.photos.enrol()
    wait_for_jobs(window.context)
    assert templates(store) == 1


def test_the_same_photo_twice_in_one_go_is_enrolled_once(
    page: EnrolmentPage, photos: Path, store: Store, window: MainWindow
) -> None:
    page.photos.examine([photos / "S01", photos / "S01"])
    wait_for_jobs(window.context)
    page.photos.model.show_rows([page.photos.model.rows[0], page.photos.model.rows[2]])
    assert len({item.candidate.photo_sha256 for item in page.photos.model.rows}) == 1
    for item in page.photos.model.rows:
        page.photos._rechoose(item, PhotoInstructions(page.photos.panel.students.itemData(0)))
        wait_for_jobs(window.context)
    page.photos.consent_line.setText("form")
    page.photos.enrol()
    wait_for_jobs(window.context)
    assert templates(store) == 1
    assert list(verdicts(page).values()).count(Verdict.ALREADY_ENROLLED) <= 1


def test_a_folder_without_files_is_said_in_the_page(
    page: EnrolmentPage, window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    (tmp_path / "empty").mkdir()
    page.photos.examine([tmp_path / "empty"])
    settle()
    assert window.message_bar.isVisible()
    assert page._empty.isVisible()


def test_a_small_face_is_ready_as_a_weak_photo_and_gives_way_to_a_better_one(
    page: EnrolmentPage, tmp_path: Path, settle: Settle
) -> None:
    folder = tmp_path / "crops"
    (folder / "S01").mkdir(parents=True)
    photo = Pictures.open(PHOTOS / "S01" / "1.jpg")
    # Faces of 150 pixels become faces of 24.
    photo.resize((photo.width * 24 // 150, photo.height * 24 // 150)).save(folder / "S01" / "small.png")
    page.photos.examine([folder])
    settle()
    (item,) = page.photos.items
    assert verdict_words(item) == "Ready as a weak photo: small face, 22 pixels"
    assert "until a better photo" in remedy(item)
    page.photos.examine([PHOTOS / "S01" / "2.jpg"])
    settle()
    (better,) = [one for one in page.photos.items if one is not item and one.photo.name == "2.jpg"]
    page.photos._rechoose(better, PhotoInstructions(student=item.candidate.who))
    settle()
    assert verdicts(page) == {"S01/small.png": Verdict.BETTER_THERE, "2.jpg": None}
