"""An unknown face becomes a student: number, name, and on what ground the face may be kept."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session
from attendance_app.services.session.newcomers import EnrolledNewcomer, Newcomer, enrol_newcomer, require_good_look
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox
from attendance_app.ui.dialogs import ActingDialog, Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.roll_call.roll_call_data import Stranger
from attendance_app.ui.status_look import status_word

PICTURE = 112


class NewcomerDialog(ActingDialog):
    """``saved`` brings an EnrolledNewcomer. A face too poor to be recognised by is refused at once, with the reason."""

    def __init__(
        self,
        context: AppContext,
        *,
        course: Course,
        session: Session,
        stranger: Stranger,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, tr("New student"), parent)
        self._course, self._session, self._stranger = course, session, stranger
        self.explain(
            tr(
                "This picture becomes the student's photo in {course}: the camera recognises them from now on. "
                "It may be kept only with a consent; write down who consented and where the paper is kept."
            ).format(course=course.title or course.code)
        )
        face = QLabel()
        # A portrait grows with the text; here the fields need the room.
        face.setPixmap(portrait(stranger.image, "?", round(PICTURE / context.theme.scale)))
        face.setAccessibleName(tr("Picture of the unknown face"))
        self.column.insertWidget(2, face, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.number_field = self.field(tr("Number", "of a student"))
        self.name_field = self.field(tr("Name"))
        self.consent = ChoiceBox()
        self.consent.setEditable(True)
        self.consent.addItems([tr("Signed form of the parents"), tr("Signed form of the student (of age)")])
        self.consent.setCurrentText("")
        self.consent.setAccessibleName(tr("Consent"))
        self.form.addRow(tr("Consent"), self.consent)
        self.set_primary(tr("Enrol and mark"))
        self.number_field.setFocus()
        self._judge()

    def _judge(self) -> None:
        try:
            require_good_look(self._stranger.look)
        except KnownError as error:
            self.primary.setEnabled(False)
            self.primary.hide()
            for row in range(self.form.rowCount()):
                self.form.setRowVisible(row, False)
            self.message_bar.show_error(error)

    def action(self) -> Action:
        course, session, look = self._course, self._session, self._stranger.look
        newcomer = Newcomer(self.number_field.text(), self.name_field.text(), self.consent.currentText())
        now = self.context.clock()
        return lambda tx: enrol_newcomer(tx, course, session, look=look, newcomer=newcomer, at=now)

    def message(self, result: EnrolledNewcomer) -> str:
        words = tr("{name} is enrolled: {status}")
        return words.format(name=result.student.name, status=status_word(result.mark.status))
