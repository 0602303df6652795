"""Dialogs about one session."""

from PySide6.QtWidgets import QWidget

from attendance_app.domain.sessions import Session
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr


class TopicDialog(ActingDialog):
    """Writes down what the lesson was about."""

    def __init__(self, context: AppContext, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Topic of the lesson"), parent)
        self._session = session
        self.topic_field = self.field(tr("Topic"), session.topic, hint=tr("Fractions, part 2"))
        self.set_primary(tr("Save"))

    def action(self) -> Action:
        session_id, topic, now = self._session.id, self.topic_field.text(), self.context.clock()
        return lambda tx: tx.sessions.name(session_id, topic, now)

    def message(self, result: Session) -> str:
        return tr("Topic: {topic}").format(topic=result.topic) if result.topic else tr("The session has no topic")


class VoidDialog(ActingDialog):
    """Lets a session count nowhere: one begun by mistake, or a lesson that did not take place."""

    def __init__(self, context: AppContext, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Make the session void"), parent)
        self._session, self._at = session, context.clock()
        self.explain(
            tr(
                "It stays in the list with its marks, and counts neither in the students' attendance nor in reports. "
                "You can let it count again at any time."
            )
        )
        self.reason_field = self.field(tr("Reason (optional)"), "", hint=tr("Begun by mistake"))
        self.set_primary(tr("Make void"))

    def action(self) -> Action:
        session_id, at, reason = self._session.id, self._at, self.reason_field.text()
        return lambda tx: tx.sessions.void(session_id, at, reason, at=at)

    def message(self, result: Session) -> str:
        return tr("The session is void")
