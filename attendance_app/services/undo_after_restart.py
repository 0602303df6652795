"""Which operations can still be undone when the program starts again during a lesson."""

from attendance_app.store.changes import Operation
from attendance_app.store.database import Store


def still_undoable(store: Store) -> tuple[Operation, ...]:
    """Return the operations since the start of the oldest unfinished session, oldest first, and forget all earlier
    ones.

    Without an unfinished session nothing is kept: a key must not undo what was done in another week.
    """
    with store.read() as then:
        kept = then.operations.all()
        began = min((session.started_at for session in then.sessions.unfinished()), default=None)
    recent = tuple(one for one in kept if began is not None and one.done_at >= began)
    # A start writes only if it must: a write may have to wait for another process.
    if len(recent) < len(kept):
        with store.write() as tx:
            tx.operations.forget_before(began)
    return recent
