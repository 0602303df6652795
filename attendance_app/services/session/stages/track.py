"""Moves the tracks into the frame, and assigns the faces of a scan to them."""

from attendance_app.services.session.stages.frame_work import FrameState
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.vision.track import TrackedFrame


class TrackFaces:
    """Moves the tracks of ``TrackStates``, begins new ones and ends those whose face is gone."""

    def __init__(self, states: TrackStates) -> None:
        self._states = states
        self._scanned: TrackedFrame | None = None
        """Where the tracks were in the frame whose scan has not come yet."""

    def run(self, work: FrameState) -> None:
        tracker = self._states.tracker
        # First, so that the tracks are where the faces of a scan of this frame are.
        tracker.follow(work.frame.image)
        if work.found is not None:
            at = self._scanned if work.found.late else None
            for ended in tracker.update(work.found.detections, work.found.seconds, at=at):
                self._states.end(ended)
        if work.scan_begun:
            self._scanned = tracker.moment()
