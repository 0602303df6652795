"""Compares encodings with a course's gallery: calibrated probabilities for each student and for a stranger."""

from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import MatcherOfAnotherEncoder
from attendance_app.classifiers.face_sizes import FaceSizes, cautious
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates, calibrated
from attendance_app.classifiers.thresholds import MASKED_OFFSET, MASKED_SCALE
from attendance_app.domain.people import Gallery, Student
from attendance_app.networks.manifest import model_path

PARAMETERS = "plda-dlib-v1.npz"
"""The parameters that ship with the program."""

SIZES = "face-sizes-v1.npz"
"""What the size of a face changes for them."""

STRANGER_PRIOR = 0.5
"""How often, before looking, a face is nobody's on the roster. Far more than in most classes: a wrong name costs
more than a second look."""

MAX_COUNT = 16
"""More pictures of one track than this say nothing new: they share 88 % of what is untypical, so that any number
of them is worth 1.14 at most (docs/adr/0040)."""

MOST_TABLES = 64
"""Kept, one for each number of pictures and size of the face: in a class of 500 each has a megabyte."""

Floats = NDArray[np.float64]


@cache
def shipped_parameters() -> PldaParameters:
    """Return the parameters that ship with the program; raise ModelFileError if they are missing or altered."""
    return replace(shipped_plda(), sizes=FaceSizes.load(model_path(SIZES)))


def shipped_plda() -> PldaParameters:
    """Return them without what is known of sizes; raises as ``shipped_parameters``."""
    return PldaParameters.load(model_path(PARAMETERS))


class CalibratedScores:
    """Enrolled students' templates under fitted parameters: calibrated log odds and probabilities for probes."""

    def __init__(self, parameters: PldaParameters, templates: Templates) -> None:
        self._parameters = parameters
        self._templates = templates
        self._tables: dict[tuple[int, float], ScoreTable] = {}

    def log_odds(
        self, faces: Floats, counts: ArrayLike, *, face_px: ArrayLike | None = None, cautious: bool = True
    ) -> Floats:
        """Return log odds of "this student" against "a stranger", before priors: (t, students).

        ``faces`` (t, d) are projected means of ``counts`` pictures each, of faces ``face_px`` (t,) pixels wide; NaN or
        None: not known, so that they count as large. ``cautious`` as of ``EncodingMatcher.posterior``.
        """
        pictures = np.clip(np.broadcast_to(np.asarray(counts), (len(faces),)).astype(np.intp), 1, MAX_COUNT)
        sizes = self._parameters.sizes
        rounded = np.zeros(len(faces))  # without measured sizes all faces are of one
        if sizes is not None:
            rounded = sizes.rounded(np.full(len(faces), np.nan) if face_px is None else face_px)
            faces = faces - sizes.shift(rounded)
        odds = np.empty((len(faces), len(self._templates.counts)))
        kinds, kind = np.unique(np.column_stack([pictures, rounded]), axis=0, return_inverse=True)
        for number, (count, size) in enumerate(kinds.tolist()):
            rows = kind == number
            ratios = self._table(int(count), size).ratios(faces[rows])
            if sizes is None:
                odds[rows] = self._parameters.log_odds(ratios)
            else:
                odds[rows] = self._sized(sizes, ratios, size, looks=int(count), cautiously=cautious)
        return odds

    def _sized(self, sizes: FaceSizes, ratios: Floats, size: float, *, looks: int, cautiously: bool) -> Floats:
        """Calibrate the ratios (t, students) of probes of one size and number of looks."""
        templates = self._templates
        assert templates.face_px is not None
        assert templates.photos is not None
        found = sizes.calibrated_for(size, templates.face_px, templates.photos, looks=looks)
        odds = calibrated(ratios, scale=found.scale, offset=found.offset, bend=found.bend)
        if not cautiously:
            return odds
        # Caution is about the odds that a name would have: with the prior of one student against a stranger.
        prior = np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / max(1, odds.shape[1]))
        return odds - cautious(odds + prior, found.caution)

    def posterior(self, odds: Floats) -> Floats:
        """Return probabilities (t, students + 1), rows summing to 1; the last column is "a stranger"."""
        students = odds.shape[1]
        if not students:
            return np.ones((len(odds), 1))
        # Every student is as likely as any other before looking.
        each = np.log((1 - STRANGER_PRIOR) / students)
        evidence = np.column_stack([odds + each, np.full(len(odds), np.log(STRANGER_PRIOR))])
        # The greatest becomes 1: exponentials of large log odds would overflow.
        weights = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        shares: Floats = weights / weights.sum(axis=1, keepdims=True)
        return shares

    def _table(self, count: int, size: float) -> ScoreTable:
        # No lock: two threads at once would at worst build the same table twice.
        table = self._tables.get((count, size))
        if table is None:
            parameters = self._parameters
            effective, templates = parameters.effective_count(count), self._templates
            if parameters.sizes is not None:
                effective = float(parameters.sizes.worth(np.array([size]), count)[0])
                templates = templates.seen_from(parameters.sizes.far_share(size))
            table = ScoreTable(between=parameters.between, templates=templates, count=effective)
            if len(self._tables) >= MOST_TABLES:
                self._tables.clear()
            self._tables[count, size] = table
        return table


class EncodingMatcher:
    """Compares probes with the gallery of one course. Immutable once built; safe to call from any thread."""

    def __init__(self, gallery: Gallery, parameters: PldaParameters | None = None) -> None:
        """Raise MatcherOfAnotherEncoder if gallery and parameters come from different encoders."""
        self.gallery = gallery
        self.parameters = shipped_parameters() if parameters is None else parameters
        _refuse_other_encoder(gallery, self.parameters)
        owners = np.asarray(gallery.owners, dtype=np.intp)
        self._enrolled = np.unique(owners)
        # Each student's photos side by side: ``reduceat`` sums and compares runs of rows, from the rows in ``_starts``
        # on.
        self._order = np.argsort(owners, kind="stable")
        self._starts = np.searchsorted(owners[self._order], self._enrolled)
        self._encodings = np.asarray(gallery.encodings, dtype=np.float64).reshape(-1, 128)
        sizes = np.full(len(owners), np.nan) if gallery.face_px is None else gallery.face_px
        self._templates = self._average(np.asarray(sizes, dtype=np.float64)[self._order])
        self._scores = CalibratedScores(self.parameters, self._templates)

    @property
    def students(self) -> tuple[Student, ...]:
        """The columns of ``posterior`` and ``distances``."""
        return self.gallery.students

    def _average(self, face_px: Floats) -> Templates:
        """Each student's photos (n, d) as one template; ``face_px`` (n,) in the order of ``_order``."""
        projected = self.parameters.project(self._encodings)[self._order]
        worth = np.ones(len(projected))
        if self.parameters.sizes is not None:
            face_px = self.parameters.sizes.rounded(face_px)
            projected, worth = projected - self.parameters.sizes.shift(face_px), self.parameters.sizes.worth(face_px)
        far = self._from_afar(projected)
        if not len(self._starts):  # ``reduceat`` takes no empty list
            return Templates(means=projected, counts=worth, face_px=face_px, photos=worth, far_means=far)
        counts = np.add.reduceat(worth, self._starts)

        def mean(of: Floats) -> Floats:
            total: Floats = np.add.reduceat(of * worth[:, np.newaxis], self._starts, axis=0) / counts[:, np.newaxis]
            return total

        # A student's size is the mean of the photos' logarithms, each as heavy as in the template.
        logs = np.add.reduceat(np.log(face_px) * worth, self._starts) / counts
        photos = np.diff(np.append(self._starts, len(projected))).astype(np.float64)
        return Templates(
            means=mean(projected),
            counts=counts,
            face_px=np.exp(logs),
            photos=photos,
            far_means=None if far is None else mean(far),
        )

    def _from_afar(self, projected: Floats) -> Floats | None:
        """The photos as from afar in the model's space (n, d); where that was not made, as they are: ``projected``."""
        sizes, far = self.parameters.sizes, self.gallery.far_encodings
        if sizes is None or far is None:
            return None
        seen = self.parameters.project(far)[self._order] - sizes.far_shift
        return np.where(np.isnan(seen), projected, seen)

    @property
    def template_px(self) -> Floats:
        """The size in pixels that the photos of each enrolled student stand for, (enrolled students,)."""
        assert self._templates.face_px is not None
        return self._templates.face_px

    def log_odds(
        self, probes: ArrayLike, counts: ArrayLike, *, face_px: ArrayLike | None = None, cautious: bool = True
    ) -> Floats:
        """Return calibrated log odds of "this student" against "a stranger", before priors: (t, enrolled students).

        Columns are the students with at least one template, in the gallery's order. Arguments as of ``posterior``.
        """
        faces = self.parameters.project(np.asarray(probes, dtype=np.float64).reshape(-1, 128))
        return self._scores.log_odds(faces, counts, face_px=face_px, cautious=cautious)

    def posterior(
        self, probes: ArrayLike, counts: ArrayLike, *, face_px: ArrayLike | None = None, cautious: bool = True
    ) -> Floats:
        """Return calibrated probabilities (t, students + 1), rows summing to 1; the last column is "a stranger".

        ``probes`` (t, 128): each the mean of ``counts`` (t,) encodings of one track. Students without a template
        get 0. Of two students who look the same each gets half, so neither is named. ``face_px`` (t,): how wide the
        faces were in pixels (``vision.quality.resolved_px``); None or NaN: not known, so that they count as large.
        ``cautious``: False where all faces of a picture are settled together (``domain.roll_call.assign``), which
        leaves so few strangers a name that small faces need no caution (docs/adr/0042).
        """
        return self._all_students(
            self._scores.posterior(self.log_odds(probes, counts, face_px=face_px, cautious=cautious))
        )

    def masked_posterior(self, probes: ArrayLike, *, face_px: ArrayLike | None = None) -> Floats:
        """Return what ``posterior`` does, (t, students + 1), calibrated for faces under a mask (docs/adr/0041).

        All pictures of a track count as one: the mask is the same on all of them.
        """
        odds = MASKED_SCALE * self.log_odds(probes, 1, face_px=face_px) + MASKED_OFFSET
        return self._all_students(self._scores.posterior(odds))

    def _all_students(self, shares: Floats) -> Floats:
        result = np.zeros((len(shares), len(self.gallery.students) + 1))
        result[:, self._enrolled] = shares[:, :-1]
        result[:, -1] = shares[:, -1]
        return result

    def distances(self, probes: ArrayLike) -> Floats:
        """Return Euclidean distances (t, students) to the nearest enrolled encoding; infinite without a template."""
        faces = np.asarray(probes, dtype=np.float64).reshape(-1, 128)
        result = np.full((len(faces), len(self.gallery.students)), np.inf)
        if len(self._enrolled):
            photos = self._encodings[self._order]
            # |a - b|² = |a|² - 2ab + |b|²: one matrix product, and no array of t x photos x 128 differences. Rounding
            # can make it slightly negative, hence the maximum below.
            squares = (faces**2).sum(axis=1)[:, np.newaxis] - 2 * faces @ photos.T + (photos**2).sum(axis=1)
            nearest = np.minimum.reduceat(np.sqrt(np.maximum(squares, 0)), self._starts, axis=1)
            result[:, self._enrolled] = nearest
        return result


def _refuse_other_encoder(gallery: Gallery, parameters: PldaParameters) -> None:
    if gallery.encoder_id != parameters.encoder_id:
        raise MatcherOfAnotherEncoder(gallery=gallery.encoder_id, matcher=parameters.encoder_id)
