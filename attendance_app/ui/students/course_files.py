"""What goes out of a course's list and comes into its register as files: the part of the menu "Course" about them."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from attendance_app.domain.people import Course, Student
from attendance_app.services.cards import course_cards
from attendance_app.services.output.files import OutputFile
from attendance_app.services.roster_export import SCHOOL_FORMATS, SchoolFormat, export_table, roster_list
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.exporting import Exporter, file_name
from attendance_app.ui.i18n import tr
from attendance_app.ui.printing.cards import cards_pdf
from attendance_app.ui.table_import.past_dialog import PastDialog
from attendance_app.words.sheets import sheet_words


class CourseFiles:
    """Adds the menus, and opens the dialogs over ``parent``."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context = context
        self._parent = parent
        self.exporter = Exporter(context, parent)

    def add_to(self, menu: QMenu, course: Course, chosen: Student | None) -> None:
        """Add the menus of a course; ``chosen``: who is selected in the list."""
        self._add_exports(menu.addMenu(tr("Export list")), course)
        self._add_cards(menu.addMenu(tr("QR cards")), course, chosen)
        menu.addAction(tr("Import past attendance…"), partial(self.import_past, course))

    def _add_exports(self, menu: QMenu, course: Course) -> None:
        store, name = self._context.store, file_name(course.code, tr("List", "of students"))
        # Taken now: the job must not read the catalogue while the language is being changed.
        words = sheet_words(tr)

        def table(out: OutputFile) -> None:
            export_table(roster_list(store, course.code), out, words)

        def system(kind: SchoolFormat, out: OutputFile) -> None:
            out.write(kind.content(roster_list(store, course.code)))

        menu.addAction(tr("Table (CSV)"), lambda: self.exporter.ask(name, "csv", table))
        menu.addAction(tr("Excel workbook (XLSX)"), lambda: self.exporter.ask(name, "xlsx", table))
        menu.addSeparator()
        names = {"oneroster": "OneRoster", "canvas": "Canvas", "moodle": "Moodle", "classroom": "Google Classroom"}
        for key, kind in SCHOOL_FORMATS.items():
            menu.addAction(names[key], partial(self.exporter.ask, name, kind.ending, partial(system, kind)))

    def _add_cards(self, menu: QMenu, course: Course, chosen: Student | None) -> None:
        name = file_name(course.code, tr("QR cards"))
        menu.addAction(
            tr("Cards of everybody (PDF)…"), lambda: self.exporter.ask(name, "pdf", partial(self._write_cards, course))
        )
        if chosen is not None:
            again = partial(self._write_cards, course, replace=(chosen.number,))
            text = tr("Another card for {name}, the old one marks nobody any more…").format(name=chosen.name)
            menu.addAction(text, lambda: self.exporter.ask(file_name(name, chosen.number), "pdf", again))

    def _write_cards(self, course: Course, out: OutputFile, replace: tuple[str, ...] = ()) -> None:
        with self._context.store.write() as tx:
            cards = course_cards(tx, course, self._context.clock(), replace=replace)
            # Inside: a card whose sheet could not be written is not replaced.
            out.write(cards_pdf(cards, course.title or course.code))

    def import_past(self, course: Course, path: Path | None = None) -> None:
        """Choose a table of attendance and show what it would bring."""
        path = path or self._ask_for_table(tr("Import past attendance…"))
        if path is not None:
            PastDialog(self._context, course, path, parent=self._parent).begin()

    def _ask_for_table(self, title: str) -> Path | None:
        chosen, _ = QFileDialog.getOpenFileName(self._parent, title, "", tr("Tables (*.csv *.txt *.tsv *.xlsx *.xlsm)"))
        return Path(chosen) if chosen else None
