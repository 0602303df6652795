"""Compares encodings with a course's gallery: calibrated probabilities for each student and for a stranger."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import MatcherOfAnotherEncoder
from attendance_app.classifiers.plda import PldaParameters, ScoreTable, Templates
from attendance_app.classifiers.thresholds import MASKED_OFFSET, MASKED_SCALE
from attendance_app.domain.people import Gallery, Student
from attendance_app.networks.manifest import model_path

PARAMETERS = "plda-dlib-v1.npz"
"""The parameters that ship with the program."""

STRANGER_PRIOR = 0.5
"""How often, before looking, a face is nobody's on the roster. Far more than in most classes: a wrong name costs
more than a second look."""

MAX_COUNT = 16
"""More pictures of one track than this say nothing new: they share 88 % of what is untypical, so that any number
of them is worth 1.14 at most (docs/adr/0040)."""

Floats = NDArray[np.float64]


@cache
def shipped_parameters() -> PldaParameters:
    """Return the parameters that ship with the program; raise ModelFileError if they are missing or altered."""
    return PldaParameters.load(model_path(PARAMETERS))


class CalibratedScores:
    """Enrolled students' templates under fitted parameters: calibrated log odds and probabilities for probes."""

    def __init__(self, parameters: PldaParameters, templates: Templates) -> None:
        self._parameters = parameters
        self._templates = templates
        self._tables: dict[int, ScoreTable] = {}

    def log_odds(self, faces: Floats, counts: ArrayLike) -> Floats:
        """Return log odds of "this student" against "a stranger", before priors: (t, students).

        ``faces`` (t, d) are projected means of ``counts`` pictures each.
        """
        pictures = np.clip(np.broadcast_to(np.asarray(counts), (len(faces),)).astype(np.intp), 1, MAX_COUNT)
        ratios = np.empty((len(faces), len(self._templates.counts)))
        for count in np.unique(pictures):
            rows = pictures == count
            ratios[rows] = self._table(int(count)).ratios(faces[rows])
        return self._parameters.log_odds(ratios)

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

    def _table(self, count: int) -> ScoreTable:
        # No lock: two threads at once would at worst build the same table twice.
        table = self._tables.get(count)
        if table is None:
            effective = self._parameters.effective_count(count)
            table = ScoreTable(between=self._parameters.between, templates=self._templates, count=effective)
            self._tables[count] = table
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
        self._scores = CalibratedScores(self.parameters, self._average())

    @property
    def students(self) -> tuple[Student, ...]:
        """The columns of ``posterior`` and ``distances``."""
        return self.gallery.students

    def _average(self) -> Templates:
        projected = self.parameters.project(self._encodings)[self._order]
        counts = np.diff(np.append(self._starts, len(projected))).astype(np.float64)
        if not len(counts):  # ``reduceat`` takes no empty list
            return Templates(means=projected, counts=counts)
        sums = np.add.reduceat(projected, self._starts, axis=0)
        return Templates(means=sums / counts[:, np.newaxis], counts=counts)

    def log_odds(self, probes: ArrayLike, counts: ArrayLike) -> Floats:
        """Return calibrated log odds of "this student" against "a stranger", before priors: (t, enrolled students).

        Columns are the students with at least one template, in the gallery's order.
        """
        faces = self.parameters.project(np.asarray(probes, dtype=np.float64).reshape(-1, 128))
        return self._scores.log_odds(faces, counts)

    def posterior(self, probes: ArrayLike, counts: ArrayLike) -> Floats:
        """Return calibrated probabilities (t, students + 1), rows summing to 1; the last column is "a stranger".

        ``probes`` (t, 128): each the mean of ``counts`` (t,) encodings of one track. Students without a template
        get 0. Of two students who look the same each gets half, so neither is named.
        """
        return self._all_students(self._scores.posterior(self.log_odds(probes, counts)))

    def masked_posterior(self, probes: ArrayLike) -> Floats:
        """Return what ``posterior`` does, (t, students + 1), calibrated for faces under a mask (docs/adr/0041).

        All pictures of a track count as one: the mask is the same on all of them.
        """
        odds = MASKED_SCALE * self.log_odds(probes, 1) + MASKED_OFFSET
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
