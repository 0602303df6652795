"""Photos from a camera: the coach judges each frame, and the best frame of each view is kept."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from attendance_app.domain.faces import Box, Frame, Image
from attendance_app.domain.people import Student
from attendance_app.services.capture_coach import Advice, CaptureCoach, Coaching, SeenFace, View
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import PhotoFile
from attendance_app.vision.align import Aligner
from attendance_app.vision.crop import as_jpeg
from attendance_app.vision.detect import Detector
from attendance_app.vision.quality import ENROLMENT, assess
from attendance_app.vision.source_protocol import Source

LOOK_SIDE = 480
"""Pictures are searched in this size (longest side): HOG finds a face of a sixth of it in some 15 ms."""
WAIT_SECONDS = 0.5
"""How long to wait for a frame before cancelling is looked at again."""
FAR = 2.0
"""Factor by which the picture is enlarged and searched again when no face is near, to be able to say "come nearer"."""


@dataclass(frozen=True, slots=True, eq=False)
class CapturedView:
    """A view that was taken: the whole picture, RGB."""

    view: View
    image: Image


@dataclass(frozen=True, slots=True, eq=False)
class FrameAdvice:
    """The result of one frame; ``shot`` is the view that it has completed."""

    coaching: Coaching
    shot: CapturedView | None


class ViewCapture:
    """Passes frames to the coach. ``detector`` is a fast one; enrolment examines the photos with its own."""

    def __init__(self, detector: Detector, aligner: Aligner, coach: CaptureCoach) -> None:
        self._detector = detector
        self._aligner = aligner
        self.coach = coach
        self._kept: Image | None = None

    def look(self, frame: Frame) -> FrameAdvice:
        """Judge the next frame; ``frame.seconds`` must not go back."""
        image = frame.image
        coaching = self.coach.look(frame.seconds, self._faces(image), (image.shape[1], image.shape[0]))
        if coaching.keep:
            self._kept = image.copy()
        if coaching.taken is None or self._kept is None:
            return FrameAdvice(coaching, None)
        shot, self._kept = CapturedView(coaching.taken, self._kept), None
        return FrameAdvice(coaching, shot)

    def _faces(self, image: Image) -> list[SeenFace]:
        scale = min(1.0, LOOK_SIDE / max(image.shape[:2]))
        small = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        # The second search costs four times as much, so only where the first finds nobody.
        found = self._detector.detect(small) or self._detector.detect(small, upsample=FAR)
        if not found:
            return []
        boxes = [_enlarged(one.box, 1 / scale) for one in found]
        # Points and quality are those of the full picture, which is the one that is kept.
        points = self._aligner.landmarks(image, boxes)
        return [
            SeenFace(box, landmarks, assess(image, box, landmarks, gate=ENROLMENT))
            for box, landmarks in zip(boxes, points, strict=True)
        ]


def take_views(
    source: Source, capture: ViewCapture, *, tell: Callable[[Advice], object], job: JobContext
) -> list[CapturedView]:
    """Coach the person in front of ``source`` until every view is taken or the source ends; return the views.

    ``tell`` is called whenever the advice changes. Raises Cancelled between two frames.
    """
    shots: list[CapturedView] = []
    last: Advice | None = None
    while capture.coach.missing:
        job.raise_if_cancelled()
        try:
            frame = source.read(timeout=WAIT_SECONDS)
        except TimeoutError:
            continue
        if frame is None:
            break
        looked = capture.look(frame)
        if looked.coaching.advice is not last:
            last = looked.coaching.advice
            tell(last)
        if looked.shot is not None:
            shots.append(looked.shot)
            job.report(len(shots), len(View))
    return shots


def photo_of(shot: CapturedView, student: Student) -> PhotoFile:
    """Return the shot as a file to be enrolled like any other."""
    content = as_jpeg(shot.image)
    return PhotoFile(f"{student.number}/{shot.view.name.lower()}.jpg", student.number, lambda: content)


def _enlarged(box: Box, times: float) -> Box:
    return Box(*(round(side * times) for side in (box.left, box.top, box.right, box.bottom)))
