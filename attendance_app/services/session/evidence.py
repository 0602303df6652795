"""What is gathered about one track: its mean encoding, and what the in-house networks say of it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Encoding, Flaw, Image, Quality
from attendance_app.domain.fusion import Decider
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Gallery
from attendance_app.services.session.doubts import Alternatives, TopMatch

MASKS_KEPT = 8
"""Mask opinions that are averaged: the newest of a track, since a mask may be put on."""


class Matcher(Protocol):
    """Compares tracks with the roster; see ``classifiers.match.EncodingMatcher``."""

    def posterior(self, probes: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float64]: ...

    def masked_posterior(self, probes: NDArray[np.float32]) -> NDArray[np.float64]: ...

    def distances(self, probes: NDArray[np.float32]) -> NDArray[np.float64]: ...


class MaskModel(Protocol):
    """Says how masks are worn; see ``classifiers.mask.MaskClassifier``."""

    def classify(
        self, image: Image, boxes: Sequence[Box], landmarks: NDArray[np.float32] | None = None
    ) -> list[MaskOpinion]: ...

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion: ...


class EmbeddingModel(Protocol):
    """Turns chips (n, 150, 150, 3) into embeddings (n, d); see ``classifiers.identity``."""

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]: ...


class HeadModel(Protocol):
    """Answers for a course's students from embeddings; see ``classifiers.identity.IdentityClassifier``."""

    @property
    def student_ids(self) -> tuple[int, ...]: ...

    def posterior(self, embeddings: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True, eq=False)
class InHouseNetworks:
    """The in-house networks that are asked beside the encodings, and who decides."""

    mask: MaskModel | None = None
    embedder: EmbeddingModel | None = None
    head: HeadModel | None = None
    decider: Decider = Decider.ENCODINGS


@dataclass(frozen=True, slots=True)
class NetworkOpinions:
    """What the in-house networks say of a track; None where they were not asked.

    ``photos``: what the encodings alone say, where the identity network was asked beside them.
    """

    mask: MaskState | None = None
    cnn_student_id: int | None = None
    cnn_probability: float | None = None
    photos: TopMatch | None = None

    @property
    def both(self) -> tuple[TopMatch, TopMatch] | None:
        """The encodings' opinion and the network's, if both were asked."""
        if self.photos is None or self.cnn_probability is None:
            return None
        return self.photos, TopMatch(self.cnn_student_id, self.cnn_probability)


@dataclass(frozen=True, slots=True, eq=False)
class FaceLook:
    """One good look at a face: its picture (RGB, at most 160 pixels a side), held in memory only, and its encoding."""

    crop: Image
    encoding: Encoding
    encoder_id: str
    quality: Quality


@dataclass(slots=True, eq=False)
class TrackEvidence:
    """What has been gathered about one track; ``best`` is its best look."""

    count: int = 0
    total: NDArray[np.float64] = field(default_factory=lambda: np.zeros(128))
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
        """The mean encoding of the track so far."""
        return (self.total / max(self.count, 1)).astype(np.float32)

    @property
    def mean_embedding(self) -> NDArray[np.float32]:
        """The mean embedding of the identity network; ask only where every encoding brought one."""
        assert self.embedding_total is not None
        return (self.embedding_total / max(self.count, 1)).astype(np.float32)

    @property
    def masked(self) -> bool:
        """Whether the face is to be matched as a masked one; a mask below the nose changes little (docs/adr/0041)."""
        return self.opinions.mask is MaskState.WITH_MASK

    def add(self, encoding: Encoding, embedding: NDArray[np.float32] | None) -> None:
        """Take in one more look at the face."""
        self.count += 1
        self.total += encoding
        if embedding is not None:
            before = 0.0 if self.embedding_total is None else self.embedding_total
            self.embedding_total = before + embedding.astype(np.float64)


def likeliest(gallery: Gallery, row: NDArray[np.float64]) -> TopMatch:
    """Return whom one face's probabilities (students + 1) favour."""
    place = int(row.argmax())
    named = gallery.students[place].id if place < len(gallery.students) else None
    return TopMatch(named, float(row[place]))


def network_posterior(head: HeadModel, gallery: Gallery, evidence: Sequence[TrackEvidence]) -> NDArray[np.float64]:
    """Ask the identity network about tracks; its columns put into the gallery's order, the last "a stranger".

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
    result[:, -1] = 1 - result[:, :-1].sum(axis=1)
    return result


def unknown_to_head(head: HeadModel, gallery: Gallery, main: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return for each face whether the encodings find a student whom the head has not learnt, (faces, 1).

    The network knows nothing of that student, so that its "stranger" is no second opinion.
    """
    unknown = [student.id not in head.student_ids for student in gallery.students]
    found: NDArray[np.bool_] = np.array([*unknown, False])[main.argmax(axis=1)]
    return found[:, np.newaxis]
