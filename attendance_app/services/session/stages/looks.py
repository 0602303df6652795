"""Look at faces of one frame: judge, align and encode them, and see how they wear masks. Knows no tracks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Box, Detection, Encoding, Frame, Quality
from attendance_app.domain.masks import MaskOpinion
from attendance_app.services.face_reader import FaceReader, MeasuredFace
from attendance_app.services.session.evidence import InHouseNetworks


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the encoder and the networks have made of a face; None where a network was not asked."""

    encoding: Encoding
    embedding: NDArray[np.float32] | None
    mask: MaskOpinion | None


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One look at the face of a track. ``reading`` None: it was not good enough to be encoded."""

    track_id: int
    box: Box
    quality: Quality
    reading: Reading | None


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The looks at one frame."""

    frame: Frame
    looks: tuple[Look, ...]


class FaceLooker:
    """Used from one thread at a time."""

    def __init__(self, reader: FaceReader, in_house: InHouseNetworks) -> None:
        self._reader = reader
        self._advisers = in_house

    def look(self, frame: Frame, faces: Sequence[tuple[int, Detection]]) -> Looks:
        """Look at the faces of tracks, each given with its number."""
        poses = self._reader.poses(frame.image, [found for _, found in faces])
        usable = [index for index, pose in enumerate(poses) if pose.quality.flaw is None]
        read = self._read(frame, [poses[index] for index in usable]) if usable else []
        readings = dict(zip(usable, read, strict=True))
        return Looks(
            frame,
            tuple(
                Look(track_id, found.box, pose.quality, readings.get(index))
                for index, ((track_id, found), pose) in enumerate(zip(faces, poses, strict=True))
            ),
        )

    def _read(self, frame: Frame, poses: list[MeasuredFace]) -> list[Reading]:
        chips = self._reader.chips(frame.image, poses)
        encodings = self._reader.encode(chips)
        embedder = self._advisers.embedder
        embeddings = embedder.embed(chips) if embedder is not None else [None] * len(poses)
        parts = zip(encodings, embeddings, self._masks(frame, poses), strict=True)
        return [Reading(encoding, embedding, mask) for encoding, embedding, mask in parts]

    def _masks(self, frame: Frame, poses: Sequence[MeasuredFace]) -> Sequence[MaskOpinion | None]:
        mask = self._advisers.mask
        if mask is None:
            return [None] * len(poses)
        boxes = [pose.detection.box for pose in poses]
        return mask.classify(frame.image, boxes, np.stack([pose.landmarks for pose in poses]))
