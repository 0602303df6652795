"""Which part of a file is read: a workbook's sheet, a school system's class, or how a text writes its letters."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from attendance_app.services.tables.encodings import OFFERED
from attendance_app.services.tables.table import Table
from attendance_app.ui.controls import ChoiceBox
from attendance_app.ui.i18n import tr
from attendance_app.ui.table_import.table_words import encoding_word


class SourceBox(QWidget):
    """One box with its caption; ``activated`` after the user has chosen another part."""

    activated = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = ChoiceBox()
        self.box.activated.connect(self.activated)
        self._of_workbook = False
        self._caption = QLabel()
        self._caption.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._caption)
        row.addWidget(self.box)
        row.addStretch(1)

    @property
    def sheet(self) -> str | None:
        """The chosen sheet or class, None where the file has none."""
        return self.box.currentData() if self._of_workbook else None

    @property
    def encoding(self) -> str | None:
        """The chosen encoding, None where none was chosen or the file is a workbook."""
        return None if self._of_workbook else self.box.currentData() or None

    def offer(self, table: Table) -> None:
        """Offer what the file has, with the part that was read as the choice."""
        self.box.clear()
        self._of_workbook = table.sheet is not None
        if table.sheet is not None:
            caption = tr("Class") if table.of_classes else tr("Sheet", "of a workbook")
            for sheet in table.sheets:
                name = tr("{name} (hidden)", "sheet of a workbook").format(name=sheet.name)
                self.box.addItem(name if sheet.hidden else sheet.name, sheet.name)
            chosen = table.sheet
        else:
            caption, chosen = tr("Encoding", "of a text file"), table.encoding or ""
            if table.unclear:
                self.box.addItem(tr("choose", "encoding of a text file"), "")
            for encoding in dict.fromkeys((*table.unclear, chosen, *OFFERED)):
                self.box.addItem(encoding_word(encoding), encoding)
            chosen = "" if table.unclear else chosen
        self.box.setCurrentIndex(self.box.findData(chosen))
        self.box.setAccessibleName(caption)
        self._caption.setText(caption)
