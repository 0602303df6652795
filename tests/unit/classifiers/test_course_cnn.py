"""The report's network of one course at run time: kept as bytes, asked in ONNX Runtime, calibrated with a stranger."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from attendance_app.classifiers.course_cnn import (
    CourseCnn,
    CourseCnnClassifier,
    CourseCnnEmbedder,
    Tried,
    course_cnn_id,
    fit_stranger,
    is_course_cnn,
    variant_of,
    with_stranger,
)
from attendance_app.classifiers.errors import HeadUnreadable


def tiny_network() -> bytes:
    """Two students: the brighter the middle of the face, the likelier the second."""
    weight = np.zeros((125 * 94, 2), np.float32)
    weight[:, 1] = 8 / (125 * 94)
    nodes = [
        helper.make_node("Flatten", ["input"], ["flat"]),
        helper.make_node("Gemm", ["flat", "weight", "bias"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 125, 94, 1])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 2])],
        [
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(np.array([0, -4], np.float32), "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    content: bytes = model.SerializeToString()
    onnx.checker.check_model(model)
    return content


def chips(*brightness: int) -> np.ndarray:
    return np.stack([np.full((150, 150, 3), value, np.uint8) for value in brightness])


def test_it_is_read_back_from_its_bytes() -> None:
    trained = CourseCnn(2, (7, 9), tiny_network(), 1.5, -0.25)

    found = CourseCnn.from_bytes(trained.to_bytes())

    assert (found.variant, found.student_ids, found.scale, found.offset) == (2, (7, 9), 1.5, -0.25)
    assert found.network == trained.network


@pytest.mark.parametrize("content", [b"", b"no network", CourseCnn(1, (1,), b"", 1, 0).to_bytes()[:-40]])
def test_what_is_no_network_is_an_error_of_its_own(content: bytes) -> None:
    with pytest.raises(HeadUnreadable):
        CourseCnn.from_bytes(content)


def test_a_damaged_onnx_file_is_an_error_of_its_own() -> None:
    with pytest.raises(HeadUnreadable):
        CourseCnnEmbedder(b"no network")


def test_bright_and_dark_faces_are_told_apart() -> None:
    trained = CourseCnn(1, (7, 9), tiny_network(), 1.0, 2.0)
    scores = CourseCnnEmbedder(trained.network).embed(chips(0, 255))

    answers = CourseCnnClassifier(trained).posterior(scores)

    np.testing.assert_allclose(scores, [[0, -4], [0, 4]], atol=1e-4)
    assert answers.argmax(axis=1).tolist() == [0, 1]
    np.testing.assert_allclose(answers.sum(axis=1), 1)


def test_no_chips_are_no_answers() -> None:
    assert CourseCnnEmbedder(tiny_network()).embed(np.empty((0, 150, 150, 3), np.uint8)).shape == (0, 2)


def test_an_undecided_network_leaves_the_even_odds_of_a_stranger() -> None:
    assert with_stranger(np.zeros((1, 4)), 1.0, 0.0)[0, -1] == pytest.approx(0.5)


def test_a_face_that_fits_nobody_well_is_a_strangers_however_clear_the_likeliest_student_is() -> None:
    well, badly = np.array([[9.0, 0, 0]]), np.array([[0.0, -9, -9]])

    # A softmax has the same probabilities for both.
    assert with_stranger(well, 1.0, -4.0)[0, 0] > 0.9
    assert with_stranger(badly, 1.0, -4.0)[0, -1] > 0.9


def tried(own: float, stranger: float, faces: int = 60) -> Tried:
    """``own`` and ``stranger``: the mean score that the network gives to its likeliest student."""
    random = np.random.default_rng(3)
    rows, columns = [], []
    for index in range(2 * faces):
        logits = np.zeros(5)
        logits[index % 5] = (own if index < faces else stranger) + random.normal()
        rows.append(logits)
        columns.append(index % 5 if index < faces else -1)
    return Tried(np.array(rows), np.array(columns))


def test_strangers_are_unsure_where_students_are_not() -> None:
    scale, offset = fit_stranger([tried(own=8, stranger=2)])

    def probability(logit: float) -> float:
        return float(with_stranger(np.array([[logit, 0, 0, 0, 0]]), scale, offset)[0, 0])

    assert probability(8) > 0.9
    assert probability(2) < 0.2


def test_a_network_that_can_not_tell_strangers_names_nobody() -> None:
    scale, offset = fit_stranger([tried(own=4, stranger=4)])
    shares = with_stranger(np.array([[5.0, 0, 0, 0, 0]]), scale, offset)

    assert shares[0, 0] < 0.7


def test_without_strangers_there_is_nothing_to_fit_to() -> None:
    one = tried(own=4, stranger=1)

    with pytest.raises(ValueError, match="nothing to fit"):
        fit_stranger([Tried(one.scores[:10], one.columns[:10])])


def test_a_stored_network_is_known_by_its_id() -> None:
    assert is_course_cnn(course_cnn_id(3))
    assert variant_of(course_cnn_id(3)) == 3
    assert not is_course_cnn("identity-cnn-v1:12345678")
