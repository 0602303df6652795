"""Explains a mark: what the camera saw, and who changed what and when."""

from PySide6.QtWidgets import QScrollArea, QVBoxLayout

from attendance_app.domain.sessions import Evidence, MarkChange
from attendance_app.services.camera_report import Outcome, outcome_of
from attendance_app.services.registers import RegisterLine
from attendance_app.ui import dates
from attendance_app.ui.controls import Card, ElidedLabel, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.mask_words import mask_word
from attendance_app.ui.status_look import marked_by_word, status_word
from attendance_app.ui.translated_widget import TranslatedWidget


class WhyPanel(TranslatedWidget):
    """Shows one line of the register with its history."""

    def __init__(self) -> None:
        super().__init__()
        self._line: RegisterLine | None = None
        self._changes: tuple[MarkChange, ...] = ()
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._seen = label(wrap=True)
        self._figures = label("small", wrap=True)
        self._history = label(wrap=True)
        heading = label("strong")
        self.bind_text(heading.setText, "Changes")
        card = Card()
        for part in (self._name, self._seen, self._figures):
            card.column.addWidget(part)
        card.column.addSpacing(8)
        card.column.addWidget(heading)
        card.column.addWidget(self._history)
        card.column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_line(self, line: RegisterLine | None, changes: tuple[MarkChange, ...]) -> None:
        """Explain another mark."""
        self._line, self._changes = line, changes
        self.retranslate()

    def retranslate(self) -> None:
        line = self._line
        self.setVisible(line is not None)
        if line is None:
            return
        mark = line.mark
        self._name.setText(line.student.name)
        self._seen.setText(seen_words(line))
        self._figures.setText(figure_words(mark.evidence) if mark and mark.evidence else "")
        self._figures.setVisible(bool(self._figures.text()))
        self._history.setText("\n".join(map(_change_words, self._changes)) or tr("None."))


def seen_words(line: RegisterLine) -> str:
    """When the camera saw the student and how sure it was."""
    mark = line.mark
    if mark is None:
        return tr("Not marked yet.")
    if outcome_of(mark) is Outcome.CONFIRMED:
        return tr("The camera was not sure; a teacher has confirmed it.")
    if mark.first_seen_at is None or mark.last_seen_at is None or mark.evidence is None:
        return tr("The camera did not see this student.")
    first, last = dates.time(mark.first_seen_at), dates.time(mark.last_seen_at)
    seen = tr("Seen at {first}, {sure}.") if first == last else tr("Seen from {first} to {last}, {sure}.")
    words = seen.format(first=first, last=last, sure=_sure_words(mark.evidence.probability))
    if mark.evidence.place is not None:
        words += " " + tr("Picture: {source}.").format(source=mark.evidence.place.source)
    if mark.evidence.mask is not None:
        words += " " + mask_word(mark.evidence.mask) + "."
    # An opinion that agrees is not worth a sentence.
    if line.cnn_student is not None and line.cnn_student.id != line.student.id:
        words += " " + tr("The course's own network named {name}.").format(name=line.cnn_student.name)
    return words


def _sure_words(probability: float) -> str:
    if probability >= 0.99:
        return tr("beyond doubt")
    return tr("fairly sure") if probability >= 0.9 else tr("not sure")


def figure_words(evidence: Evidence) -> str:
    """Return the numbers behind a mark, as details."""
    return tr("{percent} probable · seen in {count} pictures · distance to the nearest photo {distance}").format(
        percent=dates.percent(evidence.probability, 1),
        count=dates.number(evidence.sightings),
        distance=f"{evidence.best_distance:.2f}",
    )


def _change_words(change: MarkChange) -> str:
    old = status_word(change.old) if change.old else "–"
    new = status_word(change.new) if change.new else "–"
    who = marked_by_word(change.changed_by)
    line = f"{dates.day_and_time(change.changed_at)}  {who}: {old} → {new}"
    return f"{line} ({change.remark})" if change.remark else line
