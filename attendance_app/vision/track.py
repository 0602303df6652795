"""Follows faces from frame to frame, so that each is encoded once and not in every frame.

Between two scans of the detector the boxes are moved by optical flow; a new scan is joined to the tracks by overlap,
one detection a track (Hungarian assignment on IoU). A scan may come later than its frame: then it is joined to where
the tracks were at that frame, and what it found is moved as far as the faces have moved since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from attendance_app.domain.faces import Box, Detection, FloatBox, Image
from attendance_app.vision.flow import FlowPicture, flow_picture, shifts


@dataclass(slots=True)
class Track:
    """One face followed through time; ``missed`` counts scans in a row without it."""

    id: int
    place: FloatBox
    confidence: float
    first_seconds: float
    last_seconds: float
    missed: int = 0
    hits: int = 1

    @property
    def box(self) -> Box:
        """Its place in whole pixels."""
        return self.place.rounded()


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFrame:
    """Where the tracks were in one frame, by their numbers; ``pictures``: that frame and all that have followed it."""

    places: dict[int, FloatBox]
    pictures: list[FlowPicture]


HISTORY = 45
"""Pictures that are kept for a late scan, 0.5 MB each. New faces of a scan that is later still are placed where they
were in the last picture kept."""


class Tracker:
    """Gives faces lasting numbers. Not thread-safe: it belongs to the pipeline's thread."""

    def __init__(self, *, min_iou: float = 0.25, max_missed: int = 3, first_id: int = 1) -> None:
        self.tracks: list[Track] = []
        self._min_iou = min_iou
        self._max_missed = max_missed
        self.next_id = first_id
        self._picture: FlowPicture | None = None
        self._awaited: TrackedFrame | None = None

    def follow(self, image: Image) -> None:
        """Move the boxes to where their faces are in ``image`` (RGB), the frame after the last one given."""
        before, self._picture = self._picture, flow_picture(image)
        # Kept until the scan's result comes, to move new faces from the scanned frame to the present one.
        if self._awaited is not None and len(self._awaited.pictures) < HISTORY:
            self._awaited.pictures.append(self._picture)
        if before is None:
            return
        moved = shifts(before, self._picture, [track.place for track in self.tracks])
        for track, shift in zip(self.tracks, moved, strict=True):
            # Without enough points that were found again, the box stays where it was: a wrong shift would lose the
            # face.
            if shift is not None:
                track.place = track.place.moved(*shift)

    def moment(self) -> TrackedFrame:
        """Note where the tracks are in the frame given last, for a scan of it that comes later; one at a time."""
        self._awaited = self._now()
        return self._awaited

    def _now(self) -> TrackedFrame:
        pictures = [] if self._picture is None else [self._picture]
        return TrackedFrame({track.id: track.place for track in self.tracks}, pictures)

    def update(self, detections: Sequence[Detection], seconds: float, *, at: TrackedFrame | None = None) -> list[Track]:
        """Join what a scan found to the tracks; returns the tracks that have ended.

        ``at``: the moment of the frame that was scanned, None for the frame given last. ``seconds`` is that frame's
        time. Tracks that have begun since then are left as they are: the scan can't have seen them.
        """
        then, self._awaited = at or self._now(), None
        known = [track for track in self.tracks if track.id in then.places]
        pairs = self._pairs([then.places[track.id] for track in known], detections)
        for index, track in enumerate(known):
            if index in pairs:
                _join(track, detections[pairs[index]], then.places[track.id], seconds)
            else:
                track.missed += 1
        ended = [track for track in self.tracks if track.missed > self._max_missed]
        self.tracks = [track for track in self.tracks if track.missed <= self._max_missed]
        taken = set(pairs.values())
        self._begin([one for index, one in enumerate(detections) if index not in taken], seconds, then)
        return ended

    def start(self, place: FloatBox, confidence: float, seconds: float) -> Track:
        """Begin a track: a new face, or another person at the place of one."""
        track = Track(self.next_id, place, confidence, seconds, seconds)
        self.next_id += 1
        self.tracks.append(track)
        return track

    def resume(self, before: Track, now: Track) -> None:
        """Go on with ``before``, whose face the last scans have missed, at the place of ``now``, which is dropped."""
        before.place, before.confidence, before.last_seconds = now.place, now.confidence, now.last_seconds
        before.missed, before.hits = 0, before.hits + 1
        self._hand_on_place(now, before)
        self.drop(now)

    def replace(self, before: Track, seconds: float) -> Track:
        """End ``before`` and begin a track in its place: another person is there now."""
        after = self.start(before.place, before.confidence, seconds)
        self._hand_on_place(before, after)
        self.drop(before)
        return after

    def _hand_on_place(self, before: Track, after: Track) -> None:
        """Give the place of one track in the frame that is being scanned to another: the scan finds its face there, and
        would otherwise begin a second track for it."""
        places = self._awaited.places if self._awaited is not None else {}
        if before.id in places:
            places[after.id] = places.pop(before.id)

    def drop(self, track: Track) -> None:
        """End a track at once."""
        self.tracks.remove(track)

    def _begin(self, fresh: Sequence[Detection], seconds: float, then: TrackedFrame) -> None:
        """Start tracks for what the scan has newly found, moved on from the scanned frame to the present one."""
        places = [FloatBox.of(one.box) for one in fresh]
        for before, after in pairwise(then.pictures if places else ()):
            moved = shifts(before, after, places)
            places = [place.moved(*(shift or (0.0, 0.0))) for place, shift in zip(places, moved, strict=True)]
        for one, place in zip(fresh, places, strict=True):
            self.start(place, one.confidence, seconds)

    def _pairs(self, places: Sequence[FloatBox], detections: Sequence[Detection]) -> dict[int, int]:
        if not places or not detections:
            return {}
        overlap = np.array([[place.rounded().iou(found.box) for found in detections] for place in places])
        # The overlaps together are largest: taking the best pair first could leave a face beside it without a track.
        rows, columns = linear_sum_assignment(-overlap)
        return {
            int(row): int(column)
            for row, column in zip(rows, columns, strict=True)
            if overlap[row, column] >= self._min_iou
        }


def _join(track: Track, found: Detection, then: FloatBox, seconds: float) -> None:
    """Put the track where its face was found, moved as far as the track has moved since that frame."""
    track.place = FloatBox.of(found.box).moved(track.place.left - then.left, track.place.top - then.top)
    track.confidence, track.last_seconds = found.confidence, seconds
    track.missed, track.hits = 0, track.hits + 1
