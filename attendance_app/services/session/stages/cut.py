"""Ends the tracks where the picture has changed: at a cut of a film, and where one photo follows another."""

from attendance_app.services.session.stages.frame_work import FrameState
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.vision.cuts import CutWatch


class EndAtCuts:
    """Without it the track of one person would go on with the next who stands in the same place."""

    def __init__(self, states: TrackStates) -> None:
        self._states = states
        self._watch = CutWatch()

    def begin(self) -> None:
        """Begin another source."""
        self._watch.forget()

    def run(self, work: FrameState) -> None:
        seconds = work.frame.seconds
        work.cut = self._watch.sees_cut(work.frame.image, seconds)
        if work.cut:
            self._states.cut(seconds)
        self._states.end_before_cut(seconds)
