"""Answers of the mask network: bars for one face, and the mask report's test of one photo beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from attendance_app.domain.faces import Image
from attendance_app.domain.masks import MASK_CLASSES, MaskOpinion
from attendance_app.services.mask.drawing import BoxLabel, Panel
from attendance_app.services.mask.reading import MaskedFace, WholePicture
from attendance_app.ui import dates
from attendance_app.ui.controls import label
from attendance_app.ui.i18n import tr
from attendance_app.ui.mask_words import mask_word
from attendance_app.ui.pictures import image_of
from attendance_app.ui.theme import theme

SEEN_SIDE = 128
"""Side on the screen of what the network saw."""


@dataclass(frozen=True, slots=True, eq=False)
class BothWays:
    """A photo as the mask report's test takes it, squashed as a whole, and each face of it as the network saw it."""

    whole: WholePicture
    prepared: tuple[Image, ...]


class FaceBars(QWidget):
    """The answer to one face or picture, and three bars; ``sign`` stands before the answer."""

    def __init__(self, opinion: MaskOpinion, sign: str) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        said = label("strong", wrap=True)
        words = mask_word(opinion.state)
        said.setText(f"{sign} · {words}" if sign else words)
        grid.addWidget(said, 0, 0, 1, 3)
        for row, (state, share) in enumerate(zip(MASK_CLASSES, opinion.probabilities, strict=True), start=1):
            name, figure = label("small"), label("small")
            name.setText(mask_word(state))
            figure.setText(dates.percent(share))
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            bar = QProgressBar()
            bar.setTextVisible(False)
            # Two of these have to fit side by side.
            bar.setMinimumWidth(theme().px(32))
            # A progress bar has whole numbers only.
            bar.setRange(0, 1000)
            bar.setValue(round(1000 * share))
            bar.setAccessibleName(f"{said.text()}: {name.text()} {figure.text()}")
            for column, part in enumerate((name, bar, figure)):
                grid.addWidget(part, row, column)


class SeenAnswer(QWidget):
    """A picture as the network saw it, where it comes from, and the answer."""

    def __init__(self, seen: Image, heading: str, opinion: MaskOpinion) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        above = label("small", wrap=True)
        above.setText(heading)
        picture = QLabel()
        side = theme().px(SEEN_SIDE)
        pixels = QPixmap.fromImage(image_of(seen))
        picture.setPixmap(pixels.scaled(side, side, mode=Qt.TransformationMode.SmoothTransformation))
        picture.setAccessibleName(heading)
        for part in (above, picture, FaceBars(opinion, "")):
            column.addWidget(part)
        column.addStretch(1)


def side_by_side(both: BothWays, faces: Sequence[MaskedFace]) -> QWidget:
    """Show the report's test at the left and the faces that were found at the right, one below the other."""
    around, ours = QWidget(), QVBoxLayout()
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    row.addWidget(SeenAnswer(both.whole.picture, whole_heading(), both.whole.opinion), 1)
    for number, (face, seen) in enumerate(zip(faces, both.prepared, strict=True), start=1):
        ours.addWidget(SeenAnswer(seen, face_heading(number, len(faces)), face.opinion))
    if not faces:
        nothing = label("small", wrap=True)
        nothing.setText(tr("No face found"))
        ours.addWidget(nothing)
    ours.addStretch(1)
    row.addLayout(ours, 1)
    return around


def answers_to_draw(faces: Sequence[MaskedFace], both: BothWays | None) -> tuple[list[BoxLabel], list[Panel]]:
    """Return what a drawing of the photo says at its boxes, and both ways side by side, in the window's language."""
    labels = [
        BoxLabel(face.box, f"{number} {_answer(face.opinion)}" if len(faces) > 1 else _answer(face.opinion))
        for number, face in enumerate(faces, start=1)
    ]
    if both is None:
        return labels, []
    panels = [Panel(both.whole.picture, _lines(whole_heading(), both.whole.opinion))]
    panels += [
        Panel(seen, _lines(face_heading(number, len(faces)), face.opinion))
        for number, (face, seen) in enumerate(zip(faces, both.prepared, strict=True), start=1)
    ]
    return labels, panels


def whole_heading() -> str:
    """What stands above the report's test."""
    return tr("Whole photo, squashed as in the report's test")


def face_heading(number: int, faces: int) -> str:
    """What stands above a face that was found."""
    return tr("Face {number}, found first").format(number=number) if faces > 1 else tr("The face, found first")


def _answer(opinion: MaskOpinion) -> str:
    return f"{mask_word(opinion.state)} {dates.percent(max(opinion.probabilities))}"


def _lines(heading: str, opinion: MaskOpinion) -> list[str]:
    shares = zip(MASK_CLASSES, opinion.probabilities, strict=True)
    return [heading, mask_word(opinion.state), *(f"{mask_word(one)}: {dates.percent(share)}" for one, share in shares)]
