"""The roll of a small composed room, as a video and as two photographs: who is marked, and by whose face."""

from pathlib import Path

import pytest

from benchmarks.room_judge import Tally, tallies, total
from benchmarks.rooms import enrol, take_roll
from tests.composed_rooms import compose


def _roll(data: Path, folder: Path, *, photographs: int) -> Tally:
    """Five students of six and a stranger, faces 45 to 70 pixels high, for four seconds."""
    room = compose(
        data / "lfw-original",
        data / "classrooms",
        folder / "room",
        seed=205,
        photographs=photographs,
        pixels=3e6,
        students=6,
        absent=1,
        strangers=1,
        photos_each=2,
        smallest=45,
        seconds=4,
        fps=6,
    )
    enrol(room, folder / "home")
    return total(tallies(take_roll(room, folder / "home")))


@pytest.mark.parametrize("photographs", [0, 2])
def test_who_is_in_the_room_is_marked_by_their_own_face(shared_data, tmp_path, photographs):
    told = _roll(shared_data, tmp_path, photographs=photographs)

    assert (told.present, told.followed) == (5, 5)
    assert told.marked >= 4
    assert (told.wrong, told.strangers, told.misasked) == (0, 0, 0)
