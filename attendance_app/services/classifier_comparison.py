"""How well a course's own photos tell its students apart: each photo is kept back once and named by the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.lookalikes import LookAlikes, Suspect, lookalikes
from attendance_app.classifiers.match import EncodingMatcher, shipped_parameters
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import DECISION_RULES, Strictness
from attendance_app.domain.people import Course, Gallery, Student
from attendance_app.services.jobs import JobContext
from attendance_app.store.database import Store

ENOUGH_TRIES = 300
"""Without an error in so many tries, at most one in a hundred is wrong, with 95 % confidence: the rule of three
(Hanley and Lippman-Hand, JAMA 249, 1983)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would happen at one strictness.

    ``right``, ``doubtful`` and ``wrong``: photos kept back which the others name rightly, name nobody surely for, or
    give to somebody else. ``strangers_named``: photos given to somebody when their student is not on the list at all.
    """

    right: int = 0
    doubtful: int = 0
    wrong: int = 0
    strangers_named: int = 0

    @property
    def errors(self) -> int:
        return self.wrong + self.strangers_named


@dataclass(frozen=True, slots=True)
class CourseCheck:
    """What one course's photos are worth.

    ``judged``: photos of students with two or more. ``strangers``: photos tried with their student off the list.
    ``suspects``: photos that fit another student better than their owner's other photos.
    """

    students: int
    photos: int
    judged: int
    strangers: int
    outcomes: Mapping[Strictness, Outcome]
    look_alikes: tuple[LookAlikes, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    one_photo: tuple[Student, ...] = ()
    without_photos: tuple[Student, ...] = ()

    @property
    def suggested(self) -> Strictness | None:
        """The strictness these photos speak for; None where they say too little.

        Strict where balanced errs, lenient only where it does not err in many tries.
        """
        if not self.judged and not self.strangers:
            return None
        if self.outcomes[Strictness.BALANCED].errors:
            return Strictness.STRICT
        enough = self.judged + self.strangers >= ENOUGH_TRIES
        return Strictness.LENIENT if enough and not self.outcomes[Strictness.LENIENT].errors else Strictness.BALANCED


def check_course(store: Store, course: Course, job: JobContext) -> CourseCheck:
    """Check the photos enrolled for a course. Raises KnownError for templates of another encoder, Cancelled."""
    parameters = shipped_parameters()
    return check_gallery(store.templates.gallery(course.id, parameters.encoder_id), job, parameters)


def check_gallery(gallery: Gallery, job: JobContext, parameters: PldaParameters | None = None) -> CourseCheck:
    """Keep back each photo once, and each student once. Raises as ``check_course``."""
    owners = np.asarray(gallery.owners, dtype=np.intp)
    counts = np.bincount(owners, minlength=len(gallery.students))
    tries = _Tries(gallery, parameters, job)
    kept_back = np.flatnonzero(counts[owners] > 1)
    own = np.array([tries.posterior_without([row], row) for row in kept_back.tolist()])
    own = own.reshape(len(kept_back), len(gallery.students) + 1)
    strange = list(tries.strangers(counts))
    return CourseCheck(
        students=len(gallery.students),
        photos=len(owners),
        judged=len(kept_back),
        strangers=len(strange),
        outcomes={one: _outcome(DECISION_RULES[one].accept, own, owners[kept_back], strange) for one in Strictness},
        look_alikes=tuple(lookalikes(gallery, parameters)),
        suspects=tuple(_suspects(gallery, kept_back, own)),
        one_photo=tuple(gallery.students[i] for i in np.flatnonzero(counts == 1)),
        without_photos=tuple(gallery.students[i] for i in np.flatnonzero(counts == 0)),
    )


class _Tries:
    """Names photos by those that are left; each photo is reported as one step."""

    def __init__(self, gallery: Gallery, parameters: PldaParameters | None, job: JobContext) -> None:
        self._gallery = gallery
        self._parameters = parameters
        self._job = job
        self._done = 0

    def posterior_without(self, left_out: list[int], row: int) -> NDArray[np.float64]:
        """Probabilities of the photo ``row`` (students + 1) when the photos ``left_out`` are not enrolled."""
        self._job.raise_if_cancelled()
        gallery = self._gallery
        rest = np.delete(np.arange(len(gallery.owners)), left_out)
        others = Gallery(gallery.encoder_id, gallery.students, gallery.encodings[rest], gallery.owners[rest])
        posterior: NDArray[np.float64] = EncodingMatcher(others, self._parameters).posterior(
            gallery.encodings[[row]], [1]
        )[0]
        self._done += 1
        self._job.report(self._done, max(self._done, 2 * len(gallery.owners)))
        return posterior

    def strangers(self, counts: NDArray[np.intp]) -> Iterator[float]:
        """For every photo, the greatest probability of another student while its own is not on the list."""
        if np.count_nonzero(counts) < 2:
            return
        for owner in np.flatnonzero(counts):
            rows = np.flatnonzero(self._gallery.owners == owner).tolist()
            for row in rows:
                yield float(self.posterior_without(rows, row)[:-1].max())


def _outcome(accept: float, own: NDArray[np.float64], owners: NDArray[np.intp], strangers: list[float]) -> Outcome:
    named = sum(probability >= accept for probability in strangers)
    if not len(own):
        return Outcome(strangers_named=named)
    best = own[:, :-1].argmax(axis=1)
    sure = own[np.arange(len(own)), best] >= accept
    right, wrong = int((sure & (best == owners)).sum()), int((sure & (best != owners)).sum())
    return Outcome(right, len(own) - right - wrong, wrong, named)


def _suspects(gallery: Gallery, rows: NDArray[np.intp], own: NDArray[np.float64]) -> Iterator[Suspect]:
    students = gallery.students
    for row, posterior in zip(rows.tolist(), own, strict=True):
        best, owner = int(posterior.argmax()), int(gallery.owners[row])
        if best not in {owner, len(students)}:
            yield Suspect(row, students[owner], students[best])
