"""What a killed export has left is removed at the next start, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from attendance_app.services.output import unfinished
from attendance_app.services.output.files import OutputFile
from attendance_app.services.output.unfinished import notes_folder, sweep_unfinished, unfinished_file

KILLED = """
import os, sys
from pathlib import Path
from attendance_app.services.output.unfinished import unfinished_file
with unfinished_file(Path(sys.argv[1])) as partial:
    partial.write_text("Marta Quiroga;present")
    print(partial, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def own_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_killed_export_is_removed_at_the_next_start_not_while_it_writes(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    partial = Path(child.stdout.readline().strip())
    sweep_unfinished()
    assert partial.read_text() == "Marta Quiroga;present"
    assert partial.stat().st_mode & 0o777 == 0o600
    child.kill()
    child.communicate()
    assert partial.is_file()
    sweep_unfinished()
    assert not partial.exists()
    assert list(notes_folder().iterdir()) == []


def test_nothing_is_left_by_an_export_that_ends_or_fails(tmp_path: Path) -> None:
    OutputFile(tmp_path / "register.csv", "csv").write(b"Ana")
    with pytest.raises(RuntimeError), unfinished_file(tmp_path):
        raise RuntimeError
    assert sorted(file.name for file in tmp_path.iterdir()) == ["register.csv", "state"]
    assert list(notes_folder().iterdir()) == []


def test_a_note_leads_to_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("mine")
    notes_folder().mkdir(parents=True)
    (notes_folder() / "a").write_text(str(tmp_path / "register.csv"))
    (notes_folder() / "b").write_bytes(b"\xff\xfe")
    sweep_unfinished()
    assert (tmp_path / "register.csv").read_text() == "mine"


def test_a_place_for_notes_that_can_not_be_written_stops_no_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(unfinished, "notes_folder", lambda: tmp_path / "file" / "notes")
    OutputFile(tmp_path / "register.csv", "csv").write(b"Ana")
    sweep_unfinished()
    assert (tmp_path / "register.csv").read_bytes() == b"Ana"
