"""The page "Roll call": the register fills itself in beside the live picture, with the teacher in charge."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from attendance_app.bootstrap import open_desk
from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Mark, Session, Status
from attendance_app.services.demo.lesson import DemoLesson
from attendance_app.services.registers import Register, session_register
from attendance_app.services.session.desk import Begun
from attendance_app.ui import dates
from attendance_app.ui.controls import Button, EmptyPage, label
from attendance_app.ui.desk import COURSES, FACES, MARKS, SESSIONS, SETTINGS, STUDENTS, Desk
from attendance_app.ui.i18n import tr
from attendance_app.ui.page import Page
from attendance_app.ui.roll_call.counters import Counters
from attendance_app.ui.roll_call.cut_off_bar import CutOffBar
from attendance_app.ui.roll_call.end_dialogs import EndDialog, LeaveDialog
from attendance_app.ui.roll_call.hints import hint_words
from attendance_app.ui.roll_call.live_runner import LiveRunner, SessionOrder
from attendance_app.ui.roll_call.marking import Marking
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.review_tray import ReviewTray, Stranger
from attendance_app.ui.roll_call.roll_call_data import RollCallData, RollLine, Seen, read_roll_call
from attendance_app.ui.roll_call.roster_view import RosterView
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.ui.roll_call.student_card import StudentCard
from attendance_app.ui.roll_call.video_view import VideoView
from attendance_app.vision.source_protocol import SourceState


class RollCallPage(Page):
    """Idle, starting, running or ending; ``LiveRunner`` runs the session, ``Marking`` stores what the teacher says."""

    topics: ClassVar[frozenset[str]] = frozenset({COURSES, STUDENTS, FACES, SETTINGS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Roll call")
        self._data: RollCallData | None = None
        self._begun: Begun | None = None
        self._course: Course | None = None
        self._ending = self._closing_window = False
        self._source = ""
        self._late_after: timedelta | None = None
        self.model = MarksModel()
        self.feed = Screen()
        self.runner = LiveRunner(desk, self.feed, self)
        self.marking = Marking(desk, self.model, self)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._show_time)
        self._build_header()
        self._stack = QStackedWidget()
        self._no_course, self._no_students = EmptyPage("chalkboard-teacher"), EmptyPage("users")
        self._no_course.teaches(
            "No course yet",
            "Make a course and bring its class list; then the roll is taken here, by camera and by hand.",
            "Create a course",
            lambda: desk.go("students", "new course"),
        )
        self._no_students.teaches(
            "This course has no students yet",
            "Add them or bring a class list; then take the roll here.",
            "Add students",
            lambda: desk.go("students"),
        )
        for part in (self._no_course, self._no_students, self._assemble()):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack, 1)
        self._listen()
        self._show_state()

    # -- building

    def _build_header(self) -> None:
        self.time_label = label("large")
        self.class_button = Button("quiet", "projector-screen").says(
            "Present to class", hint="Hide photos and doubts while the class can see this screen"
        )
        self.class_button.setCheckable(True)
        self.class_button.toggled.connect(self._set_discreet)
        self.source_button = Button("quiet", "video-camera").says("Source", hint="Camera or recording to use")
        self.source_button.does(self._show_sources)
        self.rest_button = Button("plain", "users-three").says("The rest…", hint="Mark all who have no mark yet")
        self.rest_button.does(self._show_rest)
        self.start_button = Button("primary", "play").does(self._press)
        self.add_actions(self.time_label, self.class_button, self.source_button, self.rest_button, self.start_button)

    def _assemble(self) -> QWidget:
        self.video = VideoView(self.feed, self._name_of, self._asks_about)
        self.hint = label("warning", wrap=True)
        self.cut_off = CutOffBar()
        self.card = StudentCard()
        self.roster = RosterView(self.model)
        self.say(self.roster.setAccessibleName, "Students and their marks")
        self.counters = Counters(self.model)
        self.tray = ReviewTray()
        self.shape_button = Button("quiet", "list").says("", hint="Show as list or as tiles")
        self.shape_button.does(self._change_shape)
        if self.desk.memory.text("roll_call/shape") == "list":
            self._change_shape()
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.cut_off, self.video, self.hint, self.card):
            column.addWidget(part)
        column.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.counters, 1)
        top.addWidget(self.shape_button)
        self._splitter = QSplitter()
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(16)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.roster)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        self._splitter.setSizes([440, 568])
        self._splitter.restoreState(self.desk.memory.blob("roll_call/splitter"))
        self._splitter.splitterMoved.connect(
            lambda: self.desk.memory.keep("roll_call/splitter", self._splitter.saveState())
        )
        around = QWidget()
        outer = QVBoxLayout(around)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(top)
        outer.addWidget(self._splitter, 1)
        outer.addWidget(self.tray)
        return around

    def _listen(self) -> None:
        runner = self.runner
        runner.began.connect(self._on_began)
        runner.recorded.connect(self._on_recorded)
        runner.unwritten.connect(self._on_unwritten)
        runner.noticed.connect(self._on_noticed)
        runner.unknown.connect(self._on_unknown)
        runner.state_changed.connect(self._show_hint)
        runner.hint_changed.connect(self._show_hint)
        runner.watched.connect(self._on_watched)
        runner.closed.connect(self._on_closed)
        runner.failed.connect(self._on_failed)
        runner.crashed.connect(self._on_crashed)
        self.marking.changed.connect(self._on_marks)
        self.roster.status_wanted.connect(self.set_status)
        self.roster.why_wanted.connect(self.card.toggle_figures)
        self.roster.selectionModel().currentChanged.connect(lambda _now, _before: self._show_card())
        self.roster.selectionModel().selectionChanged.connect(lambda _now, _before: self._show_card())
        self.card.chosen.connect(self.set_status)
        self.tray.confirmed.connect(self._answer)
        self.tray.assigned.connect(self._assign)
        self.tray.counted.connect(self._show_counts)
        self.cut_off.resume_wanted.connect(lambda: self.start(resume=True))
        self.cut_off.close_wanted.connect(self._close_cut_off)

    # -- reading

    def open(self, argument: object) -> None:
        """Use this camera, video or folder for the next session."""
        if isinstance(argument, DemoLesson):
            self._source, self._late_after = str(argument.clip), argument.late_after
        elif isinstance(argument, str):
            self._source, self._late_after = argument, None
        self._show_state()

    def refresh(self) -> None:
        if self.runner.running:
            return
        course, store, now = self.desk.course, self.desk.store, self.desk.clock()
        if course is None:
            self._data = None
            self._show_state()
            return
        self.desk.run(lambda _job: read_roll_call(store, course, now), done=self._show_data)

    def _show_data(self, data: RollCallData) -> None:
        if self.runner.running:
            return
        self._data = data
        self.model.show_lines(data.lines)
        if data.lines:
            self.roster.setCurrentIndex(self.model.index(0))
        self.cut_off.show_session(data.cut_off, recorded=data.recorded, resumable=data.resumable)
        self._show_state()
        if self._anybody_enrolled:
            self.runner.warm_up(self.desk.settings.detector)
        if self.isVisible():
            self.roster.setFocus()

    def _follow_course(self, course: Course | None) -> None:
        if self._data is not None and course != self._data.course:
            self._source, self._late_after = "", None
        super()._follow_course(course)

    # -- the session

    @property
    def source(self) -> str:
        """What the next session watches."""
        return self._source or self.desk.settings.camera

    @property
    def session(self) -> Session | None:
        """The session that runs."""
        return self._begun.session if self._begun else None

    def _press(self) -> None:
        if self.runner.running:
            self.end()
        else:
            self.start(resume=False)

    def start(self, *, resume: bool) -> None:
        """Begin a session of the current course, or go on with the one that was cut off."""
        course = self.desk.course
        if course is None or self.runner.running or self._data is None or not self._data.lines:
            return
        self.desk.clear_error()
        self.cut_off.hide()
        self._course = course
        self.model.clear_marks()
        self.roster.setCurrentIndex(self.model.index(0))
        self.tray.begin([line.student for line in self.model.lines])
        self.video.say_instead(tr("Getting ready…"))
        settings = self.desk.settings
        late_after = self._late_after or timedelta(minutes=settings.late_after_minutes)
        self.runner.start(SessionOrder(course, self.source, settings, late_after, resume))
        self._show_state()

    def end(self) -> None:
        """End the session; the summary follows."""
        if self._begun is None or self._ending:
            return
        self._ending = True
        self._show_state()
        self.runner.end()

    def _on_began(self, begun: Begun, marks: tuple[Mark, ...]) -> None:
        self._begun = begun
        self.marking.begin(begun)
        self._on_recorded(marks)
        self._clock.start()
        self._show_time()
        self._show_state()
        self.roster.setFocus()

    def _on_recorded(self, marks: tuple[Mark, ...]) -> None:
        for mark in marks:
            self.model.show_mark(mark.student_id, mark)
            self.tray.settle(mark.student_id)
        self._on_marks()

    def _on_marks(self) -> None:
        self._show_counts()
        self._show_card()

    def _on_unwritten(self, error: KnownError | None) -> None:
        if error is None:
            self.desk.clear_error()
            self.desk.tell(tr("Marks are being saved again"))
        else:
            self.desk.show_error(error)

    def _on_noticed(self, seen: Seen, decided: bool) -> None:
        self.model.show_seen(seen, decided=decided)
        line = self.model.line_of(seen.student_id)
        if line is not None and line.doubt is seen:
            self.tray.ask(line, seen)
        self._on_marks()

    def _on_unknown(self, people: tuple[tuple[tuple[int, ...], object], ...]) -> None:
        self.tray.show_strangers([Stranger(tracks, image) for tracks, image in people])  # type: ignore[arg-type]

    def _on_watched(self, _summary: object) -> None:
        if not self._ending:
            self._show_hint(SourceState.ENDED)

    def _on_closed(self, session: Session | None) -> None:
        self._rest()
        self.desk.changed(SESSIONS, MARKS)
        if session is None:
            return
        store = self.desk.store
        self.desk.run(lambda _job: session_register(store, session.id), done=self._show_summary)

    def _show_summary(self, register: Register) -> None:
        if self._closing_window:
            self.window().close()
            return
        dialog = EndDialog(self.desk, register, parent=self)
        dialog.session_wanted.connect(lambda id_: self.desk.go("sessions", id_))
        dialog.finished.connect(lambda _result: self.make_stale())
        dialog.open()

    def _on_failed(self, error: KnownError) -> None:
        self._rest()
        self.desk.show_error(error)
        self.make_stale()

    def _on_crashed(self, error: BaseException) -> None:
        self._rest()
        self.desk.jobs.crashed.emit(error)
        self.make_stale()

    def _rest(self) -> None:
        """Back to idle."""
        self._begun = None
        self._ending = False
        self._clock.stop()
        self.marking.begin(None)
        self.tray.begin(())
        self._show_hint(None)
        self._show_state()

    def _close_cut_off(self) -> None:
        if self._data is None or self._data.cut_off is None:
            return
        store, session = self.desk.store, self._data.cut_off

        def close(_job: object) -> Session:
            with store.recording():
                return open_desk(store).close_cut_off(session)

        def done(_session: Session) -> None:
            self.desk.changed(SESSIONS, MARKS)
            self.desk.tell(tr("The session was closed; find it under Sessions"))
            self.make_stale()

        self.desk.run(close, done=done)

    # -- marks by hand

    def set_status(self, status: Status) -> None:
        """Mark the selected students."""
        self.marking.set_status(self.roster.chosen(), status)

    def _answer(self, seen: Seen, yes: bool) -> None:
        self.tray.settle(seen.student_id)
        self.marking.answer(seen, yes=yes, again=self._ask_again)

    def _ask_again(self, seen: Seen) -> None:
        line = self.model.line_of(seen.student_id)
        if line is not None and self._begun is not None:
            self.tray.ask(line, seen)

    def _assign(self, stranger: Stranger, student_id: int) -> None:
        line = self.model.line_of(student_id)
        if line is None:
            return
        self.runner.name_unknown(stranger.tracks[0], student_id)

        def undone() -> None:
            self.runner.name_unknown(stranger.tracks[0], None, before=student_id)
            self.tray.bring_back(stranger)

        self.marking.came(line, undone=undone)

    def _show_rest(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Mark the rest absent"), lambda: self.marking.fill(Status.ABSENT))
        menu.addAction(tr("Mark the rest present"), lambda: self.marking.fill(Status.PRESENT))
        menu.popup(self.rest_button.mapToGlobal(self.rest_button.rect().bottomLeft()))

    # -- showing

    def _show_state(self) -> None:
        running, begun = self.runner.running, self._begun is not None
        self.start_button.says("End session" if running else "Start (Space)")
        self.start_button.show_icon("stop" if running else "play")
        ready = self._data is not None and bool(self._data.lines)
        self.start_button.setEnabled(begun and not self._ending if running else ready)
        self.start_button.setVisible(ready)
        for part in (self.time_label, self.rest_button):
            part.setVisible(begun)
        self.tray.setVisible(begun and not self.model.discreet)
        self.class_button.setVisible(ready)
        self.source_button.setVisible(ready and not running)
        self.card.set_marking(begun)
        self._stack.setCurrentIndex(2 if ready else 1 if self._data is not None else 0)
        if not running:
            self.video.say_instead(self._invitation())
        self._show_hint(None) if not begun else None
        self._show_subtitle()
        self._on_marks()

    def _invitation(self) -> str:
        words = tr("Press Start or the space bar to take the roll from {source}.").format(source=self._source_words())
        if not self._anybody_enrolled:
            words += " " + tr("No photos are enrolled yet, so the camera can't recognise anyone; marks by hand work.")
        return words

    @property
    def _anybody_enrolled(self) -> bool:
        return self._data is not None and any(not line.portrait.isNull() for line in self._data.lines)

    def _source_words(self) -> str:
        source = self.source
        if source.isdecimal():
            return tr("camera {number}").format(number=int(source) + 1)
        return source.removeprefix("webcam:") if source.startswith("webcam:") else Path(source).name

    def _show_subtitle(self) -> None:
        course = self._course if self.runner.running else self.desk.course
        if course is None:
            self.subtitle.setText("")
            return
        moment = self._begun.session.started_at if self._begun else self.desk.clock()
        self.subtitle.setText(f"{course.title or course.code} · {dates.weekday_and_day(moment)} {dates.time(moment)}")

    def _show_time(self) -> None:
        if self._begun is not None:
            self.time_label.setText("● " + dates.elapsed(self.desk.clock() - self._begun.session.started_at))

    def _show_hint(self, hint: object) -> None:
        words = hint_words(hint)  # type: ignore[arg-type]
        self._hint = hint if words else None
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    def _show_counts(self) -> None:
        self.counters.show_open(unknown=self.tray.strangers, doubts=self.tray.doubts)

    def _show_card(self) -> None:
        chosen: list[RollLine] = self.roster.chosen()
        current = self.roster.currentIndex()
        line = current.data(Qt.ItemDataRole.UserRole) if current.isValid() else None
        self.card.show_line(line, more_chosen=max(0, len(chosen) - 1))

    def _name_of(self, student_id: int) -> str:
        line = self.model.line_of(student_id)
        return line.student.name if line else "?"

    def _asks_about(self, student_id: int) -> bool:
        line = self.model.line_of(student_id)
        return line is not None and line.doubt is not None

    def _change_shape(self) -> None:
        self.roster.wear("grid" if self.roster.shape == "list" else "list")
        self.shape_button.show_icon("list" if self.roster.shape == "grid" else "squares-four")
        self.desk.memory.keep("roll_call/shape", self.roster.shape)

    def _set_discreet(self, discreet: bool) -> None:
        self.model.set_discreet(discreet)
        self.video.discreet = discreet
        self.card.set_discreet(discreet)
        self.tray.setVisible(self._begun is not None and not discreet)
        self._show_counts()
        self.video.update()

    def _show_sources(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Camera of the settings"), lambda: self._use(""))
        menu.addAction(tr("Video file…"), self._choose_video)
        menu.addSeparator()
        menu.addAction(tr("Change the camera…"), lambda: self.desk.go("settings"))
        menu.popup(self.source_button.mapToGlobal(self.source_button.rect().bottomLeft()))

    def _choose_video(self) -> None:
        videos = tr("Videos (*.mp4 *.mov *.mkv *.avi *.webm)")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Video file…"), "", videos)
        if chosen:
            self._use(chosen)

    def _use(self, source: str) -> None:
        self._source, self._late_after = source, None
        self._show_state()

    def retranslate(self) -> None:
        self._show_state()
        self._show_hint(self._hint)

    # -- keys and closing

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Space and not self.runner.running and not event.isAutoRepeat():
            self.start(resume=False)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete} and self._begun is not None:
            self.tray.answer_first(key != Qt.Key.Key_Delete)
        else:
            super().keyPressEvent(event)

    def may_close(self) -> bool:
        if not self.runner.running or self._closing_window:
            return True
        dialog = LeaveDialog(self.desk, parent=self)
        dialog.chosen.connect(self._on_leave)
        dialog.open()
        return False

    def _on_leave(self, what: str) -> None:
        self._closing_window = True
        if what == LeaveDialog.END and self._begun is not None:
            self.end()
        else:
            QTimer.singleShot(0, self, partial(self.window().close))

    def shut(self) -> None:
        self._clock.stop()
        self.runner.shut()


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return RollCallPage(desk)
