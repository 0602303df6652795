"""Exporting a file: where to, as a job, and the message afterwards."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.output.files import OutputFile, always, claim_file
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr

Write = Callable[[OutputFile], None]
FORMATS = ("csv", "xlsx")


class Exporter:
    """Offers formats under a button and remembers the folder that was used last."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context = context
        self._parent = parent

    def offer(self, under: QWidget, suggested: str, write: Write) -> None:
        """Open a menu of formats under a button; ``suggested`` is the file's name without its ending."""
        menu = QMenu(self._parent)
        menu.addAction(tr("Table for any program (CSV)"), lambda: self.ask(suggested, "csv", write))
        menu.addAction(tr("Excel workbook (XLSX)"), lambda: self.ask(suggested, "xlsx", write))
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def ask(self, suggested: str, ending: str, write: Write) -> None:
        """Ask where to, then write as a job."""
        # The folder may be gone, as one on a USB stick.
        kept = self._context.memory.text("export/folder")
        standard = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(kept) if kept and Path(kept).is_dir() else Path(standard)
        names = {"csv": tr("Tables (*.csv)"), "xlsx": tr("Excel workbooks (*.xlsx)")}
        dialog = QFileDialog(self._parent, tr("Export"), str(folder / f"{suggested}.{ending}"), names[ending])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)  # added before the dialog asks whether an older file may go
        if dialog.exec():
            self.save(Path(dialog.selectedFiles()[0]), write)
        # Its parent, the page, would keep it.
        dialog.deleteLater()

    def save(self, path: Path, write: Write) -> None:
        """Write as a job and show where the file is. The caller has confirmed that an existing file may be replaced."""
        try:
            out = claim_file(path, FORMATS, wanted=None, may_replace=always)
        except KnownError as error:
            self._context.show_error(error)
            return
        self._context.memory.keep("export/folder", str(path.parent))
        self._context.run(
            lambda _job: write(out),
            done=lambda _nothing: self._context.show_toast(tr("Saved: {file}").format(file=str(path))),
        )


def file_name(*parts: str) -> str:
    """Return a file's name made of a course's code and a date, without characters that some system refuses."""
    return "_".join("".join(c if c.isalnum() or c in "-." else "-" for c in part) for part in parts if part)
