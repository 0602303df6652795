"""Excuses as a user types them."""

import json
from datetime import datetime
from pathlib import Path

from typer.testing import CliRunner

from attendance_app.cli.main import app


def test_an_excuse_is_added_listed_and_removed(tmp_path: Path):
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    run("course", "add", "M1")
    run("student", "add", "7", "Ana", "--course", "M1")
    today = datetime.now().astimezone().date().isoformat()
    assert "is excused" in run("student", "excuse", "add", "7", today, "--reason", "flu")
    session = str(json.loads(run("session", "open", "--course", "M1", "--json"))["session_id"])
    (mark,) = json.loads(run("session", "show", session, "--json"))["marks"]
    assert (mark["status"], mark["remark"], mark["minutes_late"]) == ("excused", "flu", None)
    assert mark["seen_though_away"] is False
    (excuse,) = json.loads(run("student", "excuse", "list", "7", "--json"))
    assert (excuse["first"], excuse["last"], excuse["reason"]) == (today, today, "flu")
    run("student", "excuse", "remove", str(excuse["excuse"]))
    assert json.loads(run("student", "excuse", "list", "7", "--json")) == []
