"""The photos of a course as embeddings of the in-house network.

What is enrolled as embeddings of this network is taken as it is; of other photos the kept thumbnail is embedded.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.plda import PldaParameters
from attendance_app.domain.people import Gallery
from attendance_app.services.identity.faces import ChipCutter
from attendance_app.services.jobs import JobContext
from attendance_app.store.database import Store
from attendance_app.vision.photo import photo_from_bytes

NOT_MADE = np.full(128, np.nan, np.float32)
"""In the place of a far encoding that a template does not have."""


class Embedder(Protocol):
    """Chips (n, 150, 150, 3) in, embeddings (n, 128) out; ``id`` names the network."""

    id: str

    def embed(self, chips: NDArray[np.uint8]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True, eq=False)
class EnrolledPhoto:
    """``student``: index into the course's students; ``embedding`` (128,) or, without one, the thumbnail's JPEG."""

    student: int
    embedding: NDArray[np.float32] | None = None
    jpeg: bytes | None = None
    photo_sha256: str = ""


def enrolled_photos(store: Store, student_ids: tuple[int, ...], backbone_id: str) -> tuple[EnrolledPhoto, ...]:
    """Collect what the store keeps of the students' photos, each photo once."""
    photos: list[EnrolledPhoto] = []
    for index, student_id in enumerate(student_ids):
        templates = store.templates.of_student(student_id)
        embedded = {t.photo_sha256: t for t in templates if t.encoder_id == backbone_id}
        photos += [EnrolledPhoto(index, t.encoding, photo_sha256=t.photo_sha256) for t in embedded.values()]
        for template in templates:
            # The same photo by another encoder: it must not count twice.
            if template.photo_sha256 in embedded or template.id is None:
                continue
            jpeg = store.templates.thumbnail(template.id)
            if jpeg is not None:
                photos.append(EnrolledPhoto(index, jpeg=jpeg, photo_sha256=template.photo_sha256))
    return tuple(photos)


def thumbnails(store: Store, student_ids: tuple[int, ...]) -> tuple[EnrolledPhoto, ...]:
    """Collect the kept thumbnails of the students' photos, each photo once."""
    photos: dict[tuple[int, str], EnrolledPhoto] = {}
    for index, student_id in enumerate(student_ids):
        for template in store.templates.of_student(student_id):
            key = index, template.photo_sha256
            jpeg = None if key in photos or template.id is None else store.templates.thumbnail(template.id)
            if jpeg is not None:
                photos[key] = EnrolledPhoto(index, jpeg=jpeg, photo_sha256=template.photo_sha256)
    return tuple(photos.values())


@dataclass(frozen=True, slots=True)
class PhotoEmbedder:
    """Embeds enrolled photos: the network, the cutter that makes its chips, and the model of its embeddings."""

    network: Embedder
    cutter: ChipCutter
    parameters: PldaParameters

    def embed(self, photo: EnrolledPhoto) -> NDArray[np.float32] | None:
        """Return the photo's embedding (128,), made of its thumbnail if need be; None if that shows no face."""
        if photo.embedding is not None or photo.jpeg is None:
            return photo.embedding
        chip = self.cutter.central(photo_from_bytes(photo.jpeg, name="thumbnail"))
        return None if chip is None else self.network.embed(chip[np.newaxis])[0]


def paired_galleries(store: Store, whole: Gallery, embedder: PhotoEmbedder, job: JobContext) -> tuple[Gallery, Gallery]:
    """Return the gallery and the network's own one, row for row of the same photos; others are left out.

    Each photo is one step of the job. Raises Cancelled.
    """
    network_id = embedder.network.id
    student_ids = tuple(student.id for student in whole.students)
    encodings: list[NDArray[np.float32]] = []
    embeddings: list[NDArray[np.float32]] = []
    face_px: list[float] = []
    far: list[NDArray[np.float32]] = []
    owners: list[int] = []
    photos = enrolled_photos(store, student_ids, network_id)
    known = [
        {t.photo_sha256: t for t in store.templates.of_student(student_id, whole.encoder_id)}
        for student_id in student_ids
    ]
    for done, photo in enumerate(photos, start=1):
        job.raise_if_cancelled()
        # Both networks must see the same photos, or their figures could not be compared.
        template = known[photo.student].get(photo.photo_sha256)
        embedding = None if template is None else embedder.embed(photo)
        if template is not None and embedding is not None:
            encodings.append(template.encoding)
            face_px.append(np.nan if template.face_px is None else template.face_px)
            far.append(NOT_MADE if template.far_encoding is None else template.far_encoding)
            embeddings.append(embedding)
            owners.append(photo.student)
        job.report(done, len(photos))
    main = _gallery(whole.encoder_id, whole, encodings, owners)
    main = replace(
        main, face_px=np.array(face_px, np.float64), far_encodings=np.array(far, np.float32).reshape(-1, 128)
    )
    return main, _gallery(network_id, whole, embeddings, owners)


def _gallery(encoder_id: str, like: Gallery, faces: list[NDArray[np.float32]], owners: list[int]) -> Gallery:
    stacked = np.array(faces, np.float32).reshape(-1, 128)
    return Gallery(encoder_id, like.students, stacked, np.array(owners, np.intp))
