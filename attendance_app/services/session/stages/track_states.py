"""State that the stages share: the tracks, the evidence about each, and the decisions about them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from attendance_app.domain.faces import Encoding
from attendance_app.domain.people import Gallery
from attendance_app.domain.roll_call import RollCall, Rules
from attendance_app.services.session.evidence import Matcher, TrackEvidence
from attendance_app.vision.track import Track, Tracker

SAME_PERSON_BELOW = 0.6
"""Euclidean distance of a face to its track's mean: dlib's own threshold for one person. Beyond it another
person stands where the first one stood, and a new track begins."""


class GallerySnapshot:
    """What faces are compared with: one snapshot of a course's templates."""

    def __init__(self, gallery: Gallery, matcher: Matcher, alike: Mapping[int, frozenset[int]] | None = None) -> None:
        """``alike``: for each student who has look-alikes on the roster the ids of those."""
        self.gallery = gallery
        self.matcher = matcher
        self.alike = alike or {}
        self.column = {student.id: place for place, student in enumerate(gallery.students)}


BACK_AGAIN_BELOW = 0.5
"""Euclidean distance of a new face to the mean of a track that was lost beside it: nearer, it is that face again. Much
stricter than for one person, because two students who sit side by side may look alike."""

BACK_AGAIN_WITHIN = 1.5
"""How far from the lost face, in widths of the face; students sit wider apart."""


KEPT_AFTER_CUT = 10.0
"""Seconds for which the faces before a cut are kept, to be recognised in the new picture."""

GIVEN_UP_AFTER = 50
"""Scans that have found a face, half a minute of them, after which it counts as new no longer, though it is not
settled."""


@dataclass(frozen=True, slots=True)
class SamePersonDistances:
    """Euclidean distances below which unknown people are counted once.

    ``tracks``: of two unknown tracks that are one person. ``student``: of an unknown track to a marked student that is
    that student again.
    """

    tracks: float
    student: float


FOLLOWED = SamePersonDistances(tracks=SAME_PERSON_BELOW, student=0.5)
"""Of tracks, each the mean of many looks. At 0.5 to the nearest photo 2 % of strangers look like one of 30 students."""

PHOTOGRAPHED = SamePersonDistances(tracks=0.4, student=0.4)
"""Of faces in photographs, which were joined before. Half of them are small, and 1 % of two small faces of different
people are nearer than 0.42."""


IDS_OF_SOURCE = 1_000_000
"""Tracks of one source at most, so that each has its own number in the session."""


class TrackStates:
    """Of one source. What is known of people is shared with the other sources of the session (``beside``). Used on the
    pipeline's thread only."""

    def __init__(self, rules: Rules, roster: GallerySnapshot, *, first_id: int = 1) -> None:
        self.roster = roster
        self.tracker = Tracker(first_id=first_id)
        self.roll_call = RollCall(rules)
        self._rules = rules
        self.evidence: dict[int, TrackEvidence] = {}
        self.named: dict[int, int] = {}
        """Student ids by track, as the teacher has named the faces."""
        self.unknown: dict[int, TrackEvidence] = {}
        """Of every track that was taken for an unknown person, also of those that have ended."""
        self.proved: dict[int, Encoding] = {}
        """Mean encodings of the faces that were proved to be students, by student."""

        self.same_people = FOLLOWED
        self._unknown_limits: dict[int, SamePersonDistances] = {}
        self._before_cut: list[Track] = []
        """Faces that were in the picture before it changed, with their evidence."""

    @classmethod
    def beside(cls, other: "TrackStates", source: int) -> "TrackStates":
        """The states of another source, by its number, of the session that ``other`` is of."""
        made = cls(other._rules, other.roster, first_id=source * IDS_OF_SOURCE + 1)
        # Track ids differ between sources, so that one table of each kind holds all.
        made.roll_call, made.evidence, made.named = other.roll_call, other.evidence, other.named
        made.unknown, made.proved, made._unknown_limits = other.unknown, other.proved, other._unknown_limits
        return made

    def set_rules(self, rules: Rules, *, photographs: bool) -> None:
        """Use other rules of evidence from now on."""
        self._rules = rules
        self.same_people = PHOTOGRAPHED if photographs else FOLLOWED
        self.use_rules()

    def use_rules(self) -> None:
        """Decide by this source's rules; before each of its frames, because the sources share one roll call."""
        self.roll_call.rules = self._rules

    def note_unknown(self, track: Track, evidence: TrackEvidence) -> None:
        """Keep what is known of a track that was taken for an unknown person."""
        self.unknown[track.id] = evidence
        self._unknown_limits[track.id] = self.same_people

    def limits_of(self, track_id: int) -> SamePersonDistances:
        """Below which distances an unknown track is somebody else's again: those of the source that has seen it."""
        return self._unknown_limits.get(track_id, self.same_people)

    def is_settled(self, track: Track) -> bool:
        """Whether the face was recognised, or proved to be unknown."""
        return self.roll_call.student_of(track.id) is not None or track.id in self.roll_call.unknown_tracks

    def anybody_new(self) -> bool:
        """Whether a face in the picture is neither settled nor given up.

        A track that drifts off its face is put right by the next scan only; without frequent ones a student who is hard
        to recognise would get fewer good looks.
        """
        return any(track.hits < GIVEN_UP_AFTER and not self.is_settled(track) for track in self.tracker.tracks)

    def continue_lost(self, new: Track, encoding: Encoding) -> Track:
        """Return the track of a face that is encoded for the first time: ``new``, or the lost one that it continues.

        That one was beside it, or anywhere before a cut.

        A student who has turned away is found again as a new track, while the old one waits for some scans. Both would
        claim the student, so that neither is recognised; and what was known of the face would have to be proved again.
        """
        lost = [track for track in self.tracker.tracks if track.missed and self._is_beside(track, new)]
        lost += self._before_cut
        known = [(self._distance(track, encoding), track) for track in lost if self._has_look(track)]
        distance, before = min(known, key=lambda one: one[0], default=(float("inf"), new))
        # A name that the teacher has given to the new face must not be lost with its track.
        if distance >= BACK_AGAIN_BELOW or new.id in self.named:
            return new
        fresh, evidence = self.evidence.pop(new.id), self.evidence[before.id]
        evidence.last_encoded, evidence.flaw = fresh.last_encoded, fresh.flaw
        if before in self._before_cut:
            self._before_cut.remove(before)
            self.tracker.tracks.append(before)
        self.tracker.resume(before, new)
        return before

    def _is_beside(self, lost: Track, new: Track) -> bool:
        across = (lost.place.left + lost.place.right - new.place.left - new.place.right) / 2
        down = (lost.place.top + lost.place.bottom - new.place.top - new.place.bottom) / 2
        return float(np.hypot(across, down)) <= BACK_AGAIN_WITHIN * max(lost.place.width, new.place.width)

    def _has_look(self, track: Track) -> bool:
        return track.id in self.evidence and self.evidence[track.id].count > 0

    def _distance(self, track: Track, encoding: Encoding) -> float:
        return float(np.linalg.norm(self.evidence[track.id].mean - encoding))

    def end(self, track: Track) -> None:
        """Remove a track that has ended; decisions about it stay."""
        self.evidence.pop(track.id, None)
        self.named.pop(track.id, None)
        self.roll_call.forget(track.id)

    def cut(self, seconds: float) -> None:
        """Follow no face into the next picture, which shows another scene. Those that were looked at are kept for some
        seconds: in an edited film, and where photos follow one another, the same people come again."""
        for track in self._taken_from_tracker():
            if self._has_look(track):
                track.last_seconds = seconds
                self._before_cut.append(track)
            else:
                self.end(track)

    def end_before_cut(self, seconds: float) -> None:
        """End the faces that were kept and have not come again by now."""
        for track in [one for one in self._before_cut if seconds - one.last_seconds > KEPT_AFTER_CUT]:
            self._before_cut.remove(track)
            self.end(track)

    def end_all(self) -> None:
        """End all tracks, because another source begins."""
        for track in self._taken_from_tracker() + self._before_cut:
            self.end(track)
        self._before_cut = []

    def _taken_from_tracker(self) -> list[Track]:
        tracks = self.tracker.tracks
        # Ids go on: the window and the decisions still name the old tracks.
        self.tracker = Tracker(first_id=self.tracker.next_id)
        return tracks

    def name(self, track_id: int, student_id: int | None, *, before: int | None) -> None:
        """Assign a track to the student that the teacher has named; they count as marked. None withdraws ``before``."""
        if before is not None:
            self.named.pop(track_id, None)
            self.proved.pop(before, None)
            self.roll_call.release(before)
        # The window also shows unknown people whose track has ended; their evidence is in ``unknown`` alone.
        evidence = self.unknown.get(track_id) or self.evidence.get(track_id)
        if student_id is not None:
            self.named[track_id] = student_id
            self.roll_call.already_marked(student_id)
            if evidence is not None and evidence.count:
                self.proved[student_id] = evidence.mean
