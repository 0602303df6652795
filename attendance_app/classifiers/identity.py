"""The in-house identity network, an alternative to dlib's encodings: embed a face, then name it.

``IdentityEmbedder`` turns chips into embeddings. A head, trained for one course from its students' photos, turns
embeddings into the same kind of result as ``EncodingMatcher``: a calibrated probability for every student and for a
stranger.
"""

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import ArrayLike, NDArray

from attendance_app.classifiers.errors import HeadOfAnotherNetwork, HeadUnreadable, ParametersOfAnotherNetwork
from attendance_app.classifiers.match import CalibratedScores
from attendance_app.classifiers.plda import PldaParameters, Templates
from attendance_app.networks.identity_input import NETWORK, PARAMETERS, network_view
from attendance_app.networks.manifest import file_sha256, model_path, read_manifest
from attendance_app.networks.own import OwnNetwork
from attendance_app.networks.runtime import open_network, open_unlisted

EMBEDDING_SIZE = 128
SEEN_PEOPLE = "seen_people"
"""Key in the network file's metadata."""
_BATCH = 32
"""Chips a run of the network, each with its mirror image."""
_HEAD_FORMAT = 1
"""Version of a stored head; one of another version is refused."""

Floats = NDArray[np.float64]


class IdentityEmbedder:
    """Embeds chips with the identity network in ONNX Runtime. Thread-safe."""

    id: str
    """Names this network by its file's hash: embeddings of another training must not be compared with its own."""

    def __init__(self, threads: int = 1, *, network: Path | None = None) -> None:
        """Open the shipped network, or the file ``network`` of a training run.

        Raises ModelFileError when the shipped file is missing or altered.
        """
        if network is None:
            self._network = open_network(NETWORK, threads)
            self.id = _id_by_hash(read_manifest()[NETWORK].sha256)
        else:
            self._network = open_unlisted(network, threads)
            self.id = identity_id(network)

    @property
    def seen_people(self) -> frozenset[str]:
        """Hashes of the names of people whom the network was trained or calibrated with (see ``name_hash``)."""
        listed = self._network.get_modelmeta().custom_metadata_map.get(SEEN_PEOPLE, "")
        return frozenset(listed.split())

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed uint8 chips (n, 150, 150, 3), RGB: the mean of each chip's and its mirror image's, float32 (n, 128)."""
        views = network_view(chips).astype(np.float32)
        embeddings = np.empty((len(views), EMBEDDING_SIZE), np.float32)
        for start in range(0, len(views), _BATCH):
            part = views[start : start + _BATCH]
            # Axis 2 is the width: reversed, it is the mirror image.
            both = np.concatenate([part, part[:, :, ::-1]])
            (answers,) = self._network.run(None, {"input": both})
            embeddings[start : start + len(part)] = (answers[: len(part)] + answers[len(part) :]) / 2
        return embeddings


def name_hash(name: str) -> str:
    """Return a hash of a person's name, from which the name can't be read."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


@cache
def identity_parameters() -> PldaParameters:
    """Return the shipped model of the network's embeddings; ModelFileError if it is missing or altered."""
    return PldaParameters.load(model_path(PARAMETERS))


def parameters_of(network: OwnNetwork | None) -> PldaParameters:
    """Return the model of the embeddings of a network of one's own, or of the shipped one (None).

    Raises ParametersOfAnotherNetwork when the two files of the network don't belong together, ModelFileError when one
    is missing or damaged.
    """
    if network is None:
        return identity_parameters()
    parameters = PldaParameters.load(network.parameters)
    ours = identity_id(network.path)
    if parameters.encoder_id != ours:
        raise ParametersOfAnotherNetwork(file=network.parameters, named=parameters.encoder_id, network=ours)
    return parameters


def identity_id(network: Path) -> str:
    """Return the id of a network by its file's hash: embeddings of another training can't be compared with its own."""
    return _id_by_hash(file_sha256(network))


def _id_by_hash(digest: str) -> str:
    return f"identity-cnn-v1:{digest[:8]}"


@dataclass(frozen=True, slots=True, eq=False)
class IdentityHead:
    """The trained head of one course.

    ``backbone_id``: the network whose embeddings it takes. ``student_ids``: the columns of its result. ``means``
    (students, d) and ``counts`` (students,): each student in the parameters' space, and the equivalent number of
    photos; a student without photos has count 0.
    """

    backbone_id: str
    student_ids: tuple[int, ...]
    means: Floats
    counts: Floats

    def to_bytes(self) -> bytes:
        """Return the head as an .npz file, as the store keeps it."""
        stream = io.BytesIO()
        np.savez(
            stream,
            format=np.int64(_HEAD_FORMAT),
            backbone_id=np.str_(self.backbone_id),
            student_ids=np.array(self.student_ids, np.int64),
            means=self.means,
            counts=self.counts,
        )
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "IdentityHead":
        """Read what ``to_bytes`` wrote; HeadUnreadable if it isn't that."""
        try:
            # Without pickle: a stored head is data, and unpickling could run code.
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                if int(file["format"]) != _HEAD_FORMAT:
                    raise ValueError(f"format {file['format']}")
                return cls(
                    backbone_id=str(file["backbone_id"]),
                    student_ids=tuple(int(number) for number in file["student_ids"]),
                    means=np.asarray(file["means"], np.float64),
                    counts=np.asarray(file["counts"], np.float64),
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise HeadUnreadable(cause=str(error)) from error


def fit_head(
    embeddings: NDArray[np.float32],
    owners: NDArray[np.intp],
    *,
    student_ids: tuple[int, ...],
    parameters: PldaParameters | None = None,
) -> IdentityHead:
    """Fit the head to photos' embeddings (n, 128): each student's mean in the parameters' space.

    ``owners`` (n,) are indices into ``student_ids``.
    """
    parameters = parameters or identity_parameters()
    projected = parameters.project(embeddings) if len(embeddings) else np.empty((0, len(parameters.between)))
    counts = np.bincount(owners, minlength=len(student_ids)).astype(np.float64)
    sums = np.zeros((len(student_ids), len(parameters.between)))
    # Unlike ``sums[owners] += projected``, this adds all photos of a student, not the last one alone.
    np.add.at(sums, owners, projected)
    return IdentityHead(parameters.encoder_id, student_ids, sums / np.maximum(counts, 1)[:, np.newaxis], counts)


class IdentityClassifier:
    """Names the faces of one course's students. Immutable; thread-safe."""

    def __init__(self, head: IdentityHead, parameters: PldaParameters | None = None) -> None:
        """Raise HeadOfAnotherNetwork if the head was trained on another network than the parameters'."""
        self.head = head
        self.parameters = parameters or identity_parameters()
        if head.backbone_id != self.parameters.encoder_id:
            raise HeadOfAnotherNetwork(head=head.backbone_id, ours=self.parameters.encoder_id)
        # A student without photos has a mean of zeros, which is that of the average face and must not compete.
        self._known = np.flatnonzero(head.counts > 0)
        templates = Templates(head.means[self._known], head.counts[self._known])
        self._scores = CalibratedScores(self.parameters, templates)

    @property
    def student_ids(self) -> tuple[int, ...]:
        """The columns of ``posterior`` but the last."""
        return self.head.student_ids

    def posterior(self, embeddings: ArrayLike, counts: ArrayLike = 1) -> Floats:
        """Return calibrated probabilities (t, students + 1), rows summing to 1; the last column is "a stranger".

        ``embeddings`` (t, 128): each the mean over ``counts`` (t,) pictures of one track. Students without photos get
        0. Of two students who look the same each gets half.
        """
        faces = self.parameters.project(np.asarray(embeddings, np.float64).reshape(-1, EMBEDDING_SIZE))
        shares = self._scores.posterior(self._scores.log_odds(faces, counts))
        result = np.zeros((len(faces), len(self.head.student_ids) + 1))
        result[:, self._known] = shares[:, :-1]
        result[:, -1] = shares[:, -1]
        return result
