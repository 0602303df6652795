"""The page "Roll call": the register is filled from the live picture, and the teacher can change every mark."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from attendance_app.bootstrap import open_lifecycle, open_room_checker
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session, Status
from attendance_app.services.registers import Register, session_register
from attendance_app.services.room_check.check import RoomChecker
from attendance_app.services.session import rescue
from attendance_app.services.session.rescue import FoundMarks, RecoveryResult
from attendance_app.services.session.roll_messages import RollOrder
from attendance_app.ui import dates
from attendance_app.ui.app_context import COURSES, FACES, MARKS, SESSIONS, SETTINGS, STUDENTS, AppContext
from attendance_app.ui.controls import EmptyPage
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.roll_call.answer_keys import AnswerKeys
from attendance_app.ui.roll_call.answers import Answers
from attendance_app.ui.roll_call.end_dialogs import EndDialog, LeaveDialog
from attendance_app.ui.roll_call.header import RollCallHeader
from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.roll_call_data import RollCallData, read_roll_call
from attendance_app.ui.roll_call.running_session import RunningSession
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.ui.roll_call.source_choice import SourceChoice
from attendance_app.ui.room_check.room_dialog import RoomCheckDialog
from attendance_app.vision.photo import PHOTO_SUFFIXES


class RollCallPage(Page):
    """Reads the course, starts and ends its session; ``RunningSession`` follows it, ``Answers`` the tray."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, FACES, SETTINGS})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.bind_text(self.title.setText, "Roll call")
        self._data: RollCallData | None = None
        self._closing_window = False
        """The teacher has said what becomes of the session; the window closes when it has ended."""
        self._resuming = False
        """Whether the last start resumed a session: trying again does the same."""
        self.model = MarksModel()
        self.feed = Screen()
        self.source = SourceChoice(context, self)
        self.actions_bar = RollCallHeader(self.source, self)
        self.add_actions(*self.actions_bar.widgets)
        self.parts = RollCallLayout(context, self.model, self.feed)
        self.running = RunningSession(context, self.model, self.parts, self.feed)
        self.answer_keys = AnswerKeys(self.parts)
        self.answers = Answers(context, self.model, self.parts, self.running)
        self.setAcceptDrops(True)
        self._stack = QStackedWidget()
        for part in (*self._empty_pages(), self.parts):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack, 1)
        self._listen()
        self._show_state()

    def _empty_pages(self) -> tuple[EmptyPage, EmptyPage]:
        self._no_course, no_students = EmptyPage("chalkboard-teacher"), EmptyPage("users")
        self._no_course.set_texts(
            "No course yet",
            "Make a course and bring its class list; then the roll is taken here, by camera and by hand.",
            "Create a course",
            lambda: self.context.open_page("students", "new course"),
        )
        no_students.set_texts(
            "This course has no students yet",
            "Add them or bring a class list; then take the roll here.",
            "Add students",
            lambda: self.context.open_page("students"),
        )
        return self._no_course, no_students

    def _listen(self) -> None:
        self.source.changed.connect(self._on_source)
        self.actions_bar.pressed.connect(self._press)
        self.actions_bar.rest_wanted.connect(self.running.marking.fill)
        self.actions_bar.discreet_wanted.connect(self.parts.set_discreet)
        self.actions_bar.check_wanted.connect(self.check_room)
        self.running.changed.connect(self._show_state)
        self.running.ticked.connect(self._show_time)
        self.running.closed.connect(self._on_closed)
        self.running.broken.connect(self.make_stale)
        self.parts.roster.status_wanted.connect(self.set_status)
        self.parts.card.chosen.connect(self.set_status)
        self.parts.turn_wanted.connect(self.source.turn_by)
        self.parts.cut_off.resume_wanted.connect(lambda: self.start(resume=True))
        self.parts.unsaved.add_wanted.connect(self._add_unsaved)
        trouble = self.parts.trouble
        self.running.changed.connect(self._offer_sources)
        trouble.retry_wanted.connect(self._start_again)
        trouble.other_wanted.connect(lambda: self.actions_bar.choose_source(trouble.other_button))
        trouble.by_hand_wanted.connect(self._start_by_hand)
        self.parts.cut_off.close_wanted.connect(self._close_cut_off)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.parts.search.begin)

    # -- reading

    def open(self, argument: object) -> None:
        """Use this camera, video, folder or demo lesson for the next session."""
        self.source.use(argument)

    def _on_source(self) -> None:
        self.parts.trouble.show_error(None)
        if self.running.started is not None:
            self.running.use_source(self.source.spec, turn=self.source.turn)
        self._show_state()
        if self.isVisible():
            # The button behind the menu would have the space bar, which starts the roll.
            self.parts.roster.setFocus()

    def refresh(self) -> None:
        if self.running.running:
            return
        course, store, now = self.context.course, self.context.store, self.context.clock()
        if course is None:
            self._data = None
            self._show_state()
            return
        if self._data is None:
            self._show_state()
        self.context.run(lambda _job: read_roll_call(store, course, now), done=self._show_data)

    def _show_data(self, data: RollCallData) -> None:
        if self.running.running:
            return
        self._data = data
        self.model.reset(data.lines)
        self.parts.choose_first()
        self.parts.cut_off.show_session(data.cut_off, recorded=data.recorded, resumable=data.resumable)
        self.parts.unsaved.show_found(data.unsaved)
        self.parts.lesson.show_data(data)
        self._show_state()
        # Without an enrolled photo nobody can be recognised, and loading the networks takes seconds.
        if data.anybody_enrolled:
            self.running.runner.warm_up(self.context.settings.detector)
        if self.isVisible():
            self.parts.roster.setFocus()

    def _follow_course(self, course: Course | None) -> None:
        if self._data is not None and course != self._data.course:
            self.source.forget()
        super()._follow_course(course)

    # -- the session

    @property
    def session(self) -> Session | None:
        """The session that runs."""
        return self.running.started.session if self.running.started else None

    def _press(self) -> None:
        if self.running.running:
            self.end()
        else:
            self.start(resume=False)

    def start(self, *, resume: bool) -> None:
        """Begin a session of the current course, or resume the one that was cut off."""
        course = self.context.course
        if course is None or self.running.running or self._data is None or not self._data.lines:
            return
        settings, source = self.context.settings, self.source
        self._resuming = resume
        taken_at = source.photographs.started if source.photographs is not None else None
        self.running.start(
            RollOrder(
                course,
                source.spec,
                source.late_after,
                settings,
                resume=resume,
                patient=True,
                turn=source.turn,
                # The demo's lesson has its own time.
                lesson=None if source.is_demo else self.parts.lesson.chosen(taken_at),
            )
        )

    def _offer_sources(self) -> None:
        """Let the button add to the sources of a roll that runs."""
        running, begun = self.running, self.running.started is not None
        beside = partial(self.source.actions_beside, running=running)
        self.actions_bar.sources_beside = beside if begun else None

    def _start_again(self) -> None:
        """Try the previous source again: the camera may be available by now."""
        if self.running.running:
            self.running.try_again()
        else:
            self.start(resume=self._resuming)

    def _start_by_hand(self) -> None:
        if self.running.go_on_without():
            return
        self.source.use_none()
        if not self.running.running:
            self.start(resume=self._resuming)

    def end(self) -> None:
        """Close the session; the summary follows."""
        self.running.end()

    def check_room(self) -> RoomCheckDialog | None:
        """Show how far recognition reaches with the source of the next session; return the dialog."""
        spec = self.source.spec
        if spec is None or self.running.running:
            return None
        detector, runner = self.context.settings.detector, self.running.runner

        def open_checker() -> RoomChecker:
            # The session's own networks where they are the ones that the check needs: they are loaded already.
            return open_room_checker(detector, runner.open_reader("auto") if detector == "auto" else None)

        dialog = RoomCheckDialog(self.context, spec, open_checker, turn=self.source.turn, parent=self)
        dialog.other_wanted.connect(lambda: self.actions_bar.choose_source(self.actions_bar.source_button))
        dialog.by_hand_wanted.connect(self.source.use_none)
        dialog.open()
        return dialog

    def set_status(self, status: Status) -> None:
        """Mark the selected students."""
        self.running.marking.set_status(self.parts.roster.chosen(), status)

    def _on_closed(self, session: Session | None) -> None:
        if session is not None:
            store = self.context.store
            self.context.run(lambda _job: session_register(store, session.id), done=self._show_summary)

    def _show_summary(self, register: Register) -> None:
        if self._closing_window:
            self.window().close()
            return
        dialog = EndDialog(self.context, register, parent=self)
        dialog.session_wanted.connect(lambda id_: self.context.open_page("sessions", id_))
        dialog.finished.connect(lambda _result: self.make_stale())
        dialog.open()

    def _close_cut_off(self) -> None:
        if self._data is None or self._data.cut_off is None:
            return
        store, session, clock = self.context.store, self._data.cut_off, self.context.clock

        def close(_job: object) -> Session:
            # The lock says that no other window or command is recording a session here.
            with store.recording():
                return open_lifecycle(store, clock).close_cut_off(session)

        def done(_session: Session) -> None:
            self.context.changed(SESSIONS, MARKS)
            self.context.show_toast(tr("The session was closed; find it under Sessions"))
            self.make_stale()

        self.context.run(close, done=done)

    def _add_unsaved(self, found: FoundMarks) -> None:
        store = self.context.store

        def done(added: RecoveryResult) -> None:
            self.context.changed(SESSIONS, MARKS)
            text = tr("The marks were added to the session; find it under Sessions")
            if added.missing:
                without = tr("No longer students of this register: {numbers}")
                text += ". " + without.format(numbers=", ".join(sorted(set(added.missing))))
            self.context.show_toast(text)
            self.make_stale()

        self.context.run(lambda _job: rescue.take_in(store, found), done=done)

    # -- showing

    def _show_state(self) -> None:
        running, begun = self.running.running, self.running.started is not None
        ready = self._data is not None and bool(self._data.lines)
        resumable = self._data is not None and self._data.resumable
        self.actions_bar.show_state(
            ready=ready,
            running=running,
            begun=begun,
            ending=self.running.ending,
            resumable=resumable,
            camera=not self.source.by_hand,
        )
        self.parts.set_marking(begun)
        self.parts.lesson.show_running(running)
        self.parts.roster.advances = begun and self.source.by_hand
        reading = self._data is None and self.context.course is not None
        # While the course is being read, the empty roster is shown: a page without students would flash up.
        self._stack.setCurrentIndex(2 if ready or reading else 1 if self._data is not None else 0)
        if not running:
            self.parts.video.say_instead(self._invitation())
        if not begun:
            self.parts.show_hint(None)
        self._show_subtitle()
        self.parts.show_marks()

    def _invitation(self) -> str:
        if self.source.by_hand:
            return tr("Press Start or the space bar to take the roll by hand.")
        words = tr("Press Start or the space bar to take the roll from {source}.").format(source=self.source.words())
        if self._data is None or not self._data.anybody_enrolled:
            words += " " + tr("No photos are enrolled yet, so the camera can't recognise anyone; marks by hand work.")
        return words

    def _show_subtitle(self) -> None:
        course = self.running.course if self.running.running else self.context.course
        if course is None:
            self.subtitle.setText("")
            return
        moment = self.session.started_at if self.session else self.context.clock()
        self.subtitle.setText(f"{course.title or course.code} · {dates.weekday_and_day(moment)} {dates.time(moment)}")

    def _show_time(self) -> None:
        if self.session is not None:
            self.actions_bar.show_time(self.context.clock() - self.session.started_at)

    def retranslate(self) -> None:
        self._show_state()
        self.running.retranslate()

    # -- keys, files and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._data is not None and self._data.lines and _photographs_in(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = _photographs_in(event)
        if self.running.started is not None:
            self.running.add_photographs(paths)
        else:
            self.source.use_photographs(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A key that is held down repeats: it would start again after the roll has ended.
        if event.key() == Qt.Key.Key_Space and not self.running.running and not event.isAutoRepeat():
            self.start(resume=False)
        elif event.text() == "/":
            self.parts.search.begin()
        elif event.key() == Qt.Key.Key_Escape and self.parts.search.active:
            self.parts.search.leave()
        elif not self.answer_keys.press(event):
            super().keyPressEvent(event)

    def may_close(self) -> bool:
        if not self.running.running or self._closing_window:
            return True
        dialog = LeaveDialog(self.context, marks_wait=self.running.marks_wait, parent=self)
        dialog.chosen.connect(self._on_leave)
        dialog.open()
        return False

    def _on_leave(self, what: str) -> None:
        self._closing_window = True
        if what == LeaveDialog.END and self.session is not None:
            self.end()
        else:
            # Not at once: this runs in a slot of the dialog, which is still open.
            QTimer.singleShot(0, self, partial(self.window().close))

    def close_down(self) -> None:
        self.running.close_down()


def _photographs_in(event: QDropEvent) -> list[Path]:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in PHOTO_SUFFIXES]


def make_page(context: AppContext) -> Page:
    return RollCallPage(context)
