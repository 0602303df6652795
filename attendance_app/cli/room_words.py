"""A room check's advice for the command line."""

from collections.abc import Iterator

from attendance_app.services.room_check.advice import Advice, Nobody, PictureTrouble, Remedies, TooSmall, Trouble

_OF_PICTURE = {
    Trouble.DARK: "The picture is too dark: switch on the light or uncover the camera.",
    Trouble.BACKLIT: "Light comes from behind: draw the curtains or turn the camera away from the window.",
    Trouble.BLURRED: "The picture is blurred: wipe the lens or let the camera focus.",
    Trouble.LEVEL: "Near and far heads are at one height, so that front rows hide those behind: raise the camera.",
}
_OF_FACES = {
    Trouble.FACES_DARK: "are too dark: more light from the front helps.",
    Trouble.FACES_BRIGHT: "are too bright: less light on them helps.",
    Trouble.FACES_BLURRED: "are blurred: more light, a camera that stands still, or its focus helps.",
    Trouble.NEAR_DETECTOR: (
        "would be missed by the detector of the settings, which finds near faces only: attendance settings set "
        "detector auto"
    ),
}


def advice_words(advice: Advice, *, photographs: bool) -> str:
    """Say what is wrong and what would help, in a line."""
    match advice:
        case Nobody():
            return (
                "No face was found. People must sit in the room: check again with the class, or with one person at the "
                "seat that is farthest from the camera."
            )
        case PictureTrouble(trouble, faces):
            return _OF_PICTURE[trouble] if trouble in _OF_PICTURE else f"{_faces(faces)} {_OF_FACES[trouble]}"
        case TooSmall():
            helps = list(_remedy_words(advice.remedies, photographs=photographs))
            helps = helps or ["mark these students by hand, or let them sit nearer."]
            return " ".join(
                [_size_words(advice), f"{helps[0][0].upper()}{helps[0][1:]}", *(f"Or {one}" for one in helps[1:])]
            )


def _size_words(advice: TooSmall) -> str:
    rows = "The last row" if advice.rows == 1 else f"The last {advice.rows} rows"
    sizes = str(advice.smallest)
    if advice.largest > advice.smallest:
        sizes = f"{advice.smallest} to {advice.largest}"
    are = "is" if advice.rows == 1 else "are"
    what = f"{are} too small to recognise anybody" if advice.never else f"{are} recognised only now and then"
    return f"{rows} ({_faces(advice.faces)} of {sizes} pixels) {what}; it takes {advice.wanted} pixels."


def _remedy_words(help_: Remedies, *, photographs: bool) -> Iterator[str]:
    if help_.distance is not None:
        about = "" if help_.metres is None else f", about {max(0.5, round(2 * help_.metres) / 2):g} m nearer"
        yield f"bring the camera to {help_.distance:.0%} of its distance to the last row{about}."
    if help_.camera_width is not None:
        yield f"use a camera with pictures {help_.camera_width} pixels wide."
    if help_.photographs == 1:
        yield "take the roll from a phone's photograph of the room (12 megapixels)."
    elif help_.photographs is not None:
        of_what = "each of a part of the room" if photographs else "with a phone (12 megapixels)"
        yield f"take the roll from {help_.photographs} photographs side by side, {of_what}."


def _faces(count: int) -> str:
    return "1 face" if count == 1 else f"{count} faces"
