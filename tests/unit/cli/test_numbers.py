"""Numbers on the command line: too large, too small or none is said at once, and times are local."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.store.database import open_store


def _numeric(command: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {
        " ".join([*path, parameter.name]): parameter
        for parameter in command.params
        if getattr(parameter, "type_descriptor", None) and parameter.type_descriptor.annotation in {int, float}
    }
    for name, inner in getattr(command, "commands", {}).items():
        found |= _numeric(inner, (*path, name))
    return found


NUMERIC = _numeric(typer.main.get_command(app))


@pytest.mark.parametrize("parameter", NUMERIC.values(), ids=NUMERIC.keys())
def test_every_number_has_an_end_and_takes_no_nan(parameter):
    assert parameter.min is not None
    assert parameter.max is not None
    assert parameter.type_descriptor.annotation is int or parameter.callback is not None


@pytest.mark.parametrize(
    "words",
    [
        *(["session", name, "9" * 23] for name in ("show", "close")),
        ["session", "export", "9" * 23, "--out", "x.csv"],
        ["session", "mark", "9" * 23, "1", "present"],
        ["session", "show", "0"],
        ["session", "run", "--course", "A", "--source", "9" * 20],
        *(["session", "open", "--course", "A", "--late-after", text] for text in ("1e300", "nan", "inf", "-1", "1441")),
        *(["session", "run", "--course", "A", "--source", "0", "--max-seconds", text] for text in ("1e300", "nan")),
        *(["session", "run", "--course", "A", "--source", "0", "--late-after", text] for text in ("1e300", "nan")),
        ["identify", "x.jpg", "--upsample", "nan"],
        *(["session", "from-photos", "A", "x.jpg", "--taken", text] for text in ("9999-12-31T23:59", "0002-01-01")),
    ],
    ids=" ".join,
)
def test_a_number_that_makes_no_sense_is_said_at_once(tmp_path, words):
    home = ["--home", str(tmp_path)]
    CliRunner().invoke(app, [*home, "course", "add", "A"])
    CliRunner().invoke(app, [*home, "student", "add", "1", "Ana"])
    started = time.perf_counter()
    result = CliRunner().invoke(app, [*home, *words])
    assert time.perf_counter() - started < 10
    assert result.exit_code in {1, 2}
    assert result.exception is None or type(result.exception).__module__ != "builtins" or result.exit_code == 2
    assert json.loads(CliRunner().invoke(app, [*home, "session", "list", "--json"]).stdout) == []


@pytest.fixture
def in_mexico(monkeypatch):
    """A machine whose clock is six hours behind UTC."""
    monkeypatch.setenv("TZ", "America/Mexico_City")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can't be changed here")
@pytest.mark.usefixtures("in_mexico")
def test_an_evening_lesson_shows_its_own_date(tmp_path):
    evening = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)  # 19:30 on the day before in Mexico
    with open_store(tmp_path) as store:
        course = each(store).courses.add("A", "A")
        student = each(store).students.add("1", "Ana")
        each(store).students.enrol(course.id, student.id)
        each(store).consents.record(student.id, "form", evening)
        gone = each(store).students.add("2", "Luis")
        each(store).erasures.erase_student(gone.id, evening)
        session = each(store).sessions.open(course.id, evening, timedelta(minutes=5))
        each(store).sessions.close(session.id, evening + timedelta(minutes=50), 0)

    def run(*words: str) -> str:
        return CliRunner().invoke(app, ["--home", str(tmp_path), *words]).stdout

    assert "2026-03-02 19:30" in run("session", "list")
    assert "2026-03-03" not in run("session", "list")
    for words in (
        ["session", "list", "--json"],
        ["session", "show", "1", "--json"],
        ["student", "show", "1", "--json"],
        ["student", "erasures"],
        ["student", "erasures", "--json"],
    ):
        assert "2026-03-02T19:30:00-06:00" in run(*words)
        assert "2026-03-03" not in run(*words)
