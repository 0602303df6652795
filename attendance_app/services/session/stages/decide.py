"""Decides who is marked, what the teacher is asked, who is unknown, and how each face is shown."""

from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind, Sighting
from attendance_app.domain.sessions import FacePlace
from attendance_app.services.session.evidence import TrackEvidence
from attendance_app.services.session.frame_result import Conclusion, FaceState, FaceView
from attendance_app.services.session.stages.frame_work import FrameDecisions, FrameState, TrackMatch
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.services.session.stages.unknown_people import UnknownPeople
from attendance_app.vision.track import Track


class Decide:
    """Passes sightings to the roll call and collects its decisions."""

    def __init__(self, states: TrackStates, unknown: UnknownPeople | None = None) -> None:
        """``unknown``: what the sources of a session share; by default it is for this one."""
        self._states = states
        self._unknown = unknown or UnknownPeople(states)

    def run(self, work: FrameState) -> None:
        conclusions = tuple(one for match in work.matches if (one := self._conclude(match, work.frame)))
        # A track that the last scan has missed may be a face that has left: it is kept, but not drawn.
        faces = tuple(self._view(track, work.frame) for track in self._states.tracker.tracks if track.missed == 0)
        seen = {self._states.roll_call.student_of(face.track_id) for face in faces}
        work.decided = FrameDecisions(
            conclusions=conclusions,
            faces=faces,
            seen=tuple(student for student in seen if student is not None),
            unknown=self._unknown.changed({one.decision.kind for one in conclusions}, work.frame.seconds),
        )

    def _conclude(self, match: TrackMatch, frame: Frame) -> Conclusion | None:
        states, track = self._states, match.track
        evidence = states.evidence[track.id]
        sighting = Sighting(
            track_id=track.id,
            student_id=match.student_id,
            probability=match.probability,
            distance=match.distance,
            seconds=frame.seconds,
            either=match.either,
            # A poor picture needs the stronger proof of a masked face.
            masked=evidence.masked or evidence.poor,
        )
        decision = states.roll_call.observe(sighting)
        proved = states.roll_call.student_of(track.id)
        # Needed to recognise an unknown track as a marked student who was badly seen.
        if proved is not None:
            states.proved[proved] = evidence.mean
        if decision is None:
            return None
        if decision.kind is DecisionKind.UNKNOWN:
            states.note_unknown(track, evidence)
        crop = evidence.best.crop if evidence.best is not None else None
        name = frame.photograph or frame.source
        place = FacePlace(name, track.box) if name else None
        return Conclusion(decision, crop, evidence.opinions, match.alternatives, place)

    def _view(self, track: Track, frame: Frame) -> FaceView:
        states, evidence = self._states, self._states.evidence.get(track.id, TrackEvidence())
        # A name given by the teacher overrules the roll call's.
        named = states.named.get(track.id, states.roll_call.student_of(track.id))
        doubtful = evidence.probability >= states.roll_call.rules.review or evidence.alternatives is not None
        if named is not None:
            state = FaceState.KNOWN
        elif track.id in states.roll_call.unknown_tracks:
            state = FaceState.UNKNOWN
        elif evidence.student_id is not None and doubtful:
            state, named = FaceState.DOUBTFUL, evidence.student_id
        else:
            state = FaceState.PENDING
        mask = evidence.opinions.mask
        # Only in photographs is a face clicked that the roll does not ask about.
        look = evidence.best if frame.photograph is not None else None
        return FaceView(track.id, track.place, state, named, evidence.probability, evidence.flaw, mask, look)
