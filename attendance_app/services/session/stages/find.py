"""Finds faces: scans the whole frame at intervals, on the pipeline's thread or on a separate one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from attendance_app.domain.faces import Detection, Frame
from attendance_app.services.session.cadence import CALM_GROWTH, Cadence, Scan
from attendance_app.services.session.stages.frame_work import FoundFaces, FrameState
from attendance_app.vision.detect import Detector


class FindFaces:
    """Scans as often as the cadence says.

    On the pipeline's thread, a scan delays its frame: right for a recording, which does not run away and must give the
    same register each time. With ``scan_beside``, frames continue while another thread scans one of them, and the
    result comes with a later frame.
    """

    def __init__(self, detector: Detector, cadence: Cadence, scan: Scan, *, busy: Callable[[], bool]) -> None:
        """``busy`` returns whether somebody new is to be recognised."""
        self._detector = detector
        self.cadence = cadence
        """May be replaced between two frames."""
        self._busy = busy
        self._scan = scan
        self._beside: ThreadPoolExecutor | None = None
        self._pending: tuple[Future[list[Detection]], float] | None = None
        # The first frame is scanned at once.
        self._last_scan = float("-inf")
        self._busy_at: float | None = None
        self._calm_interval = cadence.detect_every

    def scan_beside(self, beside: bool) -> None:
        """Use a separate thread for scans, or stop using one; a scan in progress is discarded, and the next frame is
        scanned at once."""
        self.close()
        self._last_scan, self._busy_at = float("-inf"), None
        if beside:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="face finder")

    def run(self, work: FrameState) -> None:
        if work.cut:
            self._forget_scan()
        work.found = self._finished()
        # One scan at a time: on a slow machine a second one would only delay the first.
        if self._pending is not None or not self._is_due(work.frame.seconds):
            return
        self._last_scan = work.frame.seconds
        if self._beside is None:
            work.found = FoundFaces(self._detect(work.frame), work.frame.seconds, late=False)
        else:
            self._pending = self._beside.submit(self._detect, work.frame), work.frame.seconds
            work.scan_begun = True

    def _forget_scan(self) -> None:
        """Scan the present frame at once: a scan in progress is of the picture before the cut."""
        if self._pending is not None:
            # Of several cuts in a row only the scan that runs and the newest one take time.
            self._pending[0].cancel()
        self._pending, self._last_scan = None, float("-inf")

    def _is_due(self, seconds: float) -> bool:
        cadence, since = self.cadence, seconds - self._last_scan
        if since < cadence.detect_every:
            return False
        if self._busy_at is None or self._busy():
            self._busy_at = seconds
        if seconds - self._busy_at < cadence.calm_after:
            self._calm_interval = cadence.detect_every
            return True
        if since < self._calm_interval:
            return False
        self._calm_interval = min(CALM_GROWTH * self._calm_interval, cadence.detect_calm)
        return True

    def close(self) -> None:
        """End the thread."""
        if self._beside is not None:
            # ``shutdown`` waits for the scan in progress.
            self._beside.shutdown(cancel_futures=True)
        self._beside = self._pending = None

    def _finished(self) -> FoundFaces | None:
        # Never wait for the scan here: the frames must go on.
        if self._pending is None or not self._pending[0].done():
            return None
        (scan, seconds), self._pending = self._pending, None
        return FoundFaces(scan.result(), seconds, late=True)

    def _detect(self, frame: Frame) -> list[Detection]:
        height, width = frame.image.shape[:2]
        scale = self._scan.scale(width, height)
        return self._detector.detect(frame.image, upsample=scale, threshold=self._scan.threshold)
