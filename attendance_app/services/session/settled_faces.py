"""What became of each face by the end: pictures seen before are shown with what was learnt later."""

from dataclasses import replace

from attendance_app.services.session.frame_result import FaceState, FaceView

# The later of two equal states counts, a weaker one never replaces a stronger one.
_RANK = {FaceState.PENDING: 0, FaceState.UNKNOWN: 1, FaceState.DOUBTFUL: 2, FaceState.KNOWN: 3}


class SettledFaces:
    """The best state of each track so far."""

    def __init__(self) -> None:
        self._best: dict[int, FaceView] = {}

    def note(self, face: FaceView) -> None:
        """Learn from another look at a face."""
        best = self._best.get(face.track_id)
        if best is None or _RANK[face.state] >= _RANK[best.state]:
            self._best[face.track_id] = face

    def settled(self, face: FaceView) -> FaceView:
        """Return a face, where it was, with what is known of it by now."""
        best = self._best.get(face.track_id, face)
        return replace(face, state=best.state, student_id=best.student_id, probability=best.probability)
