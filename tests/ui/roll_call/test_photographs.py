"""The roll from photographs in the window: chosen or dropped, looked at, named by a click."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import wait_for
from PIL import Image as Pictures
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from roll_call_steps import finish
from scripted_session import CROP, ENCODER_ID, Script

from attendance_app.domain.faces import FloatBox, Quality
from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.session.evidence import FaceLook
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.photo_report import PhotoFaces
from attendance_app.store.database import Store
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.picture_canvas import photo_picture
from attendance_app.ui.roll_call.keep_photo_dialog import KeepPhotoDialog
from attendance_app.ui.roll_call.photo_view import PhotoView

Settle = Callable[[], None]


@pytest.fixture
def photographs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "front.png", tmp_path / "back.png"]
    for number, path in enumerate(paths):
        Pictures.new("RGB", (320, 180), (80 + 20 * number,) * 3).save(path)
    return paths


@pytest.fixture(autouse=True)
def finished(request: pytest.FixtureRequest) -> Iterator[None]:
    """End what a test has begun."""
    page = request.getfixturevalue("page") if "page" in request.fixturenames else None
    yield
    if page is not None:
        finish(page)


def begin(page: RollCallPage, paths: list[Path], settle: Settle) -> None:
    page.source.use_photographs(paths)
    wait_for(lambda: page.source.photographs is not None)
    page.start(resume=False)
    wait_for(lambda: page.running.started is not None and len(page.parts.photographs._pictures) == len(paths))
    # Marks come by the recorder's thread, after the pictures.
    wait_for(lambda: page.model.count(Status.PRESENT) == 2)
    settle()


def test_the_photographs_take_the_place_of_the_camera_and_mark_whom_they_show(
    page: RollCallPage, photographs: list[Path], settle: Settle, store: Store
) -> None:
    begin(page, photographs, settle)

    assert page.session is not None
    session_id = page.session.id
    wait_for(lambda: len(store.marks.of_session(session_id)) == 2)
    assert not page.parts.photographs.isHidden()
    assert page.parts.video.isHidden()
    assert page.parts.photographs.caption.text() == "back.png (2 of 2)"
    page.parts.photographs.back.click()
    assert page.parts.photographs.caption.text() == "front.png (1 of 2)"
    assert not page.parts.photographs.back.isEnabled()


def test_dropped_photographs_are_the_source_of_the_next_roll(
    page: RollCallPage, photographs: list[Path], settle: Settle
) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in (*photographs, photographs[0].with_suffix(".txt"))])
    page.actions_bar.source_button.setFocus()
    page.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            dropped,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    wait_for(lambda: page.source.photographs is not None)

    assert page.source.words() == "2 photographs"
    assert page.parts.roster.hasFocus()
    page.source.use("")
    assert page.source.photographs is None


def test_a_photograph_that_is_none_is_said_and_the_others_are_read(
    page: RollCallPage, photographs: list[Path], settle: Settle
) -> None:
    photographs[0].write_text("no picture")
    errors: list[object] = []
    page.context.error_shown.connect(errors.append)
    page.source.use_photographs(photographs)
    wait_for(lambda: page.source.photographs is not None)
    page.start(resume=False)
    wait_for(lambda: len(page.parts.photographs._pictures) == 1 and any(errors))

    assert "front.png" in str(next(error for error in errors if error is not None))


def test_a_click_on_a_face_without_a_name_asks_who_it_is_and_marks_them(
    page: RollCallPage, photographs: list[Path], settle: Settle, store: Store, script: Script
) -> None:
    begin(page, photographs[:1], settle)
    unnamed = FaceView(77, FloatBox(200, 40, 240, 90), FaceState.PENDING, None, 0.0, None)
    menu = page.answers.name_menu(unnamed)
    names = [action.text() for action in menu.actions()]

    assert names[0] == "Who is this?"
    assert names[-2:] == [line.student.name for line in page.model.rows if line.mark is not None]
    line = next(line for line in page.model.rows if line.mark is None)
    next(action for action in menu.actions() if action.text() == line.student.name).trigger()
    settle()
    assert page.session is not None
    session_id = page.session.id
    wait_for(lambda: any(mark.student_id == line.student.id for mark in store.marks.of_session(session_id)))
    (mark,) = [mark for mark in store.marks.of_session(session_id) if mark.student_id == line.student.id]
    assert (mark.status, mark.marked_by) == (Status.PRESENT, MarkedBy.TEACHER)
    wait_for(lambda: (77, line.student.id, None) in script.named)


def test_any_face_that_is_named_may_become_the_photo_of_a_student_without_one(
    page: RollCallPage, photographs: list[Path], settle: Settle, store: Store
) -> None:
    begin(page, photographs[:1], settle)
    seen = FaceLook(CROP, np.full(128, 0.1, np.float32), ENCODER_ID, Quality(0.3, None, 24, 0.02, 0.5, 0.1))
    unnamed = FaceView(77, FloatBox(200, 40, 240, 90), FaceState.PENDING, None, 0.0, None, look=seen)
    line = next(line for line in page.model.rows if line.mark is None)
    menu = page.answers.name_menu(unnamed)
    next(action for action in menu.actions() if action.text() == line.student.name).trigger()
    wait_for(lambda: isinstance(QApplication.activeModalWidget(), KeepPhotoDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, KeepPhotoDialog)
    assert dialog.consent is not None
    dialog.consent.setCurrentText("form, binder 3")
    dialog.primary.click()
    settle()
    (template,) = store.templates.of_student(line.student.id)
    assert template.weak


def test_a_click_on_a_named_face_selects_its_student(
    page: RollCallPage, photographs: list[Path], settle: Settle
) -> None:
    begin(page, photographs[:1], settle)
    page.parts.choose_first()
    view = page.parts.photographs
    second = view.faces_at(0)[1]
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=view.canvas.place_of(second).center().toPoint())

    assert [line.student.id for line in page.parts.roster.chosen()] == [second.student_id]


@pytest.fixture
def view(qtbot) -> PhotoView:
    made = PhotoView(lambda student: f"Name {student}")
    qtbot.addWidget(made)
    made.resize(640, 420)
    made.show()
    return made


def face(track: int, left: float, state: FaceState, student: int | None) -> FaceView:
    return FaceView(track, FloatBox(left, 100, left + 40, 140), state, student, 0.9, None)


FACES = (
    face(1, 100, FaceState.KNOWN, 2),
    face(2, 300, FaceState.DOUBTFUL, 3),
    face(3, 500, FaceState.UNKNOWN, None),
    face(4, 600, FaceState.PENDING, None),
)


def test_what_stands_under_a_face(view: PhotoView) -> None:
    view.add(photo_picture("a.jpg", np.full((400, 800, 3), 90, np.uint8)), [PhotoFaces("a.jpg", FACES, 800, 400)])

    assert [view.canvas.label_of(one) for one in FACES] == ["Name 2", "Name 3?", "?", ""]
    view.set_discreet(True)
    assert {view.canvas.label_of(one) for one in FACES} == {""}


def test_a_photograph_that_names_nobody_says_what_may_be_wrong_and_is_chosen_last(view: PhotoView) -> None:
    """Faces of another class are doubtful: they may only look like students who are marked already."""
    grey = np.full((400, 800, 3), 90, np.uint8)
    other = PhotoFaces("other.jpg", (face(9, 100, FaceState.DOUBTFUL, 2),), 800, 400)
    view.add(photo_picture("other.jpg", grey), [other])
    assert "another room" in view.canvas.note
    view.grab()
    assert view.canvas.label_of(view.faces_at(0)[0]) == "Name 2?"
    view.choose(2)
    assert view.caption.text() == "other.jpg (1 of 1)"
    view.add(photo_picture("a.jpg", grey), [other, PhotoFaces("a.jpg", FACES, 800, 400)])
    assert not view.canvas.note
    view.show_photograph(0)
    view.choose(2)
    assert view.caption.text() == "a.jpg (2 of 2)"


def test_a_face_keeps_the_name_that_the_teacher_gave_until_it_is_taken_back(view: PhotoView) -> None:
    view.add(photo_picture("a.jpg", np.full((400, 800, 3), 90, np.uint8)), [PhotoFaces("a.jpg", FACES, 800, 400)])
    view.name_faces((3,), 5)
    assert view.canvas.label_of(view.faces_at(0)[2]) == "Name 5"
    view.name_faces((3,), None)
    assert view.faces_at(0)[2].student_id is None


def test_the_wheel_enlarges_about_the_pointer_and_no_empty_room_appears(view: PhotoView) -> None:
    view.add(photo_picture("a.jpg", np.full((400, 800, 3), 90, np.uint8)), [PhotoFaces("a.jpg", FACES, 800, 400)])
    canvas = view.canvas
    point = canvas.place_of(FACES[0]).center()
    canvas.zoom_by(4, point)

    place = canvas.place_of(FACES[0])
    assert abs(place.center().x() - point.x()) < 2
    assert place.width() == pytest.approx(4 * 40 * canvas.width() / 800, rel=0.01)
    for _ in range(5):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        QTest.mouseMove(canvas, QPoint(600, 300))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    assert canvas._picture is not None
    assert canvas.place_in_widget(canvas._picture).left() <= 0.5
    canvas.fit()
    assert canvas.place_of(FACES[0]).width() == pytest.approx(40 * canvas.width() / 800, rel=0.01)


def test_to_choose_a_student_shows_the_photograph_that_has_them(view: PhotoView) -> None:
    small = np.full((400, 800, 3), 90, np.uint8)
    photos = [PhotoFaces("a.jpg", FACES[:1], 800, 400), PhotoFaces("b.jpg", FACES[1:], 800, 400)]
    view.add(photo_picture("a.jpg", small), photos[:1])
    view.add(photo_picture("b.jpg", small), photos)
    view.choose(2)

    assert view.caption.text() == "a.jpg (1 of 2)"


def test_a_large_photograph_is_kept_smaller_and_its_boxes_fit(view: PhotoView) -> None:
    picture = photo_picture("a.jpg", np.full((3000, 4000, 3), 90, np.uint8))
    view.add(picture, [PhotoFaces("a.jpg", FACES, 800, 400)])

    assert picture.image.width() == 2400
    assert view.canvas.place_of(FACES[0]).width() == pytest.approx(
        40 * min(view.canvas.width() / 4000, view.canvas.height() / 3000), rel=0.01
    )


def test_the_photograph_shows_where_faces_are_named_and_naming_one_counts(qapp) -> None:
    view = PhotoView(lambda student: f"Name {student}")
    photo = PhotoFaces("a.jpg", FACES, 800, 400)
    view.add(photo_picture("a.jpg", np.full((400, 800, 3), 90, np.uint8)), [photo])
    told: list[bool] = []
    view.regions_changed.connect(lambda: told.append(True))
    assert view.regions == photo.regions
    before = sum(region.named for region in view.regions)
    view.name_faces([FACES[3].track_id], 5)
    assert told
    assert sum(region.named for region in view.regions) == before + 1
    view.close()
