"""A course in figures: every one is computed here from the marks in another way, or by hand."""

import csv
import io
import json
import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.attendance_report import course_report, only_student
from attendance_app.services.errors import NotInCourse
from attendance_app.services.sheets.files import sheet_csv
from attendance_app.services.sheets.reports import report_sheet
from attendance_app.services.sheets.workbook import sheet_xlsx
from attendance_app.store.database import open_store
from attendance_app.words.catalogue import translate_to
from attendance_app.words.sheets import sheet_words

LIMA = ZoneInfo("America/Lima")
START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
LETTERS = {"P": Status.PRESENT, "L": Status.LATE, "A": Status.ABSENT, "E": Status.EXCUSED}


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        yield opened


def taken(store, rows, *, late=12):
    """A course with a student a row and a session a letter, one a day; "." is no mark."""
    course = each(store).courses.add("MATE", "Matemáticas")
    with store.write() as tx:
        tx.students.put_roster(course.id, [RosterEntry(f"S{n}", f"Student {n}", "") for n in range(len(rows))])
    ids = [store.students.by_number(f"S{n}").id for n in range(len(rows))]
    for day in range(len(rows[0])):
        begun = START + timedelta(days=day)
        session = each(store).sessions.open(course.id, begun, timedelta(minutes=10))
        with store.write() as tx:
            for who, row in zip(ids, rows, strict=True):
                if row[day] != ".":
                    at = begun + timedelta(minutes=late if row[day] == "L" else 1, seconds=40)
                    came = at if row[day] in "PL" else None
                    tx.marks.record([Mark(session.id, who, LETTERS[row[day]], MarkedBy.TEACHER, at, arrived_at=came)])
        with store.write() as tx:
            tx.sessions.close(session.id, begun + timedelta(minutes=50))
        # Closing marks the unmarked absent; a dot is for those who came later to the course.
        if any(row[day] == "." for row in rows):
            with store.write() as tx:
                for who, row in zip(ids, rows, strict=True):
                    if row[day] == ".":
                        tx.marks.take_back(session.id, who, None, at=begun)
    return course


def figures(store, course, limit=0.8, **span):
    report = course_report(store, course.id, limit=limit, zone=LIMA, **span)
    return report, {line.student.number: line for line in report.students}


def test_rates_lates_minutes_and_streaks(store):
    course = taken(store, ["PPAAPLPP", "PPPPPPAA", "EAELPAEA", "AAAAAAAA"])
    report, lines = figures(store, course)
    assert [line.rate for line in lines.values()] == [6 / 8, 6 / 8, 2 / 5, 0.0]
    assert [line.minutes_late for line in lines.values()] == [12, 0, 12, 0]
    assert [line.absences_now for line in lines.values()] == [0, 2, 2, 8]
    assert [line.longest_absence for line in lines.values()] == [2, 2, 2, 8]
    assert [line.longest_presence for line in lines.values()] == [4, 6, 2, 0]
    assert [line.counts[Status.LATE] for line in lines.values()] == [1, 0, 1, 0]
    assert report.rate == 14 / 29
    assert report.shares == (2 / 3, 2 / 4, 1 / 3, 2 / 4, 3 / 4, 2 / 4, 1 / 3, 1 / 4)


def test_the_trend_compares_the_newer_half_with_the_older(store):
    course = taken(store, ["PPPAAA", "AAAPPP", "PAPAPA", "PPPPP."])
    trends = [line.trend for line in figures(store, course)[1].values()]
    assert trends[:3] == [pytest.approx(-1), pytest.approx(1), pytest.approx(-1 / 3)]
    assert trends[3] is None  # five sessions are too few


def test_since_when_somebody_is_below_the_limit(store):
    course = taken(store, ["PPPPAA", "APPPPP", "APPPAA", "PPPPPP"])
    report, lines = figures(store, course)
    since = {number: line.below_since and line.below_since.started_at for number, line in lines.items()}
    # 4 of 5 is at the limit and not below it; S2 came up to 3 of 4 only, and was never at it.
    assert since == {
        "S0": START + timedelta(days=5),
        "S1": None,
        "S2": START,
        "S3": None,
    }
    assert [line.student.number for line in report.below] == ["S2", "S0"]


def test_void_sessions_count_nowhere_and_a_span_has_both_its_days(store):
    course = taken(store, ["PAAP", "PPPP"])
    second = store.sessions.all(course.id)[2]
    each(store).sessions.void(second.id, START + timedelta(days=9), at=START + timedelta(days=9))
    report, lines = figures(store, course)
    assert (len(report.sessions), lines["S0"].rate) == (3, 2 / 3)
    report, lines = figures(store, course, first=date(2026, 3, 3), last=date(2026, 3, 4))
    assert [session.started_at.day for session in report.sessions] == [4]
    assert lines["S0"].rate == 0.0


def test_a_day_on_which_far_fewer_came_is_unusual_and_no_other(store):
    drawn = random.Random(3)
    rows = [[drawn.choices("PA", [9, 1])[0] for _ in range(12)] for _ in range(20)]
    for row in rows[:17]:
        row[7] = "A"
    report, _ = figures(store, taken(store, ["".join(row) for row in rows]))
    assert [(one.session.started_at, one.counted) for one in report.unusual] == [(START + timedelta(days=7), 20)]
    assert report.unusual[0].came <= 3 < report.unusual[0].expected


def test_a_class_of_regulars_has_no_unusual_day_for_one_absence(store):
    report, _ = figures(store, taken(store, ["PPPPPPPP"] * 9 + ["PPPAPPPP"]))
    assert report.unusual == ()


def test_a_course_without_sessions_and_a_student_of_another_course(store):
    course = each(store).courses.add("BIO", "")
    report, _ = figures(store, course)
    assert (report.rate, report.shares, report.students, report.unusual) == (None, (), (), ())
    outside = each(store).students.add("X", "Somebody")
    with pytest.raises(NotInCourse):
        only_student(report, outside)


def test_the_report_of_one_student_has_their_own_curve(store):
    course = taken(store, ["PPAA", "PPPP"])
    report, _ = figures(store, course)
    one = only_student(report, store.students.by_number("S0"))
    assert one.shares == (1.0, 1.0, 2 / 3, 2 / 4)
    assert len(one.students) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sheet_says_the_same_in_every_kind_of_file(store, language):
    course = taken(store, ["PPAAPL", "APPPPP"])
    words = sheet_words(translate_to(language))
    sheet = report_sheet(figures(store, course)[0], words, LIMA)
    rows = list(csv.reader(io.StringIO(sheet_csv(sheet, ";").decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:7] == ["S0", "Student 0", "67 %", "3", "1", "2", "0"]
    assert rows[1][7:] == ["12", "0", "2", "0 %", "2026-03-04"]
    book = load_workbook(io.BytesIO(sheet_xlsx(sheet)))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert words.total not in [row[0] for row in cells]
    line = next(row for row in cells if row[0] == "S0")
    assert line[2:8] == [pytest.approx(4 / 6), 3, 1, 2, 0, 12]


def test_the_command_prints_writes_and_gives_json(store, tmp_path):
    taken(store, ["PPAAPL", "APPPPP"])
    home = str(store.home)
    store.close() if hasattr(store, "close") else None
    run = CliRunner().invoke
    shown = run(app, ["--home", home, "report", "course", "MATE"])
    assert "MATE: 6 sessions, 75% attended, 1 below 80%." in shown.stdout
    found = json.loads(run(app, ["--home", home, "report", "course", "MATE", "--json", "--from", "2026-03-03"]).stdout)
    assert (len(found["sessions"]), found["from"], found["students"][0]["late"]) == (5, "2026-03-03", 1)
    out = tmp_path / "report.csv"
    result = run(app, ["--home", home, "report", "course", "MATE", "--student", "S1", "--out", str(out)])
    assert result.exit_code == 0
    assert "S0" not in out.read_text(encoding="utf-8-sig")
