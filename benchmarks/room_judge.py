"""Judges a roll of a composed room by where everybody sits: who is marked rightly, asked about rightly, or wrongly."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from attendance_app.domain.faces import FloatBox
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.services.session.frame_result import Conclusion
from attendance_app.services.session.roll_messages import FrameSeen, MatchConcluded, RollEvent
from tests.composed_rooms import ComposedRoom, Place

HEIGHTS = (16, 20, 24, 32, 40, 60)
"""Lower bounds in pixels of the table's rows; the face's height is from forehead to chin."""
REACH = 0.8
"""How far from a seat a box may have its middle, in heights of its face: heads move, and turn."""


@dataclass(slots=True)
class Judge:
    """``numbers``: students' numbers by their ids. Listens to a roll; ``marked`` and ``asked`` map a student's number
    to the place of the face that it was said of, None where nobody sits."""

    room: ComposedRoom
    numbers: dict[int, str]
    marked: dict[str, Place | None] = field(default_factory=dict)
    asked: dict[str, Place | None] = field(default_factory=dict)
    followed: Counter[Place] = field(default_factory=Counter)
    flaws: dict[Place, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    frames: int = 0
    _boxes: dict[int, FloatBox] = field(default_factory=dict)
    _waiting: list[Conclusion] = field(default_factory=list)

    def hear(self, event: RollEvent) -> None:
        """Take an event of the roll."""
        match event:
            case MatchConcluded(conclusion):
                # The frame with the face's place comes after what was concluded from it.
                self._waiting.append(conclusion)
            case FrameSeen(_, result):
                self.frames += 1
                for face in result.faces:
                    self._boxes[face.track_id] = face.box
                    place = place_of(self.room, face.box)
                    if place is not None:
                        self.followed[place] += 1
                        self.flaws[place][face.flaw.value if face.flaw else "none"] += 1
                for conclusion in self._waiting:
                    self._conclude(conclusion)
                self._waiting = []

    def _conclude(self, conclusion: Conclusion) -> None:
        decision = conclusion.decision
        if decision.student_id is None:
            return
        said = self.marked if decision.kind is DecisionKind.MARK else self.asked
        box = self._boxes.get(decision.track_id)
        said[self.numbers[decision.student_id]] = None if box is None else place_of(self.room, box)


def place_of(room: ComposedRoom, box: FloatBox) -> Place | None:
    """Whose face a box shows; None where nobody sits."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2

    def away(place: Place) -> float:
        return float(max(abs(place.x - x), abs(place.y - y))) / place.height

    nearest = min(room.places, key=away)
    return nearest if away(nearest) <= REACH else None


@dataclass(slots=True)
class Tally:
    """Counts of people: ``marked`` and ``asked`` rightly; ``wrong``: marked by another's face, ``strangers``: marked by
    the face of somebody who is not enrolled; ``misasked``: asked about by another's face; ``followed``: in half of the
    frames or more."""

    present: int = 0
    marked: int = 0
    asked: int = 0
    wrong: int = 0
    strangers: int = 0
    misasked: int = 0
    followed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def cells(self) -> str:
        """As cells of a table."""
        return (
            f"{self.followed} of {self.present} | {self.marked} ({_share(self.marked, self.present)}) | {self.asked} "
            f"({_share(self.marked + self.asked, self.present)}) | {self.wrong} | {self.strangers} | {self.misasked}"
        )


HEAD = "followed | marked rightly | asked about rightly (with the marked) | wrong | strangers marked | wrongly asked"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def tallies(judge: Judge) -> dict[int, Tally]:
    """Return the room's counts by the lower bound of the faces' height; what was said of an empty place is under 0."""
    result: dict[int, Tally] = defaultdict(Tally)
    for place in judge.room.places:
        if place.student is None:
            continue
        tally = result[_row(place)]
        tally.present += 1
        tally.followed += 2 * judge.followed[place] >= judge.frames
        right = judge.marked.get(place.student, _NOBODY) == place
        tally.marked += right
        # A question that names the right student helps, whoever else was marked by mistake.
        tally.asked += not right and judge.asked.get(place.student, _NOBODY) == place
    for number, at in judge.marked.items():
        if at is None or at.student != number:
            result[_row(at)].wrong += 1
            result[_row(at)].strangers += at is not None and at.student is None
    for number, at in judge.asked.items():
        result[_row(at)].misasked += at is None or at.student != number
    return result


_NOBODY = Place("nobody", 0, 0, 1)


def _row(place: Place | None) -> int:
    if place is None:
        return 0
    return HEIGHTS[max(0, bisect_right(HEIGHTS, place.height) - 1)]


def table(rows: Iterable[dict[int, Tally]], show: Callable[[str], object] = print) -> None:
    """Print the counts of all rooms by height."""
    together: dict[int, Tally] = defaultdict(Tally)
    for row in rows:
        for height, tally in row.items():
            together[height] = together[height] + tally
    show(f"\n| height | {HEAD} |\n|---|---|---|---|---|---|---|")
    for height in sorted(together):
        show(f"| {_words(height)} | {together[height].cells()} |")
    show(f"| all | {total(together).cells()} |")


def total(row: dict[int, Tally]) -> Tally:
    """Return the counts of all heights together."""
    return sum(row.values(), Tally())


def _words(height: int) -> str:
    bounds: Sequence[int] = (*HEIGHTS, 0)
    if height == 0:
        return "nobody there"
    upper = bounds[HEIGHTS.index(height) + 1]
    return f"{height} to {upper}" if upper else f"{height} and more"
