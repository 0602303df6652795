"""What can still be undone when the program starts again in the middle of a lesson."""

from attendance_app.store.changes import Operation
from attendance_app.store.database import Store


def still_undoable(store: Store) -> tuple[Operation, ...]:
    """Return what was done since the oldest session began that is not finished, oldest first, and forget all before.

    With no session unfinished nothing is kept: what was done in another week must not be undone by a key.
    """
    with store.read() as then:
        kept = then.operations.all()
        began = min((session.started_at for session in then.sessions.unfinished()), default=None)
    recent = tuple(one for one in kept if began is not None and one.done_at >= began)
    if len(recent) < len(kept):
        with store.write() as tx:
            tx.operations.forget_before(began)
    return recent
