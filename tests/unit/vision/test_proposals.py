"""The network's answers become boxes and points of the picture, each face once."""

import numpy as np
import pytest

from attendance_app.vision.proposals import NOTHING, Proposals, decoded, joined


def answers(*faces: tuple[int, int, float, float, float], size: int = 16) -> list[np.ndarray]:
    """Outputs for faces given as row, column, confidence, height and width in pixels; the points of all are the
    box's upper left corner, but the nose, which is its middle."""
    heatmap, sizes, offsets, points = (np.zeros((channels, size, size), np.float32) for channels in (1, 2, 2, 10))
    points[4:6] = 0.5
    for row, column, confidence, height, width in faces:
        heatmap[0, row, column] = confidence
        sizes[:, row, column] = np.log([height / 4, width / 4])
        offsets[:, row, column] = 0.25, -0.25
    return [heatmap, sizes, offsets, points]


def test_a_cell_of_the_outputs_is_a_box_with_its_points():
    found = decoded(*answers((3, 7, 0.8, 20, 12)), cell=4, above=0.5)
    middle_x, middle_y = (7 - 0.25 + 0.5) * 4, (3 + 0.25 + 0.5) * 4
    assert found.boxes.tolist() == [pytest.approx([middle_x - 6, middle_y - 10, middle_x + 6, middle_y + 10])]
    assert found.points[0, 2].tolist() == pytest.approx([middle_x, middle_y])
    assert found.points[0, 0].tolist() == pytest.approx([middle_x - 6, middle_y - 10])
    assert found.confidences.tolist() == pytest.approx([0.8])


def test_points_are_across_then_down():
    outputs = answers((3, 7, 0.8, 20, 12))
    outputs[3][6], outputs[3][7] = 0.75, 0.25  # the mouth's left corner: three quarters down, a quarter to the right
    found = decoded(*outputs, cell=4, above=0.5)
    left, top, right, bottom = found.boxes[0]
    assert found.points[0, 3].tolist() == pytest.approx([left + 0.25 * (right - left), top + 0.75 * (bottom - top)])


def test_only_what_is_surer_is_kept_surest_first():
    outputs = answers((2, 2, 0.6, 8, 8), (2, 9, 0.9, 8, 8), (9, 2, 0.5, 8, 8))
    found = decoded(*outputs, cell=4, above=0.5)
    assert found.confidences.tolist() == pytest.approx([0.9, 0.6])


def test_cells_of_one_face_are_one_proposal_and_neighbours_stay():
    outputs = answers((5, 5, 0.9, 24, 24), (5, 6, 0.8, 24, 24), (5, 11, 0.7, 24, 24))
    found = decoded(*outputs, cell=4, above=0.5)
    assert found.confidences.tolist() == pytest.approx([0.9, 0.7])


def test_a_part_inside_a_surer_face_is_no_face_of_its_own():
    found = decoded(*answers((8, 8, 0.9, 60, 60), (8, 9, 0.6, 8, 8)), cell=4, above=0.5)
    assert found.confidences.tolist() == pytest.approx([0.9])


def test_nothing_above_the_threshold_is_an_empty_answer():
    assert len(decoded(*answers(), cell=4, above=0.5)) == 0


def one(left: float, confidence: float) -> Proposals:
    box = np.array([[left, 0, left + 10, 10]], np.float32)
    return Proposals(box, np.array([confidence], np.float32), np.zeros((1, 5, 2), np.float32))


def test_two_searches_of_a_face_keep_the_surer():
    found = joined([one(0, 0.6), NOTHING, one(2, 0.8), one(30, 0.7)])
    assert found.confidences.tolist() == pytest.approx([0.8, 0.7])
    assert found.boxes[0, 0] == 2


def test_no_search_finds_nothing():
    assert len(joined([])) == 0


def test_a_place_in_a_part_becomes_one_of_the_whole():
    found = Proposals(one(4, 0.9).boxes, np.ones(1, np.float32), np.full((1, 5, 2), 6, np.float32)).placed(0.5, 10, 20)
    assert found.boxes.tolist() == [[12, 20, 17, 25]]
    assert found.points[0, 0].tolist() == [13, 23]
