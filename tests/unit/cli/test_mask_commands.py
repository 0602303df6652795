import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError
from attendance_app.lab.errors import ClassesWithoutPictures

runner = CliRunner()


def grey_picture(path: Path, side: int = 120) -> Path:
    Image.fromarray(np.full((side, side), 128, dtype=np.uint8)).save(path)
    return path


def test_a_picture_without_a_face_says_so(tmp_path):
    result = runner.invoke(app, ["mask", str(grey_picture(tmp_path / "grey.png")), "--json"])
    (document,) = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["faces"] == []
    assert document["note"] == "no face found"


def test_a_broken_file_is_reported_and_the_others_are_done(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"nothing")
    good = grey_picture(tmp_path / "good.png")
    result = runner.invoke(app, ["mask", str(tmp_path / "broken.jpg"), str(good), "--crop", "--json"])
    broken, fine = json.loads(result.stdout)
    assert result.exit_code == 0
    assert "broken.jpg" in broken["error"]
    assert sum(fine["faces"][0]["probabilities"].values()) == pytest.approx(1)


def test_only_broken_files_are_a_failure(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"nothing")
    assert runner.invoke(app, ["mask", str(tmp_path / "broken.jpg"), "--json"]).exit_code == 1


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_crops_of_other_modes_are_judged(tmp_path, mode):
    Image.new(mode, (64, 80)).save(tmp_path / "one.png")
    result = runner.invoke(app, ["mask", str(tmp_path / "one.png"), "--crop", "--json"])
    (document,) = json.loads(result.stdout)
    assert len(document["faces"]) == 1
    assert document["faces"][0]["found"] is False
    assert document["faces"][0]["state"] == "unsure"


def test_a_crop_in_which_no_face_was_found_says_so(tmp_path):
    result = runner.invoke(app, ["mask", str(grey_picture(tmp_path / "wall.png")), "--crop"])
    assert "unsure" in result.stdout
    assert "no face found" in result.stdout


def test_a_crop_of_ten_pixels_is_refused(tmp_path):
    result = runner.invoke(app, ["mask", str(grey_picture(tmp_path / "tiny.png", 10)), "--crop", "--json"])
    (document,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert "too small" in document["error"]


def test_evaluation_names_an_empty_class(tmp_path):
    (tmp_path / "with_mask").mkdir()
    grey_picture(tmp_path / "with_mask" / "0.png")
    result = runner.invoke(app, ["evaluate", "mask", str(tmp_path), "--json"])
    assert isinstance(result.exception, ClassesWithoutPictures)
    assert "without_mask" in result.exception.classes


def test_evaluation_lists_what_it_can_not_judge(tmp_path):
    for name in ("with_mask", "without_mask", "mask_weared_incorrect"):
        (tmp_path / name).mkdir()
        grey_picture(tmp_path / name / "fine.png", 40)
    grey_picture(tmp_path / "with_mask" / "tiny.png", 10)
    (tmp_path / "with_mask" / "broken.jpg").write_bytes(b"nothing")
    result = runner.invoke(app, ["evaluate", "mask", str(tmp_path), "--json"])
    document = json.loads(result.stdout)
    assert document["count"] == 3
    assert sorted(Path(one["file"]).name for one in document["rejected"]) == ["broken.jpg", "tiny.png"]
    assert 0 <= document["balanced_accuracy"] <= 1
    assert len(document["confusion_matrix"]["rows_true_columns_predicted"]) == 3


def test_exploring_writes_a_page(tmp_path):
    (tmp_path / "set" / "one").mkdir(parents=True)
    grey_picture(tmp_path / "set" / "one" / "0.png")
    result = runner.invoke(app, ["dataset", "explore", str(tmp_path / "set"), "--out", str(tmp_path / "out"), "--json"])
    assert json.loads(result.stdout)["pictures"] == {"one": 1}
    assert (tmp_path / "out" / "index.html").is_file()


@pytest.mark.parametrize("variant", ["report", "ours"])
def test_training_on_nothing_says_what_is_missing(tmp_path, variant):
    result = runner.invoke(
        app, ["train", "mask", "--variant", variant, "--data", str(tmp_path / "none"), "--out", str(tmp_path / "run")]
    )
    assert isinstance(result.exception, KnownError)
    assert not (tmp_path / "run").exists()
