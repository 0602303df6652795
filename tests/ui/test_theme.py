"""The style sheet is read whole, wherever the program is installed."""

import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QFile
from PySide6.QtWidgets import QApplication

from attendance_app.config.paths import bundled
from attendance_app.ui import theme


@pytest.mark.parametrize("folder", ["Año escolar «3º B»", "it's (new)"])
def test_icons_are_found_in_a_folder_of_any_name(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """``quiet_qt`` fails the test when Qt can't parse the style sheet."""
    resources = tmp_path / folder / "resources"
    resources.mkdir(parents=True)
    shutil.copytree(bundled("resources") / "icons", resources / "icons")
    shutil.copy(bundled("resources") / "style.qss", resources)
    sheet, palette, font, places = qapp.styleSheet(), qapp.palette(), qapp.font(), QDir.searchPaths("icon")
    monkeypatch.setattr(theme, "bundled", lambda _name: resources)
    worn = theme.Theme(qapp)
    worn.set(theme.ThemeChoice.DARK)
    pictures = set(re.findall(r"url\((.+?)\)", qapp.styleSheet()))
    missing = [picture for picture in pictures if not QFile.exists(picture)]
    worn.deleteLater()
    QDir.setSearchPaths("icon", places)
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)
    assert pictures
    assert missing == []
