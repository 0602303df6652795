"""Who is in a picture: every face with its encoding and, for a course, the most likely student."""

from dataclasses import dataclass

import numpy as np

from attendance_app.classifiers.match import EncodingMatcher
from attendance_app.domain.faces import Box, Encoding, Image
from attendance_app.domain.people import Student
from attendance_app.domain.roll_call import assign
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.vision.photo_search import find_all
from attendance_app.vision.quality import resolved_px


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


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How to search the picture, and the probability from which a student is named."""

    upsample: float
    accept: float


def identify(
    reader: FaceReader, matcher: EncodingMatcher | None, image: Image, looking: SearchOptions
) -> list[IdentifiedFace]:
    """Find and encode every face of ``image`` (RGB) and, with a matcher, name those that are sure enough."""
    faces = reader.read(image, find_all(reader.detector, image, upsample=looking.upsample))
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
