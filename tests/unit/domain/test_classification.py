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
    with pytest.raises(ValueError, match=r"^nothing to measure$"):
        score(np.array([], dtype=np.intp), np.zeros((0, 3)), NAMES)


def test_the_scores_count_and_carry_the_calibration_error():
    scores = score(np.array([0, 1, 2, 2]), sure_of([0, 1, 2, 0], confidence=0.9), NAMES)

    assert scores.count == 4
    assert scores.calibration_error == pytest.approx(0.9 - 0.75)


def test_a_class_that_does_not_occur_has_no_recall_and_does_not_count():
    scores = score(np.array([0, 0]), sure_of([0, 0]), NAMES)

    assert [one.recall for one in scores.classes] == [1.0, 0.0, 0.0]
    assert scores.balanced_accuracy == 1.0


def test_calibration_is_weighed_by_what_lies_in_a_bin():
    confidence = np.array([0.05, 0.15, 0.15, 0.15, 0.95, 1.0])
    right = np.array([False, True, False, False, True, True])

    # Bins 0 to 0.1, 0.1 to 0.2 and 0.9 to 1, with 1, 3 and 2 answers.
    expected = (1 * 0.05 + 3 * abs(0.15 - 1 / 3) + 2 * abs(0.975 - 1)) / 6
    assert calibration_error(confidence, right) == pytest.approx(expected)


def test_softmax_is_taken_row_by_row():
    logits = np.array([[np.log(1), np.log(3)], [np.log(5), np.log(5)], [np.log(9), np.log(1)]], dtype=np.float32)

    assert softmax(logits) == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]]), abs=1e-6)
    assert softmax(logits, temperature=0.5)[0] == pytest.approx([0.1, 0.9], abs=1e-6)


def test_softmax_of_large_numbers_stays_finite():
    assert softmax(np.array([[1000.0, 999.0]]))[0] == pytest.approx([0.7311, 0.2689], abs=1e-4)


def test_a_hotter_softmax_is_less_sure():
    logits = np.array([[3.0, 1.0, 0.0]])
    assert softmax(logits, temperature=2.0)[0, 0] < softmax(logits)[0, 0]
    assert softmax(logits).sum() == pytest.approx(1)


def test_softmax_of_rows_far_apart_stays_exact():
    logits = np.array([[1000.0, 999.0], [-1000.0, -999.0]])
    assert softmax(logits)[1] == pytest.approx([0.2689, 0.7311], abs=1e-4)


def test_the_calibration_error_of_scores_is_that_of_each_answer():
    probabilities = np.array([[0.9, 0.05, 0.05], [0.2, 0.6, 0.2], [0.4, 0.4, 0.2]])

    assert score(np.array([0, 1, 2]), probabilities, NAMES).calibration_error == pytest.approx((0.1 + 0.4 + 0.4) / 3)


def test_full_confidence_lies_in_the_last_bin():
    # 0.85 and 1.0 in one bin would cancel out.
    assert calibration_error(np.array([0.85, 1.0]), np.array([True, True])) == pytest.approx(0.075)
    assert calibration_error(np.array([0.85, 1.0]), np.array([True, False])) == pytest.approx((0.15 + 1.0) / 2)
    assert calibration_error(np.array([0.95, 1.0]), np.array([True, False])) == pytest.approx(0.475)


def test_the_loss_is_the_mean_cross_entropy_and_finite():
    scores = score(np.array([0, 1]), np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]), NAMES)
    assert scores.loss == pytest.approx((-np.log(0.5) - np.log(1e-7)) / 2)


def test_means_count_classes_alike_or_by_their_members():
    scores = score(np.array([0] * 3 + [1]), sure_of([0, 0, 0, 2]), NAMES)
    macro, weighted = scores.mean(weighted=False), scores.mean(weighted=True)
    assert macro.recall == pytest.approx(1 / 3)
    assert weighted.recall == pytest.approx(3 / 4)
    assert weighted.precision == pytest.approx(3 / 4)
