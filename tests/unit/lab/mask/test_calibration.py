import numpy as np
import pytest

from attendance_app.lab.mask.calibration import calibrate, calibration_members
from attendance_app.lab.mask.faces import INDEPENDENT, REPORT, MaskFaces
from attendance_app.lab.mask.unsure import MOST, unsure_threshold


def faces(families: list[str], labels: list[int], names: list[str]) -> MaskFaces:
    return MaskFaces(
        pictures=np.zeros((len(labels), 4, 4, 3), dtype=np.uint8),
        labels=np.array(labels, dtype=np.intp),
        groups=tuple(names),
        families=tuple(families),
        names=tuple(names),
    )


def many(count: int, boxes: int = 1) -> MaskFaces:
    labels = [(index // boxes) % 3 for index in range(count)]
    return faces([f"{INDEPENDENT}/listed"] * count, labels, [f"{index // boxes:04}" for index in range(count)])


def logits(known: MaskFaces, *, lights: int, images: int, strength: float, wrong: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    shape = (lights, images, len(known))
    said = np.where(rng.random(shape) < wrong, (known.labels + 1) % 3, known.labels)
    return (np.eye(3)[said] * strength + rng.normal(0, 0.1, (*shape, 3))).astype(np.float32)


def test_a_network_that_is_too_modest_is_cooled_and_one_too_sure_is_warmed():
    known = many(300)
    members = np.arange(300)
    modest = calibrate(logits(known, lights=1, images=1, strength=2, wrong=0), known, members)
    boastful = calibrate(logits(known, lights=1, images=1, strength=8, wrong=0.2), known, members)
    assert modest.temperature < 0.8
    assert boastful.temperature > 2


def test_dark_copies_that_are_judged_worse_make_it_less_sure():
    known = many(300)
    even = logits(known, lights=3, images=2, strength=6, wrong=0.02)
    dark = even.copy()
    dark[1] = logits(known, lights=1, images=2, strength=6, wrong=0.4)[0]
    members = np.arange(300)
    assert calibrate(dark, known, members).temperature > calibrate(even, known, members).temperature


def test_photographs_from_elsewhere_calibrate_where_there_are_any():
    mixed = faces([REPORT, f"{INDEPENDENT}/found", REPORT], [0, 1, 2], ["a", "b", "c"])
    assert calibration_members(mixed, np.arange(3)).tolist() == [1]
    assert calibration_members(mixed, np.array([0, 2])).tolist() == [0, 2]


def test_the_threshold_of_unsure_leaves_few_errors_and_has_a_ceiling():
    truth = np.zeros(100, dtype=np.intp)
    best = np.linspace(0.4, 1, 100)
    probabilities = np.column_stack([best, 1 - best, np.zeros(100)])
    probabilities[:30] = probabilities[:30, [1, 0, 2]]
    wrong_below = best[:30].max()
    assert unsure_threshold(probabilities, truth) == pytest.approx(wrong_below, abs=0.03)
    assert unsure_threshold(probabilities[:, [1, 0, 2]], truth) == MOST
