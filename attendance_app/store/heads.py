"""The identity network's trained last layers, one per course."""

import json
from collections.abc import Set

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import TrainedHead
from attendance_app.store.changes import Topic
from attendance_app.store.errors import FaceLostInTraining
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import ConsentRow, FaceTemplateRow, TrainedHeadRow


class HeadReads(Reads):
    """Trained heads; a head is deleted as soon as the face of one of its students must be deleted."""

    def of_course(self, course_id: int) -> TrainedHead | None:
        """Return the course's head, None if it has not been trained or was deleted."""
        with self._read() as session:
            row = session.get(TrainedHeadRow, course_id)
            if row is None:
                return None
            return TrainedHead(
                course_id=row.course_id,
                backbone_id=row.backbone_id,
                student_ids=tuple(json.loads(row.student_ids)),
                weights=row.weights,
                report=row.report,
                trained_at=row.trained_at,
            )


class HeadWrites(HeadReads, Writes):
    """Trained heads inside a transaction."""

    def put(self, head: TrainedHead, *, made_of: Set[tuple[int, str]]) -> None:
        """Replace a course's head.

        ``made_of``: student id and hash of every photo that it was trained with. Raises FaceLostInTraining when one of
        them was removed, or a consent withdrawn, since the training began: the head would contain that face.
        """
        if not made_of <= self._faces_with_consent():
            raise FaceLostInTraining
        row = TrainedHeadRow(
            course_id=head.course_id,
            backbone_id=head.backbone_id,
            student_ids=json.dumps(head.student_ids),
            weights=head.weights,
            report=head.report,
            trained_at=head.trained_at,
        )
        # Adds the row or replaces that of the course, which is the key.
        self._session.merge(row)
        self._log.note_final(Topic.FACES)

    def _faces_with_consent(self) -> set[tuple[int, str]]:
        """Return student id and photo hash of every template with a current consent."""
        query = select(FaceTemplateRow.student_id, FaceTemplateRow.photo_sha256).join(
            ConsentRow, ConsentRow.student_id == FaceTemplateRow.student_id
        )
        rows = self._session.execute(query.where(ConsentRow.withdrawn_at.is_(None)))
        return {(student_id, photo) for student_id, photo in rows}


def drop_heads_of(session: OrmSession, student_id: int) -> None:
    """Delete every head that was trained with this student's face."""
    for course_id, student_ids in session.execute(select(TrainedHeadRow.course_id, TrainedHeadRow.student_ids)).all():
        # The ids are a JSON list in the order of the outputs; there are as many heads as courses, so all are looked
        # at.
        if student_id in json.loads(student_ids):
            session.execute(delete(TrainedHeadRow).where(TrainedHeadRow.course_id == course_id))
