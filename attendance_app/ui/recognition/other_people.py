"""Chooses a folder of pictures of people who are not on the list, by which a course's network learns to be unsure."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget

FOLDER = "models/other people"


class OtherPeople(TranslatedWidget):
    """A folder, or none. It is chosen anew each time: another course may have these people on its list."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._folder: Path | None = None
        self.text = label("quiet", wrap=True)
        self.choose_button = Button("plain", "folder-open").with_text("Pictures of other people…").on_click(self.choose)
        self.clear_button = Button("plain", "x").with_text("Without these pictures").on_click(self.clear)
        row = QHBoxLayout()
        row.addWidget(self.choose_button)
        row.addWidget(self.clear_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addLayout(row)
        self.retranslate()

    def folders(self) -> tuple[Path, ...]:
        """As ``CnnRecipe.faces`` has them."""
        return () if self._folder is None else (self._folder,)

    def choose(self) -> None:
        """Ask for the folder."""
        memory = self._context.memory
        title = tr("Choose a folder of pictures of people who are not on the list")
        folder = QFileDialog.getExistingDirectory(self, title, memory.text(FOLDER))
        if folder:
            memory.keep(FOLDER, folder)
            self._folder = Path(folder)
            self.retranslate()

    def clear(self) -> None:
        """Go on without a folder."""
        self._folder = None
        self.retranslate()

    def retranslate(self) -> None:
        self.clear_button.setVisible(self._folder is not None)
        if self._folder is None:
            self.text.setText(
                tr(
                    "It learns to be unsure from the students themselves: each is a stranger to a network that was "
                    "not shown them. Pictures of people who are not on the list teach it better; several of one "
                    "person go in a folder of their own."
                )
            )
        else:
            self.text.setText(
                tr("It learns to be unsure from the students themselves and from the pictures in {folder}.").format(
                    folder=self._folder
                )
            )
