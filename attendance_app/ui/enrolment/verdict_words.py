"""Verdicts and their remedies in the user's language, and which of them the user can settle in the table."""

from attendance_app.domain.faces import Flaw
from attendance_app.services.enrolment import ExaminedPhoto
from attendance_app.services.verdicts import FLAWS, Doubt, Verdict
from attendance_app.ui.i18n import tr

FIXABLE = frozenset({Verdict.UNKNOWN_STUDENT, Verdict.LOOKS_LIKE_ANOTHER, Verdict.SAME_PHOTO, Verdict.SEVERAL_FACES})
"""Verdicts that choosing the student or the face settles."""


def verdict_word(verdict: Verdict) -> str:
    """Return a verdict in one to three words."""
    return {
        Verdict.ENROLLED: tr("Enrolled", "photo"),
        Verdict.NO_FACE: tr("No face found"),
        Verdict.SEVERAL_FACES: tr("Several faces"),
        Verdict.TOO_SMALL: tr("Face too small"),
        Verdict.BLURRED: tr("Blurred"),
        Verdict.TOO_DARK: tr("Too dark"),
        Verdict.TOO_BRIGHT: tr("Too bright"),
        Verdict.TURNED_AWAY: tr("Turned away"),
        Verdict.LOOKS_LIKE_ANOTHER: tr("Looks like another student"),
        Verdict.SAME_PHOTO: tr("Same photo under two students"),
        Verdict.LISTED_TWICE: tr("Listed twice"),
        Verdict.BETTER_THERE: tr("A better photo is there"),
        Verdict.ALREADY_ENROLLED: tr("Already enrolled"),
        Verdict.UNREADABLE: tr("Can't be read"),
        Verdict.NO_CONSENT: tr("No consent"),
        Verdict.UNKNOWN_STUDENT: tr("Whose photo is it?"),
        Verdict.NOT_A_PICTURE: tr("Not a picture"),
    }[verdict]


def remedy_words(verdict: Verdict) -> str:
    """Return what to do about a verdict."""
    return {
        Verdict.ENROLLED: "",
        Verdict.NO_FACE: tr("Use a photo in which the face is seen from the front and not covered."),
        Verdict.SEVERAL_FACES: tr("Click the student's face at the right."),
        Verdict.TOO_SMALL: tr("Use a photo in which the face is at least 18 pixels wide, better 80 or more."),
        Verdict.BLURRED: tr("Use a sharper photo."),
        Verdict.TOO_DARK: tr("Take the photo again with light on the face."),
        Verdict.TOO_BRIGHT: tr("Take the photo again with less light on the face."),
        Verdict.TURNED_AWAY: tr("Use a photo in which the student looks towards the camera."),
        Verdict.LOOKS_LIKE_ANOTHER: tr("Check whose photo it is, and choose the student at the right."),
        Verdict.SAME_PHOTO: tr("Leave it out for the student whom it does not show."),
        Verdict.LISTED_TWICE: tr("Nothing to do: this very photo is in the list once already."),
        Verdict.BETTER_THERE: tr("Nothing to do: the face is small or blurred, and another photo shows it better."),
        Verdict.ALREADY_ENROLLED: tr("Nothing to do: this very photo is enrolled."),
        Verdict.UNREADABLE: tr("Export or copy the picture again; JPEG, PNG and HEIC are read."),
        Verdict.NO_CONSENT: tr("Record the consent first; without it no face template is made."),
        Verdict.UNKNOWN_STUDENT: tr("Choose the student at the right, or let missing students be added."),
        Verdict.NOT_A_PICTURE: tr("Leave it out; it is no photo."),
    }[verdict]


def warning_words(photo: ExaminedPhoto) -> str:
    """Return the warning about an acceptable photo; empty if there is none."""
    reason = _reason(photo)
    if photo.weak:
        return tr("Ready as a weak photo: {reason}").format(reason=reason)
    return tr("Ready, though a better photo would help: {reason}").format(reason=reason) if reason else ""


def _reason(photo: ExaminedPhoto) -> str:
    flaw = photo.warning or (Flaw.BLURRED if photo.weak else None)
    if flaw is None:
        return ""
    if flaw is Flaw.TOO_SMALL and photo.face is not None:
        return tr("small face, {pixels} pixels").format(pixels=photo.face.pose.quality.width_px)
    return verdict_word(FLAWS[flaw]).lower()


def doubt_words(doubt: Doubt, other: str) -> str:
    """Return the doubt about a photo that is enrolled unless the user objects."""
    if doubt is Doubt.LIKE_ANOTHER:
        return tr("Ready, though it looks a little like {name}").format(name=other)
    return tr("Ready, though unlike the student's other photos")
