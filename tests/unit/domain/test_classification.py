import numpy as np
import pytest

from attendance_app.domain.classification import calibration_error, score, softmax

NAMES = ("a", "b", "c")


def sure_of(answers: list[int], confidence: float = 0.8) -> np.ndarray:
    rest = (1 - confidence) / 2
    probabilities = np.full((len(answers), 3), rest)
    probabilities[np.arange(len(answers)), answers] = confidence
    return probabilities


def test_balanced_accuracy_counts_classes_alike():
    scores = score(np.array([0] * 8 + [1, 1]), sure_of([0] * 8 + [0, 1]), NAMES)
    assert scores.accuracy == pytest.approx(0.9)
    assert scores.balanced_accuracy == pytest.approx(0.75)
    assert scores.confusion == ((8, 0, 0), (1, 1, 0), (0, 0, 0))


def test_precision_recall_and_f1_of_a_class():
    scores = score(np.array([0, 0, 1, 1, 1]), sure_of([0, 1, 1, 1, 0]), NAMES)
    second = scores.classes[1]
    assert (second.name, second.count) == ("b", 3)
    assert second.precision == pytest.approx(2 / 3)
    assert second.recall == pytest.approx(2 / 3)
    assert second.f1 == pytest.approx(2 / 3)


def test_a_class_that_is_never_called_has_no_precision():
    scores = score(np.array([0, 2]), sure_of([0, 0]), NAMES)
    assert scores.classes[2].precision == 0.0
    assert scores.classes[2].f1 == 0.0


def test_a_confidence_that_keeps_its_word_has_no_calibration_error():
    assert calibration_error(np.full(10, 0.8), np.array([True] * 8 + [False] * 2)) == pytest.approx(0)


def test_overconfidence_is_the_calibration_error():
    assert calibration_error(np.full(10, 0.95), np.array([True] * 5 + [False] * 5)) == pytest.approx(0.45)


def test_nothing_can_not_be_measured():
    with pytest.raises(ValueError, match="nothing"):
        score(np.array([], dtype=np.intp), np.zeros((0, 3)), NAMES)


def test_a_hotter_softmax_is_less_sure():
    logits = np.array([[3.0, 1.0, 0.0]])
    assert softmax(logits, temperature=2.0)[0, 0] < softmax(logits)[0, 0]
    assert softmax(logits).sum() == pytest.approx(1)
