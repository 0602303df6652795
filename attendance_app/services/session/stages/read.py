"""Reads faces: measures, aligns and encodes those that are due, and classifies masks."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Detection, Encoding, Frame
from attendance_app.services.face_reader import FaceReader, MeasuredFace
from attendance_app.services.session.cadence import Cadence
from attendance_app.services.session.evidence import InHouseNetworks, TrackEvidence
from attendance_app.services.session.stages.face_looks import keep_best_look, read_masks
from attendance_app.services.session.stages.frame_work import FrameState
from attendance_app.services.session.stages.track_states import SAME_PERSON_BELOW, TrackStates
from attendance_app.vision.quality import resolved_px
from attendance_app.vision.track import Track

PATIENT_FROM = 4
"""Number of encodings from which the interval to the next one grows."""

FAR = 40
"""Width in pixels below which a face that was taken for a stranger's is looked at as often as an unsettled one."""


class ReadFaces:
    """Adds encodings, embeddings and mask results to the tracks' evidence."""

    def __init__(self, states: TrackStates, reader: FaceReader, in_house: InHouseNetworks, cadence: Cadence) -> None:
        self._states = states
        self._reader = reader
        self._in_house = in_house
        self.cadence = cadence
        self._last_frame: float | None = None

    def run(self, work: FrameState) -> None:
        frame = work.frame
        usable = self._judged(self._due(frame.seconds), frame)
        if not usable:
            return
        poses = [pose for _, pose in usable]
        chips = self._reader.chips(frame.image, poses)
        encodings = self._reader.encode(chips)
        embedder = self._in_house.embedder
        # Both networks see the same chips, so that their results are of the same pictures.
        embeddings = embedder.embed(chips) if embedder is not None else [None] * len(usable)
        work.fresh = [
            self._add(track, pose, frame, encoding=encoding, embedding=embedding)
            for (track, pose), encoding, embedding in zip(usable, encodings, embeddings, strict=True)
        ]
        read_masks(self._states, self._in_house.mask, frame.image, tracks=work.fresh, faces=poses)

    def _judged(self, due: Sequence[Track], frame: Frame) -> list[tuple[Track, MeasuredFace]]:
        """Find the landmarks of the faces and leave out those that are not good enough to encode."""
        poses = self._reader.poses(frame.image, [Detection(track.box, track.confidence) for track in due])
        for track, pose in zip(due, poses, strict=True):
            evidence = self._states.evidence.setdefault(track.id, TrackEvidence())
            # A poor look counts as a look: the face is tried again after the interval, not in every frame.
            evidence.last_encoded, evidence.flaw = frame.seconds, pose.quality.flaw
        return [(track, pose) for track, pose in zip(due, poses, strict=True) if pose.quality.flaw is None]

    def _due(self, seconds: float) -> list[Track]:
        """Return the faces that are due. The extra encodings of frames that are far apart are for unsettled faces
        only."""
        due = (track for track in self._states.tracker.tracks if self._is_due(track, seconds))
        since = 0.0 if self._last_frame is None else seconds - self._last_frame
        self._last_frame = seconds
        ordered = sorted(due, key=self._read_priority)[: self.cadence.encodings_after(since)]
        usual = self.cadence.encodings_per_frame
        return ordered[:usual] + [track for track in ordered[usual:] if not self._states.is_settled(track)]

    def _is_due(self, track: Track, seconds: float) -> bool:
        if track.missed:
            return False
        evidence = self._states.evidence.get(track.id)
        if evidence is None:
            return True
        cadence = self.cadence
        # A face that has stayed unclear over many looks is unlikely to become clear with the next.
        patience = cadence.encode_every * max(1.0, evidence.count / PATIENT_FROM)
        settled = self._states.is_settled(track)
        # The first looks at a far face often show nobody of the roster, and the mean of many is a student.
        if settled and track.place.width < FAR and track.id in self._states.roll_call.unknown_tracks:
            settled = False
        wait = cadence.verify_every if settled else min(patience, cadence.verify_every)
        return seconds - evidence.last_encoded >= wait

    def _read_priority(self, track: Track) -> tuple[int, float]:
        """Faces with the fewest encodings first, among those the one that has waited longest."""
        evidence = self._states.evidence.get(track.id)
        return (evidence.count, evidence.last_encoded) if evidence else (0, float("-inf"))

    def _add(
        self,
        track: Track,
        pose: MeasuredFace,
        frame: Frame,
        *,
        encoding: Encoding,
        embedding: NDArray[np.float32] | None,
    ) -> Track:
        states = self._states
        if states.evidence[track.id].count == 0:
            track = states.continue_lost(track, encoding)
        evidence = states.evidence[track.id]
        if evidence.count and float(np.linalg.norm(evidence.mean - encoding)) > SAME_PERSON_BELOW:
            # Somebody else: their evidence must not be added to that of the person before.
            states.end(track)
            track = states.tracker.replace(track, frame.seconds)
            evidence = states.evidence[track.id] = TrackEvidence(last_encoded=frame.seconds)
        evidence.add(encoding, embedding, face_px=resolved_px(pose.quality))
        keep_best_look(evidence, frame.image, pose, encoding=encoding, encoder_id=self._reader.encoder_id)
        return track
