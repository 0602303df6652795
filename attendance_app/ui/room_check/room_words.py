"""A room check in the words of the window."""

from PySide6.QtCore import QLocale

from attendance_app.services.room_check.advice import Advice, Nobody, PictureTrouble, Remedies, TooSmall, Trouble
from attendance_app.services.room_check.room import RoomCheck, RoomRow
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.vision.reach import Reach

SIGNS = {
    Reach.SURE: ("check-circle", "present"),
    Reach.UNSURE: ("warning-circle", "late"),
    Reach.OUT: ("x-circle", "absent"),
}
"""Icon and colour of the palette."""


def reach_words(reach: Reach, count: int) -> str:
    """Say how many faces have a reach."""
    words = {
        Reach.SURE: tr("%n within reach", "faces", count),
        Reach.UNSURE: tr("%n recognised now and then", "faces", count),
        Reach.OUT: tr("%n too small", "faces", count),
    }
    return words[reach]


def row_words(row: RoomRow) -> str:
    """Return a row's label in the picture."""
    return tr("Row {number}: {size} px").format(number=row.number, size=row.size)


def verdict_words(check: RoomCheck) -> str:
    """Return the result in a sentence."""
    faces = len(check.faces)
    if not faces:
        return tr("Nobody was found.")
    if check.works:
        return tr("This room works: all %n face(s) are within reach.", "", faces)
    within = check.count(Reach.SURE)
    if within == faces:
        return tr("All faces are near enough, but not all is well.")
    return tr("{within} of %n face(s) are within reach.", "", faces).format(within=within)


def advice_words(advice: Advice) -> str:
    """Say what is wrong, and what helps where that is one thing alone."""
    match advice:
        case Nobody():
            return tr(
                "People must sit in the room: check again with the class, or with one person at the seat that is "
                "farthest from the camera."
            )
        case PictureTrouble(trouble, faces):
            return _trouble_words(trouble, faces)
        case TooSmall(rows, wanted=wanted):
            sizes = str(advice.smallest)
            if advice.largest > advice.smallest:
                sizes = tr("{least} to {most}").format(least=advice.smallest, most=advice.largest)
            words = (
                tr("The last %n row(s) are too small: {sizes} pixels a face, and it takes {wanted}.", "", rows)
                if advice.never
                else tr(
                    "The last %n row(s) are recognised only now and then: {sizes} pixels a face, and it takes "
                    "{wanted}.",
                    "",
                    rows,
                )
            )
            return words.format(sizes=sizes, wanted=wanted)


def remedy_words(advice: Advice, *, photographs: bool) -> list[str]:
    """Return the remedies of rows that are too small, any of which would do."""
    if not isinstance(advice, TooSmall):
        return []
    words = _remedies(advice.remedies, photographs=photographs)
    return words or [tr("Mark these students by hand, or let them sit nearer.")]


def _remedies(help_: Remedies, *, photographs: bool) -> list[str]:
    words = []
    if help_.distance is not None:
        nearer = tr("Bring the camera nearer: to {percent} of its distance to the last row.")
        words.append(nearer.format(percent=dates.percent(help_.distance)))
        if help_.metres is not None:
            # To half a metre: the field of view is assumed.
            metres = QLocale().toString(max(0.5, round(2 * help_.metres) / 2), "g", 3)
            words[-1] += " " + tr("That is about {metres} m nearer.").format(metres=metres)
    if help_.camera_width is not None:
        wide = tr("Use a camera with larger pictures: {width} pixels wide.")
        words.append(wide.format(width=dates.number(help_.camera_width)))
    if help_.photographs is not None and photographs:
        words.append(tr("Take %n photograph(s) side by side, each of a part of the room.", "", help_.photographs))
    elif help_.photographs is not None:
        words.append(tr("Take the roll from %n photograph(s) by a phone instead, side by side.", "", help_.photographs))
    return words


def _trouble_words(trouble: Trouble, faces: int) -> str:
    words = {
        Trouble.DARK: tr("Too dark to recognise anyone: switch on the light or uncover the camera."),
        Trouble.BACKLIT: tr("Light from behind: draw the curtains or turn the camera away from the window."),
        Trouble.BLURRED: tr("The picture is blurred: wipe the lens or let the camera focus."),
        Trouble.LEVEL: tr("Front rows hide those behind: raise the camera, so that it looks down on the class."),
        Trouble.FACES_DARK: tr("%n face(s) are too dark: more light from the front helps.", "", faces),
        Trouble.FACES_BRIGHT: tr("%n face(s) are too bright: less light on them helps.", "", faces),
        Trouble.FACES_BLURRED: tr(
            "%n face(s) are blurred: more light helps, and a camera that stands still.", "", faces
        ),
        Trouble.NEAR_DETECTOR: tr(
            "%n face(s) would not be found: under Settings, let the whole room be searched.", "", faces
        ),
    }
    return words[trouble]
