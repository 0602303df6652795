"""A timetable as a user types it, and a session of the lesson that is due."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.errors import KnownError
from attendance_app.services.timetable import errors


@pytest.fixture
def run(tmp_path: Path):
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), *words])
        if isinstance(result.exception, KnownError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    run("course", "add", "M1")
    return run


def test_a_timetable_is_typed_shown_and_corrected(run):
    run("timetable", "term", "M1", "2026-08-31", "2026-12-18", "--name", "Autumn")
    run("timetable", "lesson", "M1", "mon", "8:00", "8:50", "--topic", "Algebra")
    run("timetable", "holiday", "M1", "2026-11-16", "--name", "Revolución")
    shown = json.loads(run("timetable", "show", "M1", "--json"))
    assert shown["terms"] == [{"first": "2026-08-31", "last": "2026-12-18", "name": "Autumn"}]
    assert shown["lessons"][0]["starts"] == "08:00"
    assert shown["holidays"] == [{"first": "2026-11-16", "last": "2026-11-16", "name": "Revolución"}]
    assert "monday 08:00 to 08:50" in run("timetable", "show", "M1")
    with pytest.raises(errors.NoSuchTimetableLine):
        run("timetable", "remove", "M1", "4")
    run("timetable", "remove", "M1", "2")
    assert json.loads(run("timetable", "show", "M1", "--json"))["lessons"] == []
    run("timetable", "remove", "M1", "2")
    assert json.loads(run("timetable", "show", "M1", "--json"))["holidays"] == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("term", "M1", "2026-12-18", "2026-08-31"), errors.PeriodBackwards),
        (("holiday", "M1", "1 May"), errors.DayUnreadable),
        (("holiday", "M1", "0001-01-01"), errors.DayUnreadable),
        (("lesson", "M1", "t", "8:00", "9:00"), errors.WeekdayUnreadable),
        (("lesson", "M1", "fri", "24:00", "9:00"), errors.ClockUnreadable),
        (("lesson", "M1", "fri", "9:00", "9:00"), errors.LessonWithoutLength),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(run, words: tuple[str, ...], kind: type[KnownError]):
    with pytest.raises(kind):
        run("timetable", *words)
    assert json.loads(run("timetable", "show", "M1", "--json")) == {"terms": [], "lessons": [], "holidays": []}


def test_a_broken_calendar_changes_nothing_and_a_whole_one_is_told_course_by_course(run, tmp_path: Path):
    file = tmp_path / "school.ics"
    whole = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261116\nSUMMARY:Puente\nEND:VEVENT\nEND:VCALENDAR\n"
    file.write_text(whole.replace("20261116", "2026"))
    run("course", "add", "M2")
    with pytest.raises(errors.CalendarBroken, match="3"):
        run("timetable", "import", str(file), "--course", "M1")
    file.write_text(whole)
    dry = json.loads(run("timetable", "import", str(file), "--course", "M1", "--dry-run", "--json"))
    assert (dry["courses"], len(dry["holidays"])) == ([], 1)
    said = run("timetable", "import", str(file), "--course", "M1", "--course", "M2")
    assert "M1: 1 new holidays, 0 new weekly times." in said
    assert json.loads(run("timetable", "show", "M2", "--json"))["holidays"][0]["name"] == "Puente"


def test_a_session_is_of_the_lesson_that_is_due(run):
    now = datetime.now().astimezone()
    starts, ends = now - timedelta(minutes=7), now + timedelta(minutes=30)
    weekday = f"{starts:%A}"
    run("timetable", "lesson", "M1", weekday, f"{starts:%H:%M}", f"{ends:%H:%M}", "--topic", "Algebra")
    due = json.loads(run("timetable", "due", "M1", "--json"))["lesson"]
    assert due["starts"] == starts.replace(second=0, microsecond=0).isoformat()
    session = str(json.loads(run("session", "open", "--course", "M1", "--json"))["session_id"])
    assert json.loads(run("session", "show", session, "--json"))["lesson"] == due["starts"]
    assert json.loads(run("session", "list", "--json"))[0]["topic"] == "Algebra"
    assert json.loads(run("timetable", "due", "M1", "--json"))["lesson"] is None
    run("session", "close", session)
    run("session", "void", session)
    again = str(json.loads(run("session", "open", "--course", "M1", "--late-from-start", "--json"))["session_id"])
    assert json.loads(run("session", "show", again, "--json"))["lesson"] is None
