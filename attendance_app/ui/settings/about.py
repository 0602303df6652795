"""What this program is, in plain words, and the licences of what it is made of."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.services.components import PROGRAM, Component, components
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.tables import RowTable
from attendance_app.ui.translated_widget import TranslatedWidget

NAME, VERSION, LICENCE = range(3)


class About(TranslatedWidget):
    """Version, licence, and a button for the parts."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._words = label(wrap=True)
        self.button = Button("plain", "info").with_text("Parts and licences…").on_click(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        self.retranslate()

    def retranslate(self) -> None:
        self._words.setText(
            tr(
                "Classroom attendance {version}. Free software under the MIT licence: you may use it, pass it on and "
                "change it. It works on this computer alone and sends nothing."
            ).format(version=_version())
        )

    def _show(self) -> None:
        LicencesDialog(self._context, components(), self).open()


class LicencesDialog(QDialog):
    """A table of the program's packages, networks and icons."""

    def __init__(self, context: AppContext, parts: tuple[Component, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Parts and licences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model: RowsModel[Component] = RowsModel(
            [
                Column(header=lambda: tr("Part"), text=lambda one: one.name),
                Column(header=lambda: tr("Version"), text=lambda one: one.version or "–"),
                Column(header=lambda: tr("Terms"), text=lambda one: one.licence or "–"),
            ],
            key=lambda one: (one.kind, one.name),
        )
        self.model.show_rows(parts)
        table = RowTable(context.memory, "licences", row_height=30)
        table.begin(self.model, stretch=LICENCE, widths={NAME: 220, VERSION: 100})
        notice = label("quiet", wrap=True)
        notice.setText(
            tr(
                "Qt, PySide6, FFmpeg, libheif and libde265 are under the LGPL: they are separate libraries, which you "
                "may replace by your own builds."
            )
        )
        close = Button("primary").with_text("Close").on_click(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(table, 1)
        column.addWidget(notice)
        column.addLayout(buttons)
        room = self.screen().availableSize()
        self.resize(min(context.theme.px(760), room.width()), min(context.theme.px(560), room.height() - 60))


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return ""
