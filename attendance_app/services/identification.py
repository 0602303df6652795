"""Who is in a picture: every face with its encoding and, for a course, the most likely student."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.match import EncodingMatcher
from attendance_app.domain.faces import Box, Encoding, Image
from attendance_app.domain.people import Student
from attendance_app.domain.roll_call import assign
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.session.evidence import EmbeddingModel, HeadModel
from attendance_app.vision.photo_search import find_all
from attendance_app.vision.quality import resolved_px


class ChipNamer(Protocol):
    """A network that names faces from their chips (n, 150, 150, 3)."""

    @property
    def names(self) -> tuple[str, ...]:
        """Whom it knows; a further column of ``posterior`` is a stranger's."""
        ...

    def posterior(self, chips: NDArray[np.uint8]) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True)
class CourseNamer:
    """Names a course's students by the network and the head that the course was learnt with."""

    embedder: EmbeddingModel
    head: HeadModel
    students: dict[int, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.students.get(student, "") for student in self.head.student_ids)

    def posterior(self, chips: NDArray[np.uint8]) -> NDArray[np.float64]:
        return self.head.posterior(self.embedder.embed(chips), np.ones(len(chips), np.intp))


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What a network says of one face: the likeliest name, None for a stranger, and its probability."""

    name: str | None
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class IdentifiedFace:
    """A face of a picture.

    ``student`` is None for a stranger and when one picture is not enough evidence. ``probability`` is that of the most
    likely student, and ``distance`` is the Euclidean distance to that student's nearest photo; both are None without a
    course.
    """

    box: Box
    confidence: float
    encoding: Encoding
    """dlib's own, of the face as it is."""
    student: Student | None
    distance: float | None
    probability: float | None
    network: NetworkAnswer | None = None
    """What the network says that the user has named."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search the picture, the probability from which a student is named, and a network to ask as well."""

    upsample: float
    accept: float
    network: ChipNamer | None = None


def identify(
    reader: FaceReader, matcher: EncodingMatcher | None, image: Image, looking: SearchOptions
) -> list[IdentifiedFace]:
    """Find and encode every face of ``image`` (RGB) and, with a matcher, name those that are sure enough.

    A network in ``looking`` is asked about each face too; it names nobody by itself.
    """
    faces = reader.read(image, find_all(reader.detector, image, upsample=looking.upsample))
    identified = _matched(matcher, faces, looking)
    if looking.network is None or not faces:
        return identified
    answers = _answers(looking.network, np.stack([face.chip for face in faces]))
    return [replace(face, network=answer) for face, answer in zip(identified, answers, strict=True)]


def _answers(network: ChipNamer, chips: NDArray[np.uint8]) -> Iterator[NetworkAnswer]:
    for row in network.posterior(chips):
        best = int(row.argmax())
        yield NetworkAnswer(network.names[best] if best < len(network.names) else None, float(row[best]))


def _matched(
    matcher: EncodingMatcher | None, faces: Sequence[ReadFace], looking: SearchOptions
) -> list[IdentifiedFace]:
    if matcher is None or not matcher.students or not faces:
        return [_face(face, None, None, None) for face in faces]
    probes = np.stack([face.encoding for face in faces])
    face_px = np.array([resolved_px(face.pose.quality) for face in faces])
    posterior = matcher.posterior(probes, np.ones(len(faces), dtype=np.intp), face_px=face_px)
    distances = matcher.distances(probes)
    result = []
    # Assigned together: a student is on one face of the picture at most.
    for index, (face, (column, probability)) in enumerate(zip(faces, assign(posterior), strict=True)):
        student = matcher.students[column] if column is not None and probability >= looking.accept else None
        # Without "a stranger": the nearest student is shown for an unnamed face as well.
        likeliest = int(posterior[index, :-1].argmax())
        result.append(_face(face, student, _finite(distances[index, likeliest]), float(posterior[index, likeliest])))
    return result


def _face(face: ReadFace, student: Student | None, distance: float | None, probability: float | None) -> IdentifiedFace:
    found = face.pose.detection
    return IdentifiedFace(found.box, found.confidence, face.plain_encoding, student, distance, probability)


def _finite(distance: float) -> float | None:
    return float(distance) if np.isfinite(distance) else None
