"""Which trained networks are in use, whether they are intact, and their cards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QBrush, QColor, QTextTable
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout

from attendance_app.config.paths import bundled
from attendance_app.domain.errors import KnownError
from attendance_app.networks.in_use import chosen
from attendance_app.networks.manifest import ModelEntry, read_manifest, verify
from attendance_app.networks.own import OwnNetwork, own_network, own_networks
from attendance_app.services.jobs import JobContext
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Card, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import icon
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.ui.recognition.own_networks import OwnNetworkButtons, own_purpose
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """One trained file: its entry, its card's Markdown, and what is wrong with it, if anything.

    ``own``: a network of the user's own, and ``used``: whether it is used for all courses.
    """

    entry: ModelEntry
    card: str
    error: KnownError | None = None
    own: OwnNetwork | None = None
    used: bool = False


def read_networks(job: JobContext, home: Path) -> tuple[NetworkInfo, ...]:
    """Compare every file with the manifest and read its card; the user's own networks come after the program's.

    Raises ModelFileError when there is no manifest.
    """
    found = []
    entries = read_manifest()
    for done, entry in enumerate(entries.values(), start=1):
        job.raise_if_cancelled()
        card = bundled("models") / entry.card
        text = card.read_text(encoding="utf-8") if card.is_file() else ""
        found.append(NetworkInfo(entry, text, _wrong_with(entry.name)))
        job.report(done, len(entries))
    return (*found, *(_own_info(home, network) for network in own_networks(home)))


def _own_info(home: Path, network: OwnNetwork) -> NetworkInfo:
    entry = read_manifest(network.folder)[network.files[0]]
    error = None
    try:
        own_network(home, network.name)
    except KnownError as problem:
        error = problem
    used = chosen(home, network.kind) == network.name
    return NetworkInfo(entry, network.card, error, network, used)


def _wrong_with(name: str) -> KnownError | None:
    try:
        verify(name)
    except KnownError as error:
        return error
    return None


class NetworksView(TranslatedWidget):
    """A list at the left, the chosen network's card at the right."""

    def __init__(self, context: AppContext, changed: Callable[[], object]) -> None:
        """``changed`` is called when a network was added, chosen or given up."""
        super().__init__()
        self._context = context
        self.own = OwnNetworkButtons(context, changed)
        self._networks: tuple[NetworkInfo, ...] = ()
        self.list = QListWidget()
        self.list.setFixedWidth(context.theme.px(304))
        self.bind_text(self.list.setAccessibleName, "Networks in use")
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self._name, self._purpose = label("heading", wrap=True), label(wrap=True)
        self._state, self._licence, self._note = label(wrap=True), label("quiet", wrap=True), label("small", wrap=True)
        self.card = QTextBrowser()
        self.card.setProperty("role", "card")
        # A click on a link would show its target in place of the card.
        self.card.setOpenLinks(False)
        self.card.setOpenExternalLinks(False)
        self.bind_text(self.card.setAccessibleName, "Card of the network")
        detail = Card()
        for part in (self._name, self._purpose, self._state, self._licence, self._note):
            detail.column.addWidget(part)
        detail.column.addWidget(self.card, 1)
        detail.column.addWidget(self.own)
        column = QVBoxLayout()
        column.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addLayout(column, 1)
        context.theme.changed.connect(self.retranslate)

    def show_networks(self, networks: Sequence[NetworkInfo]) -> None:
        """Show what a job has read."""
        self._networks = tuple(networks)
        self.retranslate()

    def retranslate(self) -> None:
        # Clearing the list forgets which network is chosen.
        chosen = max(0, self.list.currentRow())
        self.list.setFixedWidth(self._context.theme.px(304))
        self.list.clear()
        for one in self._networks:
            name, tint = ("check-circle", "present") if one.error is None else ("x-circle", "absent")
            item = QListWidgetItem(icon(name, tint), f"{_title(one)}\n{self._in_a_word(one)}")
            # The list decides the width.
            item.setSizeHint(QSize(0, self._context.theme.px(56)))
            self.list.addItem(item)
        self.list.setCurrentRow(min(chosen, len(self._networks) - 1))
        self._show_chosen()

    @staticmethod
    def _in_a_word(one: NetworkInfo) -> str:
        if one.error is not None:
            return tr("Altered or missing")
        if one.own is None:
            return tr("Intact")
        return tr("Yours, in use") if one.used else tr("Yours")

    def _show_chosen(self) -> None:
        row = self.list.currentRow()
        one = self._networks[row] if 0 <= row < len(self._networks) else None
        for part in (self._purpose, self._state, self._licence, self.card):
            part.setVisible(one is not None)
        self._note.setVisible(one is not None and self._context.language.code != "en")
        self.own.show_network(one.own if one else None, used=one is not None and one.used)
        if one is None:
            self._name.setText(tr("No network is listed."))
            return
        self._name.setText(_title(one))
        self._purpose.setText(own_purpose(one.own) if one.own else network_purpose(one.entry.name))
        self._purpose.setVisible(bool(self._purpose.text()))
        sound = tr("The file is the one that came with the program.")
        if one.own is not None:
            sound = tr("The file is the one that was added.")
        self._state.setText(sound if one.error is None else f"{message_of(one.error)} {remedy_of(one.error)}")
        self._licence.setVisible(one.own is None)
        self._licence.setText(
            tr("File: {file}. Licence: {licence}").format(file=one.entry.name, licence=one.entry.licence)
        )
        self._note.setText(tr("Its makers wrote the card in English."))
        show_card(self.card, one.card)
        self.card.setVisible(bool(one.card))


def _title(one: NetworkInfo) -> str:
    return network_name(one.entry.name) if one.own is None else one.own.name


def show_card(browser: QTextBrowser, markdown: str) -> None:
    """Show a model card: without its title, which stands above it, and without empty rows over its tables."""
    first, _, rest = markdown.partition("\n")
    browser.setMarkdown(rest.lstrip() if first.startswith("# ") else markdown)
    pixels = theme().px
    for frame in browser.document().rootFrame().childFrames():
        if not isinstance(frame, QTextTable):
            continue
        # Markdown has no tables without a head; those of the cards have an empty one.
        if not any(frame.cellAt(0, column).firstCursorPosition().block().text() for column in range(frame.columns())):
            frame.removeRows(0, 1)
        looks = frame.format().toTableFormat()
        looks.setBorderBrush(QBrush(QColor(theme().palette.border)))
        looks.setBorderCollapse(True)
        looks.setCellPadding(pixels(6))
        looks.setTopMargin(pixels(8))
        looks.setBottomMargin(pixels(12))
        frame.setFormat(looks)


def network_name(file: str) -> str:
    """A network by what it does for the teacher."""
    return {
        "centerface.onnx": tr("Finds small faces"),
        "shape_predictor_5_face_landmarks.dat": tr("Turns faces upright"),
        "dlib-face-detector.onnx": tr("Finds faces"),
        "dlib-hog-detector.svm": tr("Finds faces quickly"),
        "dlib-face-encoder.onnx": tr("Recognises faces"),
        "plda-dlib-v1.npz": tr("Says how sure it is"),
        "face-sizes-v1.npz": tr("Knows what a small face is worth"),
        "mask.onnx": tr("Sees masks"),
        "identity-cnn-v1.onnx": tr("Gives a second opinion"),
        "identity-plda-v1.npz": tr("Second opinion: how sure"),
    }.get(file, file)


def network_purpose(file: str) -> str:
    """What a network does, in a sentence; nothing for an unknown one."""
    return {
        "shape_predictor_5_face_landmarks.dat": tr("Finds the corners of the eyes and the nose in a face."),
        "centerface.onnx": tr("Finds every face of a picture, also in the last rows."),
        "dlib-face-detector.onnx": tr("Looks for faces in photos and in the video of the class."),
        "dlib-hog-detector.svm": tr("Looks for upright faces in the video, several times a second."),
        "dlib-face-encoder.onnx": tr("Describes a face so that two pictures of one person look alike to the program."),
        "face-sizes-v1.npz": tr(
            "Makes the certainty smaller where the face, or the enrolled photo, is small or blurred."
        ),
        "plda-dlib-v1.npz": tr("Turns the likeness of two faces into a certainty that it is that student."),
        "mask.onnx": tr("Tells whether a mask is worn, not worn, or not worn properly."),
        "identity-cnn-v1.onnx": tr("Our own network: says who it is, once it has learnt the course."),
        "identity-plda-v1.npz": tr("Turns our own network's answer into a certainty."),
    }.get(file, "")
