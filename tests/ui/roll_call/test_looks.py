"""What the roll call looks like: before the class, and at 150 %."""

import itertools
from collections.abc import Callable

import pytest
from conftest import wait_for
from cut_words import cut_words
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QPushButton
from roll_call_steps import begin, finish, long_lesson
from scripted_session import Script

from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.services.session.doubts import AlternativesKind
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.video_view import VideoView
from attendance_app.ui.waiting import process_events_for
from attendance_app.vision.source_protocol import SourceState

Settle = Callable[[], None]


def face_of(student_id: int | None, state: FaceState, *, mask: MaskState | None = None) -> FaceView:
    return FaceView(1, Box(20, 20, 60, 60), state, student_id, 0.9, None, mask)


def painted(video: VideoView, face: FaceView) -> bytes:
    """What is drawn for one face on an empty ground."""
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    video._paint_face(painter, QRectF(40, 20, 50, 50), face, named=True)
    painter.end()
    return bytes(image.constBits())


def test_before_the_class_photos_and_doubts_are_hidden(page: RollCallPage) -> None:
    begin(page)
    page.actions_bar.class_button.click()
    assert not page.parts.card._enrolled.isVisible()
    assert "To review" not in page.model.data(page.model.index(2, 0), Qt.ItemDataRole.ToolTipRole)
    assert not page.parts.tray.isVisible()
    page.actions_bar.class_button.click()
    assert page.parts.tray.isVisible()
    finish(page)


def test_before_the_class_the_video_has_boxes_without_names_and_doubts(page: RollCallPage) -> None:
    begin(page)
    lines = page.model.rows
    known = face_of(lines[0].student.id, FaceState.KNOWN, mask=MaskState.WORN_INCORRECTLY)
    doubtful = face_of(lines[2].student.id, FaceState.DOUBTFUL)
    unknown = face_of(None, FaceState.UNKNOWN)
    video = page.parts.video
    wait_for(lambda: page.model.rows[2].doubt is not None)
    assert [video.label_of(face) for face in (known, doubtful, unknown)] == ["01", "?", "?"], "the short name"
    with_names = painted(video, known)
    page.actions_bar.class_button.click()
    assert [video.label_of(face) for face in (known, doubtful, unknown)] == ["", "", ""]
    outside = painted(video, known)
    assert outside != with_names
    assert outside == painted(video, face_of(lines[1].student.id, FaceState.KNOWN)), "whose face it is can be seen"
    assert painted(video, doubtful) == painted(video, unknown) == painted(video, face_of(None, FaceState.PENDING))
    finish(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_in_a_running_session_nothing_is_cut_or_covered_at_150_percent(
    page: RollCallPage, window: MainWindow, script: Script, language: str
) -> None:
    script.choices[2] = (AlternativesKind.OPINIONS, 2, 4)
    window.context.change_settings(language=language, text_percent=150)
    begin(page)
    wait_for(lambda: page.parts.shown_hint is SourceState.ENDED)
    assert not cut_words(page)
    assert all(one.accessibleName() for one in page.findChildren(QPushButton) if one.isVisible())
    assert page.title.width() >= page.title.fontMetrics().horizontalAdvance(page.title.text())
    left = [part for part in (page.parts.video, page.parts.hint, page.parts.card) if part.isVisible()]
    for above, below in itertools.pairwise(left):
        assert above.geometry().bottom() < below.geometry().top()
    tiles = page.parts.roster.viewport().width() // page.parts.roster.gridSize().width()
    assert tiles >= 2, "the register is the hero"
    finish(page)


@pytest.mark.parametrize(
    ("width", "text_percent", "pictures"), [(1280, 100, True), (960, 100, False), (1280, 150, False)]
)
def test_the_card_leaves_its_pictures_out_where_they_leave_no_room_for_the_name(
    page: RollCallPage, window: MainWindow, width: int, text_percent: int, *, pictures: bool
) -> None:
    window.context.change_settings(text_percent=text_percent)
    window.resize(width, 720)
    card = page.parts.card
    wait_for(lambda: card._enrolled.isVisible() == pictures)
    wait_for(lambda: card._name.fontMetrics().horizontalAdvance(card._name.text()) <= card._name.width())
    assert card._name.text() == page.model.rows[0].student.name


@long_lesson
def test_the_card_is_whole_or_gone_where_a_hint_takes_its_room(page: RollCallPage, window: MainWindow) -> None:
    window.context.change_settings(language="es", text_percent=150)
    begin(page)
    assert page.parts.card.isVisible()
    page.parts.show_sideways(90)
    assert not page.parts.card.isVisible()
    page.parts.show_hint(None)
    assert page.parts.card.isVisible()
    window.resize(960, 600)
    process_events_for(50)
    assert page.parts.card.isVisible(), "its buttons are the mouse's way to mark"
    finish(page)
