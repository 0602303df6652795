"""Makes what the matcher knows of sizes: shifts, worths and calibrations at each size, and measures the whole matcher.

Each half of the people fits a model and its sizes. Scores of one half by the model of the other calibrate; what is
measured are people of a half with the model and the calibration of the other one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.face_sizes import SURE, USUAL_PHOTOS, FaceSizes
from attendance_app.classifiers.match import SIZES as PARAMETER_FILE
from attendance_app.classifiers.match import STRANGER_PRIOR, EncodingMatcher, shipped_plda
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.domain.people import Gallery, Student
from attendance_app.lab.evaluation.gallery import OpenSetRates, ProbeScores
from attendance_app.lab.matcher.plda_fit import fit_two_covariance, track_correlation
from attendance_app.lab.matcher.sized_faces import AGAIN, BLURRED, CAMERA, SIZES, WHOLE, SizedFaces, size_name
from attendance_app.lab.matcher.training import calibration_error, halves_of_people
from attendance_app.networks.manifest import register

CARD = "face-sizes-v1.md"
REPORT = "sizes-report.json"

KNOTS = (16, 20, 24, 32, 40, 56, 80)
"""Sizes at which everything is fitted; ``SIZES`` has one more, which measures what lies between."""
TEMPLATE_KNOTS = (20, 24, 32, 56)
LARGE = 104.0
"""The width that the faces of LFW have as they are (median); faces as large or larger are the usual ones."""
MODEL_VIEWS = (WHOLE, size_name(80), size_name(56))
"""What the two-covariance model is fitted to: as ``train matcher`` does, a picture and two worse ones of it."""
CLASSES = ((30, 3), (30, 1), (30, 3), (60, 3), (15, 1))
"""Students and photos of each, of the classes that calibrate."""
DRAWN, MEASURED = 3, 6
STUDENTS = 30
"""Classes drawn of each kind in each half, to calibrate and to measure."""
MOST_PROBES, MOST_STRANGER_PICTURES = 8, 4
MOST_NAMED = 0.0006
"""Share of strangers' pictures that may be named at the default rule where caution is fitted: what lies between the
sizes, and people who are measured, come out a little higher."""
TAIL = 0.005
"""Share of the strangers' pictures, the likeliest, from which rarer ones are extrapolated."""
RIDGE = 1e-4
"""Keeps what few photos change from running away where classes say nothing about it."""
START = (0.1, 1.0, 0.15, 0.0, 0.0, 0.0)
NEWTON_STEPS = 20
STOCK_TOLERANCE = 0.6
"""face_recognition's own."""

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnClass:
    """Students enrolled with pictures ``enrolled`` (one array of rows each); ``probes`` (t,): rows of pictures of
    students and strangers; ``truth`` (t,): the student's place, -1 for a stranger."""

    enrolled: tuple[Whole, ...]
    probes: Whole
    truth: Whole

    @property
    def weights(self) -> Floats:
        """Students and strangers weigh the same, and so does every student."""
        known = self.truth >= 0
        of_student = np.where(known, 1.0 / np.bincount(self.truth[known])[np.maximum(self.truth, 0)], 0.0)
        share = np.where(known, (1 - STRANGER_PRIOR) * of_student / of_student.sum(), 0.0)
        weights: Floats = np.where(known, share, STRANGER_PRIOR / (~known).sum())
        return weights


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """A class's log likelihood ratios (t, students), its ``photos`` a student, and the class itself."""

    ratios: Floats
    photos: int
    drawn: DrawnClass


@dataclass(frozen=True, slots=True)
class SizeReport:
    """Classes of 30 with ``photos`` a student of the view ``template``, one look or two at the view ``probe``.

    ``rates``: of the product's rule at its default. ``stock``: the nearest photo within face_recognition's tolerance.
    """

    probe: str
    template: str
    photos: int
    looks: int
    calibration_error: float
    rates: OpenSetRates
    stock: OpenSetRates


@dataclass(frozen=True, slots=True)
class SizesReport:
    """The results of the training command."""

    people: int
    pictures: int
    worths: tuple[float, ...]
    track_correlation: tuple[float, ...]
    lines: tuple[SizeReport, ...]


def train_sizes(faces: SizedFaces, out: Path, *, random: Generator) -> SizesReport:
    """Write the parameter file, its manifest entry and the report into ``out``.

    Raises KnownError for too few people.
    """
    halves = halves_of_people(faces.people, random)
    models = [_model(faces, half, random) for half in halves]
    # Each half is scored by the model of the other one.
    scored = [_score_cells(faces, half, model, random) for half, model in zip(halves, models[::-1], strict=True)]
    # A model is measured on the half that it was not fitted to, with what its own half has calibrated.
    calibrated = [_with_calibration(model, cells) for model, cells in zip(models, scored, strict=True)]
    measured = [
        list(_measure(faces, half, known, random=random)) for half, known in zip(halves[::-1], calibrated, strict=True)
    ]
    lines = [
        _line(case, *(_pooled(half) for half in zip(*both, strict=True)))
        for case, *both in zip(CASES, *measured, strict=True)
    ]
    # What ships stands on the shipped model, fitted to everybody; its calibration is the mean of both halves'.
    shipped = shipped_plda()
    calibration = np.mean([known.sizes.calibration for known in calibrated if known.sizes is not None], axis=0)
    sizes = replace(_sizes_of(faces, np.unique(faces.people), shipped), calibration=calibration)
    report = SizesReport(
        people=len(np.unique(faces.people)),
        pictures=len(faces.people),
        worths=tuple(sizes.worths.tolist()),
        track_correlation=tuple(sizes.track_correlation.tolist()),
        lines=tuple(lines),
    )
    _write(sizes, report, out)
    return report


# -- the model of encodings


def _model(faces: SizedFaces, people: Whole, random: Generator) -> PldaParameters:
    rows = np.isin(faces.people, people)
    pictures = np.concatenate([faces.views[view].encodings[rows] for view in MODEL_VIEWS])
    fitted = fit_two_covariance(pictures, np.tile(faces.people[rows], len(MODEL_VIEWS)), random=random)
    projection, between = fitted.diagonalised()
    model = PldaParameters("", fitted.mean, projection, between, 1.0, 1.0, 0.0)
    return replace(model, sizes=_sizes_of(faces, people, model))


def _sizes_of(faces: SizedFaces, people: Whole, model: PldaParameters) -> FaceSizes:
    """Measure shifts, worths and what looks have in common, on pictures of ``people``; calibrated to nothing yet."""
    rows = np.isin(faces.people, people)
    owners = faces.people[rows]
    whole = model.project(faces.views[WHOLE].encodings[rows])
    shifts, worths, common = [], [], []
    for size in KNOTS:
        small = model.project(faces.views[size_name(size)].encodings[rows])
        off = small - whole
        shifts.append(off.mean(axis=0))
        # The photo's own variance is 1 in every dimension; what its size adds comes on top.
        worths.append(1.0 / (1.0 + float(off.var(axis=0).mean())))
        again = faces.views[AGAIN[size]] if size in AGAIN else None
        if again is not None:
            common.append(track_correlation(small, model.project(again.encodings[rows]), owners))
    measured = [size for size in KNOTS if size in AGAIN]
    looks = np.interp(np.log([*KNOTS, LARGE]), np.log(measured), common)
    templates = np.array([*TEMPLATE_KNOTS, LARGE])
    return FaceSizes(
        model.encoder_id,
        sizes=np.array([*KNOTS, LARGE]),
        shifts=np.vstack([*shifts, np.zeros(len(model.between))]),
        worths=np.array([*worths, 1.0]),
        track_correlation=looks,
        template_sizes=templates,
        calibration=np.zeros((len(KNOTS) + 1, len(templates), 2, 4)),
    )


# -- scores


def draw_class(people: Whole, pictures: Mapping[int, Whole], size: tuple[int, int], random: Generator) -> DrawnClass:
    """Draw a class of ``size`` (students, photos of each) among ``people``; the others of them are strangers."""
    students, photos = size
    eligible = [person for person in people.tolist() if len(pictures[person]) > photos]
    chosen = random.permutation(eligible)[: min(students, len(eligible) // 2)].tolist()
    shuffled = [random.permutation(pictures[person]) for person in chosen]
    again = [rows[photos : photos + MOST_PROBES] for rows in shuffled]
    inside = set(chosen)
    others = [
        random.permutation(pictures[person])[:MOST_STRANGER_PICTURES]
        for person in people.tolist()
        if person not in inside
    ]
    owners = np.repeat(np.arange(len(again), dtype=np.intp), [len(rows) for rows in again])
    strangers = np.concatenate(others)
    return DrawnClass(
        tuple(rows[:photos] for rows in shuffled),
        np.concatenate([*again, strangers]),
        np.concatenate([owners, np.full(len(strangers), -1, dtype=np.intp)]),
    )


Cells = dict[tuple[int, int], list[_Scored]]


def _score_cells(faces: SizedFaces, people: Whole, model: PldaParameters, random: Generator) -> Cells:
    """Score classes of ``people`` at every size of probe and template: by their places in the model's sizes."""
    sizes = model.sizes
    assert sizes is not None
    pictures = {person: np.flatnonzero(faces.people == person) for person in people.tolist()}
    classes = [(size[1], draw_class(people, pictures, size, random)) for size in CLASSES for _ in range(DRAWN)]
    probes = [_projected(faces, view, model) for view in (*map(size_name, KNOTS), WHOLE)]
    templates = [_projected(faces, view, model) for view in (*map(size_name, TEMPLATE_KNOTS), WHOLE)]
    cells: Cells = {}
    for column, (enrolled, size) in enumerate(zip(templates, sizes.template_sizes, strict=True)):
        worth = float(sizes.worth(np.array([size]))[0])
        known = [
            Templates(np.stack([enrolled[rows].mean(axis=0) for rows in one.enrolled]), _worths(one, photos * worth))
            for photos, one in classes
        ]
        for row, probe in enumerate(probes):
            cells[row, column] = [
                _Scored(_ratios(model, students, probe[one.probes], float(sizes.worths[row])), photos, one)
                for students, (photos, one) in zip(known, classes, strict=True)
            ]
    return cells


def _projected(faces: SizedFaces, view: str, model: PldaParameters) -> Floats:
    """Project a view, each face moved back by the shift of its size as the detector has it."""
    assert model.sizes is not None
    projected = model.project(faces.views[view].encodings)
    # As they are, faces are the usual ones, whatever their size.
    return projected if view == WHOLE else projected - model.sizes.shift(model.sizes.rounded(faces.views[view].widths))


def _worths(drawn: DrawnClass, worth: float) -> Floats:
    return np.full(len(drawn.enrolled), worth)


def _ratios(model: PldaParameters, templates: Templates, probes: Floats, worth: float) -> Floats:
    return ScoreTable(between=model.between, templates=templates, count=worth).ratios(probes)


# -- calibration


def _with_calibration(model: PldaParameters, cells: Cells) -> PldaParameters:
    assert model.sizes is not None
    calibration = np.zeros_like(model.sizes.calibration)
    for place, scored in cells.items():
        calibration[place] = fit_cell(scored)
    return replace(model, sizes=replace(model.sizes, calibration=_smoothed_caution(calibration)))


def _smoothed_caution(calibration: Floats) -> Floats:
    """Even out caution over neighbouring sizes of the probe: it stands on a few strangers at each."""
    smooth = calibration.copy()
    caution = np.pad(smooth[..., 3], ((1, 1), (0, 0), (0, 0)), mode="edge")
    smooth[..., 3] = (caution[:-2] + 2 * caution[1:-1] + caution[2:]) / 4
    return smooth


def fit_cell(scored: Sequence[_Scored]) -> Floats:
    """Fit scale, offset, bend and caution for three photos, and their change with the logarithm of the number: (2, 4).

    Log odds are linear in the first three, so that the mean of -log P(truth) is convex: Newton's method is enough.
    """
    features = [_features(one) for one in scored]

    def around(values: Floats) -> tuple[float, Floats, Floats]:
        parts = [_around(values, of, one.drawn) for of, one in zip(features, scored, strict=True)]
        loss = float(np.mean([part[0] for part in parts]))
        gradient = np.mean([part[1] for part in parts], axis=0)
        curvature = np.mean([part[2] for part in parts], axis=0)
        ridge = RIDGE * np.eye(len(values))
        return loss + float(values @ ridge @ values) / 2, gradient + ridge @ values, curvature + ridge

    values = np.array(START)
    loss, gradient, curvature = around(values)
    step = np.linalg.solve(curvature, gradient)
    for _ in range(NEWTON_STEPS):
        if np.abs(step).max() < 1e-3:
            break
        tried = around(values - step)
        if tried[0] > loss:
            # Far from the least the curvature is that of elsewhere, and the whole step leads too far.
            step = step / 4
            continue
        values = values - step
        loss, gradient, curvature = tried
        step = np.linalg.solve(curvature, gradient)
    return np.column_stack([values.reshape(2, 3), _caution(scored, features, values)])


def _features(scored: _Scored) -> Floats:
    """What log odds are a linear function of: (t, students, 6)."""
    three = np.stack([scored.ratios, np.ones_like(scored.ratios), np.logaddexp(0.0, scored.ratios)], axis=-1)
    return np.concatenate([three, three * np.log(scored.photos / USUAL_PHOTOS)], axis=-1)


def _posterior_odds(values: Floats, features: Floats) -> Floats:
    """Log odds of each student against a stranger, priors included: (t, students)."""
    odds: Floats = features @ values + np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / features.shape[1])
    return odds


def _around(values: Floats, features: Floats, drawn: DrawnClass) -> tuple[float, Floats, Floats]:
    """The mean of -log P(truth) of one class, its gradient (6,) and its curvature (6, 6)."""
    odds, truth, weights = _posterior_odds(values, features), drawn.truth, drawn.weights
    # A stranger's log odds are 0; the greatest becomes 1 before the exponential.
    most = np.maximum(odds.max(axis=1), 0.0)[:, np.newaxis]
    shares = np.exp(odds - most)
    total = shares.sum(axis=1, keepdims=True) + np.exp(-most)
    shares /= total
    expected = np.einsum("ij,ijk->ik", shares, features)
    known = np.flatnonzero(truth >= 0)
    loss = float(weights @ (most + np.log(total))[:, 0] - weights[known] @ odds[known, truth[known]])
    gradient = weights @ expected - weights[known] @ features[known, truth[known]]
    flat = features.reshape(-1, features.shape[2])
    weighed = flat * (shares * weights[:, np.newaxis]).reshape(-1, 1)
    return loss, gradient, flat.T @ weighed - expected.T @ (expected * weights[:, np.newaxis])


def _caution(scored: Sequence[_Scored], features: Sequence[Floats], values: Floats) -> Floats:
    """Caution that lets ``MOST_NAMED`` of the strangers' pictures pass the default rule: for three photos, and its
    change with the logarithm of their number."""
    numbers, needed = [], []
    for photos in sorted({one.photos for one in scored}):
        best = np.concatenate(
            [
                _best_odds(_posterior_odds(values, of)[one.drawn.truth < 0])
                for one, of in zip(scored, features, strict=True)
                if one.photos == photos
            ]
        )
        numbers.append(np.log(photos / USUAL_PHOTOS))
        needed.append(max(0.0, _quantile(best, MOST_NAMED) - SURE))
    slope, at_three = np.polyfit(numbers, needed, 1)
    return np.array([at_three, slope])


def _quantile(odds: Floats, share: float) -> float:
    """Return what ``share`` of such odds exceed: by an exponential tail, since so few do that they can't be counted."""
    start = float(np.quantile(odds, 1 - TAIL))
    beyond = odds[odds >= start]
    return start + float((beyond - start).mean()) * float(np.log(TAIL / share))


def _best_odds(odds: Floats) -> Floats:
    """Log odds that the likeliest student is right against everything else, (t,)."""
    best = odds.max(axis=1)
    everything = np.logaddexp.reduce(np.column_stack([odds, np.zeros(len(odds))]), axis=1)
    found: Floats = -np.log(np.expm1(np.maximum(everything - best, 1e-12)))
    return found


# -- what it comes to


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured: ``photos`` of the view ``template`` enrolled, and the mean of the views ``probes``."""

    probes: tuple[str, ...]
    template: str = WHOLE
    photos: int = USUAL_PHOTOS


CASES = (
    *(Case((view,)) for view in (*map(size_name, SIZES), WHOLE, BLURRED, CAMERA)),
    *(Case((size_name(size), AGAIN[size])) for size in AGAIN),
    *(Case((view,), photos=1) for view in (size_name(24), size_name(40), size_name(80), WHOLE)),
    *(
        Case((view,), size_name(template), photos)
        for template in (20, 24, 32)
        for photos in (1, 3)
        for view in (size_name(24), size_name(32), size_name(80), WHOLE)
    ),
)


def _measure(
    faces: SizedFaces, people: Whole, model: PldaParameters, *, random: Generator
) -> Iterator[tuple[ProbeScores, ProbeScores]]:
    """Ask the matcher itself, with the widths that a detector has: the product's scores and stock's, case by case."""
    pictures = {person: np.flatnonzero(faces.people == person) for person in people.tolist()}
    for case in CASES:
        drawn = [draw_class(people, pictures, (STUDENTS, case.photos), random) for _ in range(MEASURED)]
        answers = [_answers(faces, case, one, model) for one in drawn]
        yield _pooled([product for product, _ in answers]), _pooled([stock for _, stock in answers])


def _answers(
    faces: SizedFaces, case: Case, drawn: DrawnClass, model: PldaParameters
) -> tuple[ProbeScores, ProbeScores]:
    enrolled = np.concatenate(drawn.enrolled)
    owners = np.repeat(np.arange(len(drawn.enrolled), dtype=np.intp), [len(rows) for rows in drawn.enrolled])
    students = tuple(Student(place, str(place), str(place)) for place in range(len(drawn.enrolled)))
    template = faces.views[case.template]
    encodings = template.encodings[enrolled].astype(np.float32)
    matcher = EncodingMatcher(Gallery("", students, encodings, owners, template.face_px[enrolled]), model)
    looks = [faces.views[view] for view in case.probes]
    probes = np.mean([look.encodings[drawn.probes] for look in looks], axis=0)
    face_px = np.mean([look.face_px[drawn.probes] for look in looks], axis=0)
    posterior = matcher.posterior(probes, np.full(len(probes), len(looks)), face_px=face_px)[:, :-1]
    distances = matcher.distances(probes)
    return (
        ProbeScores(posterior.argmax(axis=1), posterior.max(axis=1), drawn.truth),
        ProbeScores(distances.argmin(axis=1), -distances.min(axis=1), drawn.truth),
    )


def _pooled(scores: Sequence[ProbeScores]) -> ProbeScores:
    parts = [(one.best, one.score, one.truth) for one in scores]
    return ProbeScores(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _line(case: Case, product: ProbeScores, stock: ProbeScores) -> SizeReport:
    return SizeReport(
        probe=case.probes[0],
        looks=len(case.probes),
        template=case.template,
        photos=case.photos,
        calibration_error=calibration_error(product),
        rates=product.rates(DEFAULT_RULE.accept),
        stock=stock.rates(-STOCK_TOLERANCE),
    )


def _write(sizes: FaceSizes, report: SizesReport, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    sizes.save(out / PARAMETER_FILE)
    register(
        out / PARAMETER_FILE,
        licence="MIT",
        input="widths of faces in pixels, and encodings in the space of plda-dlib-v1.npz",
        colour_order="none",
        made_by="attendance train sizes",
        card=CARD,
    )
    (out / REPORT).write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
