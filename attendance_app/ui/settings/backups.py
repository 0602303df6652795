"""The backups: when the last one was made, one more now, going back to one, and a second place for them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from attendance_app.domain.errors import KnownError
from attendance_app.services.jobs import JobContext
from attendance_app.store.backup_files import Backup, Reason
from attendance_app.store.backups import BackedUp, contents_of, local_backups, second_place_missing
from attendance_app.store.restore import Difference, Restored
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, ChoiceBox, ElidedLabel, label
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.dialogs import SavingDialog, Work
from attendance_app.ui.i18n import tr
from attendance_app.ui.translated_widget import TranslatedWidget

NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class BackupState:
    """``newest``: the last backup, ``whole``: whether it could be read just now."""

    newest: Backup | None = None
    whole: bool = False
    second_missing: Path | None = None


def backup_state(home: Path) -> BackupState:
    """Open the newest backup and check it."""
    newest, missing = next(iter(local_backups(home)), None), second_place_missing(home)
    try:
        if newest is not None:
            contents_of(newest.path)
    except KnownError:
        return BackupState(newest, False, missing)
    return BackupState(newest, True, missing)


class Backups(TranslatedWidget):
    """The control of the setting ``backup_folder`` with what belongs to it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._state: BackupState | None = None
        self.last = label(wrap=True)
        words = label("quiet", wrap=True)
        self.bind_text(
            words.setText,
            "After a day with changes the program makes a backup by itself: the last of 7 days, 4 weeks and 12 months "
            "are kept. Whoever is erased, or withdraws their consent, is removed from backups too.",
        )
        self.now = Button("plain", "archive").with_text("Back up now").on_click(self.back_up)
        self.go_back = Button("plain", "arrow-counter-clockwise").with_text("Restore…").on_click(self.ask)
        top = QHBoxLayout()
        top.addWidget(self.last, 1)
        top.addWidget(self.now)
        top.addWidget(self.go_back)
        self.second = ElidedLabel()
        self.choose = Button("plain", "folder-simple-plus").with_text("Second place…").on_click(self.choose_second)
        self.none = Button("quiet").with_text("No second place").on_click(lambda: self.take(""))
        bottom = QHBoxLayout()
        bottom.addWidget(self.second, 1)
        bottom.addWidget(self.choose)
        bottom.addWidget(self.none)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(words)
        column.addLayout(bottom)
        self.retranslate()

    def look(self) -> None:
        """Read again what there is."""
        home = self._context.home
        self._context.run(lambda _job: backup_state(home), done=self._show)

    def _show(self, state: BackupState) -> None:
        self._state = state
        self.retranslate()

    def retranslate(self) -> None:
        self.last.setText(last_backup_words(self._state, self._context.clock()))
        folder = self._context.settings.backup_folder
        missing = self._state is not None and str(self._state.second_missing) == folder
        words = tr("Second place: {folder} (not connected)") if missing else tr("Second place: {folder}")
        self.second.setText(
            words.format(folder=folder) if folder else tr("No second place: if this disk fails, all is lost.")
        )
        self.none.setVisible(bool(folder))

    def back_up(self) -> None:
        """Make a backup now."""
        store, at = self._context.store, self._context.clock()
        self.now.setEnabled(False)

        def done(made: BackedUp) -> None:
            self.now.setEnabled(True)
            self._context.show_toast(tr("Backed up and verified"))
            if made.second_problem is not None:
                self._context.show_error(made.second_problem)
            self.look()

        def failed(error: KnownError) -> None:
            self.now.setEnabled(True)
            self._context.show_error(error)

        self._context.run(lambda _job: store.back_up(Reason.HAND, at), done=done, failed=failed)

    def choose_second(self) -> None:
        """Ask for a folder, best on another disk."""
        picked = QFileDialog.getExistingDirectory(self, tr("Choose a folder on another disk"))
        if picked:
            self.take(picked)

    def take(self, folder: str) -> None:
        """Use this folder from now on, and copy the backups there at once."""
        self._context.change_settings(backup_folder=folder)
        if folder:
            self.back_up()
        else:
            self.look()

    def ask(self) -> None:
        """Show the backups to choose from."""
        home = self._context.home
        self._context.run(lambda _job: local_backups(home), done=self._open)

    def _open(self, backups: tuple[Backup, ...]) -> None:
        dialog = RestoreDialog(self._context, backups, parent=self)
        # The window opens again on the same folder: nothing that it remembers is true any more.
        dialog.saved.connect(lambda _done: self._context.move_wanted.emit(DataFolderMove(self._context.home)))
        dialog.open()


def last_backup_words(state: BackupState | None, now: datetime) -> str:
    """Such as "Last backup: yesterday 14:02, verified"."""
    if state is None:
        return ""
    if state.newest is None:
        return tr("No backup yet.")
    days = (now.astimezone().date() - state.newest.made_at.astimezone().date()).days
    day = {0: tr("today"), 1: tr("yesterday")}.get(days) or dates.day(state.newest.made_at)
    words = tr("Last backup: {when}, verified.") if state.whole else tr("Last backup: {when}. It can't be read!")
    return words.format(when=f"{day} {dates.time(state.newest.made_at)}")


class RestoreDialog(SavingDialog):
    """A backup is chosen, what it would change is shown, and only then it can be restored."""

    def __init__(self, context: AppContext, backups: tuple[Backup, ...], parent: QWidget | None = None) -> None:
        super().__init__(context, tr("Go back to a backup"), parent)
        self.explain(
            tr(
                "The present state is backed up first, so that you can come back. Whoever was erased stays erased. "
                "The window closes and opens again."
            )
        )
        self.box: QComboBox = ChoiceBox()
        for one in backups:
            self.box.addItem(f"{dates.day_and_time(one.made_at)}  {reason_word(one.reason)}", str(one.path))
        self.box.setAccessibleName(tr("Backup"))
        self.another = Button("plain", "folder-open").with_text("Another file…").on_click(self._pick)
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.another)
        self.changes = label(wrap=True)
        self.column.insertLayout(self.column.count() - 2, row)
        self.column.insertWidget(self.column.count() - 2, self.changes)
        self.set_primary(tr("Restore"), "danger")
        self.box.currentIndexChanged.connect(lambda _row: self._compare())
        self._compare()

    def _pick(self) -> None:
        picked, _ = QFileDialog.getOpenFileName(self, tr("Choose a backup"), "", tr("Backups (*.sqlite3 *.before-*)"))
        if picked:
            self.take(Path(picked))

    def take(self, file: Path) -> None:
        """Choose a file that is not in the list."""
        self.box.addItem(file.name, str(file))
        self.box.setCurrentIndex(self.box.count() - 1)

    @property
    def _file(self) -> Path | None:
        chosen = self.box.currentData()
        return Path(chosen) if chosen else None

    def _compare(self) -> None:
        self.primary.setEnabled(False)
        self.message_bar.clear()
        file, store = self._file, self.context.store
        if file is None:
            self.changes.setText(tr("No backup yet."))
            return
        self.changes.setText(tr("Comparing…"))

        def work(_job: JobContext) -> Restored:
            return store.plan_restore(file)

        self.context.run(work, done=self._show, failed=self._refuse)

    def _refuse(self, error: KnownError) -> None:
        self.changes.setText("")
        self.message_bar.show_error(error)
        self.fit()

    def _show(self, plan: Restored) -> None:
        if plan.source != self._file:
            return  # another one was chosen meanwhile
        lines = [line for one in plan.differences for line in difference_lines(one)]
        self.changes.setText("\n".join(lines) or tr("No difference from the present state."))
        self.primary.setEnabled(bool(lines))
        self.fit()

    def work(self) -> Work:
        store, file, at = self.context.store, self._file, self.context.clock()
        assert file is not None

        return lambda _job: store.restore(file, at)


def reason_word(reason: Reason) -> str:
    """Why a backup was made."""
    return {
        Reason.DAY: tr("by itself"),
        Reason.HAND: tr("asked for"),
        Reason.RESTORE: tr("before a restore"),
        Reason.SCHEMA: tr("before a new version"),
        Reason.KEY: tr("before encryption was changed"),
    }[reason]


def difference_lines(one: Difference) -> list[str]:
    """What would change of one kind, a line each for what comes back, vanishes and is another."""
    lines = []
    for words, names in ((tr("{what}: come back {names}"), one.back), (tr("{what}: vanish {names}"), one.gone)):
        if names:
            shown = ", ".join(names[:NAMES_SHOWN]) + (" …" if len(names) > NAMES_SHOWN else "")
            lines.append(words.format(what=kind_word(one.kind), names=f"{len(names)} ({shown})"))
    if one.changed:
        lines.append(tr("{what}: change {count}").format(what=kind_word(one.kind), count=one.changed))
    return lines


def kind_word(kind: str) -> str:
    """What a table of the register holds, in a teacher's words."""
    return {
        "course": tr("Courses"),
        "student": tr("Students"),
        "enrolment": tr("Places on class lists"),
        "consent": tr("Consents"),
        "face_template": tr("Photos"),
        "session": tr("Sessions"),
        "mark": tr("Marks"),
    }[kind]
