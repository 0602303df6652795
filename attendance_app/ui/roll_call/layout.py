"""The layout of the page: the picture and the current student left, the roster right, the tray below."""

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from attendance_app.services.session.regions import RegionCount
from attendance_app.ui.app_context import AppContext
from attendance_app.ui.controls import Button, label
from attendance_app.ui.roll_call.camera_lost_bar import CameraLostBar
from attendance_app.ui.roll_call.counters import Counters
from attendance_app.ui.roll_call.cut_off_bar import CutOffBar
from attendance_app.ui.roll_call.hints import PictureHint, hint_words
from attendance_app.ui.roll_call.lesson_bar import LessonBar
from attendance_app.ui.roll_call.marks_model import MarksModel
from attendance_app.ui.roll_call.photo_view import PhotoView
from attendance_app.ui.roll_call.picture_choice import PictureChoice
from attendance_app.ui.roll_call.recording_progress import RecordingProgress
from attendance_app.ui.roll_call.region_words import summary_words
from attendance_app.ui.roll_call.review_tray import ReviewTray
from attendance_app.ui.roll_call.roll_call_data import RollLine
from attendance_app.ui.roll_call.roster_search import RosterSearch
from attendance_app.ui.roll_call.roster_view import RosterView
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.ui.roll_call.student_card import StudentCard
from attendance_app.ui.roll_call.unsaved_marks_bar import UnsavedMarksBar
from attendance_app.ui.roll_call.video_view import VideoView
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


class RollCallLayout(TranslatedWidget):
    """The widgets of the page, and the state that depends on several of them (card, counters, discretion)."""

    turn_wanted = Signal(int)
    """The picture should be turned clockwise by so many degrees."""

    def __init__(self, context: AppContext, model: MarksModel, screen: Screen) -> None:
        super().__init__()
        self._memory = context.memory
        self._model = model
        self._tray_wanted = False
        self.shown_hint: Enum | None = None
        self.video = VideoView(screen, model.short_name_of, self._asks_about)
        self.photographs = PhotoView(model.short_name_of)
        self.photographs.hide()
        self.pictures = PictureChoice()
        self.recording = RecordingProgress()
        self.source_line = label("quiet")
        self.source_line.hide()
        self.hint = label("warning", wrap=True)
        self.turn_button = Button("plain", "arrow-clockwise").with_text("Turn the picture")
        self.turn_button.on_click(lambda: self.turn_wanted.emit(self._degrees))
        self.turn_button.hide()
        self._degrees = 0
        self._regions: Sequence[RegionCount] = ()
        """Of the camera's picture."""
        self.regions_button = Button("quiet", "grid-four").with_text(
            "", hint="Show where faces are named and where not"
        )
        self.regions_button.setCheckable(True)
        self.regions_button.toggled.connect(lambda _shown: self._show_regions())
        self.regions_words = label("quiet", wrap=True)
        self.regions_words.hide()
        self.photographs.regions_changed.connect(self._show_regions)
        self.unsaved = UnsavedMarksBar()
        self.cut_off = CutOffBar()
        self.lesson = LessonBar(context)
        self.trouble = CameraLostBar()
        self.trouble.visibility_changed.connect(self._fit)
        self.card = StudentCard()
        self.roster = RosterView(model)
        self.bind_text(self.roster.setAccessibleName, "Students and their marks")
        self.search = RosterSearch(self.roster)
        self.counters = Counters(model)
        self.tray = ReviewTray(model.get)
        self.shape_button = Button("quiet", "list").with_text("", hint="Show as list or as tiles")
        self.shape_button.on_click(self._change_shape)
        self.missing_button = Button("quiet", "circle-dashed").with_text("", hint="Show only who is missing")
        self.missing_button.setCheckable(True)
        self.missing_button.toggled.connect(self.roster.show_only_missing)
        if self._memory.text("roll_call/shape") == "list":
            self._change_shape()
        self._assemble()
        theme().changed.connect(self._fit)
        self.tray.counted.connect(self.show_counts)
        self.roster.why_wanted.connect(self.card.toggle_figures)
        self.roster.selectionModel().currentChanged.connect(lambda _now, _before: self.show_card())
        self.roster.selectionModel().selectionChanged.connect(lambda _now, _before: self.show_card())

    def _assemble(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parts: list[QWidget] = [self.unsaved, self.cut_off, self.lesson, self.pictures, self.video, self.photographs]
        parts += [self.source_line, self.recording, self.regions_words, self.hint, self.turn_button, self.card]
        for part in parts:
            column.addWidget(part)
        # Below a video the room that is left stays empty; photographs take all of it.
        column.addStretch(1)
        column.setStretchFactor(self.photographs, 100)
        top = QHBoxLayout()
        top.setSpacing(2)  # the buttons have room round their signs, and the counters need every pixel at 150 %
        top.addWidget(self.counters, 1)
        top.addWidget(self.regions_button)
        top.addWidget(self.missing_button)
        top.addWidget(self.shape_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.trouble)
        outer.addLayout(top)
        right = QWidget()
        searched = QVBoxLayout(right)
        searched.setContentsMargins(0, 0, 0, 0)
        searched.addWidget(self.search)
        searched.addWidget(self.roster, 1)
        self._splitter = self._split(left, right)
        outer.addWidget(self._splitter, 1)
        outer.addWidget(self.tray)

    def _split(self, left: QWidget, right: QWidget) -> QSplitter:
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(16)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([440, 568])
        splitter.restoreState(self._memory.blob("roll_call/splitter"))
        splitter.splitterMoved.connect(lambda: self._memory.keep("roll_call/splitter", splitter.saveState()))
        return splitter

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the card's pictures only where video, a hint of two lines and the card fit below each other."""
        px = theme().px
        # The counters' row, then what is shown of tray and error; below: the hint and the card with its pictures.
        heights = {self.tray: self.tray.height(), self.trouble: self.trouble.sizeHint().height()}
        room = self.height() - px(48) - sum(height + 8 for part, height in heights.items() if not part.isHidden())
        self.card.show_pictures(room >= self.video.minimumHeight() + px(56) + px(148) + 16)
        # A card that is squeezed can't be read; the roster says the same of the student, and the keys mark. One line of
        # the reasons may be missing.
        above: list[QWidget] = [
            self.unsaved,
            self.cut_off,
            self.lesson,
            self.pictures,
            self.source_line,
            self.recording,
            self.regions_words,
            self.hint,
            self.turn_button,
        ]
        taken = self.video.minimumHeight() + sum(self._height_of(part) + 8 for part in above if not part.isHidden())
        self.card.setVisible(self._splitter.height() - taken - 8 >= self.card.minimumSizeHint().height() - px(24))

    def _height_of(self, part: QWidget) -> int:
        width = self.video.width()
        return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()

    def choose_first(self) -> None:
        """Make the first student the current one."""
        if self._model.rows:
            self.roster.setCurrentIndex(self._model.index(0, 0))

    def show_marks(self) -> None:
        """Refresh counters and card after a change of marks or doubts."""
        self.show_counts()
        self.show_card()

    def show_counts(self) -> None:
        self.counters.show_open(unknown=self.tray.strangers, doubts=self.tray.doubts)

    def show_card(self) -> None:
        """Show the current student, and how many are selected with them."""
        chosen: list[RollLine] = self.roster.chosen()
        current = self.roster.currentIndex()
        line = current.data(Qt.ItemDataRole.UserRole) if current.isValid() else None
        self.card.show_line(line, more_chosen=max(0, len(chosen) - 1))
        if not self.photographs.isHidden():
            self.photographs.choose(None if line is None else line.student.id)

    def show_source(self, words: str) -> None:
        """Say below the picture which camera it is of, and its size; empty: nothing."""
        self.source_line.setText(words)
        self.source_line.setVisible(bool(words) and not self.video.isHidden())
        self._fit()

    def show_photographs(self, shown: bool) -> None:
        """Show photographs of the room instead of the camera's picture, or (False) the camera's picture again."""
        self.photographs.setVisible(shown)
        self.video.setVisible(not shown)

    def show_hint(self, hint: Enum | None) -> None:
        """Say what would help the camera; None: nothing."""
        words = hint_words(hint)
        self.shown_hint = hint if words else None
        self.hint.setText(words)
        self.hint.setVisible(bool(words))
        self.turn_button.setVisible(hint is PictureHint.SIDEWAYS)
        self._fit()

    def show_regions(self, regions: Sequence[RegionCount]) -> None:
        """Take how many faces are named in each region of the camera's picture."""
        if regions != self._regions:
            self._regions = regions
            self._show_regions()

    def _show_regions(self) -> None:
        shown = self.regions_button.isChecked() and self._tray_wanted and not self._model.discreet
        of_photographs = not self.photographs.isHidden()
        regions = self.photographs.regions if of_photographs else self._regions
        self.video.regions = regions if shown and not of_photographs else ()
        self.photographs.canvas.regions = regions if shown and of_photographs else ()
        self.regions_words.setText(summary_words(regions) if shown else "")
        if self.regions_words.isHidden() == shown:
            self.regions_words.setVisible(shown)
        self.video.update()
        self.photographs.canvas.update()
        self._fit()

    def show_sideways(self, degrees: int) -> None:
        """Offer to turn the picture clockwise by so many degrees."""
        self._degrees = degrees
        self.show_hint(PictureHint.SIDEWAYS)

    def set_marking(self, possible: bool) -> None:
        """Enable or disable marking; it is enabled while a session is open."""
        self._tray_wanted = possible
        self.card.set_marking(possible)
        self.regions_button.setVisible(possible)
        self.missing_button.setVisible(possible)
        if not possible:
            # Before the next roll nobody has a mark, and nobody should be hidden after it.
            self.missing_button.setChecked(False)
            if not self.search.isHidden():
                self.search.leave()
        self.search.setVisible(possible)
        self._show_tray()
        self._show_regions()

    def set_discreet(self, discreet: bool) -> None:
        """Hide or show photos and doubts; hidden when the class can see the screen."""
        self._model.set_discreet(discreet)
        self.video.discreet = discreet
        self.photographs.set_discreet(discreet)
        self.card.set_discreet(discreet)
        self._show_tray()
        self._show_regions()
        self.show_counts()

    def _show_tray(self) -> None:
        self.tray.setVisible(self._tray_wanted and not self._model.discreet)
        self._fit()

    def _change_shape(self) -> None:
        self.roster.set_shape("grid" if self.roster.shape == "list" else "list")
        self.shape_button.show_icon("list" if self.roster.shape == "grid" else "squares-four")
        self._memory.keep("roll_call/shape", self.roster.shape)

    def _asks_about(self, student_id: int) -> bool:
        line = self._model.get(student_id)
        return line is not None and line.doubt is not None

    def retranslate(self) -> None:
        self.show_hint(self.shown_hint)
        self._show_regions()
