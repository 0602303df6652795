"""What is fitted of sizes: shifts, worths, and scores that mean what they say, on made-up people."""

from dataclasses import replace

import numpy as np
import pytest

from attendance_app.classifiers.face_sizes import FaceSizes
from attendance_app.lab.errors import TooFewPeopleForMatcher
from attendance_app.lab.matcher import size_fitting
from attendance_app.lab.matcher.size_fitting import (
    KNOTS,
    DrawnClass,
    Scored,
    cross_fitted,
    draw_class,
    fit_cell,
    fit_model,
)
from attendance_app.lab.matcher.size_measuring import asked, pooled
from attendance_app.lab.matcher.sized_faces import (
    AGAIN,
    BLURRED,
    CAMERA,
    SIZES,
    WHOLE,
    SizedFaces,
    SizedView,
    size_name,
)
from attendance_app.lab.matcher.training import calibration_error

PEOPLE, PICTURES = 240, 5


def made_up(people: int = PEOPLE) -> SizedFaces:
    """People far apart; the smaller a face, the further it lies off in one direction and the more it scatters."""
    random = np.random.default_rng(4)
    owners = np.repeat(np.arange(people), PICTURES)
    direction = random.normal(size=128)
    clean = random.normal(size=(people, 128))[owners] + 0.7 * random.normal(size=(len(owners), 128))

    def view(size: float, noise: float = 0.0) -> SizedView:
        far = 20.0 / size
        encodings = clean + far * direction + (far + noise) * random.normal(size=clean.shape)
        return SizedView(encodings, np.full(len(owners), float(size)))

    views = {WHOLE: SizedView(clean, np.full(len(owners), 104.0))}
    views |= {size_name(size): view(size) for size in SIZES} | {AGAIN[size]: view(size, 0.1) for size in AGAIN}
    return SizedFaces(views | {BLURRED: view(30), CAMERA: view(40, 0.1)}, owners)


@pytest.fixture(scope="module")
def faces() -> SizedFaces:
    return made_up()


def test_smaller_faces_are_worth_less_lie_further_off_and_looks_of_a_moment_share_most(faces: SizedFaces) -> None:
    sizes = fit_model(faces, np.unique(faces.people), np.random.default_rng(0)).sizes
    assert sizes is not None
    assert (np.diff(sizes.worths) > 0).all()
    assert (np.diff(np.linalg.norm(sizes.shifts, axis=1)) < 0).all()
    assert (np.diff(sizes.track_correlation[:-1]) > 0).all(), "what a small face's noise adds is new in every look"
    large = sizes.worth(np.array([80.0]), 100)[0]
    assert large < 1.5 * sizes.worth(np.array([80.0]))[0], "a hundred looks of one moment are no hundred photos"


def test_a_class_has_its_students_once_and_everybody_else_is_a_stranger(faces: SizedFaces) -> None:
    pictures = {person: np.flatnonzero(faces.people == person) for person in range(40)}
    drawn = draw_class(np.arange(40), pictures, (12, 3), np.random.default_rng(1))
    enrolled = np.concatenate(drawn.enrolled)
    assert len(drawn.enrolled) == 12
    assert {len(rows) for rows in drawn.enrolled} == {3}
    assert not set(enrolled.tolist()) & set(drawn.probes.tolist()), "no picture is compared with itself"
    students = [faces.people[rows[0]] for rows in drawn.enrolled]
    for row, place in zip(drawn.probes, drawn.truth, strict=True):
        assert (faces.people[row] in students) == (place >= 0)
        assert place < 0 or faces.people[row] == students[place]
    assert drawn.weights[drawn.truth >= 0].sum() == pytest.approx(0.5)
    assert drawn.weights.sum() == pytest.approx(1.0)


def scored(scale: float, offset: float, *, photos: int = 3, seed: int = 0) -> Scored:
    """Ratios of a class whose true log odds are ``scale`` x + ``offset``: drawn by these odds themselves."""
    random = np.random.default_rng(seed)
    students = 20
    # True log odds of the one student who may be meant; the others are out of the question.
    odds = random.normal(0, 3, 6000)
    right = random.random(6000) < 1 / (1 + np.exp(-odds))
    truth = np.where(right, random.integers(0, students, 6000), -1)
    ratios = np.full((6000, students), -200.0)
    # Half of the weight is of students, with the prior of one of many; ``weights`` gives both halves the same.
    prior = np.log(right.mean() / (1 - right.mean()))
    meant = np.where(right, truth, random.integers(0, students, 6000))
    ratios[np.arange(6000), meant] = (odds - prior + np.log(students) - offset) / scale
    return Scored(ratios, photos, DrawnClass((), np.arange(6000), truth))


def test_the_calibration_finds_scale_and_offset_of_scores_that_have_them() -> None:
    values = fit_cell([scored(0.4, 1.5), scored(0.4, 1.5, seed=1)])
    at = np.linspace(-5, 20, 9)
    scale, offset, bend, _ = values[0]
    assert scale * at + offset + bend * np.logaddexp(0, at) == pytest.approx(0.4 * at + 1.5, abs=0.6)
    again = fit_cell([scored(0.4, 1.5), scored(0.4, 1.5, seed=1)], start=values * 1.3)
    assert again == pytest.approx(values, abs=0.05), "where the search starts decides nothing"


def test_what_the_number_of_photos_changes_is_found_apart() -> None:
    values = fit_cell([scored(0.4, 1.5), scored(0.4, 2.5, photos=1, seed=1)])
    at_one = values[0] - values[1] * np.log(3)
    assert values[0, 1] == pytest.approx(1.5, abs=0.4)
    assert at_one[1] == pytest.approx(2.5, abs=0.4)


def test_caution_keeps_strangers_out(faces: SizedFaces, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fit_cell([scored(0.4, 1.5)])
    monkeypatch.setattr(size_fitting, "MOST_NAMED", 1e-6)
    careful = fit_cell([scored(0.4, 1.5)])
    assert careful[0, 3] > plain[0, 3] >= 0
    assert (careful[:, :3] == plain[:, :3]).all(), "what the scores mean stays"


def test_probabilities_are_right_for_people_kept_apart(faces: SizedFaces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_fitting, "DRAWN", 1)
    halves = cross_fitted(faces, np.random.default_rng(0))
    assert not set(halves[0].people.tolist()) & set(halves[1].people.tolist())
    pictures = {person: np.flatnonzero(faces.people == person) for person in range(PEOPLE)}
    errors = {}
    for size in (KNOTS[0], KNOTS[3]):
        answers = []
        for half in halves:
            drawn = draw_class(half.people, pictures, (30, 3), np.random.default_rng(5))
            probe = faces.views[size_name(size)]
            matcher = drawn.matcher(faces.views[WHOLE], half.model)
            answers.append(asked(matcher, drawn, probe.encodings[drawn.probes], probe.face_px[drawn.probes], looks=1))
            uncalibrated = replace(half.model, sizes=_uncalibrated(half.model.sizes))
            bare = drawn.matcher(faces.views[WHOLE], uncalibrated)
            errors.setdefault("bare", []).append(
                calibration_error(
                    asked(bare, drawn, probe.encodings[drawn.probes], probe.face_px[drawn.probes], looks=1)
                )
            )
        everybody = pooled(answers)
        assert calibration_error(everybody) < 0.05
        assert everybody.rates(0.95).fpir.value < 0.01
    assert max(errors["bare"]) > 0.05, "without a calibration they are wrong"


def _uncalibrated(sizes: FaceSizes | None) -> FaceSizes:
    assert sizes is not None
    calibration = np.zeros_like(sizes.calibration)
    calibration[..., 0, 0] = 1.0
    return replace(sizes, calibration=calibration)


def test_too_few_people_are_a_clear_error() -> None:
    with pytest.raises(TooFewPeopleForMatcher):
        cross_fitted(made_up(people=30), np.random.default_rng(0))
