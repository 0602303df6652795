"""Every command explains itself, and help costs nothing."""

import re
import subprocess
import sys

import click
import pytest
import typer

from attendance_app.cli.commands import ENTRIES
from attendance_app.cli.main import app

HEAVY = ["tensorflow", "keras", "PySide6", "dlib", "onnxruntime", "cv2", "scipy", "sqlalchemy"]


def commands(command: click.Command, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found = {path: command}
    for name, inner in getattr(command, "commands", {}).items():
        found |= commands(inner, (*path, name))
    return found


ALL = commands(typer.main.get_command(app))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_command_and_all_its_parameters_have_help(path):
    command = ALL[path]

    assert command.help
    unexplained = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize(
    "words", [["--help"], ["session", "run", "--help"], ["enrol", "--help"], ["identify", "--help"]], ids=" ".join
)
def test_help_imports_nothing_heavy(words):
    script = (
        "import sys\n"
        "from attendance_app.cli.start import run\n"
        f"sys.argv = ['attendance', *{words!r}]\n"
        "try:\n    run()\nfinally:\n"
        f"    print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "Usage" in done.stdout
    assert done.stderr.strip() == "HEAVY []"


def test_the_list_of_commands_imports_none_of_them():
    script = (
        "import sys\n"
        "from attendance_app.cli.start import run\n"
        "sys.argv = ['attendance', '--help']\n"
        "try:\n    run()\nfinally:\n"
        "    heavy = {'numpy', 'rich', 'platformdirs', 'attendance_app.bootstrap'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"
    assert [entry.name for entry in ENTRIES if entry.summary not in " ".join(done.stdout.split())] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_list_says_what_the_help_of_the_command_says(entry):
    said = " ".join(ALL[(entry.name,)].help.split()).lower()

    assert set(re.findall(r"[a-z]{5,}", entry.summary.lower())) - {"laboratory"} <= set(re.findall(r"[a-z]{5,}", said))
