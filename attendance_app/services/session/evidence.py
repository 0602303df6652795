"""What is gathered about one track: its mean encoding, and what the in-house networks say of it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Encoding, Flaw, Image
from attendance_app.domain.fusion import Decider
from attendance_app.domain.masks import MaskOpinion, MaskState
from attendance_app.domain.people import Gallery

MASKS_KEPT = 8
"""Mask opinions that are averaged: the newest of a track, since a mask may be put on."""


class Matcher(Protocol):
    """Compares tracks with the roster; see ``classifiers.match.EncodingMatcher``."""

    def posterior(self, probes: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float64]: ...

    def distances(self, probes: NDArray[np.float32]) -> NDArray[np.float64]: ...


class MaskReader(Protocol):
    """Says how masks are worn; see ``classifiers.mask.MaskClassifier``."""

    def classify(
        self, image: Image, boxes: Sequence[Box], landmarks: NDArray[np.float32] | None = None
    ) -> list[MaskOpinion]: ...

    def average(self, opinions: Sequence[MaskOpinion]) -> MaskOpinion: ...


class IdentityEmbedder(Protocol):
    """Turns chips (n, 150, 150, 3) into embeddings (n, d); see ``classifiers.identity``."""

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]: ...


class IdentityHead(Protocol):
    """Answers for a course's students from embeddings; see ``classifiers.identity.IdentityClassifier``."""

    @property
    def student_ids(self) -> tuple[int, ...]: ...

    def posterior(self, embeddings: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Advisers:
    """The in-house networks that are asked beside the encodings, and who decides."""

    mask: MaskReader | None = None
    embedder: IdentityEmbedder | None = None
    head: IdentityHead | None = None
    decider: Decider = Decider.ENCODINGS


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the in-house networks say of a track; None where they were not asked."""

    mask: MaskState | None = None
    cnn_student_id: int | None = None
    cnn_probability: float | None = None


@dataclass(slots=True, eq=False)
class TrackEvidence:
    """What has been gathered about one track. ``crop`` is RGB, kept in memory only."""

    count: int = 0
    total: NDArray[np.float64] = field(default_factory=lambda: np.zeros(128))
    embedding_total: NDArray[np.float64] | None = None
    masks: deque[MaskOpinion] = field(default_factory=lambda: deque(maxlen=MASKS_KEPT))
    last_encoded: float = float("-inf")
    best_quality: float = 0.0
    crop: Image | None = None
    flaw: Flaw | None = None
    student_id: int | None = None
    probability: float = 0.0
    opinions: Opinions = Opinions()

    @property
    def mean(self) -> Encoding:
        """The mean encoding of the track so far."""
        return (self.total / max(self.count, 1)).astype(np.float32)

    @property
    def mean_embedding(self) -> NDArray[np.float32]:
        """The mean embedding of the identity network; ask only where every encoding brought one."""
        assert self.embedding_total is not None
        return (self.embedding_total / max(self.count, 1)).astype(np.float32)

    def add(self, encoding: Encoding, embedding: NDArray[np.float32] | None) -> None:
        """Take in one more look at the face."""
        self.count += 1
        self.total += encoding
        if embedding is not None:
            before = 0.0 if self.embedding_total is None else self.embedding_total
            self.embedding_total = before + embedding.astype(np.float64)


def network_posterior(head: IdentityHead, gallery: Gallery, evidence: Sequence[TrackEvidence]) -> NDArray[np.float64]:
    """Ask the identity network about tracks; its columns put into the gallery's order, the last "a stranger".

    A student whom the head was not trained on gets 0.
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
