"""What was recorded of a session, with what its own history has beyond the trail."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attendance_app.domain.audit import AuditAction
from attendance_app.domain.session_edits import SessionEdit
from attendance_app.services.audit import recorded_of_session
from attendance_app.store import driver
from attendance_app.store.audit_chain import begin
from attendance_app.store.database import FILE_NAME, open_store

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_what_was_done_before_the_trail_began_is_told_by_the_sessions_history(tmp_path: Path) -> None:
    with open_store(tmp_path, clock=lambda: NOW) as store, store.write() as tx:
        course = tx.courses.add("M1", "")
        session = tx.sessions.add_past(course.id, NOW, {}, late_after=timedelta(minutes=10), marked_at=NOW)
        tx.sessions.void(session.id, NOW, "drill", at=NOW)
    with closing(driver.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("BEGIN")
        for table in ("audit_row", "audit_record"):
            connection.execute(f"DELETE FROM {table}")
        begin(connection, NOW + timedelta(days=1))
        connection.execute("COMMIT")
    with open_store(tmp_path) as store:
        with store.write() as tx:
            tx.sessions.void(session.id, None, at=NOW + timedelta(days=2))
        found = recorded_of_session(store, session.id)

    assert [one.edit for one in found.earlier] == [SessionEdit.ADDED, SessionEdit.VOID]
    assert [one.action for one in found.entries] == [AuditAction.BEGIN, AuditAction.CHANGE]
