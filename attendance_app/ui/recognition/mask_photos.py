"""Classifies masks in photos: every face with a box, the result in words, and its probability."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from attendance_app.bootstrap import chosen_network, open_mask_reader
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Box
from attendance_app.domain.masks import MaskState
from attendance_app.networks.own import NetworkKind, OwnNetwork
from attendance_app.services.jobs import JobContext
from attendance_app.services.mask.drawing import drawn
from attendance_app.services.mask.photos import ReadPhoto, export_masks
from attendance_app.services.mask.reading import MaskedFace, MaskReader
from attendance_app.ui import dates
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, Card, ElidedLabel, EmptyPage, label
from attendance_app.ui.exporting import Exporter, Write
from attendance_app.ui.i18n import tr
from attendance_app.ui.mask_words import mask_word
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.pictures import image_of
from attendance_app.ui.progress import JobProgress
from attendance_app.ui.recognition.faces_picture import FacesPicture, OutlinedFace
from attendance_app.ui.recognition.mask_answers import BothWays, FaceBars, answers_to_draw, side_by_side
from attendance_app.ui.rows_model import Column, RowsModel
from attendance_app.ui.tables import RowTable
from attendance_app.ui.translated_widget import TranslatedWidget
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo

LONGEST_SIDE = 3200
"""Larger photos are shrunk to it: a face in a class photo keeps enough pixels, and the search stays short."""
PREVIEW_SIDE = 960
"""Longest side of what is kept of a photo for showing: 2.7 MB at most."""
FOLDER = "models/folder"
TINTS = {
    MaskState.WITH_MASK: "present",
    MaskState.WITHOUT_MASK: "accent",
    MaskState.WORN_INCORRECTLY: "late",
    MaskState.UNSURE: "review",
}


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """One photo of the table. ``picture``: at most ``PREVIEW_SIDE`` long, ``scale`` times the size of what was read."""

    path: Path
    read: ReadPhoto
    picture: QImage
    scale: float = 1.0
    both: BothWays | None = None
    """Where a network of the user's own was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """What reads masks, and the network of one's own in it (None: the shipped one)."""

    network: OwnNetwork | None
    reader: MaskReader


class MaskPhotos(TranslatedWidget):
    """Choose or drop photos: a table of them, and the chosen one with its boxes and bars."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._opened: _Opened | None = None
        self._read: list[ShownPhoto] = []
        """Filled by the job's thread; the window takes what is new each time the job reports."""
        self._busy = False
        self._exporter = Exporter(context, self)
        self.setAcceptDrops(True)
        self.progress = JobProgress()
        self._empty = EmptyPage("face-mask")
        self._empty.set_texts(
            "Drop photos here",
            "Every face in them is looked at for a mask: in photos of a class, and in pictures of a single face. "
            "The photos are not kept.",
            "Choose photos…",
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
        self.model = _photos_model()
        self.table = RowTable(self._context.memory, "masks", row_height=36)
        self.table.begin(self.model, stretch=0, widths={1: 56, 2: 128})
        self.bind_text(self.table.setAccessibleName, "Photos")
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_chosen())
        self._file = ElidedLabel()
        self._file.setProperty("role", "quiet")
        self.summary = label("heading", wrap=True)
        self._advice = label("quiet", wrap=True)
        self.again_button = Button("primary", "image").with_text("Choose photos…").on_click(self.choose)
        self.export_button = Button("plain", "export").with_text("Export").on_click(self._export)
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
        buttons = QHBoxLayout()
        buttons.addWidget(self.again_button)
        buttons.addWidget(self.export_button)
        buttons.addStretch(1)
        side = Card()
        self._side = side
        side.column.addWidget(self.table, 1)
        for part in (self.summary, self._file, self._advice):
            side.column.addWidget(part)
        side.column.addWidget(scroll, 1)
        side.column.addLayout(buttons)
        around = QWidget()
        row = QHBoxLayout(around)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.picture, 1)
        row.addWidget(side)
        return around

    # -- choosing

    def choose(self) -> None:
        """Ask for photos."""
        kinds = tr("Photos (*.jpg *.jpeg *.png *.heic *.heif *.webp *.bmp *.tif *.tiff)")
        names, _ = QFileDialog.getOpenFileNames(self, tr("Choose photos"), self._context.memory.text(FOLDER), kinds)
        if names:
            self.read([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.read([file for path in paths for file in _files_in(path)])

    def read(self, paths: Sequence[Path]) -> None:
        """Classify the faces of photos, as a job; each is shown as soon as it is read. Replaces those shown now."""
        if self._busy or not paths:
            return
        self._busy = True
        self._context.memory.keep(FOLDER, str(paths[0].parent))
        self._context.clear_error()
        self._read = []
        self.model.reset([])
        # Loading the networks takes longer than reading most photos.
        read, kept, home = self._read, self._opened, self._context.store.home

        def work(job: JobContext) -> _Opened:
            network = chosen_network(home, NetworkKind.MASK)
            # Another network may have been chosen since.
            reader = kept.reader if kept and kept.network == network else open_mask_reader(network)
            for path in paths:
                job.raise_if_cancelled()
                read.append(_looked_at(reader, path, both_ways=network is not None))
                job.report(len(read), len(paths))
            return _Opened(network, reader)

        job = self._context.run(work, done=self._keep_opened, long=True)
        job.progressed.connect(lambda _done, _total: self._show_new())
        job.ended.connect(self._on_ended)
        self._enable()
        self.progress.watch(job, tr("Looking at the faces…"))

    def _keep_opened(self, opened: _Opened) -> None:
        self._opened = opened

    def _on_ended(self) -> None:
        self._show_new()
        self._busy = False
        self._enable()

    def _enable(self) -> None:
        for button in (self.again_button, self._empty.button):
            button.setEnabled(not self._busy)
        self.export_button.setEnabled(not self._busy and bool(self.model.rows))

    def _export(self) -> None:
        photos = [shown.read for shown in self.model.rows]
        self._exporter.offer_table(
            self.export_button,
            tr("masks"),
            lambda out: export_masks(photos, out, words=message_of),
            picture=self._write_picture(),
        )

    def _write_picture(self) -> Write | None:
        """What writes the chosen photo with its boxes and answers; None: it could not be read."""
        row = self.table.currentIndex().row()
        shown = self.model.rows[row] if 0 <= row < len(self.model.rows) else None
        if shown is None or shown.read.error is not None:
            return None
        # Now: the job must not read the catalogue while the language is being changed.
        labels, panels = answers_to_draw(shown.read.faces, shown.both)
        path = shown.path
        return lambda out: out.write(drawn(load_photo(path, longest_side=LONGEST_SIDE), labels, panels))

    # -- showing

    def _show_new(self) -> None:
        shown = len(self.model.rows)
        for one in self._read[shown:]:
            self.model.put(one)
        if not self.model.rows:
            return
        self._stack.setCurrentIndex(1)
        if not shown:
            self.table.selectRow(0)

    def _show_chosen(self) -> None:
        self.retranslate()

    def retranslate(self) -> None:
        beside = any(shown.both is not None for shown in self.model.rows)
        self._side.setFixedWidth(self._context.theme.px(576 if beside else 384))
        self.model.refresh()
        # A single photo needs no table.
        self.table.setVisible(len(self.model.rows) != 1)
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                # ``deleteLater`` waits for the event loop; until then the old bars would lie over the new ones.
                old.hide()
                old.deleteLater()
        row = self.table.currentIndex().row()
        if not 0 <= row < len(self.model.rows):
            return
        self._show_photo(self.model.rows[row])

    def _show_photo(self, shown: ShownPhoto) -> None:
        faces = shown.read.faces
        signs = [_sign(number, len(faces)) for number in range(1, len(faces) + 1)]
        outlined = [
            OutlinedFace(_scaled(face.box, shown.scale), sign, TINTS[face.opinion.state])
            for face, sign in zip(faces, signs, strict=True)
        ]
        self.picture.show_picture(shown.picture, outlined)
        self._file.setText(shown.read.name)
        self.summary.setText(_summary(shown.read))
        self._advice.setText(_advice(shown.read))
        self._advice.setVisible(bool(self._advice.text()))
        self.picture.setAccessibleName(_in_words(faces, signs) or self.summary.text())
        if shown.both is not None:
            self._list.addWidget(side_by_side(shown.both, faces))
        else:
            for face, sign in zip(faces, signs, strict=True):
                self._list.addWidget(FaceBars(face.opinion, sign))
        self._list.addStretch(1)


def _photos_model() -> RowsModel[ShownPhoto]:
    columns: list[Column[ShownPhoto]] = [
        Column(header=lambda: tr("Photo"), text=lambda shown: shown.read.name),
        Column(
            header=lambda: tr("Faces"),
            text=lambda shown: "" if shown.read.error else dates.number(len(shown.read.faces)),
        ),
        Column(header=lambda: tr("Result"), text=lambda shown: _result_words(shown.read)),
    ]
    return RowsModel(columns, key=lambda shown: shown.path)


def _files_in(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix.lower() in PHOTO_SUFFIXES)


def _looked_at(reader: MaskReader, path: Path, *, both_ways: bool) -> ShownPhoto:
    """``both_ways``: as the mask report's test takes a photo, too; whoever trains a network wants to see it."""
    both = None
    try:
        picture = load_photo(path, longest_side=LONGEST_SIDE)
        faces = tuple(reader.faces(picture))
        if both_ways:
            prepared = tuple(reader.prepared(picture, face) for face in faces)
            both = BothWays(reader.whole_picture(picture), prepared)
    except KnownError as error:
        return ShownPhoto(path, ReadPhoto(path.name, error=error), QImage())
    whole = image_of(picture)
    scale = min(1.0, PREVIEW_SIDE / max(whole.width(), whole.height()))
    small = whole.scaledToWidth(max(1, round(scale * whole.width())), Qt.TransformationMode.SmoothTransformation)
    read = ReadPhoto(path.name, faces, whole=both.whole.opinion if both else None)
    return ShownPhoto(path, read, small if scale < 1 else whole, scale, both)


def _scaled(box: Box, scale: float) -> Box:
    return Box(*(round(edge * scale) for edge in (box.left, box.top, box.right, box.bottom)))


def _summary(read: ReadPhoto) -> str:
    if read.error is not None:
        return tr("The photo can't be read")
    if not read.faces:
        return tr("No face found")
    return tr("%n face(s) found", "", len(read.faces))


def _advice(read: ReadPhoto) -> str:
    if read.error is not None:
        return f"{message_of(read.error)} {remedy_of(read.error)}"
    if not read.faces:
        return tr("Try a photo in which faces are larger, lighter and turned to the camera.")
    return "" if all(face.found for face in read.faces) else tr("The picture was taken as one face.")


def _result_words(read: ReadPhoto) -> str:
    """How many faces have which state, such as "2 × With a mask"; of a single face only the state."""
    if read.error is not None or not read.faces:
        return _summary(read)
    counts = Counter(face.opinion.state for face in read.faces)
    if len(read.faces) == 1:
        return mask_word(read.faces[0].opinion.state)
    return ", ".join(f"{dates.number(count)} × {mask_word(state)}" for state, count in counts.items())


def _sign(number: int, faces: int) -> str:
    return str(number) if faces > 1 else ""


def _in_words(faces: Sequence[MaskedFace], signs: Sequence[str]) -> str:
    return ", ".join(f"{sign} {mask_word(face.opinion.state)}".strip() for face, sign in zip(faces, signs, strict=True))
