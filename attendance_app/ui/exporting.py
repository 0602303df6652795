"""Exporting a sheet: as which kind of file and where to, as a job, and the message afterwards; and printing it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLocale, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.audit import note_export
from attendance_app.services.jobs import JobContext
from attendance_app.services.output.files import OutputFile, always, claim_file
from attendance_app.services.sheets.files import SEPARATORS, write_sheet
from attendance_app.services.sheets.sheet import Sheet, SheetWords
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.i18n import tr
from attendance_app.ui.printing.pages import print_sheet, sheet_pdf
from attendance_app.words.sheets import sheet_words

Write = Callable[[OutputFile], None]
FORMATS: Final = ("csv", "xlsx", "pdf", "json", "zip", "png")


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be exported under one button.

    ``name``: the file's, without its ending. ``sheet`` makes the sheet for people, on a job's thread. ``machine``
    writes the file for other programs, None: there is none. ``others``: more entries of that menu, each with its words.
    """

    name: str
    sheet: Callable[[SheetWords], Sheet]
    machine: Write | None = None
    others: tuple[tuple[str, Callable[[], object]], ...] = ()


def write_for_people(offer: Offer) -> Write:
    """Return what writes the sheet in the window's language."""
    # Taken now: the job must not read the catalogue while the language is being changed.
    words, separator = sheet_words(tr), local_separator()
    return lambda out: write_sheet(offer.sheet(words), out, separator=separator, pdf=sheet_pdf)


def local_separator() -> str:
    """Return what the user's spreadsheet expects between the columns of a CSV."""
    # Where a comma stands before decimals, lists are separated by semicolons.
    return SEPARATORS["semicolon" if QLocale().decimalPoint() == "," else "comma"]


class Exporter:
    """Offers kinds of files under a button and remembers the folder that was used last."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context = context
        self._parent = parent

    def offer(self, under: QWidget, offer: Offer) -> None:
        """Open a menu under a button: kinds of files for people, the printer, kinds of files for programs."""
        menu = QMenu(self._parent)
        people = write_for_people(offer)
        menu.addAction(tr("Table (CSV)"), lambda: self.ask(offer.name, "csv", people))
        menu.addAction(tr("Excel workbook (XLSX)"), lambda: self.ask(offer.name, "xlsx", people))
        menu.addAction(tr("PDF to print or to sign"), lambda: self.ask(offer.name, "pdf", people))
        menu.addSeparator()
        menu.addAction(tr("Print…"), lambda: self.print(offer))
        machine = offer.machine
        if machine is not None:
            menu.addSeparator()
            more = menu.addMenu(tr("For other programs"))
            more.addAction(tr("All columns (CSV)"), lambda: self.ask(offer.name, "csv", machine))
            more.addAction(tr("All columns (XLSX)"), lambda: self.ask(offer.name, "xlsx", machine))
            for words, action in offer.others:
                more.addAction(words, action)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def offer_table(self, under: QWidget, name: str, write: Write, *, picture: Write | None = None) -> None:
        """Open a menu under a button: kinds of files for a table that programs and people read alike.

        ``picture`` writes a picture of what is chosen, as PNG.
        """
        menu = QMenu(self._parent)
        menu.addAction(tr("Table (CSV)"), lambda: self.ask(name, "csv", write))
        menu.addAction(tr("Excel workbook (XLSX)"), lambda: self.ask(name, "xlsx", write))
        if picture is not None:
            menu.addAction(tr("Picture of the chosen photo (PNG)"), lambda: self.ask(name, "png", picture))
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def ask(self, suggested: str, ending: str, write: Write) -> None:
        """Ask where to, then write as a job."""
        folder = kept_folder(self._context)
        names = {
            "csv": tr("Tables (*.csv)"),
            "xlsx": tr("Excel workbooks (*.xlsx)"),
            "pdf": tr("PDF files (*.pdf)"),
            "zip": tr("Zip files (*.zip)"),
            "png": tr("Pictures (*.png)"),
        }
        dialog = QFileDialog(self._parent, tr("Export"), str(folder / f"{suggested}.{ending}"), names[ending])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending)  # added before the dialog asks whether an older file may go
        if dialog.exec():
            self.save(Path(dialog.selectedFiles()[0]), write)
        dialog.deleteLater()

    def save(self, path: Path, write: Write) -> None:
        """Write as a job and show where the file is. The caller has confirmed that an existing file may be replaced."""
        try:
            out = claim_file(path, FORMATS, wanted=None, may_replace=always)
        except KnownError as error:
            self._context.show_error(error)
            return
        self._context.memory.keep("export/folder", str(path.parent))
        store = self._context.store

        def work(_job: JobContext) -> None:
            write(out)
            note_export(store, path)

        self._context.run(work, done=lambda _nothing: self._context.file_saved.emit(path))

    def print(self, offer: Offer) -> None:
        """Make the sheet as a job, then let the user pick a printer."""
        words = sheet_words(tr)
        self._context.run(lambda _job: offer.sheet(words), done=self._choose_printer)

    def _choose_printer(self, sheet: Sheet) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(sheet.title)
        dialog = QPrintDialog(printer, self._parent)
        if dialog.exec():
            print_sheet(sheet, printer)
        dialog.deleteLater()


def kept_folder(context: AppContext) -> Path:
    """Return the folder that was used last, at first the user's documents."""
    # The folder may be gone, as one on a USB stick; not every system has one for documents.
    kept = context.memory.text("export/folder")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return next((Path(one) for one in (kept, documents) if one and Path(one).is_dir()), Path.home())


def open_file(path: Path) -> None:
    """Open a file with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def show_in_folder(path: Path) -> None:
    """Open the folder that has the file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def file_name(*parts: str) -> str:
    """Return a file's name made of a course's code and a date, without characters that some system refuses."""
    return "_".join("".join(c if c.isalnum() or c in "-." else "-" for c in part) for part in parts if part)
