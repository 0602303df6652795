"""Where faces are named and where not, over the picture and in words."""

from collections.abc import Callable

import pytest
from conftest import wait_for
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from roll_call_steps import begin, finish, long_lesson

from attendance_app.services.session.regions import Depth, RegionCount, Side, WhyUnnamed
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.roll_call.region_grid import leave_names_out, paint_regions, sign_of
from attendance_app.ui.roll_call.region_words import MOST_LINES, region_words, summary_words

Settle = Callable[[], None]
NONE = tuple(RegionCount(depth, side, 0, 0, 0, ()) for depth in Depth for side in Side)
SOME = (
    RegionCount(Depth.BACK, Side.LEFT, 6, 2, 1, ((WhyUnnamed.TOO_SMALL, 2), (WhyUnnamed.MASKED, 1))),
    *NONE[1:4],
    RegionCount(Depth.MIDDLE, Side.CENTRE, 3, 3, 0, ()),
    *NONE[5:],
)


@long_lesson
def test_the_button_shows_regions_in_a_session_only_and_never_to_the_class(page: RollCallPage) -> None:
    parts = page.parts
    assert parts.regions_button.isHidden()
    begin(page)
    assert not parts.regions_button.isHidden()
    assert parts.video.regions == ()
    parts.regions_button.setChecked(True)
    parts.show_regions(SOME)
    assert parts.video.regions == SOME
    assert parts.regions_words.text() == "Back left: 6 faces, 2 named, 1 to check, 2 too small, 1 masked"
    page.actions_bar.class_button.setChecked(True)
    assert parts.video.regions == ()
    assert parts.regions_words.isHidden()
    page.actions_bar.class_button.setChecked(False)
    assert not parts.regions_words.isHidden()
    finish(page)
    assert parts.regions_words.isHidden()


@long_lesson
def test_a_running_session_counts_the_faces_of_its_pictures(page: RollCallPage) -> None:
    page.parts.regions_button.setChecked(True)
    begin(page)
    wait_for(lambda: len(page.parts.video.regions) == len(NONE))
    finish(page)


def test_the_words_name_the_worst_regions_first(window: MainWindow) -> None:
    assert summary_words(()) == summary_words(NONE) == "No faces in the picture yet."
    assert summary_words((SOME[4],)) == "All 3 faces in the picture are named."
    many = tuple(RegionCount(one.depth, one.side, place, 0, 0, ()) for place, one in enumerate(NONE))
    lines = summary_words(many).splitlines()
    assert len(lines) == MOST_LINES
    assert lines[0].startswith("Front right: 8 faces")


@pytest.mark.parametrize("why", WhyUnnamed)
def test_every_reason_has_words(window: MainWindow, why: WhyUnnamed) -> None:
    words = region_words(RegionCount(Depth.BACK, Side.CENTRE, 2, 0, 0, ((why, 2),)))
    assert words == f"Back: 2 faces, 0 named, 2 {why.value}"


def test_a_region_without_faces_has_no_count_and_the_sign_says_what_is_left(window: MainWindow) -> None:
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    painter = QPainter(image)
    paint_regions(painter, QRectF(0, 0, 300, 300), SOME)
    painter.end()
    surface = window.context.theme.palette.surface
    filled = [
        image.pixelColor(QPointF(x + 6, y + 12).toPoint()).name() == surface for y in (0, 100, 200) for x in (0, 100)
    ]
    assert filled == [True, False, False, True, False, False]
    assert [sign_of(one)[0] for one in (SOME[0], SOME[4])] == ["warning-circle", "check-circle"]
    assert sign_of(RegionCount(Depth.BACK, Side.LEFT, 2, 1, 1, ()))[0] == "question"


@pytest.mark.parametrize(("width", "regions", "left_out"), [(400, SOME, True), (400, (), False), (800, SOME, False)])
def test_on_a_small_picture_names_give_way_to_counts(
    window: MainWindow, width: int, regions: tuple[RegionCount, ...], left_out: bool
) -> None:
    assert leave_names_out(QRectF(0, 0, width, width / 2), regions) is left_out
