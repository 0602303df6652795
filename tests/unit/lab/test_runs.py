"""Run folders: what was asked for and what happened, on disk."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from attendance_app.domain.errors import Cancelled
from attendance_app.lab.errors import (
    FolderNotWritten,
    NothingToResume,
    PictureUnreadable,
    RunEnded,
    RunOfAnotherTraining,
    RunThere,
)
from attendance_app.lab.runs import EpochRow, History, RunFolder, read_history, read_task

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


@dataclass(frozen=True)
class Evening:
    """A task with all kinds of settings."""

    out: Path
    data: tuple[Path, ...] = ()
    cache: Path | None = None
    epochs: int = 20
    peak: float = 2e-3
    split: str = "group"


def test_a_run_is_gone_on_with_by_its_own_settings_wherever_it_is(tmp_path: Path) -> None:
    begun = Evening(tmp_path / "run", data=(tmp_path / "a", tmp_path / "b"), cache=tmp_path / "c", epochs=3)
    run = RunFolder.create(begun.out, config={}, seed=0, task=begun)
    run.checkpoint.write_bytes(b"an epoch")
    moved = begun.out.rename(tmp_path / "moved")

    resumed = read_task(moved, Evening)

    assert resumed == replace(begun, out=moved)
    assert RunFolder.create(resumed.out, config={}, seed=0, task=resumed).path == moved
    with pytest.raises(RunThere):
        RunFolder.create(moved, config={}, seed=0, task=replace(resumed, epochs=4))


def test_only_a_run_that_was_begun_and_not_ended_is_gone_on_with(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", config={}, seed=0, task=Evening(tmp_path / "run"))
    run.checkpoint.write_bytes(b"an epoch")
    run.write_text("history.csv", "epoch")

    run.end_unless(stopped=True)
    assert read_task(run.path, Evening) == Evening(run.path)
    run.end_unless(stopped=False)
    with pytest.raises(RunEnded):
        read_task(run.path, Evening)
    with pytest.raises(NothingToResume):
        read_task(tmp_path, Evening)
    with pytest.raises(RunOfAnotherTraining):
        read_task(run.path, RunFolder)


def test_a_folder_in_which_a_run_failed_at_once_is_used_again(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, config={}, seed=0)

    RunFolder.create(tmp_path, config={}, seed=7)

    assert json.loads((tmp_path / "config.json").read_text())["seed"] == 7


def test_a_folder_with_a_run_is_not_written_over(tmp_path: Path) -> None:
    RunFolder.create(tmp_path, config={}, seed=0).write_text("history.csv", "epoch")

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
