"""The roll of a course from photographs of its room, without anybody who watches meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from attendance_app.domain.errors import KnownError, SourceError
from attendance_app.domain.sessions import Session
from attendance_app.services.errors import NobodyInPhotographs, NoFaceInPhotographs
from attendance_app.services.session.frame_result import FaceState
from attendance_app.services.session.lifecycle import StartedSession
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.photo_report import PhotoFaces, PhotoReport
from attendance_app.services.session.roll_messages import (
    CardRead,
    FrameSeen,
    RollEvent,
    RollOrder,
    RollState,
    RollSummary,
    SessionBegan,
    SourceEnded,
    StateChanged,
)
from attendance_app.services.session.roll_tools import RollTools
from attendance_app.vision.photographs import Photographs, PhotoSet
from attendance_app.vision.source_protocol import Source, StateListener
from attendance_app.vision.turned_source import turned_source


@dataclass(frozen=True, slots=True, eq=False)
class PhotoRollResult:
    """``skipped``: why photographs were left out that can't be read. ``cards``: ids of students whose card was read.

    ``session`` is open where that was asked for, and where nobody was recognised surely: closing it would make all
    absent.
    """

    session: Session
    summary: RollSummary
    photographs: tuple[PhotoFaces, ...]
    skipped: tuple[SourceError, ...]
    cards: frozenset[int] = frozenset()


class PhotoRoll:
    """Takes one roll from photographs.

    ``listen`` gets the events of its ``LiveRoll``. ``keep_open``: the session is not closed at the end.
    """

    def __init__(
        self, order: RollOrder, tools: RollTools, listen: Callable[[RollEvent], object], *, keep_open: bool
    ) -> None:
        assert isinstance(order.source, PhotoSet)
        self._order = order
        self._tools = tools
        self._listen = listen
        self._keep_open = keep_open
        self._report = PhotoReport()
        self._photographs = Photographs(order.source)
        self._cards: set[int] = set()
        self._started: StartedSession | None = None
        self._failure: KnownError | None = None
        self.roll = LiveRoll(order, _reading(tools, self._photographs), self._hear)

    def run(self) -> PhotoRollResult:
        """Read all photographs and close the session, unless it is to be kept open (see ``PhotoRollResult``).

        Raises SourceError where no photograph can be read, NoFaceInPhotographs where none has a face, and
        NobodyInPhotographs where nobody of the course is on them: then a session that was begun for it is deleted, so
        that nobody is taken for absent. Raises MarksInFile or MarksInNoFile as ``LiveRoll.run`` does.
        """
        closed = self.roll.run()
        started, summary = self._started, self.roll.summary
        assert started is not None
        assert summary is not None
        failure = self._failure or self._nobody()
        if failure is not None:
            # A session that was open before holds marks of its own.
            if not started.resumed:
                with self._tools.store.write() as tx:
                    tx.sessions.delete(started.session.id)
            raise failure
        session = closed or self._tools.store.sessions.get(started.session.id)
        return PhotoRollResult(
            session, summary, self._report.photographs, tuple(self._photographs.skipped), frozenset(self._cards)
        )

    def _hear(self, event: RollEvent) -> None:
        match event:
            case SessionBegan(started):
                self._started = started
            case CardRead(student_id):
                self._cards.add(student_id)
            case FrameSeen():
                self._report.take(event)
            # The roll would wait for a lost source; photographs do not come back.
            case StateChanged(RollState.SOURCE_LOST, error):
                self._failure = error
                self.roll.leave()
            case SourceEnded():
                if self._keep_open or not self._anybody_sure():
                    self.roll.leave()
                else:
                    self.roll.end()
        self._listen(event)

    def _anybody_sure(self) -> bool:
        return bool(self._cards) or any(photo.count(FaceState.KNOWN) for photo in self._report.photographs)

    def _nobody(self) -> KnownError | None:
        if self._cards:
            return None
        photographs = self._report.photographs
        faces = sum(len(photo.faces) for photo in photographs)
        if not faces:
            return NoFaceInPhotographs(photographs=len(photographs))
        named = sum(photo.count(FaceState.KNOWN) + photo.count(FaceState.DOUBTFUL) for photo in photographs)
        return None if named else NobodyInPhotographs(faces=faces, course=self._order.course.code)


def _reading(tools: RollTools, photographs: Photographs) -> RollTools:
    # The same object that was handed in, whatever the order names: it keeps why photographs were skipped.
    def open_photographs(
        spec: str | PhotoSet,  # noqa: ARG001 - one signature
        *,
        realtime: bool,  # noqa: ARG001
        on_state: StateListener,  # noqa: ARG001
        turn: int,
    ) -> Source:
        return turned_source(photographs, turn)

    return replace(tools, open_source=open_photographs)
