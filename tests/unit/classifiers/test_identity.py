"""A course's head: who it names, whom it refuses, and what it does with too little."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest
from plda_parameters import plda_parameters

from attendance_app.classifiers.errors import HeadOfAnotherNetwork, HeadUnreadable
from attendance_app.classifiers.identity import IdentityClassifier, IdentityHead, fit_head, name_hash
from attendance_app.classifiers.plda import PldaParameters

RANDOM = np.random.default_rng(0)


@pytest.fixture
def parameters() -> PldaParameters:
    """A model in which people differ ten times as much as one person's photos, in every direction."""
    return plda_parameters("identity-cnn-v1:test")


def _photos(people: int, photos: int) -> tuple[np.ndarray, np.ndarray]:
    centres = np.random.default_rng(1).normal(size=(people, 128))
    owners = np.repeat(np.arange(people), photos)
    noise = np.random.default_rng(2).normal(size=(len(owners), 128))
    return (centres[owners] + 0.3 * noise).astype(np.float32), owners


def test_students_are_named_and_a_stranger_is_not(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=4, photos=5)
    enrolled = (owners < 3) & (np.arange(len(owners)) % 5 < 4)
    head = fit_head(embeddings[enrolled], owners[enrolled], student_ids=(7, 8, 9), parameters=parameters)

    answers = IdentityClassifier(head, parameters).posterior(embeddings[4::5])

    assert answers.argmax(axis=1).tolist() == [0, 1, 2, 3]
    assert answers.min(axis=0).shape == (4,)
    np.testing.assert_allclose(answers.sum(axis=1), 1)


def test_a_student_without_photos_gets_nothing(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=2, photos=3)
    head = fit_head(embeddings, owners * 2, student_ids=(1, 2, 3), parameters=parameters)

    answers = IdentityClassifier(head, parameters).posterior(embeddings)

    assert (answers[:, 1] == 0).all()
    assert (answers.argmax(axis=1) == owners * 2).all()


def test_a_course_without_photos_knows_strangers_only(parameters: PldaParameters) -> None:
    head = fit_head(np.empty((0, 128), np.float32), np.empty(0, np.intp), student_ids=(1, 2), parameters=parameters)

    answers = IdentityClassifier(head, parameters).posterior(_photos(1, 2)[0])

    assert answers.tolist() == [[0, 0, 1], [0, 0, 1]]


def test_a_course_of_one_student_still_refuses_strangers(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=2, photos=4)
    head = fit_head(embeddings[:3], owners[:3], student_ids=(1,), parameters=parameters)

    own, stranger = IdentityClassifier(head, parameters).posterior(embeddings[[3, 4]])

    assert own[0] > 0.99
    assert stranger[1] > 0.99


def test_two_students_with_the_same_photos_share_the_probability(parameters: PldaParameters) -> None:
    embeddings, _ = _photos(people=1, photos=4)
    twice = np.concatenate([embeddings[:3], embeddings[:3]])
    head = fit_head(twice, np.repeat([0, 1], 3), student_ids=(1, 2), parameters=parameters)

    (answer,) = IdentityClassifier(head, parameters).posterior(embeddings[3:])

    assert answer[0] == pytest.approx(answer[1])
    assert answer[:2].max() <= 0.5


def test_more_pictures_of_a_track_make_it_surer(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=3, photos=3)
    head = fit_head(embeddings, owners, student_ids=(1, 2, 3), parameters=parameters)
    between_two = (embeddings[0] * 0.62 + embeddings[3] * 0.38)[np.newaxis]

    classifier = IdentityClassifier(head, parameters)

    assert not np.allclose(classifier.posterior(between_two, 1), classifier.posterior(between_two, 8))


def test_a_head_can_be_written_and_read(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=3, photos=3)
    head = fit_head(embeddings, owners, student_ids=(4, 5, 6), parameters=parameters)

    again = IdentityHead.from_bytes(head.to_bytes())

    assert again.student_ids == (4, 5, 6)
    assert again.backbone_id == parameters.encoder_id
    np.testing.assert_array_equal(
        IdentityClassifier(again, parameters).posterior(embeddings),
        IdentityClassifier(head, parameters).posterior(embeddings),
    )


def test_bytes_that_are_no_head_are_refused() -> None:
    with pytest.raises(HeadUnreadable):
        IdentityHead.from_bytes(Path(__file__).read_bytes())


def test_a_head_of_another_network_is_refused(parameters: PldaParameters) -> None:
    head = IdentityHead("identity-cnn-v0:other", (1,), np.zeros((1, 128)), np.ones(1))

    with pytest.raises(HeadOfAnotherNetwork) as refused:
        IdentityClassifier(head, parameters)
    assert refused.value.details == {"head": "identity-cnn-v0:other", "ours": parameters.encoder_id}


def test_a_head_of_another_format_is_refused_with_its_number() -> None:
    stream = io.BytesIO()
    np.savez(stream, format=np.int64(2))

    with pytest.raises(HeadUnreadable) as refused:
        IdentityHead.from_bytes(stream.getvalue())

    assert refused.value.details == {"cause": "format 2"}


def test_a_head_is_computed_with_in_double_precision() -> None:
    coarse = IdentityHead("n", (2**40,), np.ones((1, 128), np.float32), np.ones(1, np.float32))

    again = IdentityHead.from_bytes(coarse.to_bytes())

    assert (again.means.dtype, again.counts.dtype, again.student_ids) == (np.float64, np.float64, (2**40,))


def test_one_photo_makes_a_student_known_and_one_picture_is_the_least(parameters: PldaParameters) -> None:
    embeddings, owners = _photos(people=3, photos=1)
    head = fit_head(embeddings, owners, student_ids=(1, 2, 3), parameters=parameters)
    classifier = IdentityClassifier(head, parameters)
    between_two = embeddings[0] * 0.6 + embeddings[1] * 0.4

    assert head.counts.tolist() == [1, 1, 1]
    assert classifier.posterior(embeddings).argmax(axis=1).tolist() == [0, 1, 2]
    np.testing.assert_array_equal(classifier.posterior(between_two), classifier.posterior(between_two[np.newaxis], [1]))


def test_a_student_is_learnt_as_the_mean_of_the_photos(parameters: PldaParameters) -> None:
    embeddings, _ = _photos(people=1, photos=5)
    head = fit_head(embeddings, np.array([0, 2, 2, 2, 0]), student_ids=(5, 6, 7, 8), parameters=parameters)

    projected = parameters.project(embeddings)
    assert head.counts.tolist() == [2, 0, 3, 0]
    np.testing.assert_allclose(head.means[0], projected[[0, 4]].mean(axis=0))
    np.testing.assert_allclose(head.means[2], projected[1:4].mean(axis=0))
    assert not head.means[[1, 3]].any()


def test_a_persons_mark_does_not_show_the_name() -> None:
    assert name_hash("Somebody") == name_hash("Somebody") != name_hash("Somebody else")
    assert "Somebody" not in name_hash("Somebody")
    # The shipped network's file lists such marks: they must stay what they are.
    assert name_hash("Somebody") == hashlib.sha256(b"Somebody").hexdigest()[:12]
