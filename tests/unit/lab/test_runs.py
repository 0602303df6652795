"""Run folders: what was asked for and what happened, on disk."""

import json
from pathlib import Path

import pytest

from attendance_app.domain.errors import Cancelled
from attendance_app.lab.errors import FolderNotWritten, PictureUnreadable, RunThere
from attendance_app.lab.runs import EpochRow, History, RunFolder, read_history

ROWS = (
    EpochRow(1, loss=2.5, accuracy=0.1, val_loss=2.4, val_accuracy=0.2, learning_rate=0.01, seconds=1.5),
    EpochRow(2, loss=1.25, accuracy=0.5, val_loss=1.5, val_accuracy=0.4, learning_rate=0.005, seconds=1.25),
)


def test_the_config_names_seed_and_versions(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", config={"variant": "1"}, seed=7)

    document = json.loads((run.path / "config.json").read_text())

    assert document["seed"] == 7
    assert document["config"] == {"variant": "1"}
    assert {"python", "numpy", "keras"} <= set(document["versions"])


def test_a_folder_with_a_run_is_not_written_over(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, config={}, seed=0)

    with pytest.raises(RunThere):
        RunFolder.create(tmp_path, config={}, seed=1)

    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 0


def test_a_place_where_no_folder_can_be_made_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(FolderNotWritten):
        RunFolder.create(tmp_path / "file" / "run", config={}, seed=0)


def test_a_training_that_fails_before_any_result_leaves_no_folder(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", config={}, seed=0)

    with pytest.raises(PictureUnreadable), run.given_up_without_result():
        raise PictureUnreadable(path=tmp_path)

    assert not run.path.exists()


def test_a_training_that_fails_late_keeps_what_it_has(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", config={}, seed=0)

    run.write_text("history.csv", "epoch\n")
    with pytest.raises(Cancelled), run.given_up_without_result():
        raise Cancelled

    assert {file.name for file in run.path.iterdir()} == {"config.json", "history.csv"}


def test_the_history_can_be_read_back(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path, config={}, seed=0)

    path = run.write_history(History(ROWS, best_epoch=2, stopped_early=False))

    assert read_history(path) == ROWS
