from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from attendance_app.domain.errors import KnownError
from attendance_app.ui import app, start_error
from attendance_app.ui.i18n import LanguageSwitch


def test_a_data_folder_that_cannot_be_used_is_said_in_a_dialog_and_to_the_caller(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def note(dialog: start_error.StartErrorDialog) -> int:
        said.append(dialog.windowTitle())
        return 0

    monkeypatch.setattr(start_error.StartErrorDialog, "exec", note)
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    with pytest.raises(KnownError):
        app.open_window(in_the_way)
    assert len(said) == 1
    LanguageSwitch(qapp).set("en")
