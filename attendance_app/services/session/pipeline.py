"""Sends the frames of each source through the stages cut, find, track, read, match, decide. Used by one thread
only, so it needs no locks."""

from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import Rules
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.evidence import InHouseNetworks
from attendance_app.services.session.frame_result import FrameResult, UnknownPerson
from attendance_app.services.session.source_lane import LaneTools, OneScanAtATime, SourceLane
from attendance_app.services.session.stages.track_states import GallerySnapshot, TrackStates
from attendance_app.services.session.stages.unknown_people import UnknownPeople, unknown_people


class Pipeline:
    """Turns frames into faces and conclusions for one session, of one source or several."""

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
        self.encoder_id = reader.encoder_id
        self._states = states = TrackStates(rules, roster)
        self._cadence = cadence
        scanner = OneScanAtATime(reader.detector)
        self._tools = LaneTools(reader, rules, scanner, scan, in_house or InHouseNetworks(), UnknownPeople(states))
        self._lanes = {0: SourceLane(self._tools, states, cadence)}

    def begin_source(self, *, beside: bool, photographs: bool = False, source: int = 0) -> None:
        """Start with another source; ``source`` is its number, and one that had the number before has ended.

        ``beside``: faces are searched on a separate thread. ``photographs``: each frame is a photograph of the room in
        which every face is read; tracks don't continue from one to the next.
        """
        if source not in self._lanes:
            states = TrackStates.beside(self._states, source)
            self._lanes[source] = SourceLane(self._tools, states, self._cadence)
        self._lanes[source].begin(beside=beside, photographs=photographs)
        self._share_time()

    def end_source(self, source: int) -> None:
        """Take no more frames of a source; what is known of its faces stays."""
        if source in self._lanes:
            self._lanes[source].close()
            self._share_time()

    def process(self, frame: Frame, *, source: int = 0) -> FrameResult:
        """Process the next frame of a source; its ``frame.seconds`` must not go back."""
        return self._lanes[source].process(frame)

    def compare_with(self, roster: GallerySnapshot) -> None:
        """Compare with another snapshot of the roster from the next frame on."""
        for lane in self._lanes.values():
            lane.states.roster = roster

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
        """Return each person who is none of the roster, once over all sources."""
        return unknown_people(self._states)

    def close(self) -> None:
        """End the finder's threads."""
        for lane in self._lanes.values():
            lane.close()

    def _share_time(self) -> None:
        # Two cameras together may cost what one does.
        cadence = self._cadence.shared_by(max(1, sum(lane.beside for lane in self._lanes.values())))
        for lane in self._lanes.values():
            lane.keep_pace(cadence)
