"""Says which sessions look begun by mistake, and offers to make them void or to count them."""

from collections.abc import Callable, Sequence

from attendance_app.domain.sessions import Session
from attendance_app.store.unit import Transaction
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button
from attendance_app.ui.i18n import tr
from attendance_app.ui.offer_bar import OfferBar


class MistakesBar(OfferBar):
    """Hidden while there is none. Until somebody decides, such sessions count nowhere."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._sessions: Sequence[Session] = ()
        self.void_button = Button("primary").with_text("Make void").on_click(self._void)
        self.count_button = Button("plain").on_click(self._confirm)
        self.add_buttons(self.count_button, self.void_button)

    def show_sessions(self, sessions: Sequence[Session]) -> None:
        """Offer these."""
        self._sessions = sessions
        self.setVisible(bool(sessions))
        self.retranslate()

    def _void(self) -> None:
        now, reason = self._context.clock(), tr("Begun by mistake")
        self._each(
            lambda tx, session_id: tx.sessions.void(session_id, now, reason, at=now),
            tr("%n session(s) made void", "", len(self._sessions)),
        )

    def _confirm(self) -> None:
        now = self._context.clock()
        self._each(
            lambda tx, session_id: tx.sessions.confirm(session_id, now, at=now),
            tr("%n session(s) count", "", len(self._sessions)),
        )

    def _each(self, act: Callable[[Transaction, int], object], message: str) -> None:
        ids = [session.id for session in self._sessions]
        self._context.act(lambda tx: [act(tx, session_id) for session_id in ids], message=message)

    def retranslate(self) -> None:
        count = len(self._sessions)
        self.count_button.show_text(tr("It counts") if count == 1 else tr("They count"))
        self._words.setText(tr("%n session(s) lasted under a minute and saw hardly anybody: not counted.", "", count))
