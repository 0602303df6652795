"""Where in the picture faces are named and where not, and why."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from attendance_app.domain.faces import Flaw, FloatBox, Frame
from attendance_app.domain.masks import MaskState
from attendance_app.services.session.frame_result import FaceState, FaceView, FrameResult
from attendance_app.services.session.settled_faces import SettledFaces

EVERY_SECONDS: Final = 1.0
"""Seconds of the source from one picture that is looked at to the next."""


class Depth(Enum):
    """From the upper edge of the picture to the lower one: cameras look down on a class."""

    BACK = "back"
    MIDDLE = "middle"
    FRONT = "front"


class Side(Enum):
    """As the picture shows it."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class WhyUnnamed(Enum):
    """Why a face has no name, not even a doubtful one."""

    TOO_SMALL = "too small"
    BLURRED = "blurred"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TURNED_AWAY = "turned away"
    MASKED = "masked"
    NOT_ON_LIST = "not on the list"
    UNDECIDED = "unclear who"


_OF_FLAWS: Final = {
    Flaw.TOO_SMALL: WhyUnnamed.TOO_SMALL,
    Flaw.BLURRED: WhyUnnamed.BLURRED,
    Flaw.TOO_DARK: WhyUnnamed.TOO_DARK,
    Flaw.TOO_BRIGHT: WhyUnnamed.TOO_BRIGHT,
    Flaw.TURNED_AWAY: WhyUnnamed.TURNED_AWAY,
}


@dataclass(frozen=True, slots=True)
class RegionCount:
    """A ninth of the picture. ``found`` = ``named`` + ``doubtful`` + those in ``reasons``, the most common first."""

    depth: Depth
    side: Side
    found: int
    named: int
    doubtful: int
    reasons: tuple[tuple[WhyUnnamed, int], ...]


def why_unnamed(face: FaceView) -> WhyUnnamed | None:
    """Return why a face has no name; None for one that is named or asked about."""
    if face.state in {FaceState.KNOWN, FaceState.DOUBTFUL}:
        return None
    if face.state is FaceState.UNKNOWN:
        return WhyUnnamed.NOT_ON_LIST
    if face.flaw is not None:
        return _OF_FLAWS[face.flaw]
    # A mask alone hinders nobody who is named; it is the reason only where there is no other.
    return WhyUnnamed.MASKED if face.mask is MaskState.WITH_MASK else WhyUnnamed.UNDECIDED


def region_of(box: FloatBox, *, width: int, height: int) -> tuple[Depth, Side]:
    """Return in which ninth of a picture the middle of a box is."""
    across, down = (box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height
    return list(Depth)[_third(down)], list(Side)[_third(across)]


def _third(share: float) -> int:
    # The middle of a box that reaches beyond the picture may lie outside.
    return min(max(int(3 * share), 0), 2)


def count_regions(faces: Iterable[FaceView], *, width: int, height: int) -> tuple[RegionCount, ...]:
    """Count the faces of a picture of that size by region: nine of them, from the upper left to the lower right."""
    inside: dict[tuple[Depth, Side], list[FaceView]] = {(depth, side): [] for depth in Depth for side in Side}
    for face in faces:
        inside[region_of(face.box, width=width, height=height)].append(face)
    return tuple(_count(depth, side, found) for (depth, side), found in inside.items())


def _count(depth: Depth, side: Side, faces: list[FaceView]) -> RegionCount:
    reasons = Counter(why for face in faces if (why := why_unnamed(face)) is not None)
    states = Counter(face.state for face in faces)
    return RegionCount(
        depth,
        side,
        found=len(faces),
        named=states[FaceState.KNOWN],
        doubtful=states[FaceState.DOUBTFUL],
        reasons=tuple(reasons.most_common()),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The faces of one picture; the size is the picture's."""

    seconds: float
    width: int
    height: int
    faces: tuple[FaceView, ...]


class RegionWatch:
    """Counts the faces of the picture that shows most of them, with what has become of each.

    One picture, and not all that was ever seen: a face that is found anew would count twice.
    """

    def __init__(self, *, within: float | None = None) -> None:
        """``within``: of the last so many seconds of the source; None: of the whole roll."""
        self._within = within
        self._settled = SettledFaces()
        self._seen: deque[_Seen] = deque()
        self._next = float("-inf")

    def take(self, frame: Frame, result: FrameResult) -> bool:
        """Look at a frame's faces; whether ``counts`` may have changed."""
        for face in result.faces:
            self._settled.note(face)
        if frame.seconds < self._next:
            return False
        self._next = frame.seconds + EVERY_SECONDS
        height, width = frame.image.shape[:2]
        self._keep(_Seen(frame.seconds, width, height, result.faces))
        return True

    def _keep(self, newest: _Seen) -> None:
        seen = self._seen
        # A picture that is older than another one and shows no more can never become the fullest.
        while seen and len(seen[-1].faces) <= len(newest.faces):
            seen.pop()
        seen.append(newest)
        while self._within is not None and seen[0].seconds < newest.seconds - self._within:
            seen.popleft()

    @property
    def counts(self) -> tuple[RegionCount, ...]:
        """The regions, in the order of ``count_regions``; empty before the first frame."""
        if not self._seen:
            return ()
        fullest = self._seen[0]
        faces = (self._settled.settled(face) for face in fullest.faces)
        return count_regions(faces, width=fullest.width, height=fullest.height)
