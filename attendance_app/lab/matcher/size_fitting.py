"""Fits what the size of a face changes for the matcher: shifts, worths, and a calibration for each size.

The scores that calibrate are the matcher's own, of people whom its model has not seen, told the sizes that a detector's
box and the sharpness give.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance_app.classifiers.face_sizes import SURE, USUAL_PHOTOS, FaceSizes
from attendance_app.classifiers.match import STRANGER_PRIOR, EncodingMatcher
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.domain.people import Gallery, Student
from attendance_app.lab.matcher.plda_fit import fit_two_covariance, track_correlation
from attendance_app.lab.matcher.sized_faces import AGAIN, WHOLE, SizedFaces, SizedView, size_name
from attendance_app.lab.matcher.training import halves_of_people

KNOTS = (16, 20, 24, 32, 40, 56, 80)
"""Sizes at which everything is fitted."""
TEMPLATE_KNOTS = (20, 24, 32, 56)
LARGE = 104.0
"""The width that the faces of LFW have as they are (median); faces as large or larger are the usual ones."""
FAR_SHARES = {16: 0.5, 20: 0.5, 24: 0.5, 32: 0.25, 40: 0.0, 56: 0.0, 80: 0.0}
"""Shares that the enrolled photos as from afar have in the templates, by the size of the probe."""
MODEL_VIEWS = (WHOLE, size_name(80), size_name(56))
"""What the two-covariance model is fitted to: as ``train matcher`` does, a picture and two worse ones of it."""
CLASSES = ((30, 3), (30, 1), (30, 3), (60, 3), (15, 1))
"""Students and photos of each, of the classes that calibrate."""
DRAWN = 5
"""Classes drawn of each of them."""
MOST_PROBES, MOST_STRANGER_PICTURES = 8, 4
MOST_NAMED = dict.fromkeys((16, 20, 24, 32), 0.0008) | dict.fromkeys((40, 56, 80), 0.0016) | {LARGE: 0.0013}
"""Share of strangers' pictures that may be named at the default rule where caution is fitted, by the size of the probe.
Of people who are measured at most 0.1 % are to be: of small faces they come out about as high as this, of large ones at
half of it (two other divisions into halves than the one that is reported)."""
WEAKLY_ENROLLED = 0.6
"""By how much fewer strangers are to be named where students have one photo, or smaller ones: there more are named of
people kept apart than of those who calibrate."""
USUAL_STUDENTS = 30
"""Students of the classes in which caution is fitted."""
TAIL = 0.005
"""Share of the strangers' pictures, the likeliest, from which rarer ones are extrapolated. From 0.02 on the tail is no
exponential: on the people who calibrate half as many were named as asked for at 24 and 32 pixels, and more at 80."""
RIDGE = 1e-4
"""Keeps what few photos change from running away where classes say nothing about it."""
START = (0.1, 1.0, 0.15, 0.0, 0.0, 0.0)
NEWTON_STEPS = 20

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

    def matcher(self, template: SizedView, model: PldaParameters) -> EncodingMatcher:
        """Enrol the students with this view of their pictures."""
        rows = np.concatenate(self.enrolled)
        owners = np.repeat(np.arange(len(self.enrolled), dtype=np.intp), [len(of_one) for of_one in self.enrolled])
        students = tuple(Student(place, str(place), str(place)) for place in range(len(self.enrolled)))
        encodings = template.encodings[rows].astype(np.float32)
        far = None if template.far_encodings is None else template.far_encodings[rows].astype(np.float32)
        gallery = Gallery(model.encoder_id, students, encodings, owners, template.face_px[rows], far)
        return EncodingMatcher(gallery, model)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A class's log likelihood ratios (t, students), its ``photos`` a student, and the class itself."""

    ratios: Floats
    photos: int
    drawn: DrawnClass


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


# -- the model of encodings


def fit_model(faces: SizedFaces, people: Whole, random: Generator) -> PldaParameters:
    """Fit the two-covariance model and the sizes to pictures of ``people``; the scores are not calibrated yet."""
    rows = np.isin(faces.people, people)
    pictures = np.concatenate([faces.views[view].encodings[rows] for view in MODEL_VIEWS])
    fitted = fit_two_covariance(pictures, np.tile(faces.people[rows], len(MODEL_VIEWS)), random=random)
    projection, between = fitted.diagonalised()
    model = PldaParameters("", fitted.mean, projection, between, 1.0, 1.0, 0.0)
    return replace(model, sizes=sizes_of(faces, people, model))


def sizes_of(faces: SizedFaces, people: Whole, model: PldaParameters) -> FaceSizes:
    """Measure shifts, worths and what looks have in common, on pictures of ``people``; scores stay as they are."""
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
        again = model.project(faces.views[AGAIN[size]].encodings[rows])
        common.append(track_correlation(small, again, owners))
    templates = np.array([*TEMPLATE_KNOTS, LARGE])
    unchanged = np.zeros((len(KNOTS) + 1, len(templates), 2, 4))
    unchanged[..., 0, 0] = 1.0
    return FaceSizes(
        model.encoder_id,
        sizes=np.array([*KNOTS, LARGE]),
        shifts=np.vstack([*shifts, np.zeros(len(model.between))]),
        worths=np.array([*worths, 1.0]),
        track_correlation=np.array([*common, common[-1]]),
        far_shares=np.array([*map(FAR_SHARES.get, KNOTS), 0.0], dtype=np.float64),
        far_shift=(model.project(_far(faces.views[WHOLE])[rows]) - whole).mean(axis=0),
        template_sizes=templates,
        calibration=unchanged,
        track_changes=np.zeros((len(KNOTS) + 1, 4)),
    )


def _far(view: SizedView) -> Floats:
    assert view.far_encodings is not None
    return view.far_encodings


# -- calibration


def calibrated_on(faces: SizedFaces, people: Whole, model: PldaParameters, random: Generator) -> PldaParameters:
    """Calibrate a model's scores at every size of probe and template, on classes of ``people``."""
    sizes = model.sizes
    assert sizes is not None
    pictures = {person: np.flatnonzero(faces.people == person) for person in people.tolist()}
    classes = [(size[1], draw_class(people, pictures, size, random)) for size in CLASSES for _ in range(DRAWN)]
    calibration = np.zeros_like(sizes.calibration)
    for column, template in enumerate((*map(size_name, TEMPLATE_KNOTS), WHOLE)):
        matchers = [one.matcher(faces.views[template], model) for _, one in classes]
        found = None
        for row, (size, views) in enumerate(PROBES.items()):
            scored = [
                Scored(ratios_of(matcher, faces.views[view], one.probes), photos, one)
                for view in views
                for matcher, (photos, one) in zip(matchers, classes, strict=True)
            ]
            most_named = MOST_NAMED[size] * (1.0 if template == WHOLE else WEAKLY_ENROLLED)
            found = calibration[row, column] = fit_cell(scored, most_named, start=found)
    return replace(model, sizes=replace(sizes, calibration=_smoothed_caution(calibration)))


PROBES = {**{float(size): (size_name(size), AGAIN[size]) for size in KNOTS}, LARGE: (WHOLE,)}
"""The views that calibrate each size of the probe: clean, and as a camera has it."""


def ratios_of(matcher: EncodingMatcher, probe: SizedView, rows: Whole, *, looks: int = 1) -> Floats:
    """Log likelihood ratios of means of so many looks: what a matcher answers that is not calibrated yet."""
    return matcher.log_odds(probe.encodings[rows], looks, face_px=probe.face_px[rows])


def _smoothed_caution(calibration: Floats) -> Floats:
    """Even out caution over neighbouring sizes of the probe: it stands on a few strangers at each."""
    smooth = calibration.copy()
    caution = np.pad(smooth[..., 3], ((1, 1), (0, 0), (0, 0)), mode="edge")
    smooth[..., 3] = (caution[:-2] + 2 * caution[1:-1] + caution[2:]) / 4
    return smooth


def fit_cell(scored: Sequence[Scored], most_named: float, *, start: Floats | None = None) -> Floats:
    """Fit scale, offset, bend and caution for three photos, and their change with the logarithm of the number: (2, 4).

    Log odds are linear in the first three, so that the mean of -log P(truth) is convex: Newton's method is enough, and
    the ``start`` (2, 4), a fit to other scores, only saves steps.
    """
    features = [_features(one) for one in scored]
    numbers = [_numbers(one) for one in scored]

    def around(values: Floats) -> tuple[float, Floats, Floats]:
        loss, gradient, curvature = 0.0, RIDGE * values, RIDGE * np.eye(len(values))
        for of, number, one in zip(features, numbers, scored, strict=True):
            its_loss, its_gradient, its_curvature = _around(number @ values.reshape(2, 3), of, one.drawn)
            loss += its_loss / len(scored)
            gradient = gradient + np.kron(number, its_gradient) / len(scored)
            curvature = curvature + np.kron(np.outer(number, number), its_curvature) / len(scored)
        return loss + RIDGE * float(values @ values) / 2, gradient, curvature

    values = np.array(START) if start is None else start[:, :3].ravel()
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
    found = values.reshape(2, 3)
    return np.column_stack([found, _caution(scored, found, most_named)])


def _numbers(scored: Scored) -> Floats:
    """What makes the three numbers of a class of n photos: a + b log(n / 3)."""
    return np.array([1.0, np.log(scored.photos / USUAL_PHOTOS)])


def _features(scored: Scored) -> Floats:
    """What log odds are a linear function of: (t, students, 3)."""
    return np.stack([scored.ratios, np.ones_like(scored.ratios), np.logaddexp(0.0, scored.ratios)], axis=-1)


def _posterior_odds(values: Floats, features: Floats) -> Floats:
    """Log odds of each student against a stranger, priors included: (t, students)."""
    odds: Floats = features @ values + np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / features.shape[1])
    return odds


def _around(values: Floats, features: Floats, drawn: DrawnClass) -> tuple[float, Floats, Floats]:
    """The mean of -log P(truth) of one class, its gradient (3,) and its curvature (3, 3)."""
    odds, truth, weights = _posterior_odds(values, features), drawn.truth, drawn.weights
    # A stranger's log odds are 0; the greatest becomes 1 before the exponential.
    most = np.maximum(odds.max(axis=1), 0.0)[:, np.newaxis]
    shares = np.exp(odds - most)
    total = shares.sum(axis=1, keepdims=True) + np.exp(-most)
    shares /= total
    expected = (shares[:, np.newaxis, :] @ features)[:, 0, :]
    known = np.flatnonzero(truth >= 0)
    loss = float(weights @ (most + np.log(total))[:, 0] - weights[known] @ odds[known, truth[known]])
    gradient = weights @ expected - weights[known] @ features[known, truth[known]]
    flat = features.reshape(-1, features.shape[2])
    weighed = flat * (shares * weights[:, np.newaxis]).reshape(-1, 1)
    return loss, gradient, flat.T @ weighed - expected.T @ (expected * weights[:, np.newaxis])


def _caution(scored: Sequence[Scored], calibration: Floats, most_named: float) -> Floats:
    """Caution that lets a share ``most_named`` of the strangers' pictures pass the default rule: for three photos, and
    its change with the logarithm of their number; ``calibration`` (2, 3) as ``fit_cell`` finds it."""
    best: dict[int, list[Floats]] = defaultdict(list)
    for one in scored:
        if len(one.drawn.enrolled) == USUAL_STUDENTS:
            odds = _posterior_odds(_numbers(one) @ calibration, _features(one))
            best[one.photos].append(_best_odds(odds[one.drawn.truth < 0]))
    if not best:
        return np.zeros(2)
    shares = [most_named * (1.0 if photos >= USUAL_PHOTOS else WEAKLY_ENROLLED) for photos in best]
    needed = [
        max(0.0, _quantile(np.concatenate(of), share) - SURE) for of, share in zip(best.values(), shares, strict=True)
    ]
    numbers = np.log(np.array(list(best)) / USUAL_PHOTOS)
    if len(best) == 1:
        return np.array([needed[0], 0.0])
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


# -- people kept apart


Further = Callable[[PldaParameters, PldaParameters, Whole], PldaParameters]
"""Takes the calibrated model, the model before, and the people who calibrate; returns the first, further calibrated."""


def as_it_is(calibrated: PldaParameters, _bare: PldaParameters, _people: Whole) -> PldaParameters:
    """Calibrate no further."""
    return calibrated


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """``people`` whom neither the ``model`` nor its calibration has seen."""

    people: Whole
    model: PldaParameters


def cross_fitted(faces: SizedFaces, random: Generator, *, further: Further = as_it_is) -> tuple[HeldOut, HeldOut]:
    """Fit and calibrate on each half of the people what the other half is measured with; ``further`` calibrates more.

    Each half fits a model; the scores that calibrate it are those of its own half by the other's model, since a model
    is too sure of people whom it was fitted to. Raises KnownError for too few people.
    """
    one, other = halves_of_people(faces.people, random)
    of_one, of_other = fit_model(faces, one, random), fit_model(faces, other, random)
    # The calibration goes with the sizes' shifts and worths, which hardly differ between the halves.
    by_one = further(calibrated_on(faces, one, of_other, random), of_other, one)
    by_other = further(calibrated_on(faces, other, of_one, random), of_one, other)
    return HeldOut(other, _calibrated_as(of_one, by_one)), HeldOut(one, _calibrated_as(of_other, by_other))


def _calibrated_as(model: PldaParameters, other: PldaParameters) -> PldaParameters:
    assert model.sizes is not None
    assert other.sizes is not None
    found = other.sizes
    return replace(model, sizes=replace(model.sizes, calibration=found.calibration, track_changes=found.track_changes))
