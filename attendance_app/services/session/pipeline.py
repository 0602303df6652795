"""Sends each frame through the stages find, track, read, match, decide. Used by one thread only, so it needs no
locks."""

from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import Rules
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.evidence import InHouseNetworks
from attendance_app.services.session.frame_result import FrameResult, UnknownPerson
from attendance_app.services.session.stages.decide import Decide
from attendance_app.services.session.stages.find import FindFaces
from attendance_app.services.session.stages.frame_work import FrameState, Stage
from attendance_app.services.session.stages.match import MatchFaces
from attendance_app.services.session.stages.photograph import ReadPhotograph
from attendance_app.services.session.stages.read import ReadFaces
from attendance_app.services.session.stages.track import TrackFaces
from attendance_app.services.session.stages.track_states import GallerySnapshot, TrackStates
from attendance_app.services.session.stages.unknown_people import unknown_people


class Pipeline:
    """Turns frames into faces and conclusions for one session."""

    def __init__(
        self,
        reader: FaceReader,
        roster: GallerySnapshot,
        rules: Rules,
        *,
        cadence: Cadence,
        scan: Scan,
        in_house: InHouseNetworks | None = None,
    ) -> None:
        asked = in_house or InHouseNetworks()
        self.encoder_id = reader.encoder_id
        self._states = states = TrackStates(rules, roster)
        self._find = FindFaces(reader.detector, cadence, scan, busy=states.anybody_new)
        self._photograph = ReadPhotograph(states, reader, asked)
        match, decide = MatchFaces(states, asked), Decide(states)
        read = ReadFaces(states, reader, asked, cadence)
        # Frames and photographs share the tracks' states, matching and deciding; only how faces come in differs.
        self._frame_stages: tuple[Stage, ...] = (self._find, TrackFaces(states), read, match, decide)
        self._photo_stages: tuple[Stage, ...] = (self._photograph, match, decide)
        self._rules = rules
        self._stages: tuple[Stage, ...] = self._frame_stages

    def begin_source(self, *, beside: bool, photographs: bool = False) -> None:
        """Start with another source.

        ``beside``: faces are searched on a separate thread. ``photographs``: each frame is a photograph of the room in
        which every face is read; tracks don't continue from one to the next.
        """
        # Tracks of one source mean nothing in the next: the picture is another one.
        self._states.end_all()
        self._photograph.begin()
        self._states.set_rules(self._rules.for_photographs() if photographs else self._rules, photographs=photographs)
        self._stages = self._photo_stages if photographs else self._frame_stages
        self._find.scan_beside(beside and not photographs)

    def process(self, frame: Frame) -> FrameResult:
        """Process the next frame; ``frame.seconds`` must not go back."""
        work = FrameState(frame)
        for stage in self._stages:
            stage.run(work)
        decided = work.decided
        assert decided is not None
        return FrameResult(
            frame.index, frame.seconds, decided.faces, decided.conclusions, decided.seen, decided.unknown
        )

    def compare_with(self, roster: GallerySnapshot) -> None:
        """Compare with another snapshot of the roster from the next frame on."""
        self._states.roster = roster

    def name_face(self, track_id: int, student_id: int | None, *, before: int | None = None) -> None:
        """Assign a track to a student, who counts as marked.

        The track is then no unknown person, and no other face is that student while it is seen. None withdraws
        ``before``.
        """
        self._states.name(track_id, student_id, before=before)

    def already_marked(self, student_id: int) -> None:
        """Note that the student has a mark from before."""
        self._states.roll_call.already_marked(student_id)

    def unknown_people(self) -> tuple[UnknownPerson, ...]:
        """Return each person who is none of the roster."""
        return unknown_people(self._states)

    def close(self) -> None:
        """End the finder's thread."""
        self._find.close()
