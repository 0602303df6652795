"""Sightings in, decisions out: who is marked, by how much evidence, and who is left to the teacher.

A track is one face followed through the video. Whenever it has been encoded again, the matcher's posterior
over the roster (and "a stranger") is renewed for it; ``assign`` then settles who is who in the frame, and
``RollCall`` waits until one track has named the same student often enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

MATCHING_STEPS = 40
"""Of belief propagation; each halves what is left of the error where no circle is involved."""

CLASS_SHOWN_BY = 3
"""Faces named in a photograph that prove that it shows the class. Of four classes, nobody is named in a photograph of
another one."""

REVIEW_STEP = 0.1
"""A doubtful match is brought up again only when it has become that much likelier."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a student: ``min_sightings`` encodings in a row with at least the probability ``accept``."""

    accept: float
    min_sightings: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How much evidence a mark needs.

    ``accept`` and ``review`` are probabilities that the face is that student; at least ``min_sightings``
    encodings in a row must reach ``accept``. A track is an unknown person when ``unknown_after`` encodings in a
    row are a stranger's with at least the probability ``stranger``. ``masked``: what a face needs instead that is
    partly hidden, as under a mask; None for the same as others. ``ask_after``: sightings after which the teacher is
    asked about a doubtful match; None: as many as would prove it.
    """

    accept: float
    review: float
    min_sightings: int = 3
    unknown_after: int = 4
    stranger: float = 0.9
    masked: Proof | None = None
    ask_after: int | None = None

    def proof(self, *, masked: bool) -> Proof:
        """Return what proves a student, for a masked or an unmasked face."""
        plain = Proof(self.accept, self.min_sightings)
        return self.masked if masked and self.masked is not None else plain

    def for_photographs(self) -> "Rules":
        """The same probabilities for single photographs: one look proves, a poor one or a masked one needs a second."""
        return replace(self, min_sightings=1, unknown_after=1, masked=Proof(self.accept, 2), ask_after=1)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one encoding of one track says.

    ``student_id`` is the likeliest student after one-student-one-face assignment, None for a stranger;
    ``probability`` is that of the student, or of being a stranger. ``distance`` is Euclidean, to the nearest
    enrolled encoding of that student (of anybody, for a stranger). ``either`` is the probability of being that
    student or the one they may be taken for: such a pair is brought up though neither of them reaches ``review``.
    ``masked``: whether a mask covers part of the face.
    """

    track_id: int
    student_id: int | None
    probability: float
    distance: float
    seconds: float
    either: float = 0.0
    masked: bool = False


class DecisionKind(Enum):
    """What the register should do."""

    MARK = "mark"
    """Mark the student as having arrived."""
    REVIEW = "review"
    """Ask the teacher: likely this student, not surely."""
    UNKNOWN = "unknown"
    """A person who is none of the roster."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A conclusion of the roll call; ``first_seconds`` is when the track first named the student."""

    kind: DecisionKind
    track_id: int
    student_id: int | None
    probability: float
    sightings: int
    best_distance: float
    first_seconds: float
    seconds: float


@dataclass(slots=True)
class _Streak:
    """How often in a row one track has named one student."""

    student_id: int | None
    first_seconds: float
    length: int = 0
    sure: int = 0
    needed: int = 1
    """Sure sightings in a row that prove the student, as the last sighting has it."""
    best_distance: float = float("inf")


@dataclass(slots=True)
class RollCall:
    """Marks a student once, when one track names them surely ``min_sightings`` times running."""

    rules: Rules
    _streaks: dict[int, _Streak] = field(default_factory=dict)
    _marked: set[int] = field(default_factory=set)
    _reviewed: dict[int, float] = field(default_factory=dict)
    _unknown: set[int] = field(default_factory=set)

    @property
    def marked(self) -> frozenset[int]:
        """The students marked so far."""
        return frozenset(self._marked)

    @property
    def unknown_tracks(self) -> frozenset[int]:
        """The tracks taken for people who are none of the roster."""
        return frozenset(self._unknown)

    def already_marked(self, student_id: int) -> None:
        """Note a mark from an earlier part of the session."""
        self._marked.add(student_id)

    def release(self, student_id: int) -> None:
        """Allow the student to be marked again, because the mark was taken back."""
        # Only the mark goes. The streak stays, so a face that is still sure marks again with its next sighting.
        self._marked.discard(student_id)

    def student_of(self, track_id: int) -> int | None:
        """Return the student whom this track has proved to be, None before that."""
        streak = self._streaks.get(track_id)
        if streak is None or streak.student_id is None or streak.sure < streak.needed:
            return None
        return streak.student_id

    def forget(self, track_id: int) -> None:
        """Remove a track that has ended; its decisions stay."""
        self._streaks.pop(track_id, None)

    def observe(self, sighting: Sighting) -> Decision | None:
        """Return the decision that this sighting leads to, if any."""
        streak = self._extend(sighting)
        student_id = sighting.student_id
        if student_id is None:
            return self._stranger(streak, sighting)
        # A person taken for unknown may be recognised later, when they come nearer.
        self._unknown.discard(sighting.track_id)
        if streak.sure >= streak.needed:
            if student_id in self._marked:
                return None
            self._marked.add(student_id)
            # A mark answers the question to the teacher.
            self._reviewed.pop(student_id, None)
            return _decision(DecisionKind.MARK, streak, sighting)
        return self._doubt(streak, sighting, student_id)

    def _extend(self, sighting: Sighting) -> _Streak:
        streak = self._streaks.get(sighting.track_id)
        if streak is None or streak.student_id != sighting.student_id:
            streak = _Streak(sighting.student_id, sighting.seconds)
            self._streaks[sighting.track_id] = streak
        streak.length += 1
        proof = self.rules.proof(masked=sighting.masked)
        # Renewed with every sighting: a mask may be put on or taken off in between.
        streak.needed = proof.min_sightings
        enough = self.rules.stranger if sighting.student_id is None else proof.accept
        # In a row: one unsure sighting starts the count again, so that a stranger who resembles a student now and then
        # is not marked.
        streak.sure = streak.sure + 1 if sighting.probability >= enough else 0
        streak.best_distance = min(streak.best_distance, sighting.distance)
        return streak

    def _stranger(self, streak: _Streak, sighting: Sighting) -> Decision | None:
        if streak.sure < self.rules.unknown_after or sighting.track_id in self._unknown:
            return None
        self._unknown.add(sighting.track_id)
        return _decision(DecisionKind.UNKNOWN, streak, sighting)

    def _doubt(self, streak: _Streak, sighting: Sighting, student_id: int) -> Decision | None:
        # Of two look-alikes each gets about half of the probability; together they may be likely enough to ask.
        likely = max(sighting.probability, sighting.either)
        if student_id in self._marked or likely < self.rules.review:
            return None
        # The first question needs only ``review``; each further one must be clearly likelier than the last.
        ask_from = self._reviewed.get(student_id, 0.0) + REVIEW_STEP
        if streak.length < (self.rules.ask_after or streak.needed) or likely < ask_from:
            return None
        self._reviewed[student_id] = likely
        return _decision(DecisionKind.REVIEW, streak, sighting)


def _decision(kind: DecisionKind, streak: _Streak, sighting: Sighting) -> Decision:
    return Decision(
        kind=kind,
        track_id=sighting.track_id,
        student_id=sighting.student_id,
        probability=sighting.probability,
        sightings=streak.length,
        best_distance=streak.best_distance,
        first_seconds=streak.first_seconds,
        seconds=sighting.seconds,
    )


def assign(posterior: NDArray[np.float64]) -> list[tuple[int | None, float]]:
    """Settle who is who among the faces of one frame: no student on two faces, as many strangers as needed.

    ``posterior``: faces x (students + 1), rows summing to 1, the last column "a stranger". The assignment
    maximises the product of the probabilities (Kuhn 1955, through SciPy). Returns for each face the column of
    its student and the probability, or (None, probability of being none of the roster). The probability is that of all
    faces together, each student on one of them at most: two faces that claim one student share it by their odds, so
    that of twins neither is sure, and whoever is clearly another face is no rival any more. A face that loses its
    likeliest student to another face is given no second choice: it is nobody's.
    """
    faces, columns = posterior.shape
    students = columns - 1
    # The sum of logarithms is greatest where the product of probabilities is; 0 has no logarithm.
    log = np.log(np.maximum(posterior, 1e-12))
    # A column of its own for each face, so that any number of faces may be strangers.
    strangers = np.repeat(log[:, students:], faces, axis=1)
    rows, chosen = linear_sum_assignment(-np.hstack([log[:, :students], strangers]))
    together = _each_once(posterior)
    result: list[tuple[int | None, float]] = [(None, 0.0)] * faces
    for face, column in zip(rows.tolist(), chosen.tolist(), strict=True):
        likeliest = int(posterior[face].argmax())
        # The assignment may move a face to its second choice when another face takes the first. Such a name would rest
        # on the other face's absence and not on likeness.
        if column < students and column == likeliest:
            result[face] = (column, float(together[face, column]))
        else:
            result[face] = (None, float(posterior[face, students]))
    return result


def shows_class(settled: Sequence[tuple[int | None, float]], accept: float) -> bool:
    """Return whether a photograph's faces, as ``assign`` has settled them, are surely some of the class: several are
    named with at least the probability ``accept``."""
    return sum(student is not None and probability >= accept for student, probability in settled) >= CLASS_SHOWN_BY


def _each_once(posterior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how likely each face is each student, faces x students, if no student can be on two faces.

    The marginals of all matchings of faces and students, by belief propagation: exact where claims form no circle, and
    near it elsewhere (Bayati and Nair, Allerton 2006, "A rigorous proof of the cavity method for counting matchings").
    """
    # Against "a stranger"; a probability of 0 would have infinite odds.
    odds = posterior[:, :-1] / np.maximum(posterior[:, -1:], 1e-9)
    free_student = np.ones_like(odds)
    for _ in range(MATCHING_STEPS):
        claims = odds * free_student
        # That a face is none of the other students, and that a student is none of the other faces.
        free_face = 1.0 / (1.0 + claims.sum(axis=1, keepdims=True) - claims)
        claims = odds * free_face
        # Half of the old value: without it circles of strong claims may swing to and fro.
        free_student = 0.5 * free_student + 0.5 / (1.0 + claims.sum(axis=0) - claims)
    together: NDArray[np.float64] = odds * free_face * free_student
    return together / (1.0 + together)


def merge_unknown(encodings: Sequence[NDArray[np.float32]], *, same_below: float | Sequence[float]) -> list[int]:
    """Group the encodings (128,) of unknown tracks by person; returns a group number for each.

    Single linkage: two tracks nearer than ``same_below`` (Euclidean) are one person, and so are all tracks
    connected through such pairs. With a distance for each track, the smaller one of a pair counts.
    """
    if not encodings:
        return []
    points = np.stack(encodings)
    limits = np.broadcast_to(same_below, len(points))
    _, groups = connected_components(cdist(points, points) < np.minimum.outer(limits, limits), directed=False)
    numbers: list[int] = groups.tolist()
    return numbers
