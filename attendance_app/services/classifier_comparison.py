"""How well a course's own photos tell its students apart: each photo is left out once and named by the others.

The check uses dlib's encodings, the in-house network, or both together, always with the same photos.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.lookalikes import LookAlikes, MisplacedPhoto, lookalikes
from attendance_app.classifiers.match import EncodingMatcher, shipped_parameters
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.classifiers.thresholds import DECISION_RULES, DEFAULT_RULE, Strictness
from attendance_app.domain.fusion import ClassifierChoice, fuse
from attendance_app.domain.people import Course, Gallery, Student, is_weak
from attendance_app.services.identity.course_photos import PhotoEmbedder, paired_galleries
from attendance_app.services.jobs import JobContext
from attendance_app.services.rates import Rate, clustered_rate
from attendance_app.store.database import Store

ENOUGH_TRIES = 300
"""Without an error in so many tries, at most one in a hundred is wrong, with 95 % confidence: the rule of three
(Hanley and Lippman-Hand, JAMA 249, 1983)."""


@dataclass(frozen=True, slots=True)
class NamingCounts:
    """Counts at one strictness.

    ``right``, ``doubtful`` and ``wrong``: photos left out that the other photos name correctly, don't name with
    certainty, or assign to another student. ``strangers_named``: photos that are assigned to a student although their
    own student is not on the list.
    """

    right: int = 0
    doubtful: int = 0
    wrong: int = 0
    strangers_named: int = 0

    @property
    def errors(self) -> int:
        return self.wrong + self.strangers_named


@dataclass(frozen=True, slots=True)
class StudentTries:
    """One student's photos: ``kept_back``, ``not_right`` and of these ``wrong``; ``as_stranger``, and ``named`` of
    those."""

    kept_back: int
    not_right: int
    wrong: int
    as_stranger: int
    named: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """``photos`` of ``owner``, each left out in its turn, would be marked as ``named`` at the default strictness."""

    owner: Student
    named: Student
    photos: int


@dataclass(frozen=True, slots=True)
class CourseCheck:
    """The result for one course.

    ``judged``: photos of students with two or more. ``strangers``: photos tried with their student off the list, in
    ``comparisons`` with one other student each. ``misplaced``: photos that fit another student better than their
    owner's other photos. ``confusions``: the errors of the confusion matrix, most photos first. ``by_student``: the
    tries of each student; they are not independent, because one unusual photo affects all photos of its student.
    ``weak_photos``: students whose photos are all weak.
    """

    students: int
    photos: int
    judged: int
    strangers: int
    outcomes: Mapping[Strictness, NamingCounts]
    by_student: Mapping[Strictness, tuple[StudentTries, ...]]
    look_alikes: tuple[LookAlikes, ...] = ()
    misplaced: tuple[MisplacedPhoto, ...] = ()
    one_photo: tuple[Student, ...] = ()
    without_photos: tuple[Student, ...] = ()
    weak_photos: tuple[Student, ...] = ()
    comparisons: int = 0
    confusions: tuple[Confusion, ...] = ()

    def fmr(self, strictness: Strictness) -> Rate:
        """False match rate: comparisons of a photo with a student it doesn't show that end in that student's mark.

        The student it does show is off the list, which is the harder case.
        """
        tries = self.by_student[strictness]
        # Of the comparisons of one photo at most one ends in a mark, since every threshold is above one half.
        others = self.comparisons // self.strangers if self.strangers else 1
        return clustered_rate([one.named for one in tries], [one.as_stranger for one in tries], exclusive=others)

    def fnmr(self, strictness: Strictness) -> Rate:
        """False non-match rate: photos kept back that don't end in the mark of their own student."""
        tries = self.by_student[strictness]
        return clustered_rate([one.not_right for one in tries], [one.kept_back for one in tries])

    @property
    def suggested_threshold(self) -> float | None:
        """The probability from which ``suggested`` names a student; None without a suggestion."""
        return DECISION_RULES[self.suggested].accept if self.suggested else None

    @property
    def suggested(self) -> Strictness | None:
        """The strictness that these photos support; None when there are too few.

        Strict when balanced makes errors; lenient only when it makes none in ``ENOUGH_TRIES`` tries.
        """
        if not self.judged and not self.strangers:
            return None
        if self.outcomes[Strictness.BALANCED].errors:
            return Strictness.STRICT
        enough = self.judged + self.strangers >= ENOUGH_TRIES
        return Strictness.LENIENT if enough and not self.outcomes[Strictness.LENIENT].errors else Strictness.BALANCED


@dataclass(frozen=True, slots=True)
class CourseComparison:
    """The same photos judged by each method.

    ``left_out``: enrolled photos that only one of the networks has an encoding of; no method is judged by them.
    """

    checks: Mapping[ClassifierChoice, CourseCheck]
    left_out: int = 0

    @property
    def suggested(self) -> ClassifierChoice | None:
        """The method with the fewest errors on these photos, then the most named; None when there are too few photos.

        When methods are equal, the main matcher is suggested: it was measured on far more people.
        """
        tried = [
            way
            for way in (ClassifierChoice.ENCODINGS, ClassifierChoice.BOTH, ClassifierChoice.CNN)
            if self.checks[way].suggested
        ]
        return min(tried, key=lambda way: _rank(self.checks[way]), default=None)


def _rank(check: CourseCheck) -> tuple[int, int]:
    outcome = check.outcomes[Strictness.BALANCED]
    return outcome.errors, -outcome.right


def check_course(store: Store, course: Course, job: JobContext) -> CourseCheck:
    """Check the photos enrolled for a course. Raises KnownError for templates of another encoder, Cancelled."""
    parameters = shipped_parameters()
    return check_gallery(store.templates.gallery(course.id, parameters.encoder_id), job, parameters)


def compare_course(store: Store, course: Course, embedder: PhotoEmbedder, job: JobContext) -> CourseComparison:
    """Check the photos enrolled for a course by dlib's encodings, by the in-house network and by both.

    Photos without an embedding of the network are embedded from their thumbnails, which takes a while. Raises
    KnownError for templates of another encoder, Cancelled.
    """
    parameters = shipped_parameters(), embedder.parameters
    whole = store.templates.gallery(course.id, parameters[0].encoder_id)
    # Steps of the job: one to embed each photo, then for each of three ways two tries of each photo.
    total = 7 * len(whole.owners)
    encodings, embeddings = paired_galleries(store, whole, embedder, _Share(job, 0, total))
    pair = NetworkGallery(encodings, parameters[0]), NetworkGallery(embeddings, parameters[1])
    return compare(pair, _Share(job, len(whole.owners), total), left_out=len(whole.owners) - len(encodings.owners))


def compare(pair: "tuple[NetworkGallery, NetworkGallery]", job: JobContext, *, left_out: int = 0) -> CourseComparison:
    """Check the main matcher's and the network's results for the same photos, row by row, and both together."""
    ways = {ClassifierChoice.ENCODINGS: pair[:1], ClassifierChoice.CNN: pair[1:], ClassifierChoice.BOTH: pair}
    step = 2 * len(pair[0].gallery.owners)
    return CourseComparison(
        {way: check(some, _Share(job, step * place, 3 * step)) for place, (way, some) in enumerate(ways.items())},
        left_out,
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of a job: its steps count from ``before`` on, of the whole job's ``total``."""

    job: JobContext
    before: int
    total: int

    def report(self, done: int, total: int) -> None:
        self.job.report(self.before + done, max(self.total, self.before + total))

    def raise_if_cancelled(self) -> None:
        self.job.raise_if_cancelled()


def _weak_photos(gallery: Gallery) -> tuple[Student, ...]:
    if gallery.face_px is None:
        return ()
    good = {int(owner) for owner, size in zip(gallery.owners, gallery.face_px, strict=True) if not is_weak(size)}
    return tuple(gallery.students[owner] for owner in np.unique(gallery.owners) if owner not in good)


def check_gallery(gallery: Gallery, job: JobContext, parameters: PldaParameters | None = None) -> CourseCheck:
    """Leave out each photo once, and each student once. Raises as ``check_course``."""
    return check((NetworkGallery(gallery, parameters),), job)


@dataclass(frozen=True, slots=True, eq=False)
class NetworkGallery:
    """What one network makes of the course's photos, and the model that scores it (None: the main matcher's)."""

    gallery: Gallery
    parameters: PldaParameters | None = None

    def posterior(self, enrolled: NDArray[np.intp], row: int) -> NDArray[np.float64]:
        """Probabilities (1, students + 1) of the photo ``row`` when only the photos ``enrolled`` are."""
        own = self.gallery
        # All students stay, also those without a photo now: columns must be the same in every try.
        sizes, far = own.face_px, own.far_encodings
        others = replace(
            own,
            encodings=own.encodings[enrolled],
            owners=own.owners[enrolled],
            face_px=None if sizes is None else sizes[enrolled],
            far_encodings=None if far is None else far[enrolled],
        )
        face_px = None if sizes is None else sizes[[row]]
        return EncodingMatcher(others, self.parameters).posterior(own.encodings[[row]], [1], face_px=face_px)


def check(opinions: Sequence[NetworkGallery], job: JobContext) -> CourseCheck:
    """Leave out each photo once, and each student once; two sets of results for the same photos are fused as in a
    session."""
    gallery = opinions[0].gallery
    owners = np.asarray(gallery.owners, dtype=np.intp)
    counts = np.bincount(owners, minlength=len(gallery.students))
    tries = _Tries(opinions, job)
    kept_back = np.flatnonzero(counts[owners] > 1)
    own = np.array([tries.posterior_without([row], row) for row in kept_back.tolist()])
    # Two dimensions even if there is no photo to keep back.
    own = own.reshape(len(kept_back), len(gallery.students) + 1)
    strange = np.array(list(tries.strangers(counts)))
    # In the order of ``strangers``, which goes by student. It yields nothing where fewer than two students have
    # photos.
    strange_owners = np.repeat(np.arange(len(counts)), counts)[: len(strange)]
    return CourseCheck(
        students=len(gallery.students),
        photos=len(owners),
        judged=len(kept_back),
        strangers=len(strange),
        outcomes={one: _outcome(DECISION_RULES[one].accept, own, owners[kept_back], strange) for one in Strictness},
        by_student={
            one: _by_student(
                DECISION_RULES[one].accept,
                own,
                owners[kept_back],
                strangers=strange,
                strangers_owners=strange_owners,
                students=len(counts),
            )
            for one in Strictness
        },
        look_alikes=tuple(lookalikes(gallery, opinions[0].parameters)),
        misplaced=tuple(_misplaced(gallery, kept_back, own)),
        one_photo=tuple(gallery.students[i] for i in np.flatnonzero(counts == 1)),
        weak_photos=_weak_photos(gallery),
        without_photos=tuple(gallery.students[i] for i in np.flatnonzero(counts == 0)),
        # Each such photo is compared with every other student who has photos.
        comparisons=len(strange) * (int(np.count_nonzero(counts)) - 1),
        confusions=tuple(_confusions(gallery, owners[kept_back], own)),
    )


class _Tries:
    """Names each left-out photo by the photos that remain; each photo is reported as one step."""

    def __init__(self, opinions: Sequence[NetworkGallery], job: JobContext) -> None:
        self._opinions = opinions
        self._owners = opinions[0].gallery.owners
        self._job = job
        self._done = 0

    def posterior_without(self, left_out: list[int], row: int) -> NDArray[np.float64]:
        """Probabilities of the photo ``row`` (students + 1) when the photos ``left_out`` are not enrolled."""
        self._job.raise_if_cancelled()
        rest = np.delete(np.arange(len(self._owners)), left_out)
        first, *more = (opinion.posterior(rest, row) for opinion in self._opinions)
        for second in more:
            first = fuse(first, second)
        self._done += 1
        self._job.report(self._done, max(self._done, 2 * len(self._owners)))
        answer: NDArray[np.float64] = first[0]
        return answer

    def strangers(self, counts: NDArray[np.intp]) -> Iterator[float]:
        """For every photo, the greatest probability of another student while its own is not on the list."""
        if np.count_nonzero(counts) < 2:
            return
        for owner in np.flatnonzero(counts):
            rows = np.flatnonzero(self._owners == owner).tolist()
            for row in rows:
                yield float(self.posterior_without(rows, row)[:-1].max())


def _outcome(
    accept: float, own: NDArray[np.float64], owners: NDArray[np.intp], strangers: NDArray[np.float64]
) -> NamingCounts:
    """Count the results at the threshold ``accept``.

    ``own`` (n, students + 1): probabilities of photos kept back, whose students are ``owners`` (n,). ``strangers``
    (m,): the greatest probability of each photo whose student is off the list.
    """
    named = int((strangers >= accept).sum())
    if not len(own):
        return NamingCounts(strangers_named=named)
    best = own[:, :-1].argmax(axis=1)
    sure = own[np.arange(len(own)), best] >= accept
    right, wrong = int((sure & (best == owners)).sum()), int((sure & (best != owners)).sum())
    return NamingCounts(right, len(own) - right - wrong, wrong, named)


def _by_student(
    accept: float,
    own: NDArray[np.float64],
    owners: NDArray[np.intp],
    *,
    strangers: NDArray[np.float64],
    strangers_owners: NDArray[np.intp],
    students: int,
) -> tuple[StudentTries, ...]:
    """Return the tries of each student; arguments as in ``_outcome``, ``strangers_owners`` (m,) for ``strangers``."""
    best = own[:, :-1].argmax(axis=1) if len(own) else owners
    named = own[np.arange(len(own)), best] >= accept
    right, wrong = named & (best == owners), named & (best != owners)
    counts = (
        np.bincount(of, minlength=students).tolist()
        for of in (owners, owners[~right], owners[wrong], strangers_owners, strangers_owners[strangers >= accept])
    )
    return tuple(StudentTries(*each) for each in zip(*counts, strict=True))


def _confusions(gallery: Gallery, owners: NDArray[np.intp], own: NDArray[np.float64]) -> list[Confusion]:
    """Return the errors at the default strictness; ``own`` (n, students + 1), ``owners`` (n,) as in ``_outcome``."""
    counted = np.zeros((len(gallery.students), len(gallery.students)), np.intp)
    if len(own):
        best = own[:, :-1].argmax(axis=1)
        marked = (own[np.arange(len(own)), best] >= DEFAULT_RULE.accept) & (best != owners)
        np.add.at(counted, (owners[marked], best[marked]), 1)
    students = gallery.students
    found = [
        Confusion(students[owner], students[named], int(counted[owner, named]))
        for owner, named in zip(*np.nonzero(counted), strict=True)
    ]
    return sorted(found, key=lambda one: one.photos, reverse=True)


def _misplaced(gallery: Gallery, rows: NDArray[np.intp], own: NDArray[np.float64]) -> Iterator[MisplacedPhoto]:
    students = gallery.students
    for row, posterior in zip(rows.tolist(), own, strict=True):
        best, owner = int(posterior.argmax()), int(gallery.owners[row])
        if best not in {owner, len(students)}:
            yield MisplacedPhoto(row, students[owner], students[best])
