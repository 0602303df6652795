"""A roll without a camera, as a user types it."""

import json
from datetime import datetime

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError
from attendance_app.services.errors import ArrivalUnreadable
from attendance_app.store.errors import SessionUnfinished


def test_a_roll_is_taken_by_hand_from_its_beginning_to_its_end(tmp_path):
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words])
        if isinstance(result.exception, KnownError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    class_list = tmp_path / "list.csv"
    class_list.write_text("number,name\n1,Ana\n2,Luis\n", encoding="utf-8")
    run("course", "add", "M1")
    run("roster", "import", str(class_list), "--course", "M1")
    session = str(json.loads(run("session", "open", "--course", "M1", "--json"))["session_id"])
    with pytest.raises(SessionUnfinished):
        run("session", "open", "--course", "M1")
    run("session", "mark", session, "1", "late", "--remark", "bus")
    run("session", "close", session)

    register = json.loads(run("session", "show", session, "--json"))
    assert {mark["student_id"]: (mark["status"], mark["marked_by"]) for mark in register["marks"]} == {
        "1": ("late", "teacher"),
        "2": ("absent", "close"),
    }
    assert register["ended"] is not None
    started = datetime.fromisoformat(register["started"]).astimezone()
    with pytest.raises(ArrivalUnreadable):
        run("session", "mark", session, "1", "late", "--arrived", "soon")
    run("session", "mark", session, "1", "late", "--arrived", f"{started:%H:%M}")
    run("session", "export", session, "--out", str(tmp_path / "register.json"))
    document = json.loads((tmp_path / "register.json").read_text(encoding="utf-8"))
    assert document["marks"][0]["arrived"].startswith(f"{started:%Y-%m-%dT%H:%M}")

    run("session", "topic", session, "Fractions")
    assert "is void" in run("session", "void", session, "--reason", "fire drill")
    (listed,) = json.loads(run("session", "list", "--json"))
    assert (listed["topic"], listed["void"]) == ("Fractions", True)
    run("session", "export", session, "--out", str(tmp_path / "register.xlsx"))
    cells = [cell for row in load_workbook(tmp_path / "register.xlsx").worksheets[0].values for cell in row]
    assert cells[cells.index("Topic") + 1] == "Fractions"
    assert cells[cells.index("Void") + 1] == "fire drill"
    assert "counts" in run("session", "void", session, "--undo")
    (listed,) = json.loads(run("session", "list", "--json"))
    assert listed["void"] is False
