"""What the program writes is for its owner only, and what it logs names nobody."""

import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from single_writes import each
from sqlalchemy.exc import IntegrityError

from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.rows import StudentRow

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")


def for_others(folder: Path) -> list[str]:
    """Everything below a folder that somebody else may read or enter."""
    return [str(path) for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_commands_write_for_the_owner_only(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir(mode=0o700)
    for arguments in (
        ["course", "add", "M1"],
        ["student", "add", "1", "Ana Ruiz", "--course", "M1"],
        ["settings", "set", "theme", "dark"],
        ["backup", "--to", str(out)],
        ["roster", "list", "M1", "--out", str(out / "list.csv")],
        ["session", "open", "--course", "M1"],
    ):
        subprocess.run(
            [sys.executable, "-m", "attendance_app", "--home", str(home), *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            umask=0o022,
            check=arguments[0] in {"course", "student", "backup"},
            capture_output=True,
        )
    assert (home / FILE_NAME).is_file()
    assert list(out.iterdir())
    assert for_others(home) == []
    assert for_others(out) == []


def test_what_earlier_versions_left_readable_is_closed(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    for name in (FILE_NAME, "recording.lock", "attendance.log", "settings.toml"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    (tmp_path / "mine.txt").touch(mode=0o644)
    (tmp_path / "mine.txt").chmod(0o644)
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo").chmod(0o755)
    tmp_path.chmod(0o700)
    open_store(tmp_path).close()
    assert for_others(tmp_path) == [str(tmp_path / "mine.txt")]


def test_an_error_of_the_database_has_no_values_in_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with open_store(tmp_path) as store:
        each(store).students.add("S-marked", "Marta Quiroga")

        def again() -> None:
            with store.database.write() as session:
                session.add(StudentRow(number="S-marked", name="Marta Quiroga"))
                session.flush()

        with caplog.at_level(logging.DEBUG), pytest.raises(IntegrityError) as caught:
            again()
        logging.getLogger("test").error("failed", exc_info=caught.value)
    assert "IntegrityError" in caplog.text
    assert "Quiroga" not in caplog.text
    assert "S-marked" not in caplog.text
