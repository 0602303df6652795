"""The stages for the frames of one source of a session."""

import threading
from dataclasses import dataclass

from attendance_app.domain.faces import Detection, Frame, Image
from attendance_app.domain.roll_call import Rules
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.evidence import InHouseNetworks
from attendance_app.services.session.frame_result import FrameResult
from attendance_app.services.session.stages.cut import EndAtCuts
from attendance_app.services.session.stages.decide import Decide
from attendance_app.services.session.stages.find import FindFaces
from attendance_app.services.session.stages.frame_work import FrameState, Stage
from attendance_app.services.session.stages.match import MatchFaces
from attendance_app.services.session.stages.photograph import ReadPhotograph
from attendance_app.services.session.stages.read import ReadFaces
from attendance_app.services.session.stages.track import TrackFaces
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.services.session.stages.unknown_people import UnknownPeople
from attendance_app.vision.detect import Detector


class OneScanAtATime:
    """A detector that several sources share: a second scan beside the first would only delay it."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._scanning = threading.Lock()

    @property
    def any_size(self) -> bool:
        return self._detector.any_size

    def detect(self, image: Image, *, upsample: float = 1.0, threshold: float = 0.0) -> list[Detection]:
        """See Detector."""
        with self._scanning:
            return self._detector.detect(image, upsample=upsample, threshold=threshold)


@dataclass(frozen=True, slots=True, eq=False)
class LaneTools:
    """What all sources of a session work with."""

    reader: FaceReader
    rules: Rules
    scanner: Detector
    scan: Scan
    in_house: InHouseNetworks
    unknown: UnknownPeople


class SourceLane:
    """Follows the faces of one source. Its tracks are its own; whom they prove is known to all sources of the session
    (``TrackStates``)."""

    def __init__(self, tools: LaneTools, states: TrackStates, cadence: Cadence) -> None:
        self.states = states
        self._rules = tools.rules
        self.beside = False
        """Whether it looks for faces on a separate thread, as for a camera."""
        self._cut = EndAtCuts(states)
        self._find = FindFaces(tools.scanner, cadence, tools.scan, busy=states.anybody_new)
        self._read = ReadFaces(states, tools.reader, tools.in_house, cadence)
        self._photograph = ReadPhotograph(states, tools.reader, tools.in_house)
        match, decide = MatchFaces(states, tools.in_house), Decide(states, tools.unknown)
        # Frames and photographs share the tracks' states, matching and deciding; only how faces come in differs.
        followed = TrackFaces(states), self._read, match, decide
        self._frame_stages: tuple[Stage, ...] = (self._cut, self._find, *followed)
        self._photo_stages: tuple[Stage, ...] = (self._photograph, match, decide)
        self._stages: tuple[Stage, ...] = self._frame_stages

    def begin(self, *, beside: bool, photographs: bool) -> None:
        """Start with another source; see ``Pipeline.begin_source``."""
        # Tracks of one source mean nothing in the next: the picture is another one.
        self.states.end_all()
        self._cut.begin()
        self._photograph.begin()
        rules = self._rules.for_photographs() if photographs else self._rules
        self.states.set_rules(rules, photographs=photographs)
        self._stages = self._photo_stages if photographs else self._frame_stages
        self.beside = beside and not photographs
        self._find.scan_beside(self.beside)

    def keep_pace(self, cadence: Cadence) -> None:
        """Scan and encode as often as ``cadence`` says, from the next frame on."""
        self._find.cadence = self._read.cadence = cadence

    def process(self, frame: Frame) -> FrameResult:
        """Process the next frame; ``frame.seconds`` must not go back."""
        self.states.use_rules()
        work = FrameState(frame)
        for stage in self._stages:
            stage.run(work)
        decided = work.decided
        assert decided is not None
        return FrameResult(
            frame.index, frame.seconds, decided.faces, decided.conclusions, decided.seen, decided.unknown
        )

    def close(self) -> None:
        """End the finder's thread; what is known of the faces stays."""
        self.beside = False
        self._find.close()
