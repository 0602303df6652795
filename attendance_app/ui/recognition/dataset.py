"""Explores a folder of pictures with one folder per class: counts, brightness, copies, as a page for the browser."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from attendance_app import laboratory
from attendance_app.laboratory import Explored
from attendance_app.services.jobs import JobContext
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.translated_widget import TranslatedWidget

FOLDER, OUT = "models/data set", "models/data set report"


def explore(folder: Path, out: Path, job: JobContext, language: str) -> Explored:
    """Explore as a job; the page speaks ``language``. Raises KnownError, Cancelled."""

    def report(done: int, total: int) -> None:
        job.raise_if_cancelled()
        job.report(done, total)

    return laboratory.explore(folder, out, report=report, language=language)


def _free_folder(folder: Path) -> Path:
    # A report made before is never written over.
    names = (folder, *(folder.with_name(f"{folder.name} {number}") for number in range(2, 1000)))
    return next(one for one in names if not one.exists())


class DatasetExplorer(TranslatedWidget):
    """Choose the pictures, then where the page goes."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._found: Explored | None = None
        heading, intro = label("heading", wrap=True), label("quiet", wrap=True)
        self.bind_text(heading.setText, "Look at a collection of pictures")
        self.bind_text(
            intro.setText,
            "For those who train networks: a folder with a folder of pictures for each class. You get a page with "
            "samples, sizes, brightness and sharpness, and the pictures that are there twice. "
            "The collection itself is not changed.",
        )
        self.progress = JobProgress()
        self.result = label(wrap=True)
        self.button = Button("primary", "folder-open").with_text("Choose a folder…").on_click(self.choose)
        self.show_button = Button("plain", "arrow-square-out").with_text("Open the page").on_click(self._open)
        card = Card()
        for part in (heading, intro, self.progress, self.result):
            card.column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        card.column.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        self.retranslate()

    def choose(self) -> None:
        """Ask for both folders."""
        memory = self._context.memory
        folder = QFileDialog.getExistingDirectory(self, tr("Choose the folder of pictures"), memory.text(FOLDER))
        if not folder:
            return
        into = QFileDialog.getExistingDirectory(self, tr("Where shall the page be written?"), memory.text(OUT))
        if into:
            memory.keep(FOLDER, folder)
            memory.keep(OUT, into)
            self.explore(
                Path(folder), _free_folder(Path(into) / tr("{folder} explored").format(folder=Path(folder).name))
            )

    def explore(self, folder: Path, out: Path) -> None:
        """Explore as a job; ``out`` is made."""
        self._context.clear_error()
        self.button.setEnabled(False)
        language = self._context.language.code
        job = self._context.run(lambda job: explore(folder, out, job, language), done=self._show, long=True)
        job.ended.connect(lambda: self.button.setEnabled(True))
        self.progress.watch(job, tr("Looking at the pictures…"))

    def _show(self, found: Explored) -> None:
        self._found = found
        self.retranslate()
        self._open()

    def _open(self) -> None:
        if self._found is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._found.page)))

    def retranslate(self) -> None:
        found = self._found
        self.show_button.setVisible(found is not None)
        missing = bool(laboratory.missing())
        self.button.setVisible(not missing)
        self.result.setVisible(found is not None or missing)
        if missing:
            self.result.setText(how_to_install())
        if found is None:
            return
        counts = (f"{name}: {dates.number(count)}" for name, count in found.counts.items())
        lines = [tr("%n picture(s) read", "", sum(found.counts.values())), ", ".join(counts)]
        lines += (f"• {sentence}" for sentence in found.conclusions)
        lines.append(tr("Written to {folder}").format(folder=found.page.parent))
        self.result.setText("\n".join(lines))


def how_to_install() -> str:
    """How to get the laboratory, in a sentence."""
    if laboratory.left_out():
        error = laboratory.not_installed()
        return f"{message_of(error)} {remedy_of(error)}"
    return tr("This needs the laboratory: {command}").format(command=laboratory.INSTALL)
