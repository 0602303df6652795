"""Finds faces: scans the whole frame at intervals, on the pipeline's thread or on a separate one."""

from attendance_app.domain.faces import Detection, Frame
from attendance_app.services.session.cadence import Cadence, Scan
from attendance_app.services.session.stages.beside import Beside
from attendance_app.services.session.stages.frame_work import FoundFaces, FrameState
from attendance_app.vision.detect import Detector


class FindFaces:
    """Scans every ``detect_every`` seconds of the source. On a thread, what a scan finds comes with a later frame."""

    def __init__(self, detector: Detector, cadence: Cadence, scan: Scan) -> None:
        self._detector = detector
        self._cadence = cadence
        self._scan = scan
        self._last_scan = float("-inf")
        self.beside: Beside[FoundFaces] = Beside("face finder")

    def run(self, work: FrameState) -> None:
        work.found = self.beside.result()
        if self.beside.is_busy or work.frame.seconds - self._last_scan < self._cadence.detect_every:
            return
        frame, late = work.frame, self.beside.is_threaded
        self._last_scan = frame.seconds
        self.beside.begin(lambda: FoundFaces(self._detect(frame), frame.seconds, late=late))
        if late:
            work.scan_begun = True
        else:
            work.found = self.beside.result()

    def _detect(self, frame: Frame) -> list[Detection]:
        return self._detector.detect(frame.image, upsample=self._scan.upsample, threshold=self._scan.threshold)
