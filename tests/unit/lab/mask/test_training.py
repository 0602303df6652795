import json

import numpy as np
import pytest
from PIL import Image

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.errors import RunStopped
from attendance_app.lab.mask.data import read_class_folders
from attendance_app.lab.mask.faces import EXTRA, INDEPENDENT, REPORT, MaskFaces, collect_faces
from attendance_app.lab.mask.report import MaskReportTraining
from attendance_app.lab.mask.results import write_fit
from attendance_app.lab.mask.sampling import draw_weights, part_faces
from attendance_app.lab.mask.shipping import ship_mask
from attendance_app.lab.mask.training import OurMaskTraining
from attendance_app.lab.runs import EpochRow, History, RunFolder
from attendance_app.networks.own import add_network
from attendance_app.services.training_events import TrainingContext
from attendance_app.services.training_runs import run_training


def faces(families: list[str], labels: list[int], groups: list[str]) -> MaskFaces:
    count = len(labels)
    return MaskFaces(
        pictures=np.zeros((count, 4, 4, 3), dtype=np.uint8),
        labels=np.array(labels, dtype=np.intp),
        groups=tuple(groups),
        families=tuple(families),
        names=tuple(f"{family}/{index}" for index, family in enumerate(families)),
    )


def three_classes(root, *, each, shade=lambda label, number: 80 * label + number):
    for label, state in enumerate(MASK_CLASSES):
        (root / state.value).mkdir(parents=True)
        for number in range(each):
            Image.new("RGB", (40, 40), (shade(label, number),) * 3).save(root / state.value / f"{number}.png")


def test_classes_are_drawn_alike_and_copies_share_one_draw():
    known = faces([REPORT] * 7, [0, 0, 1, 2, 2, 2, 2], ["a", "b", "c", "d", "d", "d", "e"])
    weights = draw_weights(known, np.arange(7))
    assert weights.sum() == pytest.approx(1)
    assert [weights[known.labels == label].sum() for label in range(3)] == pytest.approx([1 / 3] * 3)
    assert weights[3] * 3 == pytest.approx(weights[6])


def test_no_photograph_is_on_both_sides():
    labels = [index % 3 for index in range(300)]
    groups = [f"photo{index // 2}" for index in range(300)]
    known = faces([f"{INDEPENDENT}/listed"] * 300, labels, groups)
    parts = part_faces(known, seed=0)
    sides = [parts.training, parts.validation, parts.tests[INDEPENDENT]]
    held = [{known.groups[index] for index in side} for side in sides]
    assert all(len(side) for side in sides)
    assert not held[0] & held[1]
    assert not held[0] & held[2]
    assert not held[1] & held[2]


def test_without_the_independent_set_all_of_it_is_the_test():
    known = faces(
        [f"{INDEPENDENT}/listed"] * 30 + [REPORT] * 60, [index % 3 for index in range(90)], [str(i) for i in range(90)]
    )
    parts = part_faces(known, seed=0, use_independent=False)
    assert sorted(parts.tests[INDEPENDENT]) == list(range(30))
    assert min(parts.training) >= 30


def test_faces_are_collected_from_the_sets_that_are_there(tmp_path):
    three_classes(tmp_path / REPORT, each=2)
    three_classes(tmp_path / EXTRA, each=1)
    steps: list[tuple[int, int]] = []
    found = collect_faces(tmp_path, lambda _image: [], report=lambda done, total: steps.append((done, total)))
    assert set(found.families) == {REPORT}
    assert len(found) == 6
    assert steps[-1] == (9, 9)


def stopped(after):
    """A context whose stop is asked for once ``after`` was reported that often."""
    seen = []

    def report(event):
        seen.append(event)

    return TrainingContext(report=report, stop_requested=lambda: len(seen) >= after)


def test_a_report_run_stopped_while_it_reads_leaves_no_folder(tmp_path):
    three_classes(tmp_path / "set", each=12)
    task = MaskReportTraining(data=tmp_path / "set", out=tmp_path / "run", epochs=1, threads=1)
    with pytest.raises(Cancelled):
        task(stopped(after=0))
    assert not (tmp_path / "run").exists()


def test_our_run_stopped_while_it_looks_for_faces_leaves_no_folder(tmp_path, monkeypatch):
    three_classes(tmp_path / "sets" / REPORT, each=50)
    monkeypatch.setattr("attendance_app.lab.mask.training.MaskTraining", lambda *_args, **_options: None)
    with pytest.raises(Cancelled):
        OurMaskTraining(data=tmp_path / "sets", out=tmp_path / "run", threads=1)(stopped(after=1))
    assert not (tmp_path / "run").exists()


def test_a_picture_that_is_none_ends_a_run_before_it_leaves_a_folder(tmp_path):
    three_classes(tmp_path / "set", each=12)
    (tmp_path / "set" / "with_mask" / "0.png").write_bytes(b"nothing")
    with pytest.raises(KnownError, match=r"0\.png"):
        MaskReportTraining(data=tmp_path / "set", out=tmp_path / "run", epochs=1, threads=1)(TrainingContext())
    assert not (tmp_path / "run").exists()


def a_history(*, epochs, stopped_early):
    row = EpochRow(epoch=1, loss=1, accuracy=0.5, val_loss=1, val_accuracy=0.5, learning_rate=0.1, seconds=1)
    return History((row,) * epochs, best_epoch=epochs, stopped_early=stopped_early)


def test_a_fit_stopped_in_its_first_epoch_has_nothing_to_keep(tmp_path):
    with pytest.raises(Cancelled):
        write_fit(RunFolder(tmp_path), a_history(epochs=1, stopped_early=True))


def test_a_network_of_a_stopped_training_is_not_shipped(tmp_path):
    (tmp_path / "mask.onnx").write_bytes(b"network")
    write_fit(RunFolder(tmp_path), a_history(epochs=3, stopped_early=True))
    with pytest.raises(RunStopped):
        ship_mask(tmp_path, tmp_path)


def test_the_reports_recipe_leaves_a_whole_run_folder(tmp_path):
    three_classes(tmp_path / "set", each=12)
    task = MaskReportTraining(data=tmp_path / "set", out=tmp_path / "run", epochs=1, threads=1)
    folder = run_training(task, lambda _event: None)
    names = {path.name for path in folder.iterdir()}
    assert {"config.json", "history.csv", "split.csv", "scores.json", "classification_report.txt"} <= names
    assert {"confusion-test.png", "curves.png", "mask-report.onnx", "card.md", "samples.png"} <= names
    assert json.loads((folder / "config.json").read_text())["devices"] == ["CPU"]
    for page in ("page.html", "pagina.html"):
        assert "data:image/jpeg" in (folder / page).read_text(encoding="utf-8")
    assert "The weights are those of epoch 1." in (folder / "card.md").read_text()
    # What was trained is what can be used.
    own = add_network(tmp_path / "home", folder)
    assert own.page("es") == tmp_path / "home" / "networks" / "run" / "pagina.html"
    assert MaskClassifier(network=own.path).split_seed == 42
    parts = [line.split(",")[1] for line in (folder / "split.csv").read_text().splitlines()[1:]]
    assert len(parts) == len(read_class_folders(tmp_path / "set"))
    assert json.loads((folder / "scores.json").read_text())["test"]["count"] == parts.count("test")
