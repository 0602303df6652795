"""A card about the current course: its purpose, a button that runs a job, progress, and results."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from attendance_app.domain.people import Course
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, Kind, label
from attendance_app.ui.job_runner import JobRunner
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.translated_widget import TranslatedWidget

T = TypeVar("T")


class CourseTask(TranslatedWidget):
    """Its users set the texts, add results with ``add_result`` and start the work with ``run``."""

    def __init__(self, context: AppContext, *, kind: Kind, icon_name: str) -> None:
        super().__init__()
        self.context = context
        self.heading, self.intro = label("heading", wrap=True), label("quiet", wrap=True)
        self.button = Button(kind, icon_name)
        self.progress = JobProgress()
        self._card = Card(self)
        for part in (self.heading, self.intro, self.progress):
            self._card.column.addWidget(part)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.button)
        self._buttons.addStretch(1)
        self._card.column.addLayout(self._buttons)
        around = QHBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._card)

    def add_result(self, part: QWidget | QLayout) -> None:
        """Put a part of the result under the others, above the buttons."""
        below = self._card.column.count() - 1
        if isinstance(part, QWidget):
            self._card.column.insertWidget(below, part)
        else:
            self._card.column.insertLayout(below, part)

    def add_button(self, button: Button) -> None:
        """Put a button beside the one that runs the job."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def run(
        self, work: Callable[[Course, JobContext], T], *, done: Callable[[T], object], text: str
    ) -> JobRunner | None:
        """Run ``work`` on the current course; ``done`` is called only if the course is still the same.

        ``text`` (translated) describes the work. Does nothing, and returns None, without a course or while a job is
        running.
        """
        course = self.context.course
        if course is None or not self.button.isEnabled():
            return None
        self.button.setEnabled(False)

        def tell(outcome: T) -> None:
            # The work may take minutes, and the teacher go on to another course meanwhile.
            if self.context.course == course:
                done(outcome)

        job = self.context.run(lambda job: work(course, job), done=tell, long=True)
        job.ended.connect(lambda: self.button.setEnabled(True))
        self.progress.watch(job, text)
        return job
