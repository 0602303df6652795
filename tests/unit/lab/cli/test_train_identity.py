"""What ``attendance train identity`` and ``attendance evaluate identity`` say to bad input, before any training."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli.errors import TrainingNeedsData, VariantNotForCourse
from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError, NotFoundError
from attendance_app.lab.cli import train_identity
from attendance_app.lab.errors import OneFolderOnly
from attendance_app.lab.identity.report import IdentityReportTraining


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


def test_a_course_is_not_learnt_by_a_variant_of_the_report() -> None:
    error = _ask("train", "identity", "--course", "ALG-1", "--variant", "2")

    assert isinstance(error, VariantNotForCourse)
    assert error.variant == "2"


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
