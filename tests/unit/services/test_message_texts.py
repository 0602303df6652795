"""The school's texts: kept in the register, one for each language; and the languages of families."""

import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.parent_messages import MessageKind, MessageText
from attendance_app.domain.people import RosterEntry
from attendance_app.services.errors import BadMessageLanguage, EmptyMessageText, NoMessageText, UnknownMessageField
from attendance_app.services.message_texts import DEFAULTS, keep_text, remove_text, school_texts, set_family_language
from attendance_app.services.parent_messages import FIELDS, check_text
from attendance_app.store.database import open_store
from attendance_app.store.forgotten import Forgotten, forget

AT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
FRENCH = MessageText("Absence de {name}", "Bonjour,\n\n{name} était absent le {date}.\n")
ABSENT, BELOW = MessageKind.ABSENT, MessageKind.BELOW


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "home") as opened:
        course = each(opened).courses.add("MATE", "Matemáticas")
        with opened.write() as tx:
            tx.students.put_roster(
                course.id, [RosterEntry("S1", "Íñigo Peña", "p@escuela.example"), RosterEntry("S2", "Ana", "")]
            )
        session = each(opened).sessions.open(course.id, AT, timedelta(minutes=10))
        for student in opened.students.of_course(course.id):
            each(opened).marks.set_by_teacher(session.id, student.id, "absent", AT)
        each(opened).sessions.close(session.id, AT + timedelta(minutes=50))
        yield opened


def language_of(store, number: str) -> str | None:
    return store.messages.languages().get(store.students.by_number(number).id)


@pytest.mark.parametrize("kind", MessageKind)
def test_the_program_s_own_texts_have_known_fields_and_the_same_ones_in_both_languages(kind):
    used = {}
    for language, text in DEFAULTS[kind].items():
        check_text(text, kind)
        parts = string.Formatter().parse(text.subject + text.body)
        used[language] = {field for _, field, _, _ in parts if field}
    assert set(used) == {"en", "es"}
    assert used["en"] == used["es"] <= set(FIELDS[kind])


def test_a_text_is_kept_and_read_by_another_start(store):
    with store.write() as tx:
        assert keep_text(tx, ABSENT, "  Français ", FRENCH) == "Français"
        # The same language in another case, and one that has a code.
        assert keep_text(tx, ABSENT, "FRANÇAIS", FRENCH) == "Français"
        assert keep_text(tx, ABSENT, "Español", MessageText("S  {name}", "B\n\n")) == "es"
    with open_store(store.home) as again:
        texts = school_texts(again, ABSENT, "en").by_language
        assert texts["Français"] == FRENCH
        assert texts["es"] == MessageText("S {name}", "B\n")
        assert texts["en"] == DEFAULTS[ABSENT]["en"]
        assert set(school_texts(again, BELOW, "en").by_language) == {"en", "es"}


@pytest.mark.parametrize(
    ("language", "text", "error"),
    [
        ("en", MessageText("x", " \n"), EmptyMessageText),
        ("en", MessageText(" ", "x"), EmptyMessageText),
        ("en", MessageText("{limit}", "x"), UnknownMessageField),
        (" ", FRENCH, BadMessageLanguage),
        ("x" * 41, FRENCH, BadMessageLanguage),
        ("a/b", FRENCH, BadMessageLanguage),
    ],
)
def test_a_text_that_could_not_be_used_is_refused_and_the_one_before_stays(store, language, text, error):
    before = school_texts(store, ABSENT, "en")
    with pytest.raises(error), store.write() as tx:
        keep_text(tx, ABSENT, language, text)
    assert school_texts(store, ABSENT, "en") == before


def test_a_removed_text_gives_its_place_to_the_program_s_own(store):
    with store.write() as tx:
        keep_text(tx, ABSENT, "en", MessageText("x", "y"))
        keep_text(tx, ABSENT, "Français", FRENCH)
        set_family_language(tx, tx.students.by_number("S1").id, "français")
    with store.write() as tx:
        remove_text(tx, ABSENT, "english")
        remove_text(tx, ABSENT, "Français")
    texts = school_texts(store, ABSENT, "en")
    assert texts.by_language == DEFAULTS[ABSENT]
    # The family's language is remembered; the message falls back to the usual one.
    assert language_of(store, "S1") == "Français"
    assert texts.language_of(store.students.by_number("S1")) == "en"
    with pytest.raises(NoMessageText), store.write() as tx:
        remove_text(tx, ABSENT, "en")


def test_a_language_without_a_text_is_refused(store):
    with pytest.raises(NoMessageText) as refused, store.write() as tx:
        set_family_language(tx, tx.students.by_number("S1").id, "Deutsch")
    assert refused.value.known == ("en", "es")
    with pytest.raises(NoMessageText):
        school_texts(store, ABSENT, "Deutsch")


def test_an_erased_student_s_language_goes_too_and_no_copy_brings_it_back(store):
    ids = {number: store.students.by_number(number).id for number in ("S1", "S2")}
    with store.write() as tx:
        for student_id in ids.values():
            set_family_language(tx, student_id, "es")
    with store.database.write() as session:
        raw = session.connection().connection.driver_connection
        raw.rollback()
        assert forget(raw, Forgotten(frozenset({ids["S2"]})))
    assert store.messages.languages() == {ids["S1"]: "es"}
    with store.write() as tx:
        tx.erasures.erase_student(ids["S1"], AT)
    assert store.messages.languages() == {}


def test_the_commands_keep_texts_and_languages_and_use_them(store, tmp_path):
    run, home = CliRunner().invoke, ["--home", str(store.home)]
    file = tmp_path / "fr.txt"
    file.write_text("Absence de {name}\n\n{name}, {date}\n", encoding="utf-8")
    assert run(app, [*home, "report", "text", "set", "absent", "Français", str(file)]).exit_code == 0
    assert run(app, [*home, "student", "language", "S1", "FRANÇAIS"]).exit_code == 0
    asked = [*home, "report", "messages", "MATE", "--session", "1", "--language", "es", "--json"]
    made = {one["student_id"]: one for one in json.loads(run(app, asked).stdout)}
    assert (made["S1"]["language"], made["S1"]["subject"]) == ("Français", "Absence de Íñigo Peña")
    assert (made["S2"]["language"], made["S2"]["subject"][:10]) == ("es", "Falta de A")
    assert "2 de marzo de 2026" in made["S2"]["subject"]
    listed = json.loads(run(app, [*home, "report", "text", "list", "--json"]).stdout)
    assert [(row["kind"], row["language"]) for row in listed if row["own"]] == [("absent", "Français")]
    shown = run(app, [*home, "report", "text", "show", "absent", "français"])
    assert shown.stdout.replace("\n\n", "\n") == file.read_text(encoding="utf-8").replace("\n\n", "\n")
    assert run(app, [*home, "student", "language", "S1", ""]).exit_code == 0
    assert language_of(store, "S1") is None
    assert "{in_a_row}" in run(app, [*home, "report", "text", "fields"]).stdout
    assert run(app, [*home, "report", "text", "remove", "absent", "Français"]).exit_code == 0
    assert run(app, [*home, "report", "text", "remove", "absent", "Français"]).exit_code != 0
    assert run(app, [*home, "student", "language", "S1", "Français"]).exit_code != 0
