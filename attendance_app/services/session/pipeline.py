"""One frame, one way: detect, track, judge, align, encode, match, decide. Belongs to one thread; no locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Detection, Encoding, Flaw, FloatBox, Frame, Image
from attendance_app.domain.fusion import Decider, fuse
from attendance_app.domain.masks import MaskState
from attendance_app.domain.people import Gallery
from attendance_app.domain.roll_call import Decision, DecisionKind, RollCall, Rules, Sighting, assign, merge_unknown
from attendance_app.services.face_reader import FacePose, FaceReader
from attendance_app.services.session.doubts import Choice, choice_about, take_word
from attendance_app.services.session.evidence import (
    Advisers,
    FaceLook,
    Matcher,
    Opinions,
    TrackEvidence,
    likeliest,
    network_posterior,
    untaught,
)
from attendance_app.services.session.pace import Pace, Scan
from attendance_app.vision.crop import cut
from attendance_app.vision.track import Track, Tracker


class FaceState(Enum):
    """What is known of a face in the picture."""

    PENDING = "pending"
    KNOWN = "known"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FaceView:
    """A face as a window would draw it. ``student_id`` is set for KNOWN and DOUBTFUL faces."""

    track_id: int
    box: FloatBox
    state: FaceState
    student_id: int | None
    probability: float
    flaw: Flaw | None
    mask: MaskState | None = None


@dataclass(frozen=True, slots=True)
class FrameResult:
    """What one frame has shown; ``seen`` are the students proved to be in the picture now."""

    index: int
    seconds: float
    faces: tuple[FaceView, ...]
    decisions: tuple[Decision, ...]
    seen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """Somebody who is none of the roster: all their tracks, and the best look at them."""

    tracks: tuple[int, ...]
    look: FaceLook | None

    @property
    def crop(self) -> Image | None:
        """Their picture (RGB), held in memory only."""
        return None if self.look is None else self.look.crop


PATIENT_FROM = 4
"""Encodings of one track from which on the next one is waited for longer."""

SAME_PERSON_BELOW = 0.6
"""Euclidean distance of a face to its track's mean: dlib's own threshold for one person. Beyond it another
person stands where the first one stood, and a new track begins."""

AGAIN_BELOW = 0.5
"""Euclidean distance of an unknown track to a marked student's below which it is no other person: at 0.5 nearest
photo, 2 % of strangers look like one of 30 students."""


class Pipeline:
    """Turns frames into faces and decisions for one session."""

    def __init__(
        self,
        reader: FaceReader,
        gallery: Gallery,
        matcher: Matcher,
        rules: Rules,
        *,
        pace: Pace,
        scan: Scan,
        advisers: Advisers | None = None,
        alike: Mapping[int, frozenset[int]] | None = None,
    ) -> None:
        """``alike``: for each student who has look-alikes on the roster the ids of those."""
        self._alike = alike or {}
        self._named: dict[int, int] = {}
        self._advisers = advisers or Advisers()
        self.roll_call = RollCall(rules)
        self._reader = reader
        self._gallery = gallery
        self._matcher = matcher
        self._pace = pace
        self._scan = scan
        self._tracker = Tracker()
        self._evidence: dict[int, TrackEvidence] = {}
        self._unknown: dict[int, TrackEvidence] = {}
        self._proved: dict[int, Encoding] = {}
        self._last_detection = float("-inf")
        self._last_frame: float | None = None

    def process(self, frame: Frame) -> FrameResult:
        """Take the next frame; ``frame.seconds`` must not go back."""
        self._tracker.follow(frame.image)
        if frame.seconds - self._last_detection >= self._pace.detect_every:
            self._last_detection = frame.seconds
            found = self._reader.detector.detect(
                frame.image, upsample=self._scan.upsample, threshold=self._scan.threshold
            )
            for ended in self._tracker.update(found, frame.seconds):
                self._end(ended)
        fresh = self._encode_due(frame)
        decisions = self._decide(fresh, frame.seconds)
        faces = tuple(self._view(track) for track in self._tracker.tracks if track.missed == 0)
        seen = {self.roll_call.student_of(face.track_id) for face in faces} - {None}
        return FrameResult(frame.index, frame.seconds, faces, decisions, tuple(s for s in seen if s is not None))

    def replace_gallery(
        self, gallery: Gallery, matcher: Matcher, alike: Mapping[int, frozenset[int]] | None = None
    ) -> None:
        """Compare with another snapshot of the roster from the next frame on."""
        self._gallery, self._matcher, self._alike = gallery, matcher, alike or {}

    def crop_of(self, track_id: int) -> Image | None:
        """Return the best picture of a track so far (RGB), if it was ever good enough to encode."""
        evidence = self._evidence.get(track_id) or self._unknown.get(track_id)
        return evidence.best.crop if evidence and evidence.best else None

    def opinions_of(self, track_id: int) -> Opinions:
        """Return what the in-house networks say of a track."""
        evidence = self._evidence.get(track_id)
        return evidence.opinions if evidence else Opinions()

    def choice_of(self, track_id: int) -> Choice | None:
        """Return between whom the teacher should choose for a doubtful track, None where only one student is meant."""
        evidence = self._evidence.get(track_id)
        return evidence.choice if evidence else None

    def unknown_people(self) -> list[UnknownPerson]:
        """Return each person who is none of the roster.

        A track that is much like a student's who was marked is that student again, seen badly, and left out.
        """
        known = np.array(list(self._proved.values())).reshape(-1, 128)
        tracks = [
            track_id
            for track_id in sorted(self.roll_call.unknown_tracks & self._unknown.keys())
            if _nearest(self._unknown[track_id].mean, known) >= AGAIN_BELOW
        ]
        groups = merge_unknown([self._unknown[track_id].mean for track_id in tracks], same_below=SAME_PERSON_BELOW)
        people: dict[int, list[int]] = {}
        for group, track_id in zip(groups, tracks, strict=True):
            people.setdefault(group, []).append(track_id)
        return [self._person(tracks) for tracks in people.values()]

    def _person(self, tracks: Sequence[int]) -> UnknownPerson:
        looks = [look for track_id in tracks if (look := self._unknown[track_id].best) is not None]
        return UnknownPerson(tuple(tracks), max(looks, key=lambda look: look.quality.score, default=None))

    def named_by_teacher(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        """Take a track for a student: it is no unknown person, and no other face is that student while it is seen.

        The student counts as marked. None takes ``before`` back.
        """
        if before is not None:
            self._named.pop(track_id, None)
            self._proved.pop(before, None)
            self.roll_call.release(before)
        evidence = self._unknown.get(track_id) or self._evidence.get(track_id)
        if student_id is not None:
            self._named[track_id] = student_id
            self.roll_call.already_marked(student_id)
            if evidence is not None and evidence.count:
                self._proved[student_id] = evidence.mean

    def _end(self, track: Track) -> None:
        self._evidence.pop(track.id, None)
        self._named.pop(track.id, None)
        self.roll_call.forget(track.id)

    def _encode_due(self, frame: Frame) -> list[Track]:
        """Encode the faces for which it pays now; returns their tracks."""
        due = self._chosen(frame.seconds)
        poses = self._reader.poses(frame.image, [Detection(track.box, track.confidence) for track in due])
        usable: list[tuple[Track, FacePose]] = []
        for track, pose in zip(due, poses, strict=True):
            evidence = self._evidence.setdefault(track.id, TrackEvidence())
            evidence.last_encoded, evidence.flaw = frame.seconds, pose.quality.flaw
            if pose.quality.flaw is None:
                usable.append((track, pose))
        if not usable:
            return []
        chips = self._reader.chips(frame.image, [pose for _, pose in usable])
        encodings = self._reader.encode(chips)
        embedder = self._advisers.embedder
        embeddings = embedder.embed(chips) if embedder is not None else [None] * len(usable)
        fresh = [
            self._add(track, pose, frame, encoding=encoding, embedding=embedding)
            for (track, pose), encoding, embedding in zip(usable, encodings, embeddings, strict=True)
        ]
        self._read_masks(frame.image, fresh, [pose for _, pose in usable])
        return fresh

    def _read_masks(self, image: Image, tracks: list[Track], poses: list[FacePose]) -> None:
        if self._advisers.mask is None:
            return
        boxes = [pose.detection.box for pose in poses]
        points = np.stack([pose.landmarks for pose in poses])
        for track, opinion in zip(tracks, self._advisers.mask.classify(image, boxes, points), strict=True):
            evidence = self._evidence[track.id]
            evidence.masks.append(opinion)
            state = self._advisers.mask.average(list(evidence.masks)).state
            evidence.opinions = replace(evidence.opinions, mask=state)

    def _chosen(self, seconds: float) -> list[Track]:
        """Return the faces whose turn it is; what frames far apart allow in addition is not for settled ones."""
        due = (track for track in self._tracker.tracks if self._is_due(track, seconds))
        since = 0.0 if self._last_frame is None else seconds - self._last_frame
        self._last_frame = seconds
        ordered = sorted(due, key=self._urgency)[: self._pace.encodings_after(since)]
        usual = self._pace.encodings_per_frame
        return ordered[:usual] + [track for track in ordered[usual:] if not self._is_settled(track)]

    def _is_settled(self, track: Track) -> bool:
        return self.roll_call.student_of(track.id) is not None or track.id in self.roll_call.unknown_tracks

    def _is_due(self, track: Track, seconds: float) -> bool:
        if track.missed:
            return False
        evidence = self._evidence.get(track.id)
        if evidence is None:
            return True
        patience = self._pace.encode_every * max(1.0, evidence.count / PATIENT_FROM)
        wait = self._pace.verify_every if self._is_settled(track) else min(patience, self._pace.verify_every)
        return seconds - evidence.last_encoded >= wait

    def _urgency(self, track: Track) -> tuple[int, float]:
        evidence = self._evidence.get(track.id)
        return (evidence.count, evidence.last_encoded) if evidence else (0, float("-inf"))

    def _add(
        self,
        track: Track,
        pose: FacePose,
        frame: Frame,
        *,
        encoding: Encoding,
        embedding: NDArray[np.float32] | None,
    ) -> Track:
        evidence = self._evidence[track.id]
        if evidence.count and float(np.linalg.norm(evidence.mean - encoding)) > SAME_PERSON_BELOW:
            self._tracker.drop(track)
            self._end(track)
            track = self._tracker.start(track.place, track.confidence, frame.seconds)
            evidence = self._evidence[track.id] = TrackEvidence(last_encoded=frame.seconds)
        evidence.add(encoding, embedding)
        if evidence.best is None or pose.quality.score > evidence.best.quality.score:
            crop = cut(frame.image, track.box)
            evidence.best = FaceLook(crop, encoding, self._reader.encoder_id, pose.quality)
        return track

    def _decide(self, fresh: Sequence[Track], seconds: float) -> tuple[Decision, ...]:
        """Match every face in the picture, settle who is who, and pass on what the fresh encodings say."""
        visible = [t for t in self._tracker.tracks if t.id in self._evidence and self._evidence[t.id].count]
        if not fresh or not visible:
            return ()
        means = np.stack([self._evidence[track.id].mean for track in visible])
        counts = np.array([self._evidence[track.id].count for track in visible], dtype=np.intp)
        column = {student.id: place for place, student in enumerate(self._gallery.students)}
        tracks = [track.id for track in visible]
        posterior = take_word(self._posterior(visible, means, counts), tracks, self._named, column)
        settled = assign(posterior)
        distances = self._matcher.distances(means)
        fresh_ids = {track.id for track in fresh}
        decisions = []
        for track, answer, distance, row in zip(visible, settled, distances, posterior, strict=True):
            if track.id not in fresh_ids:
                continue
            either = self._choose(track, answer[0], row)
            sighting = self._sighting(track, answer, distance=distance, seconds=seconds)
            decision = self.roll_call.observe(replace(sighting, either=either))
            proved = self.roll_call.student_of(track.id)
            if proved is not None:
                self._proved[proved] = self._evidence[track.id].mean
            if decision is not None:
                decisions.append(decision)
                if decision.kind is DecisionKind.UNKNOWN:
                    self._unknown[track.id] = self._evidence[track.id]
        return tuple(decisions)

    def _posterior(
        self, visible: list[Track], means: NDArray[np.float32], counts: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Ask the matcher and, where the course has one, the identity network; the decider's answer counts.

        Under a mask the matcher's own way for masks decides alone: the network has not learnt masked faces.
        """
        masked = np.array([self._evidence[track.id].masked for track in visible])
        main = self._matcher.posterior(means, counts)
        if masked.any():
            main[masked] = self._matcher.masked_posterior(means[masked])
        head = self._advisers.head
        if head is None or self._advisers.embedder is None:
            return main
        evidence = [self._evidence[track.id] for track in visible]
        second = network_posterior(head, self._gallery, evidence)
        for one, first_row, second_row in zip(evidence, main, second, strict=True):
            photos, cnn = likeliest(self._gallery, first_row), likeliest(self._gallery, second_row)
            one.opinions = replace(
                one.opinions, photos=photos, cnn_student_id=cnn.student_id, cnn_probability=cnn.probability
            )
        if self._advisers.decider is Decider.ENCODINGS:
            return main
        decided = fuse(main, second) if self._advisers.decider is Decider.BOTH else second
        return np.where(untaught(head, self._gallery, main) | masked[:, np.newaxis], main, decided)

    def _choose(self, track: Track, column: int | None, row: NDArray[np.float64]) -> float:
        """Note between whom a doubt about the track is; returns the probability that it is one of the two, else 0."""
        evidence = self._evidence[track.id]
        evidence.choice = None
        if column is None:
            return 0.0
        students = self._gallery.students
        probabilities = {student.id: float(row[place]) for place, student in enumerate(students)}
        evidence.choice = choice_about(
            students[column].id, probabilities, opinions=evidence.opinions.both, alike=self._alike
        )
        if evidence.choice is None:
            return 0.0
        return sum(probabilities[student_id] for student_id in evidence.choice.student_ids)

    def _sighting(
        self, track: Track, answer: tuple[int | None, float], *, distance: NDArray[np.float64], seconds: float
    ) -> Sighting:
        column, probability = answer
        student_id = None if column is None else self._gallery.students[column].id
        nearest = distance[column] if column is not None else distance.min(initial=np.inf)
        evidence = self._evidence[track.id]
        evidence.student_id, evidence.probability = student_id, probability
        return Sighting(track.id, student_id, probability, float(nearest), seconds, masked=evidence.masked)

    def _view(self, track: Track) -> FaceView:
        evidence = self._evidence.get(track.id, TrackEvidence())
        named = self._named.get(track.id, self.roll_call.student_of(track.id))
        doubtful = evidence.probability >= self.roll_call.rules.review or evidence.choice is not None
        if named is not None:
            state = FaceState.KNOWN
        elif track.id in self.roll_call.unknown_tracks:
            state = FaceState.UNKNOWN
        elif evidence.student_id is not None and doubtful:
            state, named = FaceState.DOUBTFUL, evidence.student_id
        else:
            state = FaceState.PENDING
        return FaceView(
            track.id, track.place, state, named, evidence.probability, evidence.flaw, evidence.opinions.mask
        )


def _nearest(encoding: Encoding, others: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(others - encoding, axis=1).min(initial=np.inf))
