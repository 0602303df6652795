"""Read a photograph: find and encode every face of it, and join those that earlier photographs have shown."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from attendance_app.domain.faces import Flaw, FloatBox, Frame
from attendance_app.services.face_reader import FaceReader, ReadFace
from attendance_app.services.session.evidence import InHouseNetworks, TrackEvidence
from attendance_app.services.session.stages.face_looks import keep_best_look, read_masks
from attendance_app.services.session.stages.frame_work import FrameState
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.vision.photo_search import find_all
from attendance_app.vision.quality import resolved_px
from attendance_app.vision.track import Track

JOIN_BELOW = 0.36
"""Euclidean distance of a face to a person of earlier photographs below which it is that person again. Of two
photographs of one class 22 of 37 people were joined so, and between photographs of two classes 0 or 1 of 30 to 69
(``python -m benchmarks.photographs``). A wrong join would mix two people's evidence, a missing one costs little."""

JOIN_WITH_NAME_BELOW = 0.45
"""The same where both faces are likely the same student."""

LIKELY = 0.5
"""Probability from which a face is likely a student, for that."""
SURE = 0.95
"""Probability that some face of a photograph must have by itself before its faces are joined by their likeness to a
student. Of two photographs of other classes none has it (0 of 69 and 0 of 30 faces); 7 and 3 of their faces would be
joined to students in a photograph of the class (docs/adr/0053)."""


class ReadPhotograph:
    """Stands for finding, tracking and reading where every frame is a photograph of the room.

    A person keeps one track over all photographs; its evidence adds up. Faces that are turned away, blurred or badly
    lit are read as well: there is no next frame that would show them better. Each counts as a poor look, which alone
    proves nobody.
    """

    def __init__(self, states: TrackStates, reader: FaceReader, in_house: InHouseNetworks) -> None:
        self._states = states
        self._reader = reader
        self._in_house = in_house
        self._people: list[Track] = []

    def begin(self) -> None:
        """Forget the people of the photographs before."""
        for track in self._people:
            self._states.end(track)
        self._people = []

    def run(self, work: FrameState) -> None:
        frame = work.frame
        detector = self._reader.detector
        faces = self._reader.read(frame.image, find_all(detector, frame.image, upsample=1.0))
        # Only people of this photograph are in the picture; the others keep their evidence in ``_people``.
        self._states.tracker.tracks = []
        if not faces:
            return
        embedder = self._in_house.embedder
        embeddings = [None] * len(faces) if embedder is None else embedder.embed(np.stack([one.chip for one in faces]))
        joined = self._joined(faces)
        for index, (face, embedding) in enumerate(zip(faces, embeddings, strict=True)):
            work.fresh.append(self._add(joined.get(index), face, embedding, frame))
        measured = [face.pose for face in faces]
        read_masks(self._states, self._in_house.mask, frame.image, tracks=work.fresh, faces=measured)

    def _joined(self, faces: Sequence[ReadFace]) -> dict[int, Track]:
        """Return the people of earlier photographs among the faces, by the face's index; each person once at most."""
        if not self._people:
            return {}
        probes = np.stack([face.encoding for face in faces])
        known = [self._states.evidence[track.id] for track in self._people]
        distances = np.linalg.norm(probes[:, np.newaxis] - np.stack([one.mean for one in known]), axis=2)
        named, sure = self._likeliest(probes, np.array([resolved_px(face.pose.quality) for face in faces]))
        before = [one.student_id if one.probability >= LIKELY else None for one in known]
        same_name = np.array([[who is not None and who == other for other in before] for who in named])
        # In units of the limit that applies, so that one assignment covers both limits.
        cost = distances / np.where(same_name & sure, JOIN_WITH_NAME_BELOW, JOIN_BELOW)
        # What is too far apart costs the same everywhere: it must not push another pair apart.
        rows, columns = linear_sum_assignment(np.minimum(cost, 1.0))
        return {
            int(row): self._people[column] for row, column in zip(rows, columns, strict=True) if cost[row, column] < 1.0
        }

    def _likeliest(self, probes: NDArray[np.float32], face_px: NDArray[np.float64]) -> tuple[list[int | None], bool]:
        """Return whom each face is likely, and whether any is surely a student."""
        roster = self._states.roster
        rows = roster.matcher.posterior(probes, np.ones(len(probes), dtype=np.intp), face_px=face_px)
        students = roster.gallery.students
        places = [(int(row.argmax()), float(row.max())) for row in rows]
        named = [students[place].id if place < len(students) and sure >= LIKELY else None for place, sure in places]
        return named, any(place < len(students) and sure >= SURE for place, sure in places)

    def _add(self, person: Track | None, face: ReadFace, embedding: NDArray[np.float32] | None, frame: Frame) -> Track:
        states, found = self._states, face.pose.detection
        place = FloatBox.of(found.box)
        if person is None:
            person = states.tracker.start(place, found.confidence, frame.seconds)
            self._people.append(person)
            states.evidence[person.id] = TrackEvidence()
        else:
            person.place, person.confidence, person.last_seconds = place, found.confidence, frame.seconds
            # ``start`` has done so for a new one.
            states.tracker.tracks.append(person)
        evidence, quality = states.evidence[person.id], face.pose.quality
        evidence.add(face.encoding, embedding, face_px=resolved_px(quality))
        evidence.flaw, evidence.last_encoded = quality.flaw, frame.seconds
        evidence.poor = quality.flaw not in (None, Flaw.TOO_SMALL)
        keep_best_look(evidence, frame.image, face.pose, encoding=face.encoding, encoder_id=self._reader.encoder_id)
        return person
