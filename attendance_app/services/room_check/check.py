"""Checks from one picture how far recognition reaches in a room."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

from attendance_app.config.settings import DetectorName
from attendance_app.domain.faces import Flaw, Image
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.room_check.advice import (
    Advice,
    Nobody,
    PictureTrouble,
    TooSmall,
    Trouble,
    remedies,
)
from attendance_app.services.room_check.room import RoomCheck, RoomFace, RoomRow
from attendance_app.services.room_check.rows import is_level, rows_of
from attendance_app.services.session.cadence import Scan
from attendance_app.vision.photo_search import find_all
from attendance_app.vision.quality import SESSION, FrameHint, flaw_by, frame_hint
from attendance_app.vision.reach import IN_PHOTOGRAPHS, NEAR_DETECTORS_FROM, Reach, SizeLimits, in_session

WHATEVER_SIZE: Final = replace(SESSION, width_px=0)
"""Size is judged by row; it must not hide what else is wrong with a face."""

LARGE_ENOUGH: Final = 40
"""Width in pixels from which a face's sharpness says something about focus: a smaller one has few pixels to blur."""

FLAWED_AT_LEAST: Final = 3
"""How many faces must share a flaw before the room is to blame, and not who sits there."""
FLAWED_SHARE: Final = 1 / 3
"""Of the faces, the same."""

_OF_FRAME: Final = {
    FrameHint.TOO_DARK: Trouble.DARK,
    FrameHint.BACKLIT: Trouble.BACKLIT,
    FrameHint.BLURRED: Trouble.BLURRED,
}
_OF_FACES: Final = {
    Flaw.TOO_DARK: Trouble.FACES_DARK,
    Flaw.TOO_BRIGHT: Trouble.FACES_BRIGHT,
    Flaw.BLURRED: Trouble.FACES_BLURRED,
}


class RoomChecker:
    """Used by one thread at a time."""

    def __init__(self, reader: FaceReader, scan: Scan, *, detector: DetectorName) -> None:
        """``reader`` and ``scan`` find faces of any size, those too that ``detector``, the settings', would miss."""
        self._reader = reader
        self._scan = scan
        self._session = in_session(detector)
        self._near = detector != "auto"

    def check(self, image: Image, *, photographs: bool = False) -> RoomCheck:
        """Check a picture (RGB) of a camera, or (``photographs``) one of those that a roll can be taken from."""
        limits = IN_PHOTOGRAPHS if photographs else self._session
        if photographs:
            found = find_all(self._reader.detector, image, upsample=1.0)
        else:
            found = self._reader.detector.detect(image, upsample=self._scan.upsample, threshold=self._scan.threshold)
        faces = [
            RoomFace(pose.detection.box, pose.quality, limits.reach(pose.quality.width_px))
            for pose in self._reader.poses(image, found, gate=WHATEVER_SIZE)
        ]
        near = self._near and not photographs
        return judge(faces, image, limits, photographs=photographs, near_detector=near)


def judge(
    faces: Sequence[RoomFace], image: Image, limits: SizeLimits, *, photographs: bool, near_detector: bool = False
) -> RoomCheck:
    """Group the faces of a picture (RGB) into rows and say what would help.

    ``near_detector``: the session would use a detector that finds near faces only.
    """
    height, width = image.shape[:2]
    rows = tuple(
        _row(number, [faces[index] for index in indices], limits)
        for number, indices in enumerate(rows_of([face.box for face in faces]), start=1)
    )
    advice: list[Advice] = [*_of_picture(image)]
    if near_detector:
        advice += _of_detector(faces)
    advice += _of_sizes(rows, limits, picture_width=width, photographs=photographs)
    advice += _of_faces(faces)
    if not rows:
        advice.append(Nobody())
    return RoomCheck(width, height, rows, tuple(advice))


def _row(number: int, faces: list[RoomFace], limits: SizeLimits) -> RoomRow:
    return RoomRow(number, tuple(faces), limits.reach(median(face.box.width for face in faces)))


def _of_detector(faces: Sequence[RoomFace]) -> Iterator[PictureTrouble]:
    missed = sum(in_session("auto").least <= face.box.width < NEAR_DETECTORS_FROM for face in faces)
    if missed:
        yield PictureTrouble(Trouble.NEAR_DETECTOR, missed)


def _of_picture(image: Image) -> Iterator[PictureTrouble]:
    hint = frame_hint(image)
    if hint is not None:
        yield PictureTrouble(_OF_FRAME[hint])


def _of_sizes(
    rows: Sequence[RoomRow], limits: SizeLimits, *, picture_width: int, photographs: bool
) -> Iterator[TooSmall]:
    """Return advice about the rows, from the first on, whose faces are too small to be recognised at all or, where all
    are larger than that, to be recognised surely."""
    for reaches in ({Reach.OUT}, {Reach.UNSURE}):
        first = next((place for place, row in enumerate(rows) if row.reach in reaches), None)
        if first is None:
            continue
        # A row behind may have larger faces by chance; what helps the one before it helps it as well.
        sizes = [row.size for row in rows[first:] if row.reach in reaches]
        yield TooSmall(
            rows=len(rows) - first,
            faces=sum(face.reach in reaches for row in rows[first:] for face in row.faces),
            smallest=min(sizes),
            largest=max(sizes),
            wanted=limits.sure,
            never=Reach.OUT in reaches,
            remedies=remedies(
                min(sizes),
                limits.sure,
                nearest=max(row.size for row in rows),
                picture_width=picture_width,
                photographs=photographs,
            ),
        )
        # The remedies for the smallest faces help the larger ones too.
        return


def _of_faces(faces: Sequence[RoomFace]) -> Iterator[PictureTrouble]:
    flaws = Counter(_flaw(face) for face in faces)
    for flaw, trouble in _OF_FACES.items():
        count = flaws[flaw]
        judged = len(faces) if flaw is not Flaw.BLURRED else sum(_is_large(face) for face in faces)
        if count >= FLAWED_AT_LEAST and count >= FLAWED_SHARE * judged:
            yield PictureTrouble(trouble, count)
    if is_level([face.box for face in faces]):
        yield PictureTrouble(Trouble.LEVEL)


def _flaw(face: RoomFace) -> Flaw | None:
    flaw = flaw_by(WHATEVER_SIZE, face.quality)
    return None if flaw is Flaw.BLURRED and not _is_large(face) else flaw


def _is_large(face: RoomFace) -> bool:
    return face.box.width >= LARGE_ENOUGH
