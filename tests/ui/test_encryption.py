"""Encryption on the page Settings, and a register whose key is lost at the start."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from single_writes import each

from attendance_app.store import key_store
from attendance_app.store.database import FILE_NAME, Store, open_store
from attendance_app.store.driver import key_name_of
from attendance_app.store.errors import RegisterLocked
from attendance_app.store.keys import new_seed, recovery_key
from attendance_app.store.protection import confirm, decrypt, encrypt, protection_of, recovery_key_of
from attendance_app.ui.i18n import LanguageSwitch
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.settings import SettingsPage
from attendance_app.ui.settings.encryption import Encryption, RecoveryKeyDialog
from attendance_app.ui.start_error import StartErrorDialog

Settle = Callable[[], None]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def card(window: MainWindow, settle: Settle, store: Store) -> Encryption:
    each(store).courses.add("M1", "Mathematics")
    store.database.replace(lambda: decrypt(store.home / FILE_NAME, NOW))
    page = window.open_page("settings")
    assert isinstance(page, SettingsPage)
    settle()
    return page.encryption


def buttons(card: Encryption) -> list[str]:
    return [name for name in ("recovery", "renew", "encrypt") if not vars(card)[name].isHidden()]


def shown_key(card: Encryption, settle: Settle) -> RecoveryKeyDialog:
    card.recovery.click()
    settle()
    (dialog,) = card.findChildren(RecoveryKeyDialog)
    return dialog


def test_a_plain_register_is_encrypted_and_its_key_confirmed(card: Encryption, settle: Settle, store: Store) -> None:
    register = store.home / FILE_NAME
    assert card.words.text().startswith("Not encrypted")
    assert buttons(card) == ["encrypt"]
    card.encrypt.click()
    settle()
    assert key_name_of(register) is not None
    assert [course.code for course in store.courses.all()] == ["M1"]
    assert "until you confirm" in card.words.text()
    assert buttons(card) == ["recovery"]

    dialog = shown_key(card, settle)
    key = dialog.key.text()
    dialog.primary.click()
    assert dialog.key.isHidden(), "it is to be read from the paper"
    dialog.typed.setText(recovery_key(new_seed()))
    dialog.primary.click()
    settle()
    assert dialog.message_bar.isVisible()
    assert not protection_of(register).confirmed
    dialog.typed.setText(key)
    dialog.primary.click()
    settle()
    assert protection_of(register).confirmed
    assert buttons(card) == ["renew"]


def test_a_new_recovery_key_is_shown_at_once(card: Encryption, settle: Settle, store: Store) -> None:
    register = store.home / FILE_NAME
    card.encrypt.click()
    settle()
    old = recovery_key_of(register)
    assert old is not None
    confirm(register, old)
    card.look()
    settle()
    card.renew.click()
    settle()
    (dialog,) = card.findChildren(RecoveryKeyDialog)
    assert dialog.key.text() not in {"", old}
    dialog.reject()
    settle()
    assert buttons(card) == ["recovery"]
    assert [course.code for course in store.courses.all()] == ["M1"]


def test_a_register_whose_key_is_lost_is_opened_with_the_recovery_key(tmp_path: Path, qapp: QApplication) -> None:
    with open_store(tmp_path / "home") as store:
        each(store).courses.add("M1", "Mathematics")
    register = tmp_path / "home" / FILE_NAME
    encrypt(register, NOW)
    key, name = recovery_key_of(register), key_name_of(register)
    assert key is not None
    assert name is not None
    key_store.forget(name.chain)
    with pytest.raises(RegisterLocked) as locked:
        open_store(tmp_path / "home")
    LanguageSwitch(qapp).set("en")
    dialog = StartErrorDialog(locked.value)
    dialog.typed.setText("ABCD")
    dialog.unlock_button.click()
    assert dialog.chosen is None
    dialog.typed.setText(key)
    dialog.unlock_button.click()
    assert dialog.chosen == tmp_path / "home"
    with open_store(tmp_path / "home") as store:
        assert [course.code for course in store.courses.all()] == ["M1"]


def reminded(window: MainWindow, settle: Settle) -> bool:
    window.recovery_reminder.look()
    settle()
    return not window.recovery_reminder.isHidden()


def test_the_recovery_key_is_asked_for_until_it_is_confirmed(
    card: Encryption, window: MainWindow, settle: Settle, store: Store
) -> None:
    assert not reminded(window, settle), "a plain register has no key"
    card.encrypt.click()
    settle()
    assert reminded(window, settle)
    window.recovery_reminder.later_button.click()
    assert window.recovery_reminder.isHidden()
    assert window._bar_room.isHidden(), "it leaves no empty room above the page"

    assert reminded(window, settle)
    window.recovery_reminder.show_button.click()
    settle()
    (dialog,) = window.recovery_reminder.findChildren(RecoveryKeyDialog)
    key = dialog.key.text()
    assert key in dialog.sheet().toPlainText()
    assert str(store.home) in dialog.sheet().toPlainText()
    dialog.primary.click()
    assert dialog.print_button.isHidden()
    dialog.typed.setText(key)
    dialog.primary.click()
    settle()
    assert protection_of(store.home / FILE_NAME).confirmed
    assert window.recovery_reminder.isHidden()
    assert not reminded(window, settle)


def test_nobody_is_reminded_over_a_demo(window: MainWindow, settle: Settle, store: Store) -> None:
    each(store).courses.add("DEMO", "Demo class")
    encrypt(store.home / FILE_NAME, NOW)
    assert not reminded(window, settle)
