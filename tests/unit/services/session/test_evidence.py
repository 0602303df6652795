"""What is known of a track: means over its looks, and what the networks say of it."""

import numpy as np
import pytest

from attendance_app.domain.masks import MaskState
from attendance_app.domain.people import Gallery, Student
from attendance_app.services.session.doubts import TopMatch
from attendance_app.services.session.evidence import (
    NetworkOpinions,
    TrackEvidence,
    likeliest,
    network_posterior,
    unknown_to_head,
)

GALLERY = Gallery(
    "stand-in",
    tuple(Student(number, str(number), str(number)) for number in (11, 12, 13)),
    np.zeros((0, 128), np.float32),
    np.zeros(0, np.intp),
)


class Head:
    """Was trained on two students, in an order of its own; says what it is told to."""

    student_ids = (13, 11)

    def __init__(self, answers: list[list[float]]) -> None:
        self.answers = np.array(answers)
        self.asked: tuple[np.ndarray, np.ndarray] | None = None

    def posterior(self, embeddings, counts):
        self.asked = embeddings, counts
        return self.answers


def looked(*values: float) -> TrackEvidence:
    evidence = TrackEvidence()
    for value in values:
        evidence.add(np.full(128, value, np.float32), np.full(4, 10 * value, np.float32), face_px=80)
    return evidence


def test_encodings_and_embeddings_are_averaged_over_the_looks():
    evidence = looked(1.0, 2.0, 6.0)
    assert evidence.count == 3
    assert evidence.mean.tolist() == [3.0] * 128
    assert evidence.mean_embedding.tolist() == [30.0] * 4
    assert (evidence.mean.dtype, evidence.mean_embedding.dtype) == (np.float32, np.float32)
    assert evidence.embedding_total.dtype == np.float64


def test_a_look_from_nearby_outweighs_those_from_afar():
    evidence = TrackEvidence()
    for value, size in ((1.0, 20), (1.0, 20), (4.0, 80)):
        evidence.add(np.full(128, value, np.float32), None, face_px=size)
    assert evidence.mean == pytest.approx(np.full(128, (20 + 20 + 320) / 120))
    # Nearer to the large look's size than to the small ones'.
    assert evidence.face_px == pytest.approx((400 + 400 + 6400) / 120)


def test_a_track_without_a_look_has_zeros_and_no_embedding():
    evidence = TrackEvidence()
    assert evidence.mean.tolist() == [0.0] * 128
    evidence.add(np.ones(128, np.float32), None, face_px=80)
    assert (evidence.count, evidence.embedding_total) == (1, None)


@pytest.mark.parametrize("mask", [*MaskState, None])
def test_only_a_mask_worn_properly_makes_a_masked_face(mask):
    assert TrackEvidence(opinions=NetworkOpinions(mask)).masked is (mask is MaskState.WITH_MASK)


def test_both_opinions_are_there_only_if_both_ran():
    photos = TopMatch(11, 0.9)
    assert NetworkOpinions(photos=photos).both is None
    assert NetworkOpinions(cnn_student_id=11, cnn_probability=0.5).both is None
    stranger = NetworkOpinions(cnn_probability=0.0, photos=photos)
    assert stranger.both == (photos, TopMatch(None, 0.0))


def test_the_likeliest_is_a_student_or_nobody():
    assert likeliest(GALLERY, np.array([0.1, 0.2, 0.6, 0.1])) == TopMatch(13, 0.6)
    assert likeliest(GALLERY, np.array([0.1, 0.2, 0.1, 0.6])) == TopMatch(None, 0.6)


def test_the_networks_answers_are_put_in_the_gallerys_order_and_the_rest_is_a_stranger():
    head = Head([[0.5, 0.3, 0.2], [0.1, 0.05, 0.85]])
    result = network_posterior(head, GALLERY, [looked(1.0, 3.0), looked(5.0)])
    assert result == pytest.approx(np.array([[0.3, 0.0, 0.5, 0.2], [0.05, 0.0, 0.1, 0.85]]))
    embeddings, counts = head.asked
    assert embeddings.tolist() == [[20.0] * 4, [50.0] * 4]
    assert (counts.tolist(), counts.dtype) == ([2, 1], np.intp)


def test_somebody_of_the_head_who_left_the_roster_is_a_stranger():
    class Wider(Head):
        student_ids = (99, 12)

    result = network_posterior(Wider([[0.7, 0.2, 0.1]]), GALLERY, [looked(1.0)])
    assert result == pytest.approx(np.array([[0.0, 0.2, 0.0, 0.8]]))


def test_the_network_knows_nothing_of_a_student_whom_it_has_not_learnt():
    rows = np.eye(4)
    found = unknown_to_head(Head([]), GALLERY, rows)
    assert found.tolist() == [[False], [True], [False], [False]]
