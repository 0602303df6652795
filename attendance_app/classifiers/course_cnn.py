"""The identity report's network, trained on the photos of one course, in ONNX Runtime.

``CourseCnn`` is what the store keeps. Its network answers with a score for every student that it has learnt, the one
before the softmax, and has no answer for anybody else; ``scale`` and ``offset``, learnt from other people's faces, turn
these into calibrated probabilities with a stranger among them. The softmax would lose how well a face fits to the
students at all: of a stranger, too, its probabilities add up to 1.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import HeadUnreadable
from attendance_app.classifiers.match import STRANGER_PRIOR
from attendance_app.networks.identity_input import grey_view
from attendance_app.networks.runtime import open_unlisted

_FORMAT: Final = 2
"""Version of a stored network; one of another version is refused."""
_ID: Final = "identity-report-cnn:"
_BATCH: Final = 32

Floats = NDArray[np.float64]


def course_cnn_id(variant: int) -> str:
    """Return what stands in a stored head in place of a network's id."""
    return f"{_ID}{variant}"


def is_course_cnn(backbone_id: str) -> bool:
    """Whether a stored head is a network of its own and not the last layer of another."""
    return backbone_id.startswith(_ID)


def variant_of(backbone_id: str) -> int:
    """Return which of the report's variants a stored network is."""
    return int(backbone_id.removeprefix(_ID))


@dataclass(frozen=True, slots=True, eq=False)
class CourseCnn:
    """``student_ids``: the columns of the network's answer. ``network``: its ONNX file, from (n, 125, 94, 1), grey from
    0 to 1, to scores (n, students) before the softmax. ``scale`` and ``offset``: see ``with_stranger``."""

    variant: int
    student_ids: tuple[int, ...]
    network: bytes
    scale: float
    offset: float

    def to_bytes(self) -> bytes:
        """Return it as an .npz file, as the store keeps it."""
        stream = io.BytesIO()
        np.savez(
            stream,
            format=np.int64(_FORMAT),
            variant=np.int64(self.variant),
            student_ids=np.array(self.student_ids, np.int64),
            network=np.frombuffer(self.network, np.uint8),
            calibration=np.array([self.scale, self.offset]),
        )
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "CourseCnn":
        """Read what ``to_bytes`` wrote; HeadUnreadable if it isn't that."""
        try:
            # Without pickle: a stored network is data, and unpickling could run code.
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                if int(file["format"]) != _FORMAT:
                    raise ValueError(f"format {file['format']}")
                scale, offset = (float(number) for number in file["calibration"])
                return cls(
                    variant=int(file["variant"]),
                    student_ids=tuple(int(number) for number in file["student_ids"]),
                    network=file["network"].tobytes(),
                    scale=scale,
                    offset=offset,
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise HeadUnreadable(cause=str(error)) from error


class CourseCnnEmbedder:
    """Turns faces into the network's scores, whose mean over looks is a track's. Thread-safe."""

    def __init__(self, network: bytes, threads: int = 1) -> None:
        """Raise HeadUnreadable if it is no network."""
        try:
            self._network = open_unlisted(network, threads)
        # ONNX Runtime has no common class for what can be wrong with a file.
        except Exception as error:
            raise HeadUnreadable(cause=str(error).strip().split("\n")[0]) from error

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (n, students) of uint8 chips (n, 150, 150, 3), RGB: the mean of each chip and its mirror image."""
        views = grey_view(chips)
        students = self._network.get_outputs()[0].shape[1]
        parts = [np.empty((0, students), np.float32)]
        for start in range(0, len(views), _BATCH):
            part = views[start : start + _BATCH]
            # Axis 2 is the width: reversed, it is the mirror image.
            (answers,) = self._network.run(None, {"input": np.concatenate([part, part[:, :, ::-1]])})
            parts.append(mirrored_mean(answers))
        return np.concatenate(parts)


def mirrored_mean(answers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, students) of scores (2n, students): of faces, then of their mirror images."""
    half = len(answers) // 2
    mean: NDArray[np.float32] = (answers[:half] + answers[half:]) / np.float32(2)
    return mean


class CourseCnnClassifier:
    """Names the students that the network has learnt, or says that it is none of them. Immutable."""

    def __init__(self, trained: CourseCnn) -> None:
        self._trained = trained

    @property
    def student_ids(self) -> tuple[int, ...]:
        """The columns of ``posterior`` but the last."""
        return self._trained.student_ids

    def posterior(self, embeddings: ArrayLike, counts: ArrayLike = 1) -> Floats:  # noqa: ARG002 - as other heads
        """Return calibrated probabilities (t, students + 1), rows summing to 1; the last column is "a stranger".

        ``embeddings`` (t, students): each the mean over the looks at a track. ``counts`` changes nothing: a mean of
        several looks is calibrated as a single one is, which claims less than it could.
        """
        return with_stranger(np.asarray(embeddings, np.float64), self._trained.scale, self._trained.offset)


def with_stranger(scores: Floats, scale: float, offset: float) -> Floats:
    """Return probabilities (t, students + 1), the last column a stranger's, of scores (t, students).

    A student's score times ``scale`` plus ``offset`` is the log odds of that student against a stranger, before priors.
    Half of the faces are strangers', as in the matcher.
    """
    each = np.log((1 - STRANGER_PRIOR) / STRANGER_PRIOR / scores.shape[1])
    evidence = np.column_stack([scale * scores + offset + each, np.zeros(len(scores))])
    # The greatest becomes 1: exponentials of large log odds would overflow.
    weights = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    shares: Floats = weights / weights.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What one network answers for faces that it has not learnt: scores (t, students), and whose they are.

    ``columns`` (t,): the students' columns; -1: somebody else.
    """

    scores: Floats
    columns: NDArray[np.intp]


def fit_stranger(tried: Sequence[Tried]) -> tuple[float, float]:
    """Return the ``scale`` and ``offset`` under which the answers are likeliest.

    Students' faces weigh as much as strangers', whatever their numbers. Raises ValueError where one kind is missing.
    """
    from scipy.optimize import minimize

    own = sum(int((one.columns >= 0).sum()) for one in tried)
    strangers = sum(int((one.columns < 0).sum()) for one in tried)
    if not own or not strangers:
        raise ValueError("nothing to fit to")
    # Weak: it decides only where the faces leave it open, as when all of them are told apart.
    pull = 1.0 / (own + strangers)

    def cost(values: Floats) -> float:
        total = pull * float(values[0] ** 2 + (values[1] / 10) ** 2)
        for one in tried:
            shares = with_stranger(one.scores, float(np.exp(values[0])), float(values[1]))
            # Column -1 is the last one, the stranger's.
            surprise = -np.log(np.maximum(shares[np.arange(len(shares)), one.columns], 1e-12))
            total += float(surprise[one.columns >= 0].sum()) / own + float(surprise[one.columns < 0].sum()) / strangers
        return total

    found = minimize(cost, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(found[0])), float(found[1])
