"""The page of a backbone's training, from what its run folder and its test hold."""

import json
from pathlib import Path

import numpy as np

from attendance_app.lab.identity.run_report import RESULT, write_backbone_pages
from attendance_app.lab.run_page.record import TestPart
from attendance_app.lab.runs import EpochRow, History, RunFolder

CHIPS = np.full((5, 150, 150, 3), 90, np.uint8)
RATES = {"loss": 0.3, "accuracy": 0.9, "val_loss": 0.4, "val_accuracy": 0.8}


def _run(folder: Path, *, stopped: bool) -> RunFolder:
    run = RunFolder.create(folder, config={"epochs": 20}, seed=42, devices=("CPU",))
    rows = tuple(EpochRow(n, **RATES, learning_rate=0.001, seconds=1) for n in range(1, 5))
    run.write_history(History(rows, best_epoch=3, stopped_early=stopped))
    (folder / RESULT).write_text(json.dumps({"best_epoch": 3, "stopped_early": stopped}))
    return run


def test_a_backbone_that_was_stopped_says_so_and_calls_its_loss_a_distance(tmp_path: Path) -> None:
    write_backbone_pages(_run(tmp_path, stopped=True), CHIPS, None)

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "It was stopped by its user after 4 of 20 epochs." in page
    assert "the squared distance to the teacher is 0.3000 in training and 0.4000 in validation" in page
    assert "It was not tested" in page
    assert "distancia al cuadrado" in (tmp_path / "pagina.html").read_text(encoding="utf-8")


def test_its_wrong_answers_to_the_reports_people_are_shown(tmp_path: Path) -> None:
    tested = TestPart(("Ada", "Emmy"), np.array([0, 1]), np.array([[0.9, 0.1], [0.8, 0.2]]), lambda _index: CHIPS[0])

    write_backbone_pages(_run(tmp_path, stopped=False), CHIPS, tested)

    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Emmy: 1 of 1 answered wrongly" in page
    assert "50.0\N{NO-BREAK SPACE}% of 2 pictures are answered rightly" in page
