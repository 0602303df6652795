"""``attendance room check`` as a user types it."""

import json

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from attendance_app.cli import room
from attendance_app.cli.main import app
from attendance_app.cli.room_words import advice_words
from attendance_app.domain.faces import Box, Quality
from attendance_app.services.room_check.advice import Nobody, PictureTrouble, Remedies, TooSmall, Trouble
from attendance_app.services.room_check.check import judge
from attendance_app.services.room_check.room import RoomFace
from attendance_app.vision.errors import SourceMissing
from attendance_app.vision.reach import IN_PHOTOGRAPHS, in_session

QUALITY = Quality(0.9, None, 60, 0.02, 0.4, 0.1)


class Checker:
    """Finds one row of large faces, and one of the size that a test asks for."""

    def __init__(self, back: int) -> None:
        self.back = back
        self.photographs: list[bool] = []

    def check(self, image, *, photographs=False):
        self.photographs.append(photographs)
        limits = IN_PHOTOGRAPHS if photographs else in_session("auto")
        boxes = [Box(50, 250, 130, 330), *(Box(x, 100, x + self.back, 100 + self.back) for x in (50, 200, 300))]
        found = [RoomFace(box, QUALITY, limits.reach(box.width)) for box in boxes]
        return judge(found, image, limits, photographs=photographs)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "room.png"
    noise = np.random.default_rng(1).integers(40, 200, (400, 640, 3), dtype=np.uint8)
    cv2.imwrite(str(path), noise)
    return path


@pytest.fixture
def run(tmp_path, monkeypatch):
    def run(*arguments, back=18):
        checker = Checker(back)
        monkeypatch.setattr(room, "open_room_checker", lambda _detector: checker)
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "room", "check", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result, checker

    return run


def test_rows_and_advice_are_printed_and_the_status_says_that_somebody_is_out_of_reach(run, picture):
    result, checker = run(picture)
    assert result.exit_code == room.OUT_OF_REACH
    assert "The last row (3 faces of 18 pixels) is too small to recognise anybody; it takes 32 pixels." in result.stdout
    assert "Take the roll from 2 photographs side by side, each of a part of the room." in result.stdout
    assert checker.photographs == [True]


def test_a_room_that_works_ends_with_status_0(run, picture):
    result, _ = run(picture, back=60)
    assert result.exit_code == 0
    assert "Recognition reaches everybody in this picture." in result.stdout


def test_a_picture_can_be_judged_as_a_cameras(run, picture):
    result, checker = run(picture, "--as-camera", "--json")
    document = json.loads(result.stdout)
    assert checker.photographs == [False]
    assert (document["judged_as"], document["works"], document["picture"]) == ("camera", False, [640, 400])
    assert [row["pixels"] for row in document["rows"]] == [80, 18]
    assert len(document["advice"]) == 1


def test_the_picture_with_its_faces_is_written(run, picture, tmp_path):
    out = tmp_path / "checked.jpg"
    run(picture, "--out", out)
    assert cv2.imread(str(out)).shape == (400, 640, 3)


def test_a_source_that_is_not_there_is_a_known_error(run, tmp_path):
    with pytest.raises(SourceMissing):
        run(tmp_path / "missing.png")


def test_the_words_give_what_was_computed():
    help_ = Remedies(distance=0.6, metres=2.1, camera_width=2560, photographs=1)
    advice = TooSmall(rows=2, faces=7, smallest=18, largest=22, wanted=30, never=True, remedies=help_)
    assert advice_words(advice, photographs=False) == (
        "The last 2 rows (7 faces of 18 to 22 pixels) are too small to recognise anybody; it takes 30 pixels. "
        "Bring the camera to 60% of its distance to the last row, about 2 m nearer. "
        "Or use a camera with pictures 2560 pixels wide. "
        "Or take the roll from a phone's photograph of the room (12 megapixels)."
    )


def test_without_a_remedy_the_words_say_what_is_left():
    nothing = Remedies(None, None, None, None)
    advice = TooSmall(rows=1, faces=1, smallest=5, largest=5, wanted=30, never=False, remedies=nothing)
    words = advice_words(advice, photographs=True)
    assert words.startswith("The last row (1 face of 5 pixels) is recognised only now and then;")
    assert words.endswith("Mark these students by hand, or let them sit nearer.")


@pytest.mark.parametrize("advice", [Nobody(), *(PictureTrouble(trouble, 4) for trouble in Trouble)])
def test_every_trouble_has_words(advice):
    assert advice_words(advice, photographs=False).endswith((".", "detector auto"))
