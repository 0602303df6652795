"""What can be done to a session as a whole, in the menu of the page Sessions."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from attendance_app.domain.sessions import Session
from attendance_app.services.audit import Recorded, recorded_of_session
from attendance_app.store.session_edits import MERGED_WITHIN
from attendance_app.store.unit import Transaction
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.changes_dialog import ChangesDialog
from attendance_app.ui.i18n import tr
from attendance_app.ui.sessions.session_dialogs import TopicDialog, VoidDialog
from attendance_app.ui.sessions.session_time_dialogs import AddSessionDialog, MoveSessionDialog, SplitDialog


class SessionEditing:
    """Fills the page's menu and does what is chosen."""

    def __init__(self, context: AppContext, page: QWidget) -> None:
        self.context = context
        self._page = page

    def fill_menu(self, menu: QMenu, session: Session, sessions: Sequence[Session]) -> None:
        """Put what can be done to ``session`` into a menu; ``sessions``: all that are listed."""
        menu.addAction(tr("Topic of the lesson…"), lambda: TopicDialog(self.context, session, self._page).open())
        menu.addAction(tr("Changes…"), lambda: self.show_changes(session))
        # An open session is ended first: the camera may still be at it.
        if session.ended_at is None:
            return
        menu.addAction(tr("Day and time…"), lambda: MoveSessionDialog(self.context, session, self._page).open())
        menu.addAction(tr("Split in two…"), lambda: SplitDialog(self.context, session, self._page).open())
        near = [one for one in sessions if one.id != session.id and _mergeable(one, session)]
        if near:
            others = menu.addMenu(tr("Merge with"))
            for other in near:
                others.addAction(_name(other), partial(self.merge, session, other))
        menu.addSeparator()
        if session.voided_at is not None:
            menu.addAction(tr("Let the session count again"), lambda: self.count_again(session))
        else:
            menu.addAction(tr("Make the session void…"), lambda: VoidDialog(self.context, session, self._page).open())
        menu.addAction(tr("Delete the session"), lambda: self.delete(session))

    def fill_general(self, menu: QMenu) -> None:
        """Put what needs no session into a menu."""
        course = self.context.course
        if course is not None:
            menu.addAction(tr("Add a session…"), lambda: AddSessionDialog(self.context, course, self._page).open())
            menu.addAction(tr("Bring back a deleted session…"), self.offer_deleted)

    def count_again(self, session: Session) -> None:
        now = self.context.clock()

        def act(tx: Transaction) -> Session:
            tx.sessions.void(session.id, None, at=now)
            return tx.sessions.confirm(session.id, now, at=now)

        self.context.act(act, message=tr("The session counts again"))

    def delete(self, session: Session) -> None:
        now = self.context.clock()
        self.context.act(
            lambda tx: tx.sessions.put_away(session.id, now),
            message=tr("The session of {when} was deleted").format(when=_name(session)),
        )

    def merge(self, session: Session, other: Session) -> None:
        now = self.context.clock()
        self.context.act(
            lambda tx: tx.sessions.merge(session.id, other.id, at=now),
            message=tr("The two sessions are one now"),
        )

    def offer_deleted(self) -> None:
        """Let the teacher choose a deleted session to bring back."""
        course, store = self.context.course, self.context.store
        if course is not None:
            self.context.run(
                lambda _job: store.sessions.all(course.id, deleted=True),
                done=self._show_deleted,
            )

    def _show_deleted(self, sessions: tuple[Session, ...]) -> None:
        if not sessions:
            self.context.show_toast(tr("No session is deleted"))
            return
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for session in sessions:
            menu.addAction(_name(session), partial(self._bring_back, session))
        menu.popup(self._page.mapToGlobal(self._page.rect().center()))

    def _bring_back(self, session: Session) -> None:
        now = self.context.clock()
        self.context.act(lambda tx: tx.sessions.bring_back(session.id, now), message=tr("The session is back"))

    def show_changes(self, session: Session) -> None:
        """Show what was recorded of a session and its marks."""
        store = self.context.store

        def show(recorded: Recorded) -> None:
            about = tr("Session of {when}").format(when=_name(session))
            ChangesDialog(self.context, recorded, about, self._page).open()

        self.context.run(lambda _job: recorded_of_session(store, session.id), done=show)


def _mergeable(one: Session, other: Session) -> bool:
    return one.ended_at is not None and abs(one.started_at - other.started_at) <= MERGED_WITHIN


def _name(session: Session) -> str:
    return dates.day_and_time(session.started_at) + (f" · {session.topic}" if session.topic else "")
