"""What ``attendance train identity`` and ``attendance evaluate identity`` say to bad input, before any training."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli.errors import OneVariantForCourse, TrainingNeedsData
from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError, NotFoundError
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.lab.cli import train_identity
from attendance_app.lab.errors import OneFolderOnly
from attendance_app.lab.identity.report import IdentityReportTraining
from attendance_app.services.course_cnn.report import CnnReport, OtherWay, PersonTries
from attendance_app.services.course_cnn.teaching import CnnRecipe

REPORT = CnnReport(
    variant=3,
    photos=60,
    students=20,
    best_named=40,
    own=(*[PersonTries(3, right=2)] * 19, PersonTries(3)),
    left_out=tuple(PersonTries(3) for _ in range(20)),
    best_epoch=12,
    epochs=20,
    beside=(OtherWay(ClassifierChoice.ENCODINGS, (PersonTries(3, right=3),), (PersonTries(3),)),),
)


def _ask(*arguments: str) -> BaseException:
    outcome = CliRunner().invoke(app, list(arguments))
    assert outcome.exception is not None
    return outcome.exception


def test_without_pictures_or_course_it_says_what_it_takes() -> None:
    error = _ask("train", "identity")

    assert isinstance(error, TrainingNeedsData)


def test_the_reports_variants_take_one_folder(tmp_path: Path) -> None:
    folders = ["--data", str(tmp_path), "--data", str(tmp_path)]

    error = _ask("train", "identity", *folders, "--variant", "1", "--out", str(tmp_path / "run"))

    assert isinstance(error, OneFolderOnly)
    assert error.count == 2


@pytest.mark.parametrize("variant", ["1", "ours"])
def test_a_missing_folder_is_an_error_of_the_training_process_too(tmp_path: Path, variant: str) -> None:
    out = tmp_path / "run"

    error = _ask("train", "identity", "--data", str(tmp_path / "nowhere"), "--variant", variant, "--out", str(out))

    assert isinstance(error, KnownError)
    assert "nowhere" in str(error)
    assert not out.exists()


def test_a_course_keeps_one_of_the_reports_variants() -> None:
    error = _ask("train", "identity", "--course", "ALG-1", "--variant", "report")

    assert isinstance(error, OneVariantForCourse)


def test_an_unknown_course_is_named_before_a_variant_is_trained(tmp_path: Path) -> None:
    error = _ask("--home", str(tmp_path), "train", "identity", "--course", "NONE-1", "--variant", "2")

    assert isinstance(error, NotFoundError)
    assert "NONE-1" in str(error)


def test_what_a_variant_learnt_of_a_course_is_said_beside_the_other_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(tmp_path)
    assert CliRunner().invoke(app, ["--home", home, "course", "add", "ALG-1", "--title", "Algebra"]).exit_code == 0
    asked: list[CnnRecipe] = []

    def teach(_store: object, _code: str, recipe: CnnRecipe, **_given: object) -> CnnReport:
        asked.append(recipe)
        return REPORT

    monkeypatch.setattr("attendance_app.services.course_cnn.teaching.teach_course_cnn", teach)
    options = ["--variant", "3", "--epochs", "5", "--faces", str(tmp_path), "--seed", "7"]

    told = CliRunner().invoke(app, ["--home", home, "train", "identity", "--course", "ALG-1", *options]).stdout

    assert asked == [CnnRecipe(3, (tmp_path,), 5, 7)]
    assert "Variant 3 learnt 20 students from 60 photos; best epoch 12 of 20." in told
    assert "40 of 60 photos kept back" in told
    assert "38 of 60" in told
    assert "dlib's encodings" in told
    assert "It may not name students alone" in told
    assert "--classifier both" in told


def test_an_unknown_course_is_named(tmp_path: Path) -> None:
    error = _ask("--home", str(tmp_path), "train", "identity", "--course", "NONE-1")

    assert isinstance(error, NotFoundError)
    assert "NONE-1" in str(error)


def test_after_a_stop_the_next_variant_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path] = []

    def stopped(task: IdentityReportTraining) -> Path:
        begun.append(task.out)
        task.out.mkdir(parents=True)
        result = {"variant": 1, "test_accuracy": 0.5, "reported_test_accuracy": 0.8, "best_epoch": 2, "epochs": 3}
        (task.out / "result.json").write_text(json.dumps(result | {"stopped_early": True}))
        return task.out

    monkeypatch.setattr(train_identity, "_run", stopped)
    asked = ["train", "identity", "--data", str(tmp_path), "--variant", "report", "--out", str(tmp_path / "run")]

    told = CliRunner().invoke(app, asked).stdout

    assert begun == [tmp_path / "run" / "variant-1"]
    assert "the best weights so far are kept" in told
    assert "best epoch 2 of 3" in told
