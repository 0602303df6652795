"""Decides which view of a student to take next, when to take it, and what prevents it. No camera, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from attendance_app.domain.faces import Box, Flaw, Landmarks, Quality
from attendance_app.vision.quality import turn

NEAR_SHARE = 0.2
"""The face's width, of the picture's height, from which it is near enough; and at least ``NEAR_PX``."""
NEAR_PX = 80
TOO_NEAR_SHARE = 0.85
"""The face's width, of the picture's height, from which it is too near."""
STRAIGHT_TO, SIDE_FROM, SIDE_TO = 0.13, 0.17, 0.48
"""Yaw (``Quality.yaw``): a face at rest wanders within 0.1; from 0.5 on a photo is refused (``ENROLMENT``)."""
REST_TO = 0.1
"""Greatest yaw that the landmarks of a face may show while it looks straight ahead; it differs between people. A
side view is ``SIDE_FROM`` away from that person's own value, so that both sides need the same turn."""
STILL = 0.9
"""How far the eyes may move in a second, in distances between them: landmarks of a face at rest jump by up to 0.4."""
HOLD_SECONDS = 0.6
"""How long a view must last; the sharpest picture of that time is taken."""
PATIENCE_SECONDS = 12.0
"""After this long without a side view, any sharp, near and well-lit picture is taken: not everybody can turn the
head."""
APART_SECONDS = 1.5
"""Least time between two pictures, so that they don't show the same moment."""
COMPANION = 1 / 2.5
"""A face whose area is below this share of the largest one's is in the background, as in ``services.enrolment``."""


class View(Enum):
    """What the pictures show; left and right are the student's own."""

    STRAIGHT = "straight ahead"
    LEFT = "a little to the left"
    RIGHT = "a little to the right"


class Advice(Enum):
    """The one instruction for the student at this moment."""

    NOBODY = "nobody"
    ONE_ONLY = "one only"
    COME_NEARER = "come nearer"
    MOVE_BACK = "move back"
    TO_THE_MIDDLE = "to the middle"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    LOOK_AHEAD = "look ahead"
    TURN_LEFT = "turn left"
    TURN_RIGHT = "turn right"
    TURN_LESS = "turn less"
    HOLD_STILL = "hold still"
    DONE = "done"


@dataclass(frozen=True, slots=True, eq=False)
class SeenFace:
    """A face of one picture: its points in the picture's pixels, and its quality by the gate for enrolment."""

    box: Box
    landmarks: Landmarks
    quality: Quality


@dataclass(frozen=True, slots=True)
class Coaching:
    """The result of one picture.

    ``progress`` (0 to 1) is the share of the wanted view's time that has passed. ``keep``: this picture is the best of
    the view so far; the caller stores it. ``taken``: the view that the stored picture now belongs to.
    """

    wanted: View | None
    advice: Advice
    progress: float = 0.0
    keep: bool = False
    taken: View | None = None
    face: Box | None = None


@dataclass(slots=True)
class _Hold:
    """A view that the student has held since ``since`` (seconds).

    ``best``: the greatest sharpness so far; ``yaws``: signed, of every picture.
    """

    view: View
    since: float
    best: float = -1.0
    yaws: list[float] = field(default_factory=list)


@dataclass(slots=True)
class CaptureCoach:
    """Asks for three views and reports when each is taken; a view that comes without being asked for is taken as
    well."""

    missing: list[View] = field(default_factory=lambda: list(View))
    _hold: _Hold | None = None
    _last: tuple[float, float, float] | None = None  # seconds, and x and y of the middle between the eyes
    _waiting_since: float | None = None
    _taken_at: float = float("-inf")
    _rest: float = 0.0  # this person's signed yaw while looking straight ahead

    def look(self, seconds: float, faces: Sequence[SeenFace], size: tuple[int, int]) -> Coaching:
        """Judge the picture at ``seconds``; ``size`` is its width and height in pixels."""
        if self._waiting_since is None:
            self._waiting_since = seconds
        if not self.missing:
            return Coaching(None, Advice.DONE)
        wanted = self.missing[0]
        near = _in_front(faces)
        if len(near) != 1:
            self._reset_hold()
            return Coaching(wanted, Advice.ONE_ONLY if near else Advice.NOBODY)
        face = near[0]
        still = self._is_still(seconds, face)
        view = self._view(face, seconds)
        advice = _advice(face, size) or self._advice_to_turn(face, view)
        if advice is None and (not still or seconds - self._taken_at < APART_SECONDS):
            advice = Advice.HOLD_STILL
        if advice is not None or view is None:
            self._hold = None
            return Coaching(wanted, advice or Advice.LOOK_AHEAD, face=face.box)
        return self._held(seconds, face, view)

    def again(self, views: Iterable[View]) -> None:
        """Ask for these views again, in their usual order."""
        wanted = {*self.missing, *views}
        self.missing = [view for view in View if view in wanted]
        self._hold = None
        self._waiting_since = None

    def start_over(self) -> None:
        """Ask for every view: another student sits down."""
        self.again(View)
        self._reset_hold()
        self._taken_at = float("-inf")
        self._rest = 0.0

    def _held(self, seconds: float, face: SeenFace, view: View) -> Coaching:
        hold = self._hold
        if hold is None or hold.view is not view:
            hold = self._hold = _Hold(view, seconds)
        hold.yaws.append(turn(face.landmarks))
        keep = face.quality.sharpness > hold.best
        if keep:
            hold.best = face.quality.sharpness
        progress = (seconds - hold.since) / HOLD_SECONDS
        if progress < 1:
            return Coaching(view, Advice.HOLD_STILL, progress, keep, face=face.box)
        if view is View.STRAIGHT:
            # Measured when the straight view is taken: the landmarks of many a face that looks ahead show a yaw of
            # their own.
            self._rest = float(np.clip(np.mean(hold.yaws), -REST_TO, REST_TO))
        self.missing.remove(view)
        self._hold, self._waiting_since, self._taken_at = None, seconds, seconds
        following = self.missing[0] if self.missing else None
        advice = Advice.DONE if following is None else _ADVICE_FOR[following]
        return Coaching(following, advice, 0.0, keep, taken=view, face=face.box)

    def _view(self, face: SeenFace, seconds: float) -> View | None:
        """Return which missing view the picture shows; after ``PATIENCE_SECONDS`` without one, the wanted view in
        any case."""
        now = turn(face.landmarks)
        if View.STRAIGHT in self.missing and abs(now) <= STRAIGHT_TO:
            return View.STRAIGHT
        # Above 0 the nose points to the picture's right, which is the person's left.
        side = View.LEFT if now > self._rest else View.RIGHT
        if side in self.missing and abs(now - self._rest) >= SIDE_FROM and abs(now) <= SIDE_TO:
            return side
        waited = seconds - (self._waiting_since or seconds)
        return self.missing[0] if waited >= PATIENCE_SECONDS and abs(now) <= SIDE_TO else None

    def _advice_to_turn(self, face: SeenFace, view: View | None) -> Advice | None:
        now, wanted = turn(face.landmarks), self.missing[0]
        if abs(now) > SIDE_TO:
            return Advice.TURN_LESS
        return None if view is not None else _ADVICE_FOR[wanted]

    def _is_still(self, seconds: float, face: SeenFace) -> bool:
        """Whether the eyes have moved little since the last picture; False for the first picture."""
        right, left = face.landmarks[0], face.landmarks[2]
        x, y = (float(value) for value in (right + left) / 2)
        before, self._last = self._last, (seconds, x, y)
        if before is None or seconds <= before[0]:
            return False
        # In distances between the eyes, so that near and far faces are judged alike.
        moved = float(np.hypot(x - before[1], y - before[2])) / max(1.0, float(np.hypot(*(right - left))))
        return moved <= STILL * (seconds - before[0])

    def _reset_hold(self) -> None:
        self._hold = self._last = None


_ADVICE_FOR = {
    View.STRAIGHT: Advice.LOOK_AHEAD,
    View.LEFT: Advice.TURN_LEFT,
    View.RIGHT: Advice.TURN_RIGHT,
}


def _in_front(faces: Sequence[SeenFace]) -> list[SeenFace]:
    largest = max((face.box.area for face in faces), default=0)
    return [face for face in faces if face.box.area >= COMPANION * largest]


def _advice(face: SeenFace, size: tuple[int, int]) -> Advice | None:
    """Return what is wrong with the place or the light, the worst problem first."""
    width, height = size
    box, flaw = face.box, face.quality.flaw
    if box.width < max(NEAR_PX, NEAR_SHARE * height):
        return Advice.COME_NEARER
    if box.width > TOO_NEAR_SHARE * height:
        return Advice.MOVE_BACK
    if box.left < 0 or box.top < 0 or box.right > width or box.bottom > height:
        return Advice.TO_THE_MIDDLE
    if flaw is Flaw.TOO_DARK:
        return Advice.TOO_DARK
    if flaw is Flaw.TOO_BRIGHT:
        return Advice.TOO_BRIGHT
    return Advice.HOLD_STILL if flaw is Flaw.BLURRED else None
