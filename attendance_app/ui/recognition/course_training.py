"""Teaching a network the current course, in a separate process: our own, or one of the report's."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from attendance_app import laboratory
from attendance_app.bootstrap import chosen_network, network_to_compare, open_photo_embedder
from attendance_app.classifiers.course_cnn import is_course_cnn
from attendance_app.domain.people import Course, Student, TrainedHead
from attendance_app.networks.own import NetworkKind
from attendance_app.services.course_cnn.report import CnnReport
from attendance_app.services.course_cnn.teaching import CnnRecipe, teach_course_cnn
from attendance_app.services.identity.heads import HeadReport, train_course_head
from attendance_app.services.identity.networks import backbone_id
from attendance_app.services.jobs import JobContext
from attendance_app.services.training_events import EpochDone, StageProgress, TrainingEvent
from attendance_app.store.database import Store
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.recognition.cnn_lines import cnn_heads, cnn_lines, cnn_rows, variant_word
from attendance_app.ui.recognition.course_task import CourseTask
from attendance_app.ui.recognition.dataset import how_to_install
from attendance_app.ui.recognition.figure_table import FigureTable
from attendance_app.ui.recognition.learning_curves import LearningCurves
from attendance_app.ui.recognition.other_people import OtherPeople

VARIANTS = (1, 2, 3)
"""Of the identity report's network."""


@dataclass(frozen=True, slots=True)
class TrainedHeadInfo:
    """What the network was trained on for a course, and its students by their ids."""

    head: TrainedHead
    students: dict[int, Student]

    @property
    def report(self) -> HeadReport | CnnReport:
        """What was found of our own network's head, or of one of the report's networks."""
        kind = CnnReport if is_course_cnn(self.head.backbone_id) else HeadReport
        return kind.from_json(self.head.report)


def read_trained_head(store: Store, course: Course) -> TrainedHeadInfo | None:
    """Read the stored head, None if there is none."""
    head = store.heads.of_course(course.id)
    if head is None:
        return None
    return TrainedHeadInfo(head, {student.id: student for student in store.students.of_course(course.id)})


class CourseTraining(CourseTask):
    """Chooses a network, trains it, and shows the result; one of the report's with its curves while it trains."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, kind="plain", icon_name="graduation-cap")
        self._learnt: TrainedHeadInfo | None = None
        self._epochs: list[EpochDone] = []
        """Filled by the job's thread; the window draws what is new each time the job reports."""
        self._stop = threading.Event()
        self.bind_text(self.heading.setText, "A second opinion from a network of the course")
        self.bind_text(
            self.intro.setText,
            "It learns this course from the enrolled photos: our own network in less than two minutes, the report's in "
            "some minutes. A course keeps the one that it was taught last.",
        )
        self.button.on_click(self.train)
        self.choice = QComboBox()
        self.choice.currentIndexChanged.connect(lambda _index: self.retranslate())
        self.advice = label("quiet", wrap=True)
        self.others = OtherPeople(context)
        self.curves = LearningCurves()
        self.result, self.figures = label(wrap=True), FigureTable((4, 4, 3, 4))
        row = QHBoxLayout()
        row.addWidget(self.choice)
        row.addStretch(1)
        self.add_result(row)
        for part in (self.advice, self.others, self.curves, self.result, self.figures):
            self.add_result(part)
        self.stop_button = Button("plain", "stop").with_text("Stop, and keep the best so far").on_click(self.stop)
        self.stop_button.hide()
        self.add_button(self.stop_button)
        self.retranslate()

    @property
    def variant(self) -> int | None:
        """The report's variant that is chosen; None: our own network."""
        return VARIANTS[self.choice.currentIndex() - 1] if self.choice.currentIndex() > 0 else None

    def show_learnt(self, learnt: TrainedHeadInfo | None) -> None:
        """Show what the store has for the course in use."""
        self._learnt = learnt
        self.retranslate()

    def train(self) -> None:
        """Train as a job; the previous network stays in use until the new one is stored."""
        variant = self.variant
        if variant is None:
            self.run(self._work, done=self.show_learnt, text=tr("Learning the students…"))
            return
        self._stop, self._epochs = threading.Event(), []
        self.curves.show_epochs(())
        recipe = CnnRecipe(variant, self.others.folders())
        job = self.run(partial(self._work_of, recipe), done=self.show_learnt, text=tr("Learning the students…"))
        if job is not None:
            self.stop_button.setEnabled(True)
            self.stop_button.show()
            job.progressed.connect(lambda _done, _total: self.curves.show_epochs(tuple(self._epochs)))
            job.ended.connect(self.stop_button.hide)

    def stop(self) -> None:
        """End the training after its batch."""
        self._stop.set()
        self.stop_button.setEnabled(False)

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

    def _work_of(self, recipe: CnnRecipe, course: Course, job: JobContext) -> TrainedHeadInfo | None:
        epochs, stop = self._epochs, self._stop

        def report(event: TrainingEvent) -> None:
            if isinstance(event, EpochDone):
                epochs.append(event)
                job.report(event.epoch, event.epochs)
            elif isinstance(event, StageProgress):
                job.report(event.done, event.total)

        store = self.context.store
        teach_course_cnn(
            store,
            course.code,
            recipe,
            make_task=laboratory.course_cnn_task,
            embedder=open_photo_embedder(network_to_compare(store, course)),
            report=report,
            clock=self.context.clock,
            stop_asked=stop.is_set,
            waiting=job.raise_if_cancelled,
        )
        return read_trained_head(store, course)

    def retranslate(self) -> None:
        again = tr("Teach it again") if self._learnt else tr("Teach it this course")
        self.button.show_text(again)
        self._retranslate_choice()
        report = self._learnt.report if self._learnt else None
        self.result.setText("\n".join(_lines(self._learnt)) if self._learnt else "")
        self.result.setVisible(self._learnt is not None)
        if isinstance(report, CnnReport):
            self.figures.fill(cnn_heads(), cnn_rows(report), stressed=0)
        else:
            self.figures.clear()

    def _retranslate_choice(self) -> None:
        chosen = max(0, self.choice.currentIndex())
        words = [tr("Our own network"), *map(variant_word, VARIANTS)]
        lacking = bool(laboratory.missing())
        with QSignalBlocker(self.choice):
            self.choice.clear()
            self.choice.addItems(words[:1] if lacking else words)
            self.choice.setCurrentIndex(0 if lacking else chosen)
        self.choice.setAccessibleName(tr("Network to teach"))
        self.choice.setVisible(not lacking)
        if lacking:
            too = tr("The report's networks can learn a course, too.")
            self.advice.setText(f"{too} {how_to_install()}")
        else:
            self.advice.setText(
                tr(
                    "The report's network learns from these photos alone. With 3 of each student its likeliest student "
                    "is right one time in three, with 10 two times in three."
                )
            )
        self.advice.setVisible(lacking or self.variant is not None)
        self.others.setVisible(not lacking and self.variant is not None)


def _lines(learnt: TrainedHeadInfo) -> list[str]:
    report, students = learnt.report, learnt.students
    name = variant_word(report.variant) if isinstance(report, CnnReport) else tr("Our own network")
    lines = [
        tr("{network}: learnt on {day} from %n photo(s).", "", report.photos).format(
            network=name, day=dates.day_and_time(learnt.head.trained_at)
        )
    ]
    if isinstance(report, CnnReport):
        lines += cnn_lines(report)
        return lines + _without_photos(report.without_photos, students)
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
    return lines + _without_photos(report.without_photos, students)


def _without_photos(ids: Sequence[int], students: Mapping[int, Student]) -> list[str]:
    lacking = [students[one].name for one in ids if one in students]
    return [tr("Without a photo: {names}").format(names=", ".join(lacking))] if lacking else []
