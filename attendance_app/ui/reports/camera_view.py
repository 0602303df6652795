"""How well each camera takes the course's roll, measured by the teacher's marks."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from attendance_app.domain.roll_sources import KnownSource, SourceKind
from attendance_app.services.camera_report import CameraReport, SourceReport, camera_report
from attendance_app.services.rates import Rate
from attendance_app.store.database import Store
from attendance_app.ui import dates
from attendance_app.ui.controls import Card, EmptyPage, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.icons import pixmap
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


@dataclass(frozen=True, slots=True)
class ShownRate:
    """A rate with its interval, which takes SciPy and so is computed in the job."""

    rate: Rate
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A line of the report: the rates found, confirmed, by hand, wrong."""

    row: SourceReport
    rates: tuple[ShownRate, ShownRate, ShownRate, ShownRate]


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A course's report, ready to be shown."""

    report: CameraReport
    sources: tuple[ShownSource, ...]


SIGNS = (("check-circle", "present"), ("question", "review"), ("hand-pointing", "late"), ("x-circle", "absent"))
"""Icon and colour of each rate."""


def read_camera_report(store: Store, course_id: int) -> ShownReport:
    """Read and compute the report, on a job's thread."""
    report = camera_report(store, course_id)
    return ShownReport(report, tuple(_shown(row) for row in report.rows))


def _shown(row: SourceReport) -> ShownSource:
    def one(rate: Rate) -> ShownRate:
        return ShownRate(rate, rate.interval)

    return ShownSource(row, (one(row.found), one(row.confirmed), one(row.by_hand), one(row.wrong)))


class CameraView(TranslatedWidget):
    """A card for each camera, or for several that were used together."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: ShownReport | None = None
        self.words: list[str] = []
        """Everything that is shown, in order."""
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = EmptyPage("video-camera")
        self._empty.set_texts(
            "No session by camera yet",
            "After the first closed sessions you see here how many students the camera has found by itself.",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(self._scroll)
        theme().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def report(self) -> CameraReport | None:
        """What is shown; None where there is nothing to report."""
        return self._shown.report if self._shown is not None and self._shown.sources else None

    def show_report(self, shown: ShownReport | None) -> None:
        """Show another course's report."""
        self._shown = shown
        self.retranslate()

    def retranslate(self) -> None:
        sources = () if self._shown is None else self._shown.sources
        self._empty.setVisible(not sources)
        self._scroll.setVisible(bool(sources))
        self.words = []
        inside = QWidget()
        inside.setProperty("role", "plain")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        column.addWidget(
            self._label(
                tr(
                    "Your marks and corrections in closed sessions tell how well the camera works. The range holds the "
                    "true share in 95 of 100 cases."
                ),
                "quiet",
            )
        )
        for source in sources:
            column.addWidget(self._card(source))
        column.addStretch(1)
        # Qt deletes the widget before.
        self._scroll.setWidget(inside)

    def _card(self, source: ShownSource) -> Card:
        row = source.row
        card = Card()
        sessions = tr("%n session(s)", "", row.sessions)
        present = tr("%n mark(s) of students who were there", "", row.present)
        card.column.addWidget(self._label(sources_words(row.sources), "strong"))
        card.column.addWidget(self._label(f"{sessions} · {present}", "quiet"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        captions = (
            tr("Found by the camera itself"),
            tr("Asked about, and you said yes"),
            tr("Marked by hand alone"),
            tr("The camera's own marks that you took back"),
        )
        for place, (sign, caption, rate) in enumerate(zip(SIGNS, captions, source.rates, strict=True)):
            picture = QLabel()
            picture.setPixmap(pixmap(sign[0], 18, sign[1]))
            picture.setAlignment(Qt.AlignmentFlag.AlignTop)
            figures = self._label(_rate_words(rate), "strong")
            figures.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(picture, place, 0)
            grid.addWidget(self._label(caption), place, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(figures, place, 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._label(_range_words(rate), "quiet"), place, 3, Qt.AlignmentFlag.AlignTop)
        card.column.addLayout(grid)
        return card

    def _label(self, words: str, role: str = "") -> QLabel:
        made = label(role, wrap=True)
        made.setText(words)
        self.words.append(words)
        return made


def sources_words(sources: tuple[KnownSource, ...]) -> str:
    """Name what the rolls were taken from."""
    return " + ".join(map(_source_words, sources)) or tr("Source not noted")


def _source_words(source: KnownSource) -> str:
    if source.kind is SourceKind.RECORDING:
        return tr("Recordings")
    if source.kind is SourceKind.PHOTOGRAPHS:
        return tr("Photographs of the room")
    # Users count cameras from 1.
    if source.camera.isdecimal():
        return tr("Camera {number}").format(number=int(source.camera) + 1)
    return source.camera.removeprefix("webcam:")


def _rate_words(shown: ShownRate) -> str:
    rate = shown.rate
    if not rate.total:
        return "–"
    counts = tr("{count} of {total}").format(count=dates.number(rate.count), total=dates.number(rate.total))
    return f"{counts} · {dates.percent(rate.value)}"


def _range_words(shown: ShownRate) -> str:
    if not shown.rate.total:
        return ""
    low, high = shown.interval
    return tr("{low} to {high}").format(low=dates.percent(low), high=dates.percent(high))
