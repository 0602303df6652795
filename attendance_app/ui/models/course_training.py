"""Teaching our own network the course in use, in a process of its own."""

from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout

from attendance_app.domain.people import Course, Student, TrainedHead
from attendance_app.services.identity.heads import HeadReport, train_course_head
from attendance_app.services.jobs import JobContext
from attendance_app.store.database import Store
from attendance_app.training.runs import StageProgress, TrainingEvent
from attendance_app.ui import dates
from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.desk import Desk
from attendance_app.ui.i18n import tr
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.speaking import Speaking


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the network knows of a course, and who its students are by their ids."""

    head: TrainedHead
    students: dict[int, Student]

    @property
    def report(self) -> HeadReport:
        return HeadReport.from_json(self.head.report)


def read_learnt(store: Store, course: Course) -> Learnt | None:
    """Read what was learnt before, None if nothing was."""
    head = store.heads.of_course(course.id)
    if head is None:
        return None
    return Learnt(head, {student.id: student for student in store.students.of_course(course.id)})


class CourseTraining(Speaking):
    """One button, progress with cancel, and what came of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._learnt: Learnt | None = None
        self._busy = False
        heading, intro = label("heading", wrap=True), label("quiet", wrap=True)
        self.say(heading.setText, "A second opinion from our own network")
        self.say(
            intro.setText,
            "It learns this course from the enrolled photos, which takes less than two minutes.",
        )
        self.button = Button("plain", "graduation-cap").does(self.train)
        self.progress = JobProgress()
        self.result = label(wrap=True)
        card = Card(self)
        for part in (heading, intro, self.progress, self.result):
            card.column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        card.column.addLayout(buttons)
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(card)
        self.retranslate()

    def show_learnt(self, learnt: Learnt | None) -> None:
        """Show what the store has for the course in use."""
        self._learnt = learnt
        self.retranslate()

    def train(self) -> None:
        """Train as a job; the head before stays in use until this one is done."""
        course, store, clock = self._desk.course, self._desk.store, self._desk.clock
        if course is None or self._busy:
            return
        self._busy = True
        self.button.setEnabled(False)

        def work(job: JobContext) -> Learnt | None:
            def report(event: TrainingEvent) -> None:
                if isinstance(event, StageProgress):
                    job.report(event.done, event.total)

            train_course_head(store, course.code, report=report, clock=clock, waiting=job.raise_if_cancelled)
            return read_learnt(store, course)

        def done(learnt: Learnt | None) -> None:
            if self._desk.course == course:
                self.show_learnt(learnt)

        job = self._desk.run(work, done=done, long=True)
        job.ended.connect(self._on_ended)
        self.progress.watch(job, tr("Learning the students…"))

    def _on_ended(self) -> None:
        self._busy = False
        self.button.setEnabled(True)

    def retranslate(self) -> None:
        again = tr("Teach it again") if self._learnt else tr("Teach it this course")
        self.button.show_text(again)
        self.result.setText("\n".join(_lines(self._learnt)) if self._learnt else "")
        self.result.setVisible(self._learnt is not None)


def _lines(learnt: Learnt) -> list[str]:
    report, students = learnt.report, learnt.students
    lines = [
        tr("Learnt on {day} from %n photo(s).", "", report.photos).format(
            day=dates.day_and_time(learnt.head.trained_at)
        )
    ]
    if report.kept_back:
        lines.append(
            tr("Each photo put aside once: {right} of {total} named right.").format(
                right=dates.number(report.named_right), total=dates.number(report.kept_back)
            )
        )
    for first, second in report.look_alikes:
        if first in students and second in students:
            lines.append(
                tr("It confuses {first} and {second}: check their photos.").format(
                    first=students[first].name, second=students[second].name
                )
            )
    lacking = [students[one].name for one in report.without_photos if one in students]
    if lacking:
        lines.append(tr("Without a photo: {names}").format(names=", ".join(lacking)))
    return lines
