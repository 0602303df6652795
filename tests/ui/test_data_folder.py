"""Another data folder, chosen in the window, and two windows on one folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from single_writes import each

from attendance_app.bootstrap import open_data
from attendance_app.config.data_folder import choose_folder, chosen_folder
from attendance_app.store.database import Store
from attendance_app.store.errors import OpenElsewhere
from attendance_app.ui import app
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.settings.data_folder import MoveDialog
from attendance_app.ui.start_error import StartErrorDialog

Settle = Callable[[], None]


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "configuration"))
    monkeypatch.delenv("ATTENDANCE_HOME", raising=False)


@pytest.fixture
def asked(window: MainWindow, settle: Settle) -> Callable[[Path], MoveDialog]:
    """Picks a folder on the page Settings and returns the dialog that asks."""

    def ask(picked: Path) -> MoveDialog:
        page = window.open_page("settings")
        assert isinstance(page, SettingsPage)
        page.data_folder.take(picked)
        settle()
        (dialog,) = page.findChildren(MoveDialog)
        return dialog

    return ask


def test_data_are_taken_to_the_new_folder(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, asked: Callable[[Path], MoveDialog]
) -> None:
    each(store).courses.add("MATH", "Mathematics")
    dialog = asked(tmp_path / "new")
    assert dialog.move_them.isChecked()
    dialog.primary.click()
    settle()
    assert window.moving == DataFolderMove(tmp_path / "new", store.home)
    assert not window.isVisible()
    assert chosen_folder() == tmp_path / "new"
    with open_data(tmp_path / "new") as moved:
        assert moved.courses.by_code("MATH")


def test_one_may_begin_with_nothing(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, asked: Callable[[Path], MoveDialog]
) -> None:
    each(store).courses.add("MATH", "Mathematics")
    dialog = asked(tmp_path / "new")
    dialog.begin_empty.setChecked(True)
    dialog.primary.click()
    settle()
    assert window.moving == DataFolderMove(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_data_that_are_there_are_used_and_nothing_is_taken_along(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, asked: Callable[[Path], MoveDialog]
) -> None:
    each(store).courses.add("MATH", "Mathematics")
    open_data(tmp_path / "other").close()
    dialog = asked(tmp_path / "other")
    assert not dialog.move_them.isVisible()
    assert any("data of this program" in words.text() for words in dialog.findChildren(QLabel))
    dialog.primary.click()
    settle()
    assert window.moving == DataFolderMove(tmp_path / "other")


def test_a_session_must_end_first(
    window: MainWindow, settle: Settle, store: Store, tmp_path: Path, asked: Callable[[Path], MoveDialog]
) -> None:
    dialog = asked(tmp_path / "new")
    with store.recording():
        dialog.primary.click()
        settle()
    assert dialog.message_bar.isVisible()
    assert window.isVisible()
    assert chosen_folder() is None
    dialog.reject()


def test_the_folder_in_use_is_refused_with_words(window: MainWindow, settle: Settle, store: Store) -> None:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    page.data_folder.take(store.home)
    settle()
    assert window.message_bar.isVisible()
    assert not page.findChildren(MoveDialog)


def run(act: Callable[[MainWindow], None]) -> None:
    """Do something with the window as soon as it is up."""

    def later() -> None:
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        if windows:
            act(windows[0])
        else:
            QTimer.singleShot(50, later)

    QTimer.singleShot(50, later)


def test_the_window_opens_again_on_the_other_folder_and_the_old_one_goes(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes: list[Path] = []
    with open_data(tmp_path / "old") as store:
        each(store).courses.add("MATH", "Mathematics")
    build = app.build_window

    def note(store: Store, *given: object, **more: object) -> MainWindow:
        homes.append(store.home)
        window = build(store, *given, **more)  # type: ignore[arg-type]
        if len(homes) == 1:
            run(lambda shown: shown.context.move_wanted.emit(DataFolderMove(tmp_path / "new", tmp_path / "old")))
        else:
            run(lambda shown: shown.close())
        return window

    monkeypatch.setattr(app, "build_window", note)
    (tmp_path / "new").mkdir()
    assert app.open_window(tmp_path / "old") == 0
    assert homes == [tmp_path / "old", tmp_path / "new"]
    assert not (tmp_path / "old").exists()
    LanguageSwitch(qapp).set("en")


def test_a_second_start_brings_the_first_window_forward(tmp_path: Path, qapp: QApplication) -> None:
    ends: list[int] = []

    def second(first: MainWindow) -> None:
        first.showMinimized()
        ends.append(app.open_window(tmp_path / "home"))
        QTimer.singleShot(200, lambda: (ends.append(int(first.isMinimized())), first.close()))

    run(second)
    assert app.open_window(tmp_path / "home") == 0
    assert ends == [0, 0]
    LanguageSwitch(qapp).set("en")


def test_a_first_window_that_does_not_answer_is_said(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[StartErrorDialog] = []
    monkeypatch.setattr(StartErrorDialog, "exec", lambda dialog: shown.append(dialog) or 0)
    with open_data(tmp_path / "home") as store, store.window(), pytest.raises(OpenElsewhere):
        app.open_window(tmp_path / "home")
    assert len(shown) == 1
    LanguageSwitch(qapp).set("en")


def test_a_drive_that_is_not_there_leads_to_another_folder(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_folder(tmp_path / "stick")
    said: list[str] = []

    def answer(dialog: StartErrorDialog) -> int:
        said.append(dialog._message.text())
        dialog.take(tmp_path / "new")
        run(lambda window: window.close())
        return 1

    monkeypatch.setattr(StartErrorDialog, "exec", answer)
    assert app.open_window(None) == 0
    assert len(said) == 1
    assert str(tmp_path / "stick") in said[0]
    assert chosen_folder() == tmp_path / "new"
    LanguageSwitch(qapp).set("en")
