"""What is fitted of sizes: shifts, worths, and scores that mean what they say, on made-up people."""

from dataclasses import replace

import numpy as np
import pytest

from attendance_app.classifiers.plda import PldaParameters
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
STUDENTS = 30


def made_up(people: int = PEOPLE) -> SizedFaces:
    """People who differ in few of the numbers, and photos some of which are far worse than others, which no Gaussian
    expects; the smaller a face, the further it lies off in one direction and the more it scatters."""
    random = np.random.default_rng(4)
    owners = np.repeat(np.arange(people), PICTURES)
    direction = random.normal(size=128)
    told_apart = np.where(np.arange(128) < 20, 1.0, 0.1)
    poor = np.exp(random.normal(0, 0.6, (len(owners), 1)))
    clean = (random.normal(size=(people, 128)) * told_apart)[owners] + 0.6 * poor * random.normal(
        size=(len(owners), 128)
    )

    def view(size: float, noise: float = 0.0) -> SizedView:
        far = 8.0 / size
        encodings = clean + far * direction + (far + noise) * random.normal(size=clean.shape)
        of_far = clean + 0.4 * direction + 0.4 * random.normal(size=clean.shape) if size == 56 else None
        return SizedView(encodings, np.full(len(owners), float(size)), of_far)

    views = {WHOLE: SizedView(clean, np.full(len(owners), 104.0), clean + 0.4 * direction)}
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
    """Ratios of a class of 30 whose true log odds are ``scale`` x + ``offset``: who is right is drawn by these odds."""
    random, probes = np.random.default_rng(seed), 6000
    odds = random.normal(0, 3, probes)
    right = random.random(probes) < 1 / (1 + np.exp(-odds))
    # One student may be meant; the others are out of the question.
    meant = random.integers(0, STUDENTS, probes)
    ratios = np.full((probes, STUDENTS), -200.0)
    # The fit gives students and strangers half of the weight each, and every student one of thirty of the prior.
    prior = np.log(right.mean() / (1 - right.mean()))
    ratios[np.arange(probes), meant] = (odds - prior + np.log(STUDENTS) - offset) / scale
    enrolled = tuple(np.arange(photos) for _ in range(STUDENTS))
    return Scored(ratios, photos, DrawnClass(enrolled, np.arange(probes), np.where(right, meant, -1)))


def test_the_calibration_finds_the_scores_that_have_one_wherever_it_starts() -> None:
    classes = [scored(0.4, 1.5), scored(0.4, 1.5, seed=1)]
    values = fit_cell(classes, 0.001)
    at = np.linspace(-5, 20, 9)
    scale, offset, bend, _ = values[0]
    assert scale * at + offset + bend * np.logaddexp(0, at) == pytest.approx(0.4 * at + 1.5, abs=0.6)
    again = fit_cell(classes, 0.001, start=values * 1.3)
    assert again == pytest.approx(values, abs=0.05)


def test_what_the_number_of_photos_changes_is_found_apart() -> None:
    values = fit_cell([scored(0.4, 1.5), scored(0.4, 3.5, photos=1, seed=1)], 0.001)
    of_three, of_one = values[0], values[0] - values[1] * np.log(3)
    at = 5.0
    gap = [(of[0] * at + of[1] + of[2] * np.logaddexp(0, at)) for of in (of_three, of_one)]
    assert gap[1] - gap[0] == pytest.approx(2.0, abs=0.6)


def test_caution_keeps_strangers_out_and_leaves_the_scores_alone() -> None:
    classes = [scored(0.4, 1.5), scored(0.4, 1.5, photos=1, seed=1)]
    plain, careful = fit_cell(classes, 0.01), fit_cell(classes, 1e-5)
    assert careful[0, 3] > plain[0, 3] >= 0
    assert (careful[:, :3] == plain[:, :3]).all()


def test_probabilities_are_right_for_people_kept_apart(faces: SizedFaces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_fitting, "DRAWN", 1)
    halves = cross_fitted(faces, np.random.default_rng(0))
    assert not set(halves[0].people.tolist()) & set(halves[1].people.tolist())
    pictures = {person: np.flatnonzero(faces.people == person) for person in range(PEOPLE)}
    for size in (KNOTS[0], KNOTS[3]):
        calibrated, bare = [], []
        for half in halves:
            drawn = draw_class(half.people, pictures, (STUDENTS, 3), np.random.default_rng(5))
            probe = faces.views[size_name(size)]
            for model, into in ((half.model, calibrated), (_uncalibrated(half.model), bare)):
                matcher = drawn.matcher(faces.views[WHOLE], model)
                into.append(asked(matcher, drawn, probe.encodings[drawn.probes], probe.face_px[drawn.probes], looks=1))
        assert calibration_error(pooled(calibrated)) < 0.055
        assert calibration_error(pooled(calibrated)) < 0.8 * calibration_error(pooled(bare))
        assert pooled(calibrated).rates(0.95).fpir.value < pooled(bare).rates(0.95).fpir.value


def _uncalibrated(model: PldaParameters) -> PldaParameters:
    assert model.sizes is not None
    calibration = np.zeros_like(model.sizes.calibration)
    calibration[..., 0, 0] = 1.0
    return replace(model, sizes=replace(model.sizes, calibration=calibration))


def test_too_few_people_are_a_clear_error() -> None:
    with pytest.raises(TooFewPeopleForMatcher):
        cross_fitted(made_up(people=30), np.random.default_rng(0))
