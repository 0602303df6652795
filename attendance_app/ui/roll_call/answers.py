"""Writes the teacher's answers of the tray to the register, and passes them to recognition."""

from functools import partial

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session, Status
from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.newcomers import EnrolledNewcomer
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import image_of
from attendance_app.ui.roll_call.keep_photo_dialog import KeepPhotoDialog
from attendance_app.ui.roll_call.layout import RollCallLayout
from attendance_app.ui.roll_call.look_dialog import serves
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.newcomer_dialog import NewcomerDialog
from attendance_app.ui.roll_call.roll_call_data import RollLine, ShownMatch, Stranger
from attendance_app.ui.roll_call.running_session import RunningSession


class Answers(QObject):
    """Every answer can be undone; its question is then shown again."""

    def __init__(self, context: AppContext, model: MarksModel, parts: RollCallLayout, running: RunningSession) -> None:
        super().__init__(parts)
        self._context = context
        self._model = model
        self._parts = parts
        self._running = running
        self._tray = parts.tray
        self._ground = ""
        """Of the consent that was written down last: those of one class mostly have the same."""
        self._tray.answered.connect(self.answer)
        self._tray.assigned.connect(self.assign)
        self._tray.enrol_wanted.connect(self.enrol)
        parts.photographs.face_clicked.connect(self._on_face)

    def answer(self, match: ShownMatch, student_id: int | None) -> None:
        """Answer a doubtful match: it is this student, or (None) none of those asked about."""
        self._tray.settle(match.student_id)
        if student_id is not None:
            self._running.name_faces((match.track_id,), student_id)
        self._running.marking.answer(match, student_id, again=partial(self._ask_again, student_id=student_id))

    def _ask_again(self, match: ShownMatch, *, student_id: int | None) -> None:
        if student_id is not None:
            self._running.name_faces((match.track_id,), None, before=student_id)
        line = self._model.get(match.student_id)
        if line is not None and self._running.started is not None:
            self._tray.ask(line, match)

    def _on_face(self, face: FaceView, place: QRect) -> None:
        """A face in a photograph was clicked: its student is selected; of one without a name it is asked who it is."""
        # Of a face that only looks like somebody who is marked already, no card asks.
        settled = face.student_id is not None and (
            face.state is FaceState.KNOWN or self._tray.card_about(face.student_id) is not None
        )
        if settled and face.student_id is not None and self._model.get(face.student_id) is not None:
            self._parts.roster.choose(face.student_id)
            return
        menu = self.name_menu(face)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place.bottomLeft())

    def name_menu(self, face: FaceView) -> QMenu:
        """Offer the students for a face without a name, those without a mark first."""
        menu = QMenu(self._parts)
        # Qt spreads a long menu over several columns unless told to scroll.
        menu.setStyleSheet("QMenu { menu-scrollable: 1; }")
        heading = menu.addAction(tr("Who is this?"))
        heading.setEnabled(False)
        for line in sorted(self._model.rows, key=lambda one: one.mark is not None):
            menu.addAction(line.student.name, partial(self._name, face, line.student.id))
        return menu

    def _name(self, face: FaceView, student_id: int) -> None:
        line = self._model.get(student_id)
        if line is None or self._running.started is None:
            return
        self._running.name_faces((face.track_id,), student_id)
        undo = partial(self._running.name_faces, (face.track_id,), None, before=student_id)
        # Who is marked already keeps the time of the first sighting.
        if line.mark is None or line.mark.status not in {Status.PRESENT, Status.LATE}:
            self._running.marking.came(line, undone=undo)
        stranger = self._tray.stranger(face.track_id)
        if stranger is None and face.look is not None:
            stranger = Stranger((face.track_id,), image_of(face.look.crop), face.look)
        if stranger is not None:
            self._offer_photo(stranger, line)

    def assign(self, stranger: Stranger, student_id: int) -> None:
        """Assign an unknown face to a student of the roster."""
        line = self._model.get(student_id)
        if line is None:
            return
        self._tray.ignore(stranger)
        self._running.name_faces(stranger.tracks, student_id)
        self._running.marking.came(line, undone=lambda: self._unknown_again(stranger, student_id))
        self._offer_photo(stranger, line)

    def _unknown_again(self, stranger: Stranger, student_id: int) -> None:
        self._running.name_faces(stranger.tracks, None, before=student_id)
        self._tray.bring_back(stranger)

    def _offer_photo(self, stranger: Stranger, line: RollLine) -> None:
        """Offer the picture of a face as the photo of a student who has none."""
        course, store, student_id = self._running.course, self._context.store, line.student.id
        if course is None or not line.portrait.isNull() or not serves(stranger.look):
            return
        self._context.run(
            lambda _job: store.consents.current(student_id) is not None,
            done=lambda consented: self.offer_photo(stranger, line, course, consented=consented),
        )

    def offer_photo(self, stranger: Stranger, line: RollLine, course: Course, *, consented: bool) -> KeepPhotoDialog:
        """Open the dialog that keeps the picture; return it."""
        dialog = KeepPhotoDialog(
            self._context,
            course=course,
            student=line.student,
            stranger=stranger,
            consented=consented,
            ground=self._ground,
            parent=self._parts.window(),
        )
        dialog.saved.connect(lambda _none: self._show_photo(line.student.id, stranger.image, dialog.ground))
        dialog.on_undone = lambda _none: self._show_photo(line.student.id, QImage())
        dialog.open()
        return dialog

    def _show_photo(self, student_id: int, image: QImage, ground: str = "") -> None:
        self._ground = ground or self._ground
        line = self._model.get(student_id)
        if line is not None and self._running.started is not None:
            self._model.put(line.changed(portrait=image))
            self._compare_again()

    def enrol(self, stranger: Stranger) -> NewcomerDialog | None:
        """Open the dialog that makes an unknown person a student; return the dialog."""
        started, course = self._running.started, self._running.course
        if started is None or course is None:
            return None
        dialog = NewcomerDialog(
            self._context, course=course, session=started.session, stranger=stranger, parent=self._parts.window()
        )
        dialog.saved.connect(lambda enrolled: self._show_newcomer(enrolled, stranger, course, started.session))
        dialog.on_undone = lambda enrolled: self._hide_newcomer(enrolled, stranger, course, started.session)
        dialog.open()
        return dialog

    def _show_newcomer(self, enrolled: EnrolledNewcomer, stranger: Stranger, course: Course, session: Session) -> None:
        student = enrolled.student
        if self._is_on(session):
            self._model.put(RollLine(student, stranger.image, enrolled.mark))
            self._tray.ignore(stranger)
            self._running.name_faces(stranger.tracks, student.id)
            self._compare_again()

    def _hide_newcomer(self, enrolled: EnrolledNewcomer, stranger: Stranger, course: Course, session: Session) -> None:
        if self._is_on(session):
            self._model.remove(enrolled.student.id)
            self._compare_again()
            self._unknown_again(stranger, enrolled.student.id)

    def _compare_again(self) -> None:
        """Pass the changed roster to recognition."""
        self._tray.show_students([line.student for line in self._model.rows])
        self._running.runner.compare_again()
        self._parts.show_marks()

    def _is_on(self, session: Session) -> bool:
        return self._running.started is not None and self._running.started.session.id == session.id
