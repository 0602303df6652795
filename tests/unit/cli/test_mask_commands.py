import json
from pathlib import Path

import numpy as np
import pytest
from own_networks import mask_run
from PIL import Image
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskOpinion, MaskRule, MaskState
from attendance_app.lab.errors import ClassesWithoutPictures
from attendance_app.lab.mask.data import read_class_folders
from attendance_app.lab.mask.evaluation import sampled
from attendance_app.services.errors import NoCropJudged
from attendance_app.services.mask.reading import MaskedFace
from attendance_app.services.output.errors import FolderNotEmpty

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
    result = runner.invoke(app, ["mask", str(tmp_path / "broken.jpg"), str(good), "--json"])
    broken, fine = json.loads(result.stdout)
    assert result.exit_code == 0
    assert "broken.jpg" in broken["error"]
    assert "error" not in fine


def test_only_broken_files_are_a_failure(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"nothing")
    assert runner.invoke(app, ["mask", str(tmp_path / "broken.jpg"), "--json"]).exit_code == 1


def test_the_whole_picture_is_judged_beside_the_faces_and_drawn(tmp_path):
    run = mask_run(tmp_path / "run")
    path, out = grey_picture(tmp_path / "grey.png"), tmp_path / "pictures"
    asked = ["mask", str(path), "--network", str(run), "--squashed", "--pictures", str(out)]
    told = runner.invoke(app, asked).stdout
    assert "the whole picture, squashed: " in told
    (document,) = json.loads(runner.invoke(app, [*asked, "--force", "--json"]).stdout)
    assert sum(document["squashed"]["probabilities"].values()) == pytest.approx(1)
    with Image.open(out / "1-grey.png") as drawn:
        assert drawn.height > 120 + 128
    refused = runner.invoke(app, asked)
    assert isinstance(refused.exception, FolderNotEmpty)


def test_without_being_asked_no_whole_picture_is_judged(tmp_path):
    (document,) = json.loads(runner.invoke(app, ["mask", str(grey_picture(tmp_path / "a.png")), "--json"]).stdout)
    assert "squashed" not in document


@pytest.mark.parametrize("mode", ["L", "RGBA"])
def test_pictures_of_other_modes_are_looked_at(tmp_path, mode):
    Image.new(mode, (64, 80)).save(tmp_path / "one.png")
    result = runner.invoke(app, ["mask", str(tmp_path / "one.png"), "--json"])
    (document,) = json.loads(result.stdout)
    assert document["note"] == "no face found"


def test_a_picture_of_ten_pixels_is_refused(tmp_path):
    result = runner.invoke(app, ["mask", str(grey_picture(tmp_path / "tiny.png", 10)), "--json"])
    (document,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert "too small" in document["error"]


def test_evaluation_names_an_empty_class(tmp_path):
    (tmp_path / "with_mask").mkdir()
    grey_picture(tmp_path / "with_mask" / "0.png")
    result = runner.invoke(app, ["evaluate", "mask", str(tmp_path), "--json"])
    assert isinstance(result.exception, ClassesWithoutPictures)
    assert "without_mask" in result.exception.classes


class SeesOneFace:
    """Finds a face in every picture that is not black, and calls it masked."""

    rule = MaskRule(least_probability=0.6)
    split_seed = 0

    @property
    def classifier(self):
        return self

    def faces(self, image):
        if not image.any():
            return []
        corner = MaskedFace(Box(0, 0, 4, 4), 2.0, MaskOpinion(MaskState.WITHOUT_MASK, (0.1, 0.9, 0.0)))
        middle = MaskedFace(Box(10, 10, 30, 30), None, MaskOpinion(MaskState.WITH_MASK, (0.9, 0.1, 0.0)))
        return [corner, middle]


def class_folders(folder: Path) -> Path:
    for name in ("with_mask", "without_mask", "mask_weared_incorrect"):
        (folder / name).mkdir()
        for number in range(3):
            grey_picture(folder / name / f"{number}.png", 40)
    return folder


def test_an_evaluation_counts_the_face_in_the_middle_and_the_pictures_without_one(tmp_path, monkeypatch):
    monkeypatch.setattr("attendance_app.lab.cli.evaluate_mask.open_mask_reader", SeesOneFace)
    folder = class_folders(tmp_path)
    Image.new("RGB", (40, 40)).save(folder / "with_mask" / "black.png")
    (folder / "with_mask" / "broken.jpg").write_bytes(b"nothing")
    document = json.loads(runner.invoke(app, ["evaluate", "mask", str(folder), "--json"]).stdout)
    assert (document["count"], document["no_face"], document["face_found"]) == (9, 1, 0.0)
    assert document["confusion_matrix"]["rows_true_columns_predicted"] == [[3, 0, 0]] * 3
    assert [Path(one["file"]).name for one in document["rejected"]] == ["broken.jpg"]


def test_a_sample_has_as_many_of_each_class_and_its_seed_decides(tmp_path):
    pictures = read_class_folders(class_folders(tmp_path))
    first = sampled(pictures, 2, seed=1)
    assert np.bincount(first.labels).tolist() == [2, 2, 2]
    assert first.files == sampled(pictures, 2, seed=1).files
    assert {sampled(pictures, 2, seed=seed).files for seed in range(9)} != {first.files}


def test_an_evaluation_without_any_face_is_an_error(tmp_path):
    result = runner.invoke(app, ["evaluate", "mask", str(class_folders(tmp_path))])
    assert isinstance(result.exception, NoCropJudged)


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
