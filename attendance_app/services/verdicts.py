"""The possible results of enrolling a photo."""

from enum import Enum

from attendance_app.domain.faces import Flaw


class Doubt(Enum):
    """A sign that a photo that can be enrolled may show somebody else."""

    LIKE_ANOTHER = "looks a little like another student"
    UNLIKE_OWN = "unlike the student's other photos"


class Verdict(Enum):
    """The result for one file."""

    ENROLLED = "enrolled"
    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    TOO_SMALL = "too small"
    BLURRED = "blurred"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    TURNED_AWAY = "turned away"
    LOOKS_LIKE_ANOTHER = "looks like another student"
    SAME_PHOTO = "same photo under two students"
    LISTED_TWICE = "listed twice"
    BETTER_THERE = "a better photo is there"
    ALREADY_ENROLLED = "already enrolled"
    UNREADABLE = "unreadable"
    NO_CONSENT = "no consent"
    UNKNOWN_STUDENT = "not on the roster"
    NOT_A_PICTURE = "not a picture"


FLAWS = {
    Flaw.TOO_SMALL: Verdict.TOO_SMALL,
    Flaw.BLURRED: Verdict.BLURRED,
    Flaw.TOO_DARK: Verdict.TOO_DARK,
    Flaw.TOO_BRIGHT: Verdict.TOO_BRIGHT,
    Flaw.TURNED_AWAY: Verdict.TURNED_AWAY,
}
