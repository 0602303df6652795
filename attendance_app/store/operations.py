"""Operations that can still be undone, stored so that undo works after a restart during a lesson."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session as OrmSession

from attendance_app.store.changes import Operation
from attendance_app.store.errors import NoLongerUndoable
from attendance_app.store.inverse_json import from_json, to_json
from attendance_app.store.repository import Reads, Writes
from attendance_app.store.rows import OperationRow, OperationStudentRow

KEPT = 100
"""Number of operations kept; older ones are deleted."""


class OperationReads(Reads):
    """Operations that have not been undone."""

    def all(self) -> tuple[Operation, ...]:
        """Return the operations that can be undone, oldest first."""
        with self._read() as session:
            return tuple(_operation_of(row) for row in session.scalars(select(OperationRow).order_by(OperationRow.id)))


class OperationWrites(OperationReads, Writes):
    """Operations inside the transaction that does or undoes them."""

    def put(self, operation: Operation) -> Operation:
        """Store an operation and return it with its id; one that holds a face is returned as it is."""
        if any(one.private for one in operation.inverse):
            return operation
        row = OperationRow(
            done_at=operation.done_at,
            text=operation.text,
            partial=operation.partial,
            inverse=to_json(operation.inverse),
        )
        self._session.add(row)
        self._session.flush()
        # Ids grow by one and are never given again (AUTOINCREMENT), so they count the operations.
        self._session.execute(delete(OperationRow).where(OperationRow.id <= row.id - KEPT))
        # Erasing a student must find the operations that name them.
        named = [{"operation_id": row.id, "student_id": student_id} for student_id in operation.concerns()]
        if named:
            self._session.execute(insert(OperationStudentRow), named)
        return _operation_of(row)

    def take_out(self, operation: Operation) -> None:
        """Remove an operation that is being undone. Raises NoLongerUndoable when it is not there any more."""
        if operation.id is None:  # it holds a face and was never stored
            return
        gone = delete(OperationRow).where(OperationRow.id == operation.id).returning(OperationRow.id)
        if self._session.scalar(gone) is None:
            raise NoLongerUndoable(action=operation.text)

    def forget_before(self, moment: datetime | None) -> None:
        """Forget what was done before ``moment``; None: everything."""
        query = delete(OperationRow)
        self._session.execute(query if moment is None else query.where(OperationRow.done_at < moment))


def forget_operations_of(session: OrmSession, student_id: int) -> None:
    """Forget every operation that names a student."""
    named = select(OperationStudentRow.operation_id).where(OperationStudentRow.student_id == student_id)
    session.execute(delete(OperationRow).where(OperationRow.id.in_(named)))


def _operation_of(row: OperationRow) -> Operation:
    return Operation(row.text, from_json(row.inverse), row.done_at, partial=row.partial, id=row.id)
