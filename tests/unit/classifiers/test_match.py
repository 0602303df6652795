"""The matcher over made-up encodings: people are far apart, photos of one person near each other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from attendance_app.classifiers.errors import MatcherOfAnotherEncoder, MatcherUnreadable
from attendance_app.classifiers.lookalikes import lookalikes
from attendance_app.classifiers.match import EncodingMatcher, shipped_parameters
from attendance_app.classifiers.plda import PldaParameters, pair_ratios
from attendance_app.classifiers.thresholds import (
    DECISION_RULES,
    DEFAULT_RULE,
    MASKED_OFFSET,
    MASKED_SCALE,
    Strictness,
)
from attendance_app.domain.people import Gallery, Student


class Population:
    """Draws people and photos from the shipped model itself."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.parameters = shipped_parameters()
        self._back = np.linalg.inv(self.parameters.projection)

    def people(self, count: int) -> NDArray[np.float64]:
        return self.random.normal(size=(count, 128)) * np.sqrt(self.parameters.between)

    def photos(self, person: NDArray[np.float64], count: int, spread: float = 0.5) -> NDArray[np.float32]:
        faces = (person + spread * self.random.normal(size=(count, 128))) @ self._back + self.parameters.mean
        return faces.astype(np.float32)

    def gallery(self, people: NDArray[np.float64], photos: int = 3, encoder_id: str | None = None) -> Gallery:
        encodings = [self.photos(person, photos) for person in people]
        return Gallery(
            encoder_id or self.parameters.encoder_id,
            tuple(Student(id=10 + i, number=f"S{i:02d}", name=f"Student {i:02d}") for i in range(len(people))),
            np.concatenate(encodings) if encodings else np.empty((0, 128), dtype=np.float32),
            np.repeat(np.arange(len(people)), photos),
        )


@pytest.fixture
def population() -> Population:
    return Population(1)


def test_names_enrolled_people_and_calls_others_strangers(population: Population) -> None:
    people = population.people(30)
    matcher = EncodingMatcher(population.gallery(people[:20]))
    probes = np.concatenate([population.photos(person, 1) for person in people])
    posterior = matcher.posterior(probes, np.ones(30, dtype=int))
    assert posterior.shape == (30, 21)
    assert posterior.sum(axis=1) == pytest.approx(np.ones(30))
    assert (posterior[:20].argmax(axis=1) == np.arange(20)).mean() >= 0.9
    assert (posterior[20:, -1] > 0.5).all()


def test_more_pictures_of_a_track_make_surer_but_not_as_independent_ones(population: Population) -> None:
    parameters = population.parameters
    assert parameters.effective_count(1) == pytest.approx(1.0)
    assert 1.0 < parameters.effective_count(3) < 2.5
    assert parameters.effective_count(1000) <= 1.0 / parameters.track_correlation + 1e-9


def test_order_of_photos_does_not_matter(population: Population) -> None:
    gallery = population.gallery(population.people(7))
    shuffle = population.random.permutation(len(gallery.owners))
    other = Gallery(gallery.encoder_id, gallery.students, gallery.encodings[shuffle], gallery.owners[shuffle])
    probes = gallery.encodings[::3]
    counts = np.ones(7, dtype=int)
    assert EncodingMatcher(other).posterior(probes, counts) == pytest.approx(
        EncodingMatcher(gallery).posterior(probes, counts)
    )
    assert EncodingMatcher(other).distances(probes) == pytest.approx(EncodingMatcher(gallery).distances(probes))


def test_distance_is_to_the_nearest_photo_and_infinite_without_one(population: Population) -> None:
    gallery = population.gallery(population.people(3))
    without = replace_rows(gallery, gallery.owners != 1)
    probe = gallery.encodings[:1]
    distances = EncodingMatcher(without).distances(probe)
    direct = np.linalg.norm(gallery.encodings.astype(float) - probe, axis=1)
    assert distances[0, 0] == pytest.approx(0.0, abs=1e-6)
    assert np.isinf(distances[0, 1])
    assert distances[0, 2] == pytest.approx(direct[6:].min())


def replace_rows(gallery: Gallery, rows: NDArray[np.bool_]) -> Gallery:
    return Gallery(gallery.encoder_id, gallery.students, gallery.encodings[rows], gallery.owners[rows])


def test_student_without_photos_has_no_probability(population: Population) -> None:
    gallery = population.gallery(population.people(4))
    posterior = EncodingMatcher(replace_rows(gallery, gallery.owners != 2)).posterior(gallery.encodings, [1] * 12)
    assert (posterior[:, 2] == 0).all()
    assert posterior.sum(axis=1) == pytest.approx(np.ones(12))


@pytest.mark.parametrize("students", [0, 3])
def test_gallery_without_photos_knows_strangers_only(population: Population, students: int) -> None:
    gallery = population.gallery(population.people(students), photos=0)
    probes = population.photos(population.people(1)[0], 2)
    matcher = EncodingMatcher(gallery)
    assert matcher.posterior(probes, [1, 5])[:, -1].tolist() == [1.0, 1.0]
    assert matcher.posterior(probes[:0], []).shape == (0, students + 1)
    assert np.isinf(matcher.distances(probes)).all()
    assert lookalikes(gallery) == []


def test_single_student_is_told_from_a_stranger(population: Population) -> None:
    person, stranger = population.people(2)
    matcher = EncodingMatcher(population.gallery(person[np.newaxis]))
    probes = np.concatenate([population.photos(person, 1), population.photos(stranger, 1)])
    known, unknown = matcher.posterior(probes, [1, 1])
    assert known[0] >= DEFAULT_RULE.accept
    assert unknown[0] < DEFAULT_RULE.review


def test_two_students_with_the_same_photo_share_the_probability(population: Population) -> None:
    gallery = population.gallery(population.people(5))
    encodings = gallery.encodings.copy()
    encodings[3:6] = encodings[0:3]
    twins = Gallery(gallery.encoder_id, gallery.students, encodings, gallery.owners)
    posterior = EncodingMatcher(twins).posterior(encodings[:1], [1])
    assert posterior[0, 0] == pytest.approx(posterior[0, 1])
    assert posterior[0, :2].max() <= 0.5 + 1e-9
    assert [(pair.first.id, pair.second.id) for pair in lookalikes(twins)] == [(10, 11)]


def test_different_people_are_no_lookalikes(population: Population) -> None:
    gallery = population.gallery(population.people(12))
    assert lookalikes(gallery) == []


def test_gallery_of_another_encoder_is_refused(population: Population) -> None:
    gallery = population.gallery(population.people(2), encoder_id="another:1")
    with pytest.raises(MatcherOfAnotherEncoder) as refused:
        EncodingMatcher(gallery)
    assert refused.value.details == {"gallery": "another:1", "matcher": population.parameters.encoder_id}


def test_look_alikes_are_as_likely_as_one_taken_for_the_other_and_likeliest_first(population: Population) -> None:
    people = population.people(6)
    people[1] = people[0] + 0.3 * np.sqrt(population.parameters.between)  # two pairs, the second one nearer
    people[3] = people[2] + 0.1 * np.sqrt(population.parameters.between)
    drawn = population.gallery(people, photos=4)
    gallery = replace_rows(drawn, np.arange(24) != 3)  # the first has one photo fewer

    found = lookalikes(gallery)

    assert [{pair.first.id, pair.second.id} for pair in found] == [{12, 13}, {10, 11}]
    means = np.stack([gallery.encodings[gallery.owners == row].mean(axis=0) for row in range(6)])
    answer = EncodingMatcher(gallery).posterior(means, [3, 4, 4, 4, 4, 4])
    odds = answer[:, :-1] / answer[:, -1:]
    for pair, (one, other) in zip(found, [(2, 3), (0, 1)], strict=True):
        likelier = max(odds[one, other], odds[other, one])
        assert pair.probability == pytest.approx(likelier / (1 + likelier))


def test_two_students_are_compared_with_the_parameters_that_were_given(population: Population) -> None:
    drawn = population.gallery(population.people(2), photos=3, encoder_id="another:1")
    encodings = drawn.encodings.copy()
    encodings[3:] = encodings[:3]
    twins = Gallery(drawn.encoder_id, drawn.students, encodings, drawn.owners)

    (pair,) = lookalikes(twins, replace(population.parameters, encoder_id="another:1"))

    assert (pair.first.id, pair.second.id) == (10, 11)


def test_under_a_mask_the_log_odds_of_one_picture_are_rescaled(population: Population) -> None:
    person, stranger = population.people(2)
    matcher = EncodingMatcher(population.gallery(person[np.newaxis]))
    probes = np.concatenate([population.photos(one, 2, spread=2.0) for one in (person, stranger)])

    def odds(answer: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.log(answer[:, 0]) - np.log(answer[:, 1])

    # Of one student and strangers each is as likely beforehand, so that the odds are the evidence alone.
    bare = odds(matcher.posterior(probes, np.ones(4, dtype=int)))
    assert odds(matcher.masked_posterior(probes)) == pytest.approx(MASKED_SCALE * bare + MASKED_OFFSET, rel=1e-6)


def test_parameters_survive_a_file_and_give_the_same_bytes(tmp_path: Path, population: Population) -> None:
    one, two = tmp_path / "one.npz", tmp_path / "two.npz"
    population.parameters.save(one)
    loaded = PldaParameters.load(one)
    loaded.save(two)
    assert one.read_bytes() == two.read_bytes()
    assert loaded.encoder_id == population.parameters.encoder_id
    assert (loaded.projection == population.parameters.projection).all()


def test_a_file_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.npz"
    path.write_bytes(b"not a file of parameters")
    with pytest.raises(MatcherUnreadable, match=r"broken\.npz"):
        PldaParameters.load(path)


def test_pair_ratio_is_symmetric_and_agrees_with_the_matcher(population: Population) -> None:
    people = population.people(4)
    first = np.concatenate([population.photos(person, 1) for person in people])
    second = np.concatenate([population.photos(person, 1) for person in people])
    parameters = replace(population.parameters, scale=1.0, offset=0.0, sizes=None)
    gallery = Gallery(parameters.encoder_id, tuple(Student(i, str(i), str(i)) for i in range(4)), first, np.arange(4))
    odds = EncodingMatcher(gallery, parameters).log_odds(second, [1] * 4)
    assert pair_ratios(parameters, first, second) == pytest.approx(np.diag(odds))
    assert pair_ratios(parameters, second, first) == pytest.approx(pair_ratios(parameters, first, second))


def test_under_a_mask_the_same_face_is_named_less_surely(population: Population) -> None:
    people = population.people(30)
    matcher = EncodingMatcher(population.gallery(people[:20]))
    probes = np.concatenate([population.photos(person, 1, spread=1.0) for person in people])
    bare, masked = matcher.posterior(probes, [1] * 30), matcher.masked_posterior(probes)

    assert masked.sum(axis=1) == pytest.approx(np.ones(30))
    assert (masked[:, :-1].argmax(axis=1) == bare[:, :-1].argmax(axis=1)).all()
    sure = bare[:, :-1].max(axis=1) >= DEFAULT_RULE.accept
    assert sure.any()
    assert (masked[sure, :-1].max(axis=1) < bare[sure, :-1].max(axis=1)).all()
    assert (masked[20:, :-1].max(axis=1) < DEFAULT_RULE.accept).all()


def test_students_without_photos_have_no_probability_under_a_mask_either(population: Population) -> None:
    gallery = population.gallery(population.people(4))
    masked = EncodingMatcher(replace_rows(gallery, gallery.owners != 2)).masked_posterior(gallery.encodings)
    assert (masked[:, 2] == 0).all()


def test_stricter_rules_ask_for_more() -> None:
    accept = [DECISION_RULES[level].accept for level in (Strictness.STRICT, Strictness.BALANCED, Strictness.LENIENT)]
    assert accept == sorted(accept, reverse=True)
    assert len(set(accept)) == 3
    assert all(rule.review < rule.accept for rule in DECISION_RULES.values())
