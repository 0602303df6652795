"""Cards: made once, replaced on request, gone with their student; by command."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from single_writes import each
from typer.testing import CliRunner

from attendance_app.cli.main import app
from attendance_app.domain.people import Course
from attendance_app.services.cards import Card, course_cards
from attendance_app.services.errors import NoStudentsForCards
from attendance_app.store.database import Store, open_store
from attendance_app.store.errors import NotOnRoster
from attendance_app.vision.cards import TOKEN

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store) -> Course:
    made = each(store).courses.add("A", "Algebra")
    for number in (1, 2):
        student = each(store).students.add(f"S{number}", f"Student {number}")
        with store.write() as tx:
            tx.enrolments.add(made.id, student.id, 10 + number)
    return made


def make(store: Store, course: Course, *replace: str) -> tuple[Card, ...]:
    with store.write() as tx:
        return course_cards(tx, course, NOW, replace=replace)


def test_a_card_says_nothing_of_its_student_and_stays_until_it_is_replaced(store, course):
    first = make(store, course)
    assert [(card.name, card.list_number, card.course) for card in first] == [
        ("Student 1", 11, "Algebra"),
        ("Student 2", 12, "Algebra"),
    ]
    assert all(TOKEN.fullmatch(card.token) for card in first)
    assert len({card.token for card in first}) == 2
    assert make(store, course) == first
    (other,) = make(store, course, "S2")
    assert other.token != first[1].token
    assert store.cards.of_course(course.id) == {first[0].token: 1, other.token: 2}


def test_who_is_unknown_or_nobody_gets_no_card(store, course):
    with pytest.raises(NotOnRoster):
        make(store, course, "S1", "S9")
    assert store.cards.of_course(course.id) == {}
    with pytest.raises(NoStudentsForCards):
        make(store, each(store).courses.add("B", "Biology"))


def test_erasing_a_student_removes_the_card_from_the_file(store, course):
    token = make(store, course)[0].token
    with store.write() as tx:
        tx.erasures.erase_student(1, NOW)
    assert store.cards.of_course(course.id).keys() == {make(store, course)[0].token}
    files = [path for path in store.home.rglob("*") if path.is_file()]
    assert not any(token.encode() in path.read_bytes() for path in files)


def test_the_command_writes_a_pdf_and_makes_no_card_where_it_cannot(tmp_path, store, course):
    with closing(store):
        pass
    run, home = CliRunner(), str(tmp_path / "home")
    out = tmp_path / "cards.pdf"
    done = run.invoke(app, ["--home", home, "roster", "cards", "A", "--out", str(out)])
    assert (done.exit_code, out.read_bytes()[:5]) == (0, b"%PDF-"), done.output
    refused = run.invoke(app, ["--home", home, "roster", "cards", "A", "--out", str(out), "--replace", "S1"])
    assert refused.exit_code != 0  # the file is there
