"""Looks for students' cards in the frames of a session, now and then, and makes marks of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from attendance_app.domain.faces import Frame
from attendance_app.domain.sessions import Mark, MarkedBy, Session, arrival_status

EVERY_SECONDS = 0.5
"""How often a source's picture is searched for cards. Whoever shows a card holds it still for a second."""
REFRESH = timedelta(seconds=10)
"""How often "last seen" is written while a card is shown."""

Take = Callable[[tuple[str, ...], datetime], None]
"""Takes the tokens that were read, and the time of day of the picture."""


class CardWatch:
    """Searches a camera's frames on a thread of its own, one at a time, so that recognition waits for nothing; a
    recording's in turn, so that none is skipped. A photograph is always searched."""

    def __init__(self, read: Callable[[Frame], tuple[str, ...]], post: Callable[[Callable[[], None]], None]) -> None:
        """``post`` runs a call on the roll's thread."""
        self._read = read
        self._post = post
        self._due: dict[int, float] = {}
        self._busy = False
        self._worker: ThreadPoolExecutor | None = None

    def look(self, frame: Frame, at: datetime, take: Take, *, source: int, live: bool) -> None:
        """Search a frame if its turn has come; ``take`` is called on the roll's thread."""
        if frame.photograph is not None:
            take(self._read(frame), at)
            return
        if self._busy or frame.seconds < self._due.get(source, 0.0):
            return
        self._due[source] = frame.seconds + EVERY_SECONDS
        if not live:
            take(self._read(frame), at)
            return
        self._busy = True
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, thread_name_prefix="cards")
        self._worker.submit(self._search, frame, at, take)

    def close(self) -> None:
        """Wait for the search that runs."""
        if self._worker is not None:
            self._worker.shutdown()

    def _search(self, frame: Frame, at: datetime, take: Take) -> None:
        tokens: tuple[str, ...] = ()
        try:
            tokens = self._read(frame)
        finally:
            self._post(lambda: self._done(tokens, at, take))

    def _done(self, tokens: tuple[str, ...], at: datetime, take: Take) -> None:
        self._busy = False
        take(tokens, at)


class CardMarks:
    """The marks that cards make in one session. Used on the roll's thread."""

    def __init__(self, session: Session, owners: Callable[[], dict[str, int]]) -> None:
        """``owners`` reads whose card each token of the course is now."""
        self._session = session
        self._read_owners = owners
        self._owners = owners()
        self._written: dict[int, datetime] = {}
        self._unknown: set[str] = set()

    def take(self, token: str, at: datetime) -> Mark | None:
        """Return the mark that a card makes; None: it was written just now, or the card is unknown."""
        student_id = self._owners.get(token)
        if student_id is None or at - self._written.get(student_id, at - REFRESH) < REFRESH:
            return None
        self._written[student_id] = at
        status = arrival_status(self._session, at)
        return Mark(self._session.id, student_id, status, MarkedBy.CARD, at, at, at)

    def is_news(self, token: str) -> bool:
        """Whether nobody of the course has this card, and it is seen for the first time. A card that was made during
        the session is known from here on."""
        if token in self._owners or token in self._unknown:
            return False
        self._owners = self._read_owners()
        if token in self._owners:
            return False
        self._unknown.add(token)
        return True
