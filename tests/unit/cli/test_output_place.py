"""Commands that write: what is there already stays unless the user agrees."""

import pytest
from typer.testing import CliRunner

from attendance_app.cli import output_place
from attendance_app.cli.main import app
from attendance_app.cli.messages import remedy_of
from attendance_app.domain.errors import KnownError
from attendance_app.services.output import errors


@pytest.fixture
def export(tmp_path):
    """Export the course M1 to a file with more options; returns the result."""

    def run(*words: str, keys: str = ""):
        return CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words], input=keys)

    run("course", "add", "M1")
    return lambda out, *options, keys="": run("course", "export", "M1", "--out", str(out), *options, keys=keys)


def test_without_a_terminal_an_existing_file_needs_force(export, tmp_path):
    out = tmp_path / "m.csv"
    out.write_text("mine")
    refused = export(out)
    assert isinstance(refused.exception, errors.FileExists)
    assert "--force" in remedy_of(refused.exception)
    assert out.read_text() == "mine"
    assert export(out, "--force").exit_code == 0
    assert out.read_text() != "mine"


@pytest.mark.parametrize(("keys", "replaced"), [("y\n", True), ("n\n", False)])
def test_in_a_terminal_it_is_asked(export, tmp_path, monkeypatch, keys, replaced):
    monkeypatch.setattr(output_place, "_in_terminal", lambda: True)
    out = tmp_path / "m.csv"
    out.write_text("mine")
    export(out, keys=keys)
    assert (out.read_text() != "mine") is replaced


LONG = "n" * 300
"""No file system has a name of so many letters."""


@pytest.mark.parametrize(
    "words",
    [
        ["course", "export", "M1", "--out", f"{LONG}.csv"],
        ["enrol", f"{LONG}.zip", "--course", "M1"],
        ["enrol", ".", "--course", "M1", "--report", f"{LONG}.csv"],
        ["session", "run", "--course", "M1", "--source", LONG],
        ["session", "run", "--course", "M1", "--source", ".", "--rescue", LONG],
        ["session", "from-photos", "M1", "1.jpg", "--rescue", LONG],
        ["screenshots", "--out", LONG],
        ["roster", "import", LONG, "--course", "M1"],
        ["session", "recover", LONG],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_name_that_the_system_refuses_is_a_known_error(tmp_path, words):
    home = ["--home", str(tmp_path)]
    CliRunner().invoke(app, [*home, "course", "add", "M1"])
    assert isinstance(CliRunner().invoke(app, [*home, *words]).exception, KnownError)


def test_force_does_not_reach_the_register(export, tmp_path):
    register = tmp_path / "home" / "attendance.sqlite3"
    before = register.read_bytes()
    for options in ([], ["--force"], ["--force", "--format", "csv"]):
        assert isinstance(export(register, *options).exception, KnownError)
    assert register.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["screenshots"],
        ["dataset", "explore", "."],
        ["models", "build"],
        ["train", "mask", "--data", "."],
        ["train", "matcher", "--data", "."],
        ["train", "identity", "--data", "."],
        ["train", "demo-faces", "--data", "."],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_command_fills_the_data_folder_or_a_full_one_unasked(tmp_path, words):
    home, full = tmp_path / "home", tmp_path / "full"
    CliRunner().invoke(app, ["--home", str(home), "course", "add", "M1"])
    full.mkdir()
    (full / "mine").write_text("mine")
    for out, options in ((home, ["--force"]), (home / "runs", []), (full, [])):
        before = sorted(out.parent.rglob("*"))
        result = CliRunner().invoke(app, [*words, "--out", str(out), *options])
        assert isinstance(result.exception, KnownError), result.output
        assert sorted(out.parent.rglob("*")) == before
