"""Training the in-house network on the current course, in a separate process."""

from dataclasses import dataclass
from functools import partial

from attendance_app.bootstrap import chosen_network, open_photo_embedder
from attendance_app.domain.people import Course, Student, TrainedHead
from attendance_app.networks.own import NetworkKind
from attendance_app.services.identity.heads import HeadReport, train_course_head
from attendance_app.services.identity.networks import backbone_id
from attendance_app.services.jobs import JobContext
from attendance_app.services.training_events import StageProgress, TrainingEvent
from attendance_app.store.database import Store
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.recognition.course_task import CourseTask


@dataclass(frozen=True, slots=True)
class TrainedHeadInfo:
    """What the network was trained on for a course, and its students by their ids."""

    head: TrainedHead
    students: dict[int, Student]

    @property
    def report(self) -> HeadReport:
        return HeadReport.from_json(self.head.report)


def read_trained_head(store: Store, course: Course) -> TrainedHeadInfo | None:
    """Read the stored head, None if there is none."""
    head = store.heads.of_course(course.id)
    if head is None:
        return None
    return TrainedHeadInfo(head, {student.id: student for student in store.students.of_course(course.id)})


class CourseTraining(CourseTask):
    """Trains the head, and shows the result."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, kind="plain", icon_name="graduation-cap")
        self._learnt: TrainedHeadInfo | None = None
        self.bind_text(self.heading.setText, "A second opinion from our own network")
        self.bind_text(
            self.intro.setText, "It learns this course from the enrolled photos, which takes less than two minutes."
        )
        self.button.on_click(self.train)
        self.result = label(wrap=True)
        self.add_result(self.result)
        self.retranslate()

    def show_learnt(self, learnt: TrainedHeadInfo | None) -> None:
        """Show what the store has for the course in use."""
        self._learnt = learnt
        self.retranslate()

    def train(self) -> None:
        """Train as a job; the previous head stays in use until the new one is stored."""
        self.run(self._work, done=self.show_learnt, text=tr("Learning the students…"))

    def _work(self, course: Course, job: JobContext) -> TrainedHeadInfo | None:
        def report(event: TrainingEvent) -> None:
            if isinstance(event, StageProgress):
                job.report(event.done, event.total)

        store, clock = self.context.store, self.context.clock
        network = chosen_network(store.home, NetworkKind.IDENTITY, course_id=course.id)
        train_course_head(
            store,
            course.code,
            backbone_id=backbone_id(network),
            open_embedder=partial(open_photo_embedder, network),
            report=report,
            clock=clock,
            waiting=job.raise_if_cancelled,
        )
        return read_trained_head(store, course)

    def retranslate(self) -> None:
        again = tr("Teach it again") if self._learnt else tr("Teach it this course")
        self.button.show_text(again)
        self.result.setText("\n".join(_lines(self._learnt)) if self._learnt else "")
        self.result.setVisible(self._learnt is not None)


def _lines(learnt: TrainedHeadInfo) -> list[str]:
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
        # The report is as old as the training: a student may have left the course since.
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
