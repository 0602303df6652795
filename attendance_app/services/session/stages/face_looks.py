"""What a look at a face adds to its track's evidence, in a frame or in a photograph."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from attendance_app.domain.faces import Encoding, Image
from attendance_app.services.face_reader import MeasuredFace
from attendance_app.services.session.evidence import FaceLook, MaskModel, TrackEvidence
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.vision.crop import cut
from attendance_app.vision.track import Track


def keep_best_look(
    evidence: TrackEvidence, image: Image, face: MeasuredFace, *, encoding: Encoding, encoder_id: str
) -> None:
    """Keep the look at a face of ``image`` (RGB) if it is the best one so far."""
    if evidence.best is None or face.quality.score > evidence.best.quality.score:
        evidence.best = FaceLook(cut(image, face.detection.box), encoding, encoder_id, face.quality)


def read_masks(
    states: TrackStates, mask: MaskModel | None, image: Image, *, tracks: Sequence[Track], faces: Sequence[MeasuredFace]
) -> None:
    """Add how the faces of ``image`` (RGB) wear masks to their tracks; ``faces`` in the order of ``tracks``."""
    if mask is None:
        return
    boxes = [face.detection.box for face in faces]
    points = np.stack([face.landmarks for face in faces])
    for track, opinion in zip(tracks, mask.classify(image, boxes, points), strict=True):
        evidence = states.evidence[track.id]
        evidence.masks.append(opinion)
        evidence.opinions = replace(evidence.opinions, mask=mask.average(list(evidence.masks)).state)
