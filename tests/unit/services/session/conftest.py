"""An empty register and a course of three students, for whoever has no scene of its own."""

from collections.abc import Iterator

import pytest
from single_writes import each

from attendance_app.domain.people import Course
from attendance_app.store.database import Store, open_store


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def course(store) -> Course:
    made = each(store).courses.add("A", "Algebra")
    for number in range(1, 4):
        each(store).students.enrol(made.id, each(store).students.add(f"S{number}", f"Student {number}").id)
    return made
