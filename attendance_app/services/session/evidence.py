"""The evidence about one track: its mean encoding, and the results of the in-house networks."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Encoding, Flaw, Image, Quality
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Gallery
from attendance_app.services.session.doubts import Alternatives, TopMatch

MASKS_KEPT = 8
"""Number of mask results that are averaged: only the newest, because a mask may be put on during the session."""


class Matcher(Protocol):
    """Compares tracks with the roster; shapes as in ``classifiers.match.EncodingMatcher``."""

    def posterior(
        self,
        probes: NDArray[np.float32],
        counts: NDArray[np.intp],
        *,
        face_px: NDArray[np.float64],
        cautious: bool = True,
    ) -> NDArray[np.float64]: ...

    def masked_posterior(self, probes: NDArray[np.float32], *, face_px: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def distances(self, probes: NDArray[np.float32]) -> NDArray[np.float64]: ...


class MaskModel(Protocol):
    """Classifies how masks are worn; see ``classifiers.mask.MaskClassifier``."""

    def classify(
        self, image: Image, boxes: Sequence[Box], landmarks: NDArray[np.float32] | None = None
    ) -> list[MaskOpinion]: ...

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion: ...


class EmbeddingModel(Protocol):
    """Turns chips (n, 150, 150, 3) into embeddings (n, d); see ``classifiers.identity``."""

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]: ...


class HeadModel(Protocol):
    """Names a course's students from embeddings; shapes as in ``classifiers.identity.IdentityClassifier``."""

    @property
    def student_ids(self) -> tuple[int, ...]: ...

    def posterior(self, embeddings: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True, eq=False)
class InHouseNetworks:
    """The in-house networks that run beside the encodings, and which classifier names the students.

    ``embedder`` and ``head`` are set together or not at all. ``sure_from``: an answer of the identity network below
    this probability, be it a student or a stranger, counts as unsure: with ``both`` the encodings then decide.
    """

    mask: MaskModel | None = None
    embedder: EmbeddingModel | None = None
    head: HeadModel | None = None
    classifier: ClassifierChoice = ClassifierChoice.ENCODINGS
    sure_from: float = 0.0


@dataclass(frozen=True, slots=True)
class NetworkOpinions:
    """The results of the in-house networks for a track; None where they were not run.

    ``photos``: the result of the encodings alone, where the identity network ran as well.
    """

    mask: MaskState | None = None
    cnn_student_id: int | None = None
    cnn_probability: float | None = None
    photos: TopMatch | None = None

    @property
    def both(self) -> tuple[TopMatch, TopMatch] | None:
        """The results of the encodings and of the network, if both ran."""
        if self.photos is None or self.cnn_probability is None:
            return None
        return self.photos, TopMatch(self.cnn_student_id, self.cnn_probability)


@dataclass(frozen=True, slots=True, eq=False)
class FaceLook:
    """One good picture of a face (RGB, at most 160 pixels a side), held in memory only, with its encoding."""

    crop: Image
    encoding: Encoding
    encoder_id: str
    quality: Quality


@dataclass(slots=True, eq=False)
class TrackEvidence:
    """The evidence about one track.

    ``count`` encodings add up to ``total`` (128,), each times the size of its face in pixels, and these sizes to
    ``total_px``: a look from nearby outweighs those from afar. Embeddings by the identity network add up to
    ``embedding_total``.
    ``last_encoded``: seconds of the source at the last look. ``best``: the best picture. ``flaw``: of the newest look.
    ``student_id``, ``probability``, ``opinions`` and ``alternatives`` are the newest match.
    """

    count: int = 0
    # Sums in float64: hundreds of float32 encodings would add up their rounding.
    total: NDArray[np.float64] = field(default_factory=lambda: np.zeros(128))
    total_px: float = 0.0
    total_px_squared: float = 0.0
    embedding_total: NDArray[np.float64] | None = None
    masks: deque[MaskOpinion] = field(default_factory=lambda: deque(maxlen=MASKS_KEPT))
    last_encoded: float = float("-inf")
    best: FaceLook | None = None
    flaw: Flaw | None = None
    poor: bool = False
    """Whether the newest look, at a photograph, has a flaw other than its size."""
    student_id: int | None = None
    probability: float = 0.0
    opinions: NetworkOpinions = NetworkOpinions()
    alternatives: Alternatives | None = None

    @property
    def mean(self) -> Encoding:
        """The mean encoding of the track so far, (128,)."""
        return (self.total / max(self.total_px, 1.0)).astype(np.float32)

    @property
    def face_px(self) -> float:
        """The size in pixels that the mean encoding is worth; see ``vision.quality.resolved_px``."""
        return self.total_px_squared / max(self.total_px, 1.0)

    @property
    def mean_embedding(self) -> NDArray[np.float32]:
        """The mean embedding, (d,), of the identity network. Only where every encoding came with an embedding."""
        assert self.embedding_total is not None
        return (self.embedding_total / max(self.count, 1)).astype(np.float32)

    @property
    def masked(self) -> bool:
        """Whether the face is to be matched as a masked one; a mask below the nose changes little (docs/adr/0041)."""
        return self.opinions.mask is MaskState.WITH_MASK

    def add(self, encoding: Encoding, embedding: NDArray[np.float32] | None, *, face_px: float) -> None:
        """Add one more encoding of the face, (128,), which was ``face_px`` pixels large, and its embedding where the
        identity network was run."""
        self.count += 1
        self.total += encoding * face_px
        self.total_px += face_px
        self.total_px_squared += face_px**2
        if embedding is not None:
            before = 0.0 if self.embedding_total is None else self.embedding_total
            self.embedding_total = before + embedding.astype(np.float64)


def likeliest(gallery: Gallery, row: NDArray[np.float64]) -> TopMatch:
    """Return the student with the highest of one face's probabilities (students + 1)."""
    place = int(row.argmax())
    named = gallery.students[place].id if place < len(gallery.students) else None
    return TopMatch(named, float(row[place]))


def network_posterior(head: HeadModel, gallery: Gallery, evidence: Sequence[TrackEvidence]) -> NDArray[np.float64]:
    """Return the identity network's probabilities for tracks, with the columns in the gallery's order and "a stranger"
    last: (tracks, students + 1).

    A student whom the head was not trained on gets 0 (see ``unknown_to_head``).
    """
    embeddings = np.stack([one.mean_embedding for one in evidence])
    counts = np.array([one.count for one in evidence], dtype=np.intp)
    answers = head.posterior(embeddings, counts)
    column = {student_id: index for index, student_id in enumerate(head.student_ids)}
    result = np.zeros((len(evidence), len(gallery.students) + 1))
    for index, student in enumerate(gallery.students):
        if student.id in column:
            result[:, index] = answers[:, column[student.id]]
    # What the head gives to students who have left the roster counts as a stranger's.
    result[:, -1] = 1 - result[:, :-1].sum(axis=1)
    return result


def unknown_to_head(head: HeadModel, gallery: Gallery, main: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each face whether the encodings name a student whom the head was not trained on, (faces, 1).

    The network can't know that student, so that its result "a stranger" says nothing.
    """
    unknown = [student.id not in head.student_ids for student in gallery.students]
    found: NDArray[np.bool_] = np.array([*unknown, False])[main.argmax(axis=1)]
    return found[:, np.newaxis]
