"""The tests' own home."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs
import scratch_home


def test_the_program_finds_its_places_in_the_scratch_home() -> None:
    code = "import platformdirs; print(platformdirs.user_data_dir('attendance'))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    for place in (Path.home(), platformdirs.user_config_dir("attendance"), platformdirs.user_cache_dir("a"), child):
        assert Path(place).is_relative_to(scratch_home.HOME)
    assert not scratch_home.REAL.is_relative_to(scratch_home.HOME)


def test_what_is_written_to_a_home_is_noticed(tmp_path: Path) -> None:
    config = tmp_path / scratch_home.PLACES[-1] / "attendance"
    config.mkdir(parents=True)
    (config / "data-folder.txt").write_text("x")
    (config.parent / "another").mkdir()
    before = scratch_home.of_ours(tmp_path)
    assert set(before) == {config, config / "data-folder.txt"}

    (config.parent / "another" / "file").touch()
    assert scratch_home.of_ours(tmp_path) == before
    (config / "new").touch()
    assert scratch_home.of_ours(tmp_path) != before

    before = scratch_home.of_ours(tmp_path)
    os.utime(config / "new", ns=(1, 1))
    assert scratch_home.of_ours(tmp_path) != before


FAILS = """
import scratch_home
from pathlib import Path

def test_writes():
    (scratch_home.REAL / scratch_home.PLACES[-1] / "attendance").mkdir(parents=True)

def test_writes_nothing():
    pass
"""


def test_a_test_that_writes_to_the_real_home_fails(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(FAILS)
    tests = Path(scratch_home.__file__).parent
    environment = os.environ | {"ATTENDANCE_TESTS_REAL_HOME": str(tmp_path / "real"), "PYTHONPATH": str(tests)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider", "test_it.py"]

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "1 error" in done.stdout, done.stdout + done.stderr
    assert "ERROR test_it.py::test_writes - " in done.stdout
    assert "written to the real home" in done.stdout
