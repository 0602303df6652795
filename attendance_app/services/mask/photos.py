"""What was seen in several photos, and the table of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from attendance_app.domain.errors import KnownError
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion
from attendance_app.services.exports import csv_table
from attendance_app.services.mask.reading import MaskedFace
from attendance_app.services.output.files import OutputFile

COLUMNS = ("file", "face", "left", "top", "right", "bottom", "state", *(state.value for state in MASK_CLASSES), "note")
NO_FACE = "no face found"
WHOLE_PICTURE = "the picture was taken as one face"
SQUASHED = "squashed"
"""In place of a face's number: the whole picture, squashed as in the mask report's test."""


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """One photo. Boxes of ``faces`` are in the pixels of the photo as it was read; ``error``: why it was not.

    ``whole``: the answer to the whole picture, squashed, where that was asked for.
    """

    name: str
    faces: tuple[MaskedFace, ...] = ()
    error: KnownError | None = None
    whole: MaskOpinion | None = None


def export_masks(photos: Sequence[ReadPhoto], out: OutputFile, *, words: Callable[[KnownError], str]) -> None:
    """Write one line a face, and one for each photo without any, as CSV or XLSX; one for the whole picture, if asked.

    ``words``: the message of an error. Raises KnownError.
    """
    lines = [line for photo in photos for line in (*_lines(photo, words), *_whole_lines(photo))]
    if out.format == "xlsx":
        from attendance_app.services.workbooks import workbook

        out.write(workbook("Masks", COLUMNS, lines))
    else:
        out.write(csv_table([COLUMNS, *lines]))


def _lines(photo: ReadPhoto, words: Callable[[KnownError], str]) -> list[list[object]]:
    if not photo.faces:
        note = NO_FACE if photo.error is None else words(photo.error)
        return [[photo.name, *[None] * (len(COLUMNS) - 2), note]]
    return [_line(photo.name, number, face) for number, face in enumerate(photo.faces, start=1)]


def _whole_lines(photo: ReadPhoto) -> list[list[object]]:
    if photo.whole is None:
        return []
    return [[photo.name, SQUASHED, *[None] * 4, photo.whole.state.value, *_shares(photo.whole), None]]


def _shares(opinion: MaskOpinion) -> list[float]:
    return [round(share, 4) for share in opinion.probabilities]


def _line(name: str, number: int, face: MaskedFace) -> list[object]:
    box, note = face.box, None if face.found else WHOLE_PICTURE
    edges = (box.left, box.top, box.right, box.bottom)
    return [name, number, *edges, face.opinion.state.value, *_shares(face.opinion), note]
