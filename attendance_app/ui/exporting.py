"""Saving a file: where to, as a job, and what to tell afterwards."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from attendance_app.ui.desk import Desk
from attendance_app.ui.i18n import tr

Write = Callable[[str, Path], None]
"""Writes one format (csv, xlsx) to a path."""


class Exporter:
    """Offers formats under a button and remembers the folder that was used last."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk = desk
        self._parent = parent

    def offer(self, under: QWidget, suggested: str, write: Write) -> None:
        """Open a menu of formats under a button; ``suggested`` is the file's name without its ending."""
        menu = QMenu(self._parent)
        menu.addAction(tr("Table for any program (CSV)"), lambda: self.ask(suggested, "csv", write))
        menu.addAction(tr("Excel workbook (XLSX)"), lambda: self.ask(suggested, "xlsx", write))
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def ask(self, suggested: str, ending: str, write: Write) -> None:
        """Ask where to, then write as a job."""
        kept = self._desk.memory.text("export/folder")
        standard = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = Path(kept) if kept and Path(kept).is_dir() else Path(standard)
        names = {"csv": tr("Tables (*.csv)"), "xlsx": tr("Excel workbooks (*.xlsx)")}
        chosen, _ = QFileDialog.getSaveFileName(
            self._parent, tr("Export"), str(folder / f"{suggested}.{ending}"), names[ending]
        )
        if chosen:
            path = Path(chosen)
            self.save(path if path.suffix else path.with_suffix(f".{ending}"), ending, write)

    def save(self, path: Path, ending: str, write: Write) -> None:
        """Write as a job and say where it is."""
        self._desk.memory.keep("export/folder", str(path.parent))
        self._desk.run(
            lambda _job: write(ending, path),
            done=lambda _nothing: self._desk.tell(tr("Saved: {file}").format(file=str(path))),
        )


def file_name(*parts: str) -> str:
    """A file's name out of a course's code and a date, without signs that some system refuses."""
    return "_".join("".join(c if c.isalnum() or c in "-." else "-" for c in part) for part in parts if part)
