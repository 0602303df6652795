"""What the size of a face changes, with the shipped parameters."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from attendance_app.classifiers.errors import MatcherUnreadable
from attendance_app.classifiers.face_sizes import DOUBT, SURE, FaceSizes, cautious
from attendance_app.classifiers.match import EncodingMatcher, shipped_parameters
from attendance_app.domain.people import Gallery, Student


@pytest.fixture
def sizes() -> FaceSizes:
    found = shipped_parameters().sizes
    assert found is not None
    return found


def test_a_small_face_is_worth_less_and_lies_further_off(sizes: FaceSizes) -> None:
    at = np.array([16.0, 20.0, 24.0, 28.0, 32.0, 40.0, 56.0, 80.0])
    assert (np.diff(sizes.worth(at)) > 0).all()
    assert (np.diff(np.linalg.norm(sizes.shift(at), axis=1)) < 0).all()
    assert sizes.worth(np.array([104.0])).tolist() == [1.0]
    assert not sizes.shift(np.array([104.0])).any()


def test_sizes_are_rounded_and_unknown_ones_are_the_largest(sizes: FaceSizes) -> None:
    rounded = sizes.rounded([5.0, 24.1, 24.9, 500.0, np.nan])
    assert (rounded[0], rounded[3], rounded[4]) == (16.0, 104.0, 104.0)
    assert rounded[1] == rounded[2] == pytest.approx(24.7, abs=0.1)


def test_caution_takes_nothing_from_doubts_and_all_of_it_from_the_default_on() -> None:
    caution = np.full(5, 1.5)
    odds = np.array([-3.0, 0.0, DOUBT, SURE + 1.5, 9.0])
    assert cautious(odds, caution).tolist() == [0.0, 0.0, 0.0, 1.5, 1.5]
    left = np.linspace(-5, 12, 200)
    assert (np.diff(left - cautious(left, np.full(200, 1.5))) > 0).all()


def gallery(face_px: float | None) -> Gallery:
    """Four people of one photo each, drawn from the model."""
    parameters = shipped_parameters()
    random = np.random.default_rng(3)
    people = random.normal(size=(4, 128)) * np.sqrt(parameters.between)
    encodings = (people @ np.linalg.inv(parameters.projection) + parameters.mean).astype(np.float32)
    students = tuple(Student(place, str(place), str(place)) for place in range(4))
    known = None if face_px is None else np.full(4, face_px)
    return Gallery(parameters.encoder_id, students, encodings, np.arange(4), known)


def test_the_same_encoding_says_less_of_a_small_probe_and_of_a_small_template() -> None:
    enrolled = gallery(104.0)
    # Between two people: neither certain nor impossible.
    probe = 0.75 * enrolled.encodings[:1] + 0.25 * enrolled.encodings[1:2]
    matcher, weak = EncodingMatcher(enrolled), EncodingMatcher(gallery(22.0))
    large, small = (matcher.log_odds(probe, [1], face_px=[size])[0, 0] for size in (104.0, 22.0))
    of_weak = weak.log_odds(probe, [1], face_px=[104.0])[0, 0]
    assert large > small
    assert large > of_weak


def test_without_caution_small_faces_are_named_more_readily_and_doubts_stay() -> None:
    enrolled = gallery(24.0)
    matcher = EncodingMatcher(enrolled)
    # From a stranger to one of the people, so that all odds occur.
    share = np.linspace(0, 1, 101)[:, np.newaxis]
    stranger = np.random.default_rng(5).normal(0, 0.1, 128)
    probes = share * enrolled.encodings[:1] + (1 - share) * stranger
    px = np.full(len(probes), 24.0)
    careful, plain = (
        matcher.posterior(probes, 1, face_px=px, cautious=cautious)[:, :-1].max(axis=1) for cautious in (True, False)
    )
    assert (plain >= careful - 1e-12).all()
    assert (plain - careful).max() > 0.02
    assert careful[plain < 0.89] == pytest.approx(plain[plain < 0.89])


def test_templates_of_unknown_size_count_as_large() -> None:
    enrolled = gallery(None)
    probe = enrolled.encodings[:2]
    large = EncodingMatcher(gallery(104.0)).posterior(probe, [1, 1])
    assert EncodingMatcher(enrolled).posterior(probe, [1, 1]) == pytest.approx(large)


def test_small_probes_are_compared_with_photos_as_from_afar(sizes: FaceSizes) -> None:
    enrolled = gallery(104.0)
    # Off in one direction, as far ones lie off, and by something of their own.
    model = shipped_parameters()
    seen = model.project(enrolled.encodings) + sizes.far_shift + np.random.default_rng(1).normal(size=(4, 128))
    far = seen @ np.linalg.inv(model.projection) + model.mean
    far[3] = np.nan
    both = EncodingMatcher(replace(enrolled, far_encodings=far.astype(np.float32)))
    without = EncodingMatcher(enrolled)
    probes = np.nan_to_num(far, nan=0.1)

    def gained(size: float) -> list[float]:
        px = np.full(4, size)
        return np.diag(both.log_odds(probes, 1, face_px=px) - without.log_odds(probes, 1, face_px=px)).tolist()

    assert min(gained(20.0)[:3]) > 0.5
    assert gained(80.0) == [0.0] * 4, "large faces are compared with the photos as they are"
    assert gained(20.0)[3] == pytest.approx(0.0), "and so are those of which there is no far one"


def test_looks_change_the_calibration_up_to_the_number_that_was_measured(sizes: FaceSizes) -> None:
    changes = np.zeros_like(sizes.track_changes)
    changes[:, 1] = 2.0
    changed = replace(sizes, track_changes=changes)
    at = [changed.calibrated_for(24.0, np.array([104.0]), np.array([3.0]), looks=looks) for looks in (1, 2, 6, 12, 99)]
    one = sizes.calibrated_for(24.0, np.array([104.0]), np.array([3.0]))
    assert [found.offset[0] - one.offset[0] for found in at] == pytest.approx(
        [0.0, 2 * (6 / 11) ** 2, 2 * (10 / 11) ** 2, 2.0, 2.0]
    )
    assert {found.scale[0] for found in at} == {one.scale[0]}


def test_a_file_keeps_everything_and_another_is_refused(sizes: FaceSizes, tmp_path: Path) -> None:
    changed = replace(sizes, worths=sizes.worths / 2)
    changed.save(tmp_path / "sizes.npz")
    kept = FaceSizes.load(tmp_path / "sizes.npz")
    assert kept.worths.tolist() == changed.worths.tolist()
    assert kept.calibration.shape == (8, 5, 2, 4)
    (tmp_path / "other.npz").write_bytes(b"none")
    with pytest.raises(MatcherUnreadable):
        FaceSizes.load(tmp_path / "other.npz")
