"""Classifies masks in one photo: every face with a box, the result in words, and its probability."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from attendance_app.bootstrap import PHOTO_DETECTOR, open_mask_reader
from attendance_app.domain.masks import MASK_CLASSES, MaskState
from attendance_app.services.jobs import JobContext
from attendance_app.services.mask.reading import MaskedFace, MaskReader
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, ElidedLabel, EmptyPage, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.mask_words import mask_word
from attendance_app.ui.pictures import image_of
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.recognition.faces_picture import FacesPicture, OutlinedFace
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.photo import load_photo

LONGEST_SIDE = 3200
"""Larger photos are shrunk to it: a face in a class photo keeps enough pixels, and the search stays short."""
FOLDER = "models/folder"
TINTS = {
    MaskState.WITH_MASK: "present",
    MaskState.WITHOUT_MASK: "accent",
    MaskState.WORN_INCORRECTLY: "late",
    MaskState.UNSURE: "review",
}


@dataclass(frozen=True, slots=True)
class _Read:
    """The result of a job; the reader is kept for the next photo."""

    reader: MaskReader
    name: str
    picture: QImage
    faces: tuple[MaskedFace, ...]


class MaskPhoto(TranslatedWidget):
    """Choose or drop one photo."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._found: _Read | None = None
        self._busy = False
        self.setAcceptDrops(True)
        self.progress = JobProgress()
        self._empty = EmptyPage("face-mask")
        self._empty.set_texts(
            "Drop a photo here",
            "Every face in it is looked at for a mask. The photo is not kept.",
            "Choose a photo…",
            self.choose,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._result())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)
        context.theme.changed.connect(self.retranslate)

    def _result(self) -> QWidget:
        self.picture = FacesPicture()
        self._file = ElidedLabel()
        self._file.setProperty("role", "quiet")
        self.summary = label("heading", wrap=True)
        self._advice = label("quiet", wrap=True)
        self.again_button = Button("primary", "image").with_text("Choose a photo…").on_click(self.choose)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(16)
        inside = QWidget()
        inside.setProperty("role", "plain")
        inside.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        side = Card()
        side.setFixedWidth(self._context.theme.px(336))
        self._side = side
        for part in (self.summary, self._file, self._advice):
            side.column.addWidget(part)
        side.column.addWidget(scroll, 1)
        side.column.addWidget(self.again_button, alignment=Qt.AlignmentFlag.AlignLeft)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.picture, 1)
        row.addWidget(side)
        return around

    # -- choosing

    def choose(self) -> None:
        """Ask for a photo."""
        kinds = tr("Photos (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)")
        name, _ = QFileDialog.getOpenFileName(self, tr("Choose a photo"), self._context.memory.text(FOLDER), kinds)
        if name:
            self.read(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.read(paths[0])

    def read(self, path: Path) -> None:
        """Classify the faces of one photo, as a job."""
        if self._busy:
            return
        self._busy = True
        self._context.memory.keep(FOLDER, str(path.parent))
        self._context.clear_error()
        # Loading the networks takes longer than reading most photos.
        kept = self._found.reader if self._found else None

        def work(job: JobContext) -> _Read:
            picture = load_photo(path, longest_side=LONGEST_SIDE)
            reader = kept or open_mask_reader(PHOTO_DETECTOR)
            job.raise_if_cancelled()
            return _Read(reader, path.name, image_of(picture), tuple(reader.faces(picture)))

        job = self._context.run(work, done=self._show, long=True)
        job.ended.connect(self._on_ended)
        self._enable()
        self.progress.watch(job, tr("Looking at the faces…"))

    def _on_ended(self) -> None:
        self._busy = False
        self._enable()

    def _enable(self) -> None:
        for button in (self.again_button, self._empty.button):
            button.setEnabled(not self._busy)

    # -- showing

    def _show(self, found: _Read) -> None:
        self._found = found
        self._stack.setCurrentIndex(1)
        self.retranslate()

    def retranslate(self) -> None:
        self._side.setFixedWidth(self._context.theme.px(336))
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                # ``deleteLater`` waits for the event loop; until then the old bars would lie over the new ones.
                old.hide()
                old.deleteLater()
        found = self._found
        if found is None:
            return
        faces = found.faces
        signs = [_sign(number, len(faces)) for number in range(1, len(faces) + 1)]
        outlined = [OutlinedFace(f.box, sign, TINTS[f.opinion.state]) for f, sign in zip(faces, signs, strict=True)]
        self.picture.show_picture(found.picture, outlined)
        self._file.setText(found.name)
        self.summary.setText(tr("%n face(s) found", "", len(faces)) if faces else tr("No face found"))
        self._advice.setText(tr("Try a photo in which faces are larger, lighter and turned to the camera."))
        self._advice.setVisible(not faces)
        self.picture.setAccessibleName(_in_words(faces, signs) or self.summary.text())
        for face, sign in zip(faces, signs, strict=True):
            self._list.addWidget(_FaceBars(face, sign))
        self._list.addStretch(1)


class _FaceBars(QWidget):
    """The result for one face, and three bars."""

    def __init__(self, face: MaskedFace, sign: str) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        said = label("strong", wrap=True)
        words = mask_word(face.opinion.state)
        said.setText(f"{sign} · {words}" if sign else words)
        grid.addWidget(said, 0, 0, 1, 3)
        for row, (state, share) in enumerate(zip(MASK_CLASSES, face.opinion.probabilities, strict=True), start=1):
            name, figure = label("small"), label("small")
            name.setText(mask_word(state))
            figure.setText(dates.percent(share))
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            bar = QProgressBar()
            bar.setTextVisible(False)
            # A progress bar has whole numbers only.
            bar.setRange(0, 1000)
            bar.setValue(round(1000 * share))
            bar.setAccessibleName(f"{said.text()}: {name.text()} {figure.text()}")
            for column, part in enumerate((name, bar, figure)):
                grid.addWidget(part, row, column)


def _sign(number: int, faces: int) -> str:
    return str(number) if faces > 1 else ""


def _in_words(faces: Sequence[MaskedFace], signs: Sequence[str]) -> str:
    return ", ".join(f"{sign} {mask_word(face.opinion.state)}".strip() for face, sign in zip(faces, signs, strict=True))
