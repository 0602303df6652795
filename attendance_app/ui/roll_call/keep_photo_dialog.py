"""The picture of a face that the teacher has named is kept as the photo of a student who has none."""

from PySide6.QtWidgets import QWidget

from attendance_app.domain.people import Course, Student
from attendance_app.services.session.newcomers import enrol_look
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.dialogs import Action
from attendance_app.ui.i18n import tr
from attendance_app.ui.roll_call.look_dialog import LookDialog
from attendance_app.ui.roll_call.roll_call_data import Stranger


class KeepPhotoDialog(LookDialog):
    """Asks for the consent where none is on record; ``ground`` is the one that was written down last."""

    def __init__(
        self,
        context: AppContext,
        *,
        course: Course,
        student: Student,
        stranger: Stranger,
        consented: bool,
        ground: str = "",
        parent: QWidget | None = None,
    ) -> None:
        title = tr("Keep the picture as {name}'s photo?").format(name=student.name)
        super().__init__(context, title, stranger=stranger, parent=parent)
        self._course, self._student = course, student
        self.explain(tr("No photo of this student is enrolled yet. With this one the camera recognises them."))
        self.consent = None if consented else self.consent_box(ground)
        self.cancel_button.with_text("Not now")
        self.set_primary(tr("Keep the photo"))
        self.judge()

    @property
    def ground(self) -> str:
        """The ground of the consent as it was written; empty where one is on record."""
        return "" if self.consent is None else self.consent.currentText()

    def action(self) -> Action:
        course, student, look, now = self._course, self._student, self.stranger.look, self.context.clock()
        consent = None if self.consent is None else self.ground
        return lambda tx: enrol_look(tx, course, student, look=look, consent=consent, at=now)

    def message(self, result: object) -> str:
        return tr("{name} has a photo now").format(name=self._student.name)
