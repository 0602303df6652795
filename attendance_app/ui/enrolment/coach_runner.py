"""The camera and the coach as a job: advice and photos arrive as signals."""

import queue
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from attendance_app.bootstrap import open_view_capture
from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course, Student
from attendance_app.services.camera_enrolment import CapturedView, ViewCapture, photo_of
from attendance_app.services.capture_coach import View
from attendance_app.services.enrolment import EnrolmentOrder, ExaminedPhoto, PhotoInstructions
from attendance_app.services.jobs import JobContext
from attendance_app.services.verdicts import Verdict
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.enrolment.enrolment_work import EnrolmentWork
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.pictures import image_of
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.vision.opening import open_and_wait
from attendance_app.vision.source_protocol import Source
from attendance_app.vision.watched import WatchedSource

WAIT_SECONDS = 0.2
"""How often the job looks for commands and whether it was cancelled, while no frame comes."""
SERVES = frozenset({None, Verdict.LOOKS_LIKE_ANOTHER, Verdict.SAME_PHOTO})
"""Verdicts with which a photo is kept until the teacher has looked at it; with any other the view is taken again."""


@dataclass(frozen=True, slots=True, eq=False)
class ExaminedView:
    """A view that was taken and examined."""

    view: View
    student_id: int
    candidate: ExaminedPhoto
    image: QImage


class _Sitting:
    """One student in front of the camera; used on the camera's thread only."""

    def __init__(self, course: Course, student: Student) -> None:
        self.order = EnrolmentOrder(course)
        self.student = student
        self.sure = False
        self.taken: dict[View, ExaminedView] = {}


class CoachRunner(QObject):
    """At most one camera at a time. Without a student it only shows the picture."""

    opened = Signal()
    coached = Signal(object)
    """With the Coaching of a picture."""
    taken = Signal(object)
    """With a tuple of ExaminedView, in the usual order, whenever it has changed."""
    state_changed = Signal(object)
    failed = Signal(object)
    ended = Signal()
    """The recording is over."""

    def __init__(self, context: AppContext, work: EnrolmentWork, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._work = work
        self._screen = screen
        self._job: JobRunner | None = None
        self._commands: queue.SimpleQueue[Callable[[ViewCapture], None]] = queue.SimpleQueue()
        self._sitting: _Sitting | None = None
        """Belongs to the camera's thread."""

    @property
    def running(self) -> bool:
        return self._job is not None

    def start(self, spec: str) -> None:
        """Open a source (a specification for ``open_source``). ``opened`` or ``failed`` follows."""
        self.stop()
        self._commands = queue.SimpleQueue()
        # A new queue: commands meant for the earlier camera must not reach this one.
        commands = self._commands
        self._job = job = self._context.run(lambda job: self._watch(spec, commands, job), failed=self._fail, long=True)
        job.succeeded.connect(lambda _result: self._finish(job))

    def stop(self) -> None:
        """Release the camera."""
        if self._job is not None:
            self._job.silence()
            self._job = None

    def coach(self, course: Course, student: Student) -> None:
        """Ask this student for three views; earlier ones are discarded."""

        def begin(capture: ViewCapture) -> None:
            capture.coach.start_over()
            self._sitting = _Sitting(course, student)

        self._commands.put(begin)

    def rest(self) -> None:
        """Only show the picture."""
        self._commands.put(self._nobody)

    def again(self, views: Iterable[View]) -> None:
        """Take these views once more."""
        wanted = tuple(views)

        def retake(capture: ViewCapture) -> None:
            if self._sitting is not None:
                for view in wanted:
                    self._sitting.taken.pop(view, None)
                capture.coach.again(wanted)
                self._compare(self._sitting)

        self._commands.put(retake)

    def confirm_student(self) -> None:
        """The teacher confirms the student, even if another one looks similar."""

        def believe(_eye: ViewCapture) -> None:
            if self._sitting is not None:
                self._sitting.sure = True
                self._compare(self._sitting)

        self._commands.put(believe)

    def _finish(self, job: JobRunner) -> None:
        if job is self._job:
            self._job = None
            self.ended.emit()

    def _fail(self, error: KnownError) -> None:
        self._job = None
        self.failed.emit(error)

    # -- on the camera's thread

    def _watch(self, spec: str, commands: "queue.SimpleQueue[Callable[[ViewCapture], None]]", job: JobContext) -> None:
        with (
            self._open(spec, job) as source,
            WatchedSource(source, self._screen.put_frame) as frames,
        ):
            capture = open_view_capture()
            self._nobody(capture)
            # Loading the networks takes a while, and ``stop`` may have been called meanwhile.
            job.raise_if_cancelled()
            self.opened.emit()
            while True:
                job.raise_if_cancelled()
                while not commands.empty():
                    commands.get()(capture)
                try:
                    frame = frames.read(timeout=WAIT_SECONDS)
                except TimeoutError:
                    continue
                if frame is None:
                    return
                sitting = self._sitting
                if sitting is None:
                    continue
                looked = capture.look(frame)
                self.coached.emit(looked.coaching)
                if looked.shot is not None and not self._examine(looked.shot, sitting):
                    capture.coach.again([looked.shot.view])

    def _open(self, spec: str, job: JobContext) -> Source:
        cameras = self._context.cameras
        return open_and_wait(
            spec,
            lambda: cameras.open(spec, on_state=self.state_changed.emit),
            close=lambda source: source.close(),
            check=job.raise_if_cancelled,
        )

    def _nobody(self, _eye: ViewCapture) -> None:
        self._sitting = None

    def _examine(self, shot: CapturedView, sitting: _Sitting) -> bool:
        """Examine a view like any other photo; return whether it can be kept."""
        candidate = self._work.look(photo_of(shot, sitting.student), sitting.order, PhotoInstructions(sitting.student))
        if candidate.refusal not in SERVES or candidate.thumbnail is None:
            return False
        sitting.taken[shot.view] = ExaminedView(shot.view, sitting.student.id, candidate, image_of(candidate.thumbnail))
        self._compare(sitting)
        return True

    def _compare(self, sitting: _Sitting) -> None:
        """Compare the photos with each other and with all enrolled ones, and emit the result."""
        views = [view for view in View if view in sitting.taken]
        taken = [sitting.taken[view] for view in views]
        compared = self._work.compare([one.candidate for one in taken], sitting.order, sure=sitting.sure)
        sitting.taken = {
            one.view: replace(one, candidate=candidate) for one, candidate in zip(taken, compared, strict=True)
        }
        self.taken.emit(tuple(sitting.taken.values()))
