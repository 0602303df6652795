"""The demo class: enrolled and filmed as a job, then ready on the page Roll call."""

from collections.abc import Callable

from attendance_app.bootstrap import open_enrolment, open_reader
from attendance_app.domain.errors import KnownError
from attendance_app.services.demo.demo_lesson import DemoLesson, demo_home
from attendance_app.services.demo.lesson import DemoWords, prepare_demo
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.job_runner import JobRunner


def demo_words() -> DemoWords:
    """Names of the demo class in the window's language; a class that was made keeps its names."""
    return DemoWords(tr("Demo class"), tr("Student {number}"), tr("demo: nobody is real"))


def begin_demo(context: AppContext, *, done: Callable[[DemoLesson], object], failed: Callable[[], object]) -> JobRunner:
    """Enrol the demo class in the window's store; ``done`` is called with the lesson, its course chosen."""
    store, words = context.store, demo_words()

    def work(job: JobContext) -> DemoLesson:
        return prepare_demo(store, open_enrolment(store, open_reader()), demo_home(store.home), job, words)

    def on_done(lesson: DemoLesson) -> None:
        context.choose_course(lesson.course)
        context.report_stored(lesson.changes)
        done(lesson)

    def on_failed(error: KnownError) -> None:
        context.show_error(error)
        failed()

    job = context.run(work, done=on_done, failed=on_failed, long=True)
    # A job that was cancelled emits neither ``succeeded`` nor ``failed``.
    job.cancelled.connect(failed)
    return job
