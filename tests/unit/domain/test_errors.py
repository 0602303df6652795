"""Known errors are kinds with details."""

import pickle

import pytest

from attendance_app.domain.errors import KnownError


class MilkMissing(KnownError):
    place: str


class MilkSour(MilkMissing):
    days: int


def test_the_details_are_attributes_and_stand_in_the_log() -> None:
    error = MilkSour(place="fridge", days=4)

    assert (error.place, error.days) == ("fridge", 4)
    assert error.details == {"place": "fridge", "days": 4}
    assert str(error) == "MilkSour(place=fridge, days=4)"


@pytest.mark.parametrize("details", [{}, {"place": "fridge", "colour": "white"}, {"colour": "white"}])
def test_missing_and_foreign_details_are_a_bug(details: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="MilkMissing takes place"):
        MilkMissing(**details)  # type: ignore[arg-type]


class MilkBoiledOver(KnownError):
    """Says all by its name."""


def test_what_an_error_takes_is_said() -> None:
    assert MilkBoiledOver.detail_names() == ()
    assert str(MilkBoiledOver()) == "MilkBoiledOver()"
    with pytest.raises(TypeError, match=r"^MilkBoiledOver takes no details$"):
        MilkBoiledOver(place="hob")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^MilkSour takes place, days$"):
        MilkSour(place="fridge")  # type: ignore[call-arg]


def test_an_error_crosses_to_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance_app.domain.errors.MilkSour", MilkSour, raising=False)
    monkeypatch.setattr(MilkSour, "__module__", "attendance_app.domain.errors")

    again = pickle.loads(pickle.dumps(MilkSour(place="fridge", days=4)))

    assert (type(again), again.details) == (MilkSour, {"place": "fridge", "days": 4})
