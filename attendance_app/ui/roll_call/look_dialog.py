"""What the dialogs have in common that make an unknown face's picture an enrolled photo."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.session.evidence import FaceLook
from attendance_app.services.session.newcomers import is_weak_look, require_good_look
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import ChoiceBox, label
from attendance_app.ui.dialogs import ActingDialog
from attendance_app.ui.i18n import tr
from attendance_app.ui.pictures import portrait
from attendance_app.ui.roll_call.roll_call_data import Stranger

PICTURE = 112


class LookDialog(ActingDialog):
    """Shows the picture. A face too poor to be recognised by is refused at once, with the reason."""

    def __init__(self, context: AppContext, title: str, *, stranger: Stranger, parent: QWidget | None) -> None:
        super().__init__(context, title, parent)
        self.stranger = stranger
        face = QLabel()
        # A portrait grows with the text; here the fields need the room.
        face.setPixmap(portrait(stranger.image, "?", round(PICTURE / context.theme.scale)))
        face.setAccessibleName(tr("Picture of the unknown face"))
        self.column.insertWidget(1, face, alignment=Qt.AlignmentFlag.AlignHCenter)
        if is_weak_look(stranger.look):
            weak = label("quiet", wrap=True)
            weak.setText(
                tr("The face is small ({pixels} pixels): the photo is weak, and a better one will replace it.").format(
                    pixels=stranger.look.quality.width_px
                )
            )
            self.column.insertWidget(2, weak)

    def consent_box(self, ground: str = "") -> ChoiceBox:
        """Add the field for the ground of the consent."""
        consent = ChoiceBox()
        consent.setEditable(True)
        consent.addItems([tr("Signed form of the parents"), tr("Signed form of the student (of age)")])
        consent.setCurrentText(ground)
        consent.setAccessibleName(tr("Consent"))
        self.form.addRow(tr("Consent"), consent)
        return consent

    def judge(self) -> None:
        """Refuse a poor picture; called when all fields are there."""
        try:
            require_good_look(self.stranger.look)
        except KnownError as error:
            self.primary.setEnabled(False)
            self.primary.hide()
            for row in range(self.form.rowCount()):
                self.form.setRowVisible(row, False)
            self.message_bar.show_error(error)


def serves(look: FaceLook) -> bool:
    """Whether the picture is good enough to be kept as a photo."""
    try:
        require_good_look(look)
    except KnownError:
        return False
    return True
