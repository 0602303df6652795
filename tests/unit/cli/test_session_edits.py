"""Sessions corrected as a whole, as a user types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError
from attendance_app.store.errors import SplitOutside


@pytest.fixture
def run(tmp_path: Path):
    def run(*words: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words])
        if isinstance(result.exception, KnownError):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout

    run("course", "add", "M1")
    return run


def add(run, start: str, end: str) -> str:
    return str(json.loads(run("session", "add", "M1", "--start", start, "--end", end, "--json"))["session_id"])


def test_a_session_is_added_moved_split_merged_deleted_and_brought_back(run):
    session = add(run, "2026-03-02T08:00", "2026-03-02T09:40")
    run("session", "move", session, "--start", "2026-03-03T08:10")
    shown = json.loads(run("session", "show", session, "--json"))
    assert (shown["started"][:16], shown["ended"][:16]) == ("2026-03-03T08:10", "2026-03-03T09:50")
    with pytest.raises(SplitOutside):
        run("session", "split", session, "--at", "9:50")
    run("session", "split", session, "--at", "9:00")
    second, first = [str(one["session_id"]) for one in json.loads(run("session", "list", "--json"))]
    assert first == session
    assert "08:10 to 2026-03-03 09:50" in run("session", "merge", first, second)
    run("session", "delete", first)
    assert json.loads(run("session", "list", "--json")) == []
    deleted = json.loads(run("session", "list", "--deleted", "--json"))
    assert {str(one["session_id"]) for one in deleted} == {first, second}
    run("session", "delete", first, "--undo")
    what = [line["what"] for line in json.loads(run("session", "history", first, "--json"))]
    assert what == ["added", "moved", "split", "moved", "moved", "merged", "deleted", "brought back"]
    words = run("session", "history", first).split()
    assert words[words.index("moved") + 1 :][:4] == ["2026-03-02", "08:00", "2026-03-03", "08:10"]


def test_a_session_begun_by_mistake_is_named_and_counts_once_that_is_said(run, tmp_path: Path):
    class_list = tmp_path / "list.csv"
    class_list.write_text("number,name\n1,Ana\n2,Luis\n", encoding="utf-8")
    run("roster", "import", str(class_list), "--course", "M1")
    session = str(json.loads(run("session", "open", "--course", "M1", "--json"))["session_id"])
    run("session", "close", session)
    assert json.loads(run("session", "list", "--json"))[0]["begun_by_mistake"] is True
    assert "begun by mistake?" in run("session", "list")
    run("session", "void", session, "--undo")
    assert json.loads(run("session", "list", "--json"))[0]["begun_by_mistake"] is False


@pytest.mark.parametrize("start", ["yesterday", "2026-13-01T08:00", "0001-01-01T00:00"])
def test_a_time_that_is_none_is_an_error_of_usage(run, start: str):
    run("session", "add", "M1", "--start", start, status=2)
    assert json.loads(run("session", "list", "--json")) == []
