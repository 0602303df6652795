"""The user's own networks beside the program's: added from a run folder, used, and given up again."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from attendance_app.bootstrap import add_own_network, checked_own_network
from attendance_app.networks.in_use import choose
from attendance_app.networks.own import NetworkKind, OwnNetwork
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget

FOLDER = "models/run"


class OwnNetworkButtons(TranslatedWidget):
    """Add a network, use the one shown for all courses, go back to the program's; ``changed`` is called then."""

    def __init__(self, context: AppContext, changed: Callable[[], object]) -> None:
        super().__init__()
        self._context, self._changed = context, changed
        self._shown: OwnNetwork | None = None
        self.use_button = Button("plain", "check-circle").with_text("Use for all courses").on_click(self.use)
        self.back_button = Button("plain", "arrow-counter-clockwise").with_text("Back to the program's")
        self.back_button.on_click(self.go_back)
        self.page_button = Button("plain", "arrow-square-out").with_text(
            "Open its page", hint="How its training went: curves, samples, wrong answers"
        )
        self.page_button.on_click(self.open_page)
        self.add_button = Button("quiet", "folder-open").with_text("Add a network of your own…").on_click(self.choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.use_button, self.back_button, self.page_button, self.add_button):
            row.addWidget(button)
        row.addStretch(1)
        self.show_network(None, used=False)

    def show_network(self, network: OwnNetwork | None, *, used: bool) -> None:
        """Offer what can be done with a network of one's own; None: one of the program's is shown."""
        self._shown = network
        usable = network is not None and network.kind is not NetworkKind.PEOPLE
        self.use_button.setVisible(usable and not used)
        self.back_button.setVisible(used)
        self.page_button.setVisible(network is not None and self._page(network) is not None)

    def _page(self, network: OwnNetwork) -> Path | None:
        return network.page(self._context.language.code)

    def open_page(self) -> None:
        """Show the page of the network's training, in the window's language, in the browser."""
        page = self._page(self._shown) if self._shown else None
        if page is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def choose(self) -> None:
        """Ask for the run folder of a training."""
        before = self._context.memory.text(FOLDER)
        folder = QFileDialog.getExistingDirectory(self, tr("Choose the folder of a training"), before)
        if folder:
            self._context.memory.keep(FOLDER, str(Path(folder).parent))
            self.add(Path(folder))

    def add(self, run: Path) -> None:
        """Keep the network of a run folder in the data folder, as a job."""
        home = self._context.store.home
        self._act(lambda _job: add_own_network(home, run))

    def use(self) -> None:
        network, home = self._shown, self._context.store.home
        if network is None:
            return

        def work(_job: JobContext) -> None:
            # What would stop the next session is found now.
            checked_own_network(home, network.name)
            choose(home, network.kind, network.name)

        self._act(work)

    def go_back(self) -> None:
        network, home = self._shown, self._context.store.home
        if network is not None:
            self._act(lambda _job: choose(home, network.kind, None))

    def _act(self, work: Callable[[JobContext], object]) -> None:
        self._context.clear_error()
        self._context.run(work, done=lambda _result: self._changed(), long=True)


def own_purpose(network: OwnNetwork) -> str:
    """What a network of one's own does, in a sentence or two."""
    second_opinion = tr("Gives a second opinion, once a course has been learnt with it.")
    keep_theirs = tr("Courses are learnt with the network in use; those that were learnt before keep theirs.")
    return {
        NetworkKind.MASK: tr("Tells whether a mask is worn, not worn, or not worn properly."),
        NetworkKind.IDENTITY: f"{second_opinion} {keep_theirs}",
        NetworkKind.PEOPLE: tr("Names only the people whom it was trained with; it can't be used for a course."),
    }[network.kind]
