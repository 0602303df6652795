"""The window alone opens without what only commands need; everything else is Typer's to parse."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attendance_app.cli import start, window


@pytest.mark.parametrize(
    ("arguments", "alone"),
    [
        ([], True),
        (["--home", "folder"], True),
        (["--home"], False),
        (["--home", ""], False),
        (["--home", "--verbose"], False),
        (["--verbose"], False),
        (["--help"], False),
        (["session", "list"], False),
        (["--home", "folder", "session"], False),
    ],
)
def test_only_a_data_folder_may_stand_beside_it(arguments: list[str], alone: bool) -> None:
    assert start.asks_for_the_window_alone(arguments) is alone


@pytest.mark.parametrize(
    ("arguments", "environment", "home"),
    [
        ([], None, None),
        ([], "", None),
        ([], "elsewhere", Path("elsewhere")),
        (["--home", "folder"], "elsewhere", Path("folder")),
    ],
)
def test_the_window_opens_on_the_folder_that_was_named(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: str | None, home: Path | None
) -> None:
    opened = []
    monkeypatch.setattr(sys, "argv", ["attendance", *arguments])
    monkeypatch.delenv("ATTENDANCE_HOME", raising=False)
    if environment is not None:
        monkeypatch.setenv("ATTENDANCE_HOME", environment)
    monkeypatch.setattr(window, "open_window", lambda place: opened.append(place) or 0)

    with pytest.raises(SystemExit) as ended:
        start.run()

    assert (ended.value.code, opened) == (0, [home])


NOT_NEEDED = {"numpy", "typer", "pydantic", "qtpy", "scipy", "alembic", "PIL", "dlib", "onnxruntime"}


def test_the_window_imports_no_typer_and_no_second_qt(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "QApplication.exec = lambda *_: 0\n"
        "from attendance_app.cli.start import run\n"
        f"sys.argv = ['attendance', '--home', {str(tmp_path / 'home')!r}]\n"
        "try:\n    run()\nfinally:\n"
        f"    print(sorted({NOT_NEEDED!r} & set(sys.modules)))\n"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )

    assert done.stdout.strip() == "[]", done.stderr
    assert done.returncode == 0
