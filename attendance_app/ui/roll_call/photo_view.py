"""The photographs of the room with a box a face: zoom with the wheel, drag to move, click a face to say who it is."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from attendance_app.services.session.frame_result import FaceState, FaceView
from attendance_app.services.session.photo_report import PhotoFaces
from attendance_app.services.session.regions import RegionCount, count_regions
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.picture_canvas import PhotoPicture, PictureCanvas
from attendance_app.ui.roll_call.region_grid import leave_names_out, paint_regions
from attendance_app.ui.theme import theme
from attendance_app.ui.translated_widget import TranslatedWidget


class PhotoCanvas(PictureCanvas):
    """One photograph. ``name_of`` gives a student's short name."""

    face_clicked = Signal(object)
    """With the FaceView."""

    def __init__(self, name_of: Callable[[int], str]) -> None:
        super().__init__()
        self._name_of = name_of
        self._faces: tuple[FaceView, ...] = ()
        self._chosen: int | None = None
        self.discreet = False
        self.note = ""
        self.regions: Sequence[RegionCount] = ()
        """Drawn over the photograph; none: no grid."""

    def show_picture(self, picture: PhotoPicture | None, faces: Sequence[FaceView]) -> None:
        """Show another photograph, whole."""
        self._faces = tuple(faces)
        self.set_picture(picture)

    def say(self, note: str) -> None:
        """Write a note over the top of the photograph (translated), where it takes no room from the page."""
        self.note = note
        self.setAccessibleDescription(note)
        self.update()

    def choose(self, student_id: int | None) -> None:
        """Mark the face of a student, and bring it into sight where the picture is enlarged."""
        self._chosen = student_id
        theirs = [one for one in self._faces if student_id is not None and one.student_id == student_id]
        # Others may only look like the student.
        face = max(theirs, key=lambda one: one.state is FaceState.KNOWN, default=None)
        if face is not None:
            self.show_middle_of(face.box)
        self.update()

    def face_at(self, point: QPointF) -> FaceView | None:
        """Return the face at a point of the widget, the smallest where boxes overlap."""
        if self._picture is None:
            return None
        # Three pixels around count too: faces of the last row are small.
        inside = [
            one
            for one in self._faces
            if self.box_in_widget(one.box, self._picture).adjusted(-3, -3, 3, 3).contains(point)
        ]
        return min(inside, key=lambda one: one.box.width * one.box.height, default=None)

    def place_of(self, face: FaceView) -> QRectF:
        """Return where a face is in the widget."""
        return QRectF() if self._picture is None else self.box_in_widget(face.box, self._picture)

    def label_of(self, face: FaceView) -> str:
        """What stands under a face: its name, with "?" where it is not sure; "?" for nobody on the roster."""
        if self.discreet:
            return ""
        if face.student_id is not None:
            name = self._name_of(face.student_id)
            return f"{name}?" if face.state is FaceState.DOUBTFUL else name
        return "?" if face.state is FaceState.UNKNOWN else ""

    # -- painting

    def paint_over(self, painter: QPainter, picture: PhotoPicture) -> None:
        # The chosen face first, then the nearest: a label that would cover another one is left out.
        faces = sorted(self._faces, key=lambda one: (not self._is_chosen(one), -one.box.height))
        labels: list[QRectF] = []
        shown = QRectF(self.rect())
        named = not leave_names_out(self.place_in_widget(picture), self.regions)
        for face in (one for one in faces if self.box_in_widget(one.box, picture).intersects(shown)):
            self._paint_face(painter, face, picture, labels if named else None)
        # Last: names of faces would hide the counts.
        if not self.discreet:
            paint_regions(painter, self.place_in_widget(picture), self.regions)
            self._paint_note(painter)

    def _paint_note(self, painter: QPainter) -> None:
        if not self.note:
            return
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        font.setBold(False)
        painter.setFont(font)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = QRectF(self.rect()).adjusted(16, 12, -16, -12)
        words = painter.boundingRect(room, wrapped, self.note)
        words.moveTop(room.top())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().palette.surface))
        painter.drawRoundedRect(words.adjusted(-8, -4, 8, 4), 4, 4)
        painter.setPen(QColor(theme().palette.text))
        painter.drawText(words, wrapped, self.note)

    def _is_chosen(self, face: FaceView) -> bool:
        return not self.discreet and face.student_id is not None and face.student_id == self._chosen

    def _paint_face(
        self, painter: QPainter, face: FaceView, picture: PhotoPicture, labels: list[QRectF] | None
    ) -> None:
        """``labels``: where words stand already; adds its own. None: no words."""
        box, palette, words = self.box_in_widget(face.box, picture), theme().palette, self.label_of(face)
        chosen = self._is_chosen(face)
        sure = face.student_id is not None and not words.endswith("?")
        colour = QColor(palette.present if sure else palette.review if words else palette.text_quiet)
        radius = min(8.0, box.width() / 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(palette.surface), 5 if chosen else 3))  # a rim that any picture leaves visible
        painter.drawRoundedRect(box, radius, radius)
        style = Qt.PenStyle.SolidLine if sure or not words else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 3 if chosen else 1.5, style))
        painter.drawRoundedRect(box, radius, radius)
        if words and labels is not None:
            self._paint_label(painter, box, words, colour, chosen=chosen, labels=labels)

    def _paint_label(
        self, painter: QPainter, box: QRectF, words: str, colour: QColor, *, chosen: bool, labels: list[QRectF]
    ) -> None:
        font = painter.font()
        font.setPixelSize(theme().text_px("small"))
        font.setBold(chosen)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        room = max(int(box.width() * 1.8), metrics.horizontalAdvance("M") * (12 if chosen else 3))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width, height = metrics.horizontalAdvance(shown) + 6, metrics.height()
        place = QRectF(box.center().x() - width / 2, box.bottom() + 2, width, height)
        place.moveLeft(min(max(place.left(), 2), self.width() - width - 2))
        place.moveTop(min(place.top(), self.height() - height - 2))
        if any(place.intersects(other) for other in labels):
            return
        labels.append(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().palette.surface))
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(colour)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)

    # -- the mouse

    def point_at(self, point: QPointF) -> bool:
        over = self.face_at(point)
        self.setToolTip("" if over is None else self.label_of(over))
        return over is not None

    def click_at(self, point: QPointF) -> None:
        face = self.face_at(point)
        if face is not None:
            self.face_clicked.emit(face)


class PhotoView(TranslatedWidget):
    """The photographs of a roll, one at a time."""

    face_clicked = Signal(object, object)
    """With the FaceView and its QRect in global pixels."""
    regions_changed = Signal()
    """Another photograph is shown, or somebody was named in it."""

    def __init__(self, name_of: Callable[[int], str]) -> None:
        super().__init__()
        self._pictures: list[PhotoPicture] = []
        self._faces: tuple[PhotoFaces, ...] = ()
        self._named: dict[int, int | None] = {}
        """Student ids by track, as the teacher has named the faces."""
        self._at = 0
        self.canvas = PhotoCanvas(name_of)
        self.bind_text(self.canvas.setAccessibleName, "Photograph of the room")
        self.canvas.face_clicked.connect(self._on_face)
        self.caption = label("quiet")
        self.back = Button("quiet", "caret-left").with_text("", hint="Photograph before")
        self.on = Button("quiet", "caret-right").with_text("", hint="Next photograph")
        self.nearer = Button("quiet", "magnifying-glass-plus").with_text("", hint="Enlarge")
        self.whole = Button("quiet", "arrows-out").with_text("", hint="Show the whole photograph")
        self.back.on_click(lambda: self.show_photograph(self._at - 1))
        self.on.on_click(lambda: self.show_photograph(self._at + 1))
        self.nearer.on_click(lambda: self.canvas.zoom_by(1.5))
        self.whole.on_click(self.canvas.fit)
        bar = QHBoxLayout()
        bar.addWidget(self.back)
        bar.addWidget(self.caption, 1)
        for button in (self.on, self.nearer, self.whole):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.canvas, 1)
        column.addLayout(bar)
        self._show()

    def clear(self) -> None:
        """Forget the photographs of the session before."""
        self._pictures, self._faces, self._named, self._at = [], (), {}, 0
        self._show()

    def add(self, picture: PhotoPicture, faces: Sequence[PhotoFaces]) -> None:
        """Show another photograph, with what is known of the faces of all."""
        self._pictures.append(picture)
        self._faces = tuple(faces)
        self._at = len(self._pictures) - 1
        self._show()

    def name_faces(self, tracks: Sequence[int], student_id: int | None) -> None:
        """The teacher has said who somebody is; None: that was taken back."""
        for track in tracks:
            self._named[track] = student_id
        self._show()

    def show_photograph(self, place: int) -> None:
        """Show a photograph by its place, counted from 0; a place beyond the ends does nothing."""
        if 0 <= place < len(self._pictures):
            self._at = place
            self._show()

    def choose(self, student_id: int | None) -> None:
        """Show where a student is: here, or else in the first photograph that has them; a sure face comes first."""
        if student_id is not None:
            places = (self._at, *range(len(self._pictures)))
            sure = (place for place in places if self._has(place, student_id, sure=True))
            found = next(sure, None)
            if found is None:
                found = next((place for place in places if self._has(place, student_id)), self._at)
            if found != self._at:
                self.show_photograph(found)
        self.canvas.choose(student_id)

    def set_discreet(self, discreet: bool) -> None:
        """Hide names and doubts: the class can see the screen."""
        self.canvas.discreet = discreet
        self.canvas.update()

    def faces_at(self, place: int) -> tuple[FaceView, ...]:
        """Return the faces of a photograph, with the names that the teacher has given."""
        faces = self._faces[place].faces if place < len(self._faces) else ()
        return tuple(self._as_named(face) for face in faces)

    @property
    def regions(self) -> tuple[RegionCount, ...]:
        """The faces of the shown photograph by region, with the names that the teacher has given."""
        if self._at >= len(self._faces):
            return ()
        shown = self._faces[self._at]
        return count_regions(self.faces_at(self._at), width=shown.width, height=shown.height)

    def retranslate(self) -> None:
        self._show()

    def _as_named(self, face: FaceView) -> FaceView:
        named = self._named.get(face.track_id)
        return face if named is None else replace(face, state=FaceState.KNOWN, student_id=named)

    def _has(self, place: int, student_id: int, *, sure: bool = False) -> bool:
        theirs = (face for face in self.faces_at(place) if face.student_id == student_id)
        return any(face.state is FaceState.KNOWN or not sure for face in theirs)

    def _on_face(self, face: FaceView) -> None:
        place = self.canvas.place_of(face).toRect()
        place.moveTo(self.canvas.mapToGlobal(place.topLeft()))
        self.face_clicked.emit(face, place)

    def _show(self) -> None:
        if not self._pictures:
            self.canvas.show_picture(None, ())
            self.caption.setText("")
            return
        picture = self._pictures[self._at]
        self.canvas.show_picture(picture, self.faces_at(self._at))
        words = tr("{name} ({number} of {count})").format(
            name=picture.name, number=self._at + 1, count=len(self._pictures)
        )
        self.caption.setText(words)
        faces = self.faces_at(self._at)
        nobody = bool(faces) and not any(face.state is FaceState.KNOWN for face in faces)
        words = tr("Nobody is recognised here for sure. Is it blurred, on its side, or of another room?")
        self.canvas.say(words if nobody else "")
        self.back.setEnabled(self._at > 0)
        self.on.setEnabled(self._at + 1 < len(self._pictures))
        self.regions_changed.emit()
