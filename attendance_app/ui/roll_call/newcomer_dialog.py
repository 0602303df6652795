"""An unknown face becomes a student: number, name, and on what ground the face may be kept."""

from PySide6.QtWidgets import QWidget

from attendance_app.domain.people import Course
from attendance_app.domain.sessions import Session
from attendance_app.services.session.newcomers import EnrolledNewcomer, Newcomer, enrol_newcomer
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.dialogs import Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.look_dialog import LookDialog
from attendance_app.ui.roll_call.roll_call_data import Stranger
from attendance_app.ui.status_look import status_word


class NewcomerDialog(LookDialog):
    """``saved`` brings an EnrolledNewcomer."""

    def __init__(
        self,
        context: AppContext,
        *,
        course: Course,
        session: Session,
        stranger: Stranger,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, tr("New student"), stranger=stranger, parent=parent)
        self._course, self._session = course, session
        self.explain(
            tr(
                "This picture becomes the student's photo in {course}: the camera recognises them from now on. "
                "It may be kept only with a consent; write down who consented and where the paper is kept."
            ).format(course=course.title or course.code)
        )
        self.number_field = self.field(tr("Number", "of a student"))
        self.name_field = self.field(tr("Name"))
        self.consent = self.consent_box()
        self.set_primary(tr("Enrol and mark"))
        self.number_field.setFocus()
        self.judge()

    def action(self) -> Action:
        course, session, look = self._course, self._session, self.stranger.look
        newcomer = Newcomer(self.number_field.text(), self.name_field.text(), self.consent.currentText())
        now = self.context.clock()
        return lambda tx: enrol_newcomer(tx, course, session, look=look, newcomer=newcomer, at=now)

    def message(self, result: EnrolledNewcomer) -> str:
        words = tr("{name} is enrolled: {status}")
        return words.format(name=result.student.name, status=status_word(result.mark.status))
