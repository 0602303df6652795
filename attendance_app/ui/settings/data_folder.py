"""The data folder: open it, move the data to another one, or use another one."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from attendance_app.config.data_folder import choose_folder
from attendance_app.services.data_folder import check_folder, copy_data, fitting_folder, has_data
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ElidedLabel, label
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.dialogs import SavingDialog, Work
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget


class DataFolder(TranslatedWidget):
    """The folder's name and two buttons."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        words = label("quiet", wrap=True)
        self.bind_text(
            words.setText,
            "Lists, photos and registers stay in this folder on this computer; nothing is sent anywhere.",
        )
        self.folder = ElidedLabel(str(context.home))
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        show = Button("plain", "folder-open").with_text("Open folder")
        show.on_click(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(context.home))))
        self.another = Button("plain", "folder-simple-plus").with_text("Another folder…").on_click(self.choose)
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(show)
        row.addWidget(self.another)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(words)
        column.addLayout(row)

    def choose(self) -> None:
        """Ask for the folder."""
        picked = QFileDialog.getExistingDirectory(
            self, tr("Choose the folder for your data"), str(self._context.home.parent)
        )
        if picked:
            self.take(Path(picked))

    def take(self, picked: Path) -> None:
        """Check whether the folder can be used, and ask what to do with the data."""
        store, home = self._context.store, self._context.home

        def look(_job: JobContext) -> tuple[Path, bool]:
            folder = fitting_folder(picked)
            check_folder(folder, home)
            return folder, bool(store.courses.all(archived=None) or store.students.all(archived=None))

        self._context.run(look, done=lambda found: self._ask(*found))

    def _ask(self, folder: Path, something_here: bool) -> None:
        dialog = MoveDialog(self._context, folder, something_here=something_here, parent=self)
        dialog.saved.connect(self._context.move_wanted)
        dialog.open()


class MoveDialog(SavingDialog):
    """Asks what to do with the data; then the window opens again on the other folder."""

    def __init__(self, context: AppContext, folder: Path, *, something_here: bool, parent: QWidget) -> None:
        super().__init__(context, tr("Another folder for your data"), parent)
        self._folder = folder
        self.move_them = QRadioButton(tr("Take my data there"))
        self.begin_empty = QRadioButton(tr("Begin there with nothing; my data stay in the old folder"))
        may_move = something_here and not has_data(folder)
        self.move_them.setChecked(may_move)
        self.explain(tr("New folder: {folder}").format(folder=folder))
        if has_data(folder):
            self._add(tr("There are data of this program in it: they will be used. Yours stay in the old folder."))
        elif may_move:
            # Above the stretch and the buttons, which come last.
            self.column.insertWidget(self.column.count() - 2, self.move_them)
            self.column.insertWidget(self.column.count() - 2, self.begin_empty)
        self._add(tr("The window closes and opens again."))
        self.set_primary(tr("Change the folder"))

    def _add(self, text: str) -> None:
        words = label("quiet", wrap=True)
        words.setText(text)
        self.column.insertWidget(self.column.count() - 2, words)

    def work(self) -> Work:
        store, folder, move = self.context.store, self._folder, self.move_them.isChecked()

        def work(job: JobContext) -> DataFolderMove:
            # Raises while a session is being recorded: its marks would go into the old folder.
            with store.recording():
                pass
            if move:
                copy_data(store, folder, job)
            # For nobody else on this machine: names and faces go there.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            choose_folder(folder)
            return DataFolderMove(folder, store.home if move else None)

        return work
