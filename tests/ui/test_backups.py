"""Backups on the page Settings: the last one, one more, a second place, and going back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from single_writes import each

from attendance_app.bootstrap import utc_now
from attendance_app.store.backup_files import Reason
from attendance_app.store.backups import SECOND_FOLDER, local_backups
from attendance_app.store.database import Store
from attendance_app.ui.data_folder_move import DataFolderMove
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.settings.backups import Backups, BackupState, RestoreDialog, last_backup_words

Settle = Callable[[], None]


@pytest.fixture
def backups(window: MainWindow, settle: Settle) -> Backups:
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    settle()
    return page.backups


def chosen(backups: Backups, settle: Settle) -> RestoreDialog:
    backups.go_back.click()
    settle()
    (dialog,) = backups.findChildren(RestoreDialog)
    return dialog


def test_a_backup_is_made_and_shown(backups: Backups, settle: Settle, store: Store) -> None:
    assert backups.last.text() == "No backup yet."
    backups.now.click()
    settle()
    (backup,) = local_backups(store.home)
    assert backup.reason is Reason.HAND
    assert backups.last.text().startswith("Last backup: today ")
    assert backups.last.text().endswith(", verified.")
    assert backups.now.isEnabled()


def test_days_are_said_in_words_and_a_damaged_one_is_named(backups: Backups, store: Store) -> None:
    made = store.back_up(Reason.HAND, utc_now()).backup
    tomorrow = made.made_at + timedelta(days=1)
    assert last_backup_words(BackupState(made, True), tomorrow).startswith("Last backup: yesterday ")
    assert last_backup_words(BackupState(made, False), tomorrow).endswith("It can't be read!")


def test_a_second_place_is_filled_at_once_and_can_be_given_up(
    backups: Backups, settle: Settle, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "stick").mkdir()
    backups.take(str(tmp_path / "stick"))
    settle()
    assert len(list((tmp_path / "stick" / SECOND_FOLDER).iterdir())) == 1
    assert backups.second.text() == f"Second place: {tmp_path / 'stick'}"
    (tmp_path / "stick").rename(tmp_path / "pulled out")
    backups.look()
    settle()
    assert "(not connected)" in backups.second.text()
    backups.none.click()
    settle()
    assert "all is lost" in backups.second.text()
    assert not backups.none.isVisible()


def test_what_would_change_is_shown_before_and_the_window_opens_again(
    window: MainWindow, backups: Backups, settle: Settle, store: Store
) -> None:
    each(store).students.add("S01", "Ana Ruiz")
    store.back_up(Reason.HAND, utc_now())
    each(store).students.add("S02", "Bo Larsen")
    dialog = chosen(backups, settle)
    assert dialog.changes.text() == "Students: vanish 1 (S02 Bo Larsen)"
    dialog.primary.click()
    settle()
    assert window.moving == DataFolderMove(store.home)
    assert not window.isVisible()
    assert [one.name for one in store.students.all()] == ["Ana Ruiz"]
    assert local_backups(store.home)[0].reason is Reason.RESTORE


def test_without_a_difference_there_is_nothing_to_restore(backups: Backups, settle: Settle, store: Store) -> None:
    store.back_up(Reason.HAND, utc_now())
    dialog = chosen(backups, settle)
    assert dialog.changes.text() == "No difference from the present state."
    assert not dialog.primary.isEnabled()
    dialog.reject()


def test_a_file_that_is_no_backup_is_refused_in_the_dialog(
    backups: Backups, settle: Settle, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "other.sqlite3").write_bytes(b"a picture or a song" * 1000)
    dialog = chosen(backups, settle)
    assert not dialog.primary.isEnabled()
    dialog.take(tmp_path / "other.sqlite3")
    settle()
    assert dialog.message_bar.isVisible()
    assert not dialog.primary.isEnabled()
    dialog.reject()


def test_an_open_window_makes_up_for_a_missed_backup(window: MainWindow, settle: Settle, store: Store) -> None:
    store.back_up(Reason.DAY, utc_now() - timedelta(days=1))
    each(store).students.add("S01", "Ana Ruiz")
    window.start()
    settle()
    newest, _yesterday = local_backups(store.home)
    assert newest.made_at.date() == utc_now().date()
