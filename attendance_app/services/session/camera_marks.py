"""Turns conclusions about faces into marks: who has come, who is still there, and what the teacher must decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from attendance_app.domain.roll_call import DecisionKind
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Session, arrival_status
from attendance_app.services.session.frame_result import Conclusion, FrameResult

REFRESH_SECONDS = 10.0
"""How often "last seen" is written for a student who is still in the picture."""


class CameraMarks:
    """The marks that the camera has made in one session. Used on the roll's thread only."""

    def __init__(self, session: Session, earlier: Sequence[Mark] = ()) -> None:
        """``earlier``: the marks of a session that is resumed."""
        self._session = session
        self._marks = {mark.student_id: mark for mark in earlier if mark.marked_by is MarkedBy.CAMERA}
        self._written = {student: mark.last_seen_at or mark.marked_at for student, mark in self._marks.items()}
        self._doubts: dict[int, Conclusion] = {}

    @property
    def doubts(self) -> tuple[Conclusion, ...]:
        """The newest doubt about each student whom the camera has not marked."""
        return tuple(doubt for student, doubt in self._doubts.items() if student not in self._marks)

    def take(self, result: FrameResult, at: Callable[[float], datetime]) -> Iterator[Mark]:
        """Yield the marks that follow from a frame; ``at`` returns the time of day for a frame's seconds."""
        for conclusion in result.conclusions:
            student_id = conclusion.decision.student_id
            if conclusion.decision.kind is DecisionKind.MARK and student_id is not None:
                self._marks[student_id] = self._mark(conclusion, student_id, at)
                yield self._to_write(student_id)
            elif conclusion.decision.kind is DecisionKind.REVIEW and student_id is not None:
                self._doubts[student_id] = conclusion
        now = at(result.seconds)
        for student_id in result.seen:
            # Other students have no mark by the camera that could be refreshed.
            if student_id in self._marks:
                self._marks[student_id] = replace(self._marks[student_id], last_seen_at=now)
                if now - self._written[student_id] >= timedelta(seconds=REFRESH_SECONDS):
                    yield self._to_write(student_id)

    def unwritten(self) -> Iterator[Mark]:
        """Yield the marks whose "last seen" has not been written yet; called at the end of a source."""
        for student_id, mark in self._marks.items():
            if mark.last_seen_at is not None and mark.last_seen_at > self._written[student_id]:
                yield self._to_write(student_id)

    def _to_write(self, student_id: int) -> Mark:
        mark = self._marks[student_id]
        self._written[student_id] = mark.last_seen_at or mark.marked_at
        return mark

    def _mark(self, conclusion: Conclusion, student_id: int, at: Callable[[float], datetime]) -> Mark:
        decision = conclusion.decision
        # Who has come is late or not by the first sighting that named them: the proof takes some seconds more.
        first, now = at(decision.first_seconds), at(decision.seconds)
        return Mark(
            session_id=self._session.id,
            student_id=student_id,
            status=arrival_status(self._session, first),
            marked_by=MarkedBy.CAMERA,
            marked_at=now,
            first_seen_at=first,
            last_seen_at=now,
            evidence=evidence_of(conclusion),
        )


def evidence_of(conclusion: Conclusion) -> Evidence:
    """Return what the register keeps of a conclusion about a student: of a mark, or of a doubt that was confirmed."""
    decision, opinions = conclusion.decision, conclusion.opinions
    return Evidence(
        probability=decision.probability,
        sightings=decision.sightings,
        best_distance=decision.best_distance,
        track_id=decision.track_id,
        cnn_student_id=opinions.cnn_student_id,
        cnn_probability=opinions.cnn_probability,
        mask=opinions.mask,
        place=conclusion.place,
    )
