import pytest

from attendance_app.domain.names import short_names


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
