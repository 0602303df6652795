"""Messages for parents: the school's text with its fields, and links that a mail program understands."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.parent_messages import MessageText
from attendance_app.domain.people import RosterEntry, Student
from attendance_app.domain.sessions import Status
from attendance_app.services.attendance_report import course_report
from attendance_app.services.date_words import clock_words, day_words, percent_words
from attendance_app.services.errors import EmptyMessageText, MailtoTooLong, UnknownMessageField
from attendance_app.services.parent_messages import (
    LONGEST_LINK,
    ParentMessage,
    SchoolTexts,
    mail_link,
    messages_below,
    messages_of_day,
    read_text,
)
from attendance_app.services.registers import session_register
from attendance_app.store.database import open_store

LIMA = ZoneInfo("America/Lima")
START = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
DAY = "Falta de {name}\n\n{given_name} {family_name} ({number}) faltó a {course} el {date} a las {time}.\n¿Está bien?"
LIMIT = "{name}: {attended}\n\nBelow {limit} since {since}: {absences} absences, {lates} lates, {in_a_row} in a row."


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("MATE", "Matemáticas & más")
        entries = [
            RosterEntry("S1", "Íñigo Peña", "peña@escuela.example", "Peña", "Íñigo"),
            RosterEntry("S2", "{course} Díaz", ""),
            RosterEntry("S3", "Ana", ""),
        ]
        with opened.write() as tx:
            tx.students.put_roster(course.id, entries)
        for day in range(3):
            session = each(opened).sessions.open(course.id, START + timedelta(days=day), timedelta(minutes=10))
            present = opened.students.by_number("S3")
            each(opened).marks.set_by_teacher(session.id, present.id, Status.PRESENT, session.started_at)
            each(opened).sessions.close(session.id, session.started_at + timedelta(minutes=50))
        yield opened


def only(text: str) -> SchoolTexts:
    return SchoolTexts({"es": read_text(text)}, "es")


def test_a_message_about_a_day_goes_to_who_is_absent_with_every_field_filled(store):
    made = messages_of_day(session_register(store, 1), only(DAY), LIMA)
    by_number = {one.student.number: one for one in made}
    assert set(by_number) == {"S1", "S2"}
    assert by_number["S1"].subject == "Falta de Íñigo Peña"
    assert by_number["S1"].body == (
        "Íñigo Peña (S1) faltó a Matemáticas & más el lunes 2 de marzo de 2026 a las 08:00.\n¿Está bien?\n"
    )
    # A name that looks like a field is a name.
    assert by_number["S2"].subject == "Falta de {course} Díaz"


def test_a_message_about_the_limit_has_the_report_s_figures(store):
    report = course_report(store, 1, limit=0.8, zone=LIMA)
    made = messages_below(report, SchoolTexts({"en": read_text(LIMIT)}, "en"), LIMA)
    assert {one.student.number for one in made} == {"S1", "S2"}
    assert made[0].subject.endswith(": 0%")
    assert made[0].body == "Below 80% since Monday, March 2, 2026: 3 absences, 0 lates, 3 in a row.\n"


@pytest.mark.parametrize(
    ("language", "date", "clock", "share"),
    [
        ("en", "Saturday, February 29, 2020", "12:05 AM", "80%"),
        ("es", "sábado 29 de febrero de 2020", "00:05", "80\u00a0%"),
        ("Français", "29/2/2020", "00:05", "80\u00a0%"),
    ],
)
def test_days_times_and_shares_are_in_the_words_of_the_message_s_language(language, date, clock, share):
    moment = datetime(2020, 2, 29, 0, 5, tzinfo=LIMA)
    assert (day_words(moment, language), clock_words(moment, language)) == (date, clock)
    assert percent_words(0.8, language) == share


def test_noon_is_pm():
    assert clock_words(datetime(2020, 2, 29, 12, 0, tzinfo=LIMA), "en") == "12:00 PM"


def test_each_family_reads_its_own_language_and_the_usual_one_without_a_text_in_it(store):
    first, second = store.students.by_number("S1"), store.students.by_number("S2")
    texts = SchoolTexts(
        {"en": MessageText("{date}", "x"), "es": MessageText("{date}", "y")},
        "en",
        {first.id: "es", second.id: "a language whose text was removed"},
    )
    made = {one.student.number: one for one in messages_of_day(session_register(store, 1), texts, LIMA)}
    assert (made["S1"].language, made["S1"].subject) == ("es", "lunes 2 de marzo de 2026")
    assert (made["S2"].language, made["S2"].subject) == ("en", "Monday, March 2, 2026")


@pytest.mark.parametrize("field", ["nombre", "Name", " name", "", "date.year", "0", "attended"])
def test_an_unknown_field_is_named_with_those_that_are_known(store, field):
    with pytest.raises(UnknownMessageField) as refused:
        messages_of_day(session_register(store, 1), only(f"x\n\nDear {{{field}}}"))
    assert refused.value.field == field
    assert "name" in refused.value.known


@pytest.mark.parametrize("text", ["", "\n\n", "only a subject", "only a subject\n\n  \n"])
def test_a_text_without_a_subject_or_a_body_is_refused(text):
    with pytest.raises(EmptyMessageText):
        read_text(text)


def student(email: str = "familia+1@escuela.example") -> Student:
    return Student(1, "S1", "Ana", email)


@given(
    subject=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    body=st.text("aé&?=%#+ \n€", max_size=40),
)
def test_a_mail_program_reads_back_what_was_written(subject, body):
    link = mail_link(ParentMessage(student(), "es", subject, body))
    assert link is not None
    parts = urlsplit(link)
    read = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "familia+1@escuela.example")
    assert (read["subject"], read["body"]) == ([subject], [body.replace("\n", "\r\n")])
    assert link.isascii()
    assert "+" not in link  # mail programs take it for a plus, not for a space


@pytest.mark.parametrize("email", ["a@b.example?bcc=c@d.example", "a@b.example&cc=c", "a@b.example,c@d.example"])
def test_an_address_adds_no_other_receiver_to_the_link(email):
    parts = urlsplit(mail_link(ParentMessage(student(email), "es", "x", "y")) or "")
    assert set(parse_qs(parts.query)) == {"subject", "body"}
    assert "," not in parts.path


def test_without_an_e_mail_there_is_no_link():
    assert mail_link(ParentMessage(student(""), "es", "x", "y")) is None


def test_a_message_that_would_be_cut_off_is_refused():
    with pytest.raises(MailtoTooLong) as refused:
        mail_link(ParentMessage(student(), "es", "x", "é" * 400))
    assert refused.value.most == LONGEST_LINK < refused.value.characters


def test_the_command_prints_messages_and_links_and_sends_nothing(store, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text(DAY, encoding="utf-8")
    run, home = CliRunner().invoke, str(store.home)
    done = run(app, ["--home", home, "report", "messages", "MATE", "--text", str(text), "--session", "1", "--json"])
    found = {one["student_id"]: one for one in json.loads(done.stdout)}
    assert set(found) == {"S1", "S2"}
    assert found["S1"]["mailto"].startswith("mailto:pe%C3%B1a@escuela.example?subject=Falta%20de%20")
    assert found["S2"]["mailto"] is None
    text.write_text(LIMIT, encoding="utf-8")
    shown = run(app, ["--home", home, "report", "messages", "MATE", "--text", str(text)])
    assert "Below 80% since" in shown.stdout
    text.write_text("x\n\n{nobody}", encoding="utf-8")
    assert run(app, ["--home", home, "report", "messages", "MATE", "--text", str(text)]).exit_code != 0
    text.write_bytes(b"caf\xe9\n\nx")
    assert run(app, ["--home", home, "report", "messages", "MATE", "--text", str(text)]).exit_code != 0
