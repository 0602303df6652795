"""The identity network's trained last layers, one a course."""

import json

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.domain.people import TrainedHead
from attendance_app.store.connection import Database
from attendance_app.store.rows import TrainedHeadRow


class HeadRepository:
    """Trained heads; one goes as soon as one of its students' faces must go."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, head: TrainedHead) -> None:
        """Keep a course's head in place of the one before."""
        row = TrainedHeadRow(
            course_id=head.course_id,
            backbone_id=head.backbone_id,
            student_ids=json.dumps(head.student_ids),
            weights=head.weights,
            report=head.report,
            trained_at=head.trained_at,
        )
        with self._database.write() as session:
            session.merge(row)

    def of_course(self, course_id: int) -> TrainedHead | None:
        """Return the course's head, if it has been trained and still stands."""
        with self._database.read() as session:
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

    def delete(self, course_id: int) -> None:
        """Forget the course's head."""
        with self._database.write() as session:
            session.execute(delete(TrainedHeadRow).where(TrainedHeadRow.course_id == course_id))


def drop_heads_of(session: OrmSession, student_id: int) -> None:
    """Delete every head that was trained with this student's face."""
    for course_id, student_ids in session.execute(select(TrainedHeadRow.course_id, TrainedHeadRow.student_ids)).all():
        if student_id in json.loads(student_ids):
            session.execute(delete(TrainedHeadRow).where(TrainedHeadRow.course_id == course_id))
