"""Looks of one moment, and photographs of a class, on made-up people."""

from dataclasses import replace

import numpy as np
import pytest

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.matcher import photograph_measuring, track_calibration, track_measuring
from attendance_app.lab.matcher.filmed_tracks import ENROLLED, FILMED, LOOKS, SIZES, FilmedTracks, filmed_rows
from attendance_app.lab.matcher.photograph_measuring import measure_photographs
from attendance_app.lab.matcher.size_fitting import KNOTS, HeldOut, Scored, fit_cell, fit_model, ratios_of
from attendance_app.lab.matcher.sized_faces import SizedFaces, SizedView
from attendance_app.lab.matcher.track_calibration import draw_filmed, track_calibrator
from attendance_app.lab.matcher.track_measuring import measure_tracks
from tests.unit.lab.matcher.test_size_fitting import made_up


@pytest.fixture(scope="module")
def faces() -> SizedFaces:
    return made_up()


@pytest.fixture(scope="module")
def halves(faces: SizedFaces) -> list[HeldOut]:
    people = np.unique(faces.people)
    ends = [(people[:120], people[120:]), (people[120:], people[:120])]
    random = np.random.default_rng(0)
    models = [(fit_model(faces, fitted, random), apart) for fitted, apart in ends]
    # As if calibrated, with caution.
    assert all(model.sizes is not None for model, _ in models)
    found = []
    for model, apart in models:
        assert model.sizes is not None
        calibration = model.sizes.calibration.copy()
        calibration[..., 0, 0], calibration[..., 0, 1], calibration[..., 0, 3] = 1.5, 4.0, 0.8
        found.append(HeldOut(apart, replace(model, sizes=replace(model.sizes, calibration=calibration))))
    return found


def test_those_are_filmed_who_have_photos_left_to_enrol_and_some_strangers() -> None:
    people = np.concatenate([np.repeat(np.arange(6), 7), np.repeat([6, 7], ENROLLED + FILMED - 1), np.arange(8, 30)])
    rows = filmed_rows(people, np.random.default_rng(0))
    filmed = np.bincount(people[rows], minlength=30)
    assert filmed.tolist() == [FILMED] * 6 + [0, 0] + [1] * 22
    assert len(set(rows.tolist())) == len(rows)


@pytest.fixture(scope="module")
def tracks(faces: SizedFaces) -> FilmedTracks:
    random = np.random.default_rng(1)
    rows = filmed_rows(faces.people, random)
    whole = faces.views["whole"].encodings[rows]
    looks, means = (
        {
            size: SizedView(
                whole + spread * 16 / size * random.normal(size=whole.shape), np.full(len(rows), float(size))
            )
            for size in SIZES
        }
        for spread in (1.2, 0.3)
    )
    return FilmedTracks(rows, looks, means)


def test_a_track_is_named_more_often_than_its_first_look(
    faces: SizedFaces, tracks: FilmedTracks, halves: list[HeldOut]
) -> None:
    reports = measure_tracks(faces, tracks, halves, random=np.random.default_rng(1))
    by_size = {(one.size, one.looks): one for one in reports}
    assert len(by_size) == 2 * len(SIZES)
    assert by_size[24, LOOKS].likely.dir.value > by_size[24, 1].likely.dir.value
    assert by_size[80, 1].likely.dir.value > by_size[24, 1].likely.dir.value
    probes = by_size[80, 1].rates.dir.total
    assert probes == 2 * track_measuring.CLASSES * track_calibration.STUDENTS * FILMED, "what is enrolled is no probe"


def test_tracks_calibrate_what_many_looks_say_and_leave_single_ones_alone(
    faces: SizedFaces, tracks: FilmedTracks, halves: list[HeldOut]
) -> None:
    random = np.random.default_rng(3)
    # Calibrated and measured on the same people: what is asked is whether the changes do what they are for.
    of_looks = [HeldOut(half.people, _calibrated_on_looks(faces, tracks, half, random)) for half in halves]
    calibrate = track_calibrator(faces, tracks, random)
    changed = [HeldOut(half.people, calibrate(half.model, _bare(half.model), half.people)) for half in of_looks]
    before, after = (
        {(one.size, one.looks): one for one in measure_tracks(faces, tracks, of, random=np.random.default_rng(1))}
        for of in (of_looks, changed)
    )
    assert before[24, 1] == after[24, 1]
    assert after[24, LOOKS].calibration_error < 0.6 * before[24, LOOKS].calibration_error
    sizes = changed[0].model.sizes
    assert sizes is not None
    assert (sizes.track_changes[0] == sizes.track_changes[KNOTS.index(24)]).all(), "as the smallest that was filmed"
    assert not sizes.track_changes[:, 3].any(), "caution stays"


def _calibrated_on_looks(
    faces: SizedFaces, tracks: FilmedTracks, half: HeldOut, random: np.random.Generator
) -> PldaParameters:
    """Calibrated for the first looks of tracks of 24 pixels."""
    bare = _bare(half.model)
    assert bare.sizes is not None
    classes = [draw_filmed(faces, tracks, half.people, random) for _ in range(6)]
    scored = [
        Scored(ratios_of(one.matcher(faces.views["whole"], bare), tracks.looks[24], one.probes), ENROLLED, one)
        for one in classes
    ]
    calibration = bare.sizes.calibration.copy()
    calibration[:] = fit_cell(scored, 1.0)
    return replace(bare, sizes=replace(bare.sizes, calibration=calibration))


def _bare(model: PldaParameters) -> PldaParameters:
    assert model.sizes is not None
    calibration = np.zeros_like(model.sizes.calibration)
    calibration[..., 0, 0] = 1.0
    return replace(model, sizes=replace(model.sizes, calibration=calibration))


def test_settling_a_photograph_names_more_without_caution(
    faces: SizedFaces, halves: list[HeldOut], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photograph_measuring, "PHOTOGRAPHS", 3)
    reports = list(measure_photographs(faces, halves, random=np.random.default_rng(2)))
    assert [one.cautious for one in reports] == [True, False] * len(photograph_measuring.PRESENT)
    careful, plain = reports[:2]
    assert careful.rates.dir.total == plain.rates.dir.total
    assert plain.rates.dir.value > careful.rates.dir.value
    assert careful.rates.fpir.total == 2 * 3 * photograph_measuring.STRANGERS
    assert reports[2].rates.dir.total < careful.rates.dir.total, "half of the class is absent"
