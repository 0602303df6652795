import pytest

from attendance_app.domain.names import search_rank, short_names
from attendance_app.domain.people import Student


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (("Ana García", "Luis Pérez"), ("Ana", "Luis")),
        (("Ana García", "Ana Pérez", "Luis Pérez"), ("Ana G.", "Ana P.", "Luis")),
        (("García, Ana", "Pérez Ruiz, Luis"), ("Ana", "Luis")),
        (("Student 01", "Student 02"), ("01", "02")),
        (("王小明", "李小红"), ("王小明", "李小红")),
        (("Ana Pérez", "ana pérez"), ("Ana Pérez", "ana pérez")),
        (("Ana", "Ana García"), ("Ana", "Ana G.")),
        (("Pérez,", ""), ("Pérez,", "")),
        ((), ()),
    ],
)
def test_the_shortest_form_that_nobody_else_goes_by(names: tuple[str, ...], short: tuple[str, ...]) -> None:
    assert short_names(names) == short


@pytest.mark.parametrize(
    ("typed", "rank"),
    [("7", 0), ("a-17", 0), ("nunez", 1), ("jo nu", 1), ("17", 2), ("une", 2), ("nuz", None), ("jo x", None)],
)
def test_a_number_is_the_best_match_then_the_beginning_of_a_word(typed: str, rank: int | None) -> None:
    assert search_rank(Student(1, "A-17", "José Núñez", list_number=7), typed) == rank
