"""Opens the dialog of messages: about who is absent in a session, or below the limit between two days."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from attendance_app.domain.parent_messages import MessageKind
from attendance_app.domain.people import Course
from attendance_app.services.attendance_report import course_report
from attendance_app.services.jobs import JobContext
from attendance_app.services.message_texts import school_texts
from attendance_app.services.parent_messages import SchoolTexts, messages_below, messages_of_day
from attendance_app.services.registers import Register, session_register
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.families.messages_dialog import Make, MessagesAbout, MessagesDialog
from attendance_app.ui.i18n import tr

Work = Callable[[JobContext], tuple[Make, SchoolTexts]]


def show_absent(context: AppContext, register: Register, parent: QWidget) -> None:
    """Open it about who is absent in a session, read again."""
    store, session_id = context.store, register.session.id
    title = tr("Absent: {course}, {time}").format(
        course=register.course.title or register.course.code, time=dates.day_and_time(register.session.started_at)
    )

    def work(_job: JobContext) -> tuple[Make, SchoolTexts]:
        make = partial(messages_of_day, session_register(store, session_id))
        return make, school_texts(store, MessageKind.ABSENT, context.language.code)

    _show(context, work, MessageKind.ABSENT, title, parent)


def show_below(
    context: AppContext, course: Course, *, percent: int, first: date | None, last: date | None, parent: QWidget
) -> None:
    """Open it about who is below ``percent`` between two days; None: no bound."""
    store = context.store
    title = tr("Below {percent} in {course}").format(
        percent=dates.percent(percent / 100), course=course.title or course.code
    )

    def work(_job: JobContext) -> tuple[Make, SchoolTexts]:
        report = course_report(store, course.id, limit=percent / 100, first=first, last=last)
        return partial(messages_below, report), school_texts(store, MessageKind.BELOW, context.language.code)

    _show(context, work, MessageKind.BELOW, title, parent)


def _show(context: AppContext, work: Work, kind: MessageKind, title: str, parent: QWidget) -> None:
    def done(read: tuple[Make, SchoolTexts]) -> None:
        make, texts = read
        MessagesDialog(context, MessagesAbout(kind, title, make), texts, parent).open()

    context.run(work, done=done)
