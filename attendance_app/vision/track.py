"""Follows faces from frame to frame, so that each is encoded once and not in every frame.

Between two runs of the detector the boxes are moved by optical flow (pyramidal Lucas-Kanade); a new run of the
detector is joined to the tracks by overlap, one detection a track (Hungarian assignment on IoU).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from attendance_app.domain.faces import Box, Detection, Image

FLOW_WIDTH = 640
"""Frames are followed at this width: wide enough for a 20-pixel face, and 6 ms for a 1920x1080 frame."""


@dataclass(slots=True)
class Track:
    """One face followed through time; ``missed`` counts detector runs in a row without it."""

    id: int
    box: Box
    confidence: float
    first_seconds: float
    last_seconds: float
    missed: int = 0
    hits: int = 1


class Tracker:
    """Gives faces lasting numbers. Not thread-safe: it belongs to the pipeline's thread."""

    def __init__(self, *, min_iou: float = 0.25, max_missed: int = 3) -> None:
        self.tracks: list[Track] = []
        self._min_iou = min_iou
        self._max_missed = max_missed
        self._next_id = 1
        self._previous: NDArray[np.uint8] | None = None
        self._scale = 1.0

    def follow(self, image: Image) -> None:
        """Move the boxes to where their faces are in ``image`` (RGB), the frame after the last one given."""
        grey = self._shrunk(image)
        previous, self._previous = self._previous, grey
        if previous is None or previous.shape != grey.shape or not self.tracks:
            return
        points = np.concatenate([_grid(track.box, self._scale) for track in self.tracks]).astype(np.float32)
        # OpenCV's stubs don't say that the output array may be None.
        moved, found, _ = cv2.calcOpticalFlowPyrLK(previous, grey, points, None, winSize=(11, 11), maxLevel=2)  # type: ignore[call-overload]
        shifts = (moved - points).reshape(len(self.tracks), -1, 2)
        good = found.reshape(len(self.tracks), -1).astype(bool)
        for track, shift, ok in zip(self.tracks, shifts, good, strict=True):
            if ok.sum() * 2 >= len(ok):
                dx, dy = np.median(shift[ok], axis=0) / self._scale
                track.box = track.box.moved(float(dx), float(dy))

    def update(self, detections: list[Detection], seconds: float) -> list[Track]:
        """Join what the detector found to the tracks; returns the tracks that have ended."""
        pairs = self._pairs(detections)
        taken = set()
        for index, track in enumerate(self.tracks):
            found = pairs.get(index)
            if found is None:
                track.missed += 1
                continue
            taken.add(found)
            track.box, track.confidence = detections[found].box, detections[found].confidence
            track.last_seconds, track.missed, track.hits = seconds, 0, track.hits + 1
        ended = [track for track in self.tracks if track.missed > self._max_missed]
        self.tracks = [track for track in self.tracks if track.missed <= self._max_missed]
        for index, detection in enumerate(detections):
            if index not in taken:
                self.start(detection.box, detection.confidence, seconds)
        return ended

    def start(self, box: Box, confidence: float, seconds: float) -> Track:
        """Begin a track: a new face, or another person at the place of one."""
        track = Track(self._next_id, box, confidence, seconds, seconds)
        self._next_id += 1
        self.tracks.append(track)
        return track

    def drop(self, track: Track) -> None:
        """End a track at once."""
        self.tracks.remove(track)

    def _pairs(self, detections: list[Detection]) -> dict[int, int]:
        if not self.tracks or not detections:
            return {}
        overlap = np.array([[track.box.iou(found.box) for found in detections] for track in self.tracks])
        rows, columns = linear_sum_assignment(-overlap)
        return {
            int(row): int(column)
            for row, column in zip(rows, columns, strict=True)
            if overlap[row, column] >= self._min_iou
        }

    def _shrunk(self, image: Image) -> NDArray[np.uint8]:
        height, width = image.shape[:2]
        self._scale = min(1.0, FLOW_WIDTH / width)
        size = (round(width * self._scale), round(height * self._scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if self._scale < 1 else image
        return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _grid(box: Box, scale: float, side: int = 3) -> NDArray[np.float64]:
    """``side`` x ``side`` points in the middle of the box, (side², 2), in shrunk pixels."""
    steps = np.linspace(0.25, 0.75, side)
    x = (box.left + box.width * steps) * scale
    y = (box.top + box.height * steps) * scale
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
