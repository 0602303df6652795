"""How a photo ends when it is enrolled, and what to do about a refusal."""

from enum import Enum

from attendance_app.domain.faces import Flaw


class Doubt(Enum):
    """What is odd about a photo that can be enrolled all the same."""

    LIKE_ANOTHER = "looks a little like another student"
    UNLIKE_OWN = "unlike the student's other photos"


class Verdict(Enum):
    """How a file ended."""

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
    ALREADY_ENROLLED = "already enrolled"
    UNREADABLE = "unreadable"
    NO_CONSENT = "no consent"
    UNKNOWN_STUDENT = "not on the roster"
    NOT_A_PICTURE = "not a picture"


REMEDIES = {
    Verdict.NO_FACE: "Use a photo in which the face is seen from the front and not covered.",
    Verdict.SEVERAL_FACES: "Cut the photo so that only this student is in it.",
    Verdict.TOO_SMALL: "Use a photo in which the face is at least 80 pixels wide.",
    Verdict.BLURRED: "Use a sharper photo.",
    Verdict.TOO_DARK: "Take the photo again with light on the face.",
    Verdict.TOO_BRIGHT: "Take the photo again with less light on the face.",
    Verdict.TURNED_AWAY: "Use a photo in which the student looks towards the camera.",
    Verdict.LOOKS_LIKE_ANOTHER: "Check that the photo lies with the right student.",
    Verdict.SAME_PHOTO: "Leave it out for the student whom it does not show.",
    Verdict.LISTED_TWICE: "Nothing to do: this very photo is in the list once already.",
    Verdict.ALREADY_ENROLLED: "Nothing to do: this very photo is enrolled.",
    Verdict.UNREADABLE: "Export or copy the picture again; JPEG, PNG and HEIC are read.",
    Verdict.NO_CONSENT: "Record the consent first; without it no face template is made.",
    Verdict.UNKNOWN_STUDENT: "Add the student to the course, or let missing students be created.",
    Verdict.NOT_A_PICTURE: "Leave it out; it is no photo.",
}
FLAWS = {
    Flaw.TOO_SMALL: Verdict.TOO_SMALL,
    Flaw.BLURRED: Verdict.BLURRED,
    Flaw.TOO_DARK: Verdict.TOO_DARK,
    Flaw.TOO_BRIGHT: Verdict.TOO_BRIGHT,
    Flaw.TURNED_AWAY: Verdict.TURNED_AWAY,
}
