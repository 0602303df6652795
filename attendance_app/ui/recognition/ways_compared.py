"""Compares the methods on a course's photos: encodings, the in-house network, or both together."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from attendance_app.classifiers.thresholds import Strictness
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.services.classifier_comparison import ENOUGH_TRIES, CourseCheck, CourseComparison, NamingCounts
from attendance_app.services.rates import Rate
from attendance_app.ui import dates
from attendance_app.ui.controls import Button, label
from attendance_app.ui.i18n import tr
from attendance_app.ui.recognition.figure_table import FigureTable
from attendance_app.ui.translated_widget import TranslatedWidget

MOST_CONFUSIONS = 6
"""Pairs listed for each way; further ones are counted."""


class WaysCompared(TranslatedWidget):
    """The suggested method in words, the result of each method, and the rates as details."""

    def __init__(self) -> None:
        super().__init__()
        self._found: CourseComparison | None = None
        self._strictness = Strictness.BALANCED
        heading = label("heading", wrap=True)
        self.bind_text(heading.setText, "Which opinion to trust")
        self.advice, self._why = label("strong", wrap=True), label(wrap=True)
        self.table = FigureTable((4, 2, 2, 2, 3))
        self.rates_button = Button("quiet", "chart-line-up").with_text("Show the rates")
        self.rates_button.setCheckable(True)
        self.rates_button.toggled.connect(lambda _on: self.retranslate())
        self.rates = FigureTable((4, 3, 3, 2))
        self.confusions = label(wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 16, 0, 0)
        for part in (heading, self.advice, self._why, self.table):
            column.addWidget(part)
        column.addWidget(self.rates_button, alignment=Qt.AlignmentFlag.AlignLeft)
        for part in (self.rates, self.confusions):
            column.addWidget(part)
        self.retranslate()

    def show_found(self, found: CourseComparison | None, strictness: Strictness) -> None:
        """Show a comparison as it comes out at the strictness in use; hide without one that says anything."""
        self._found, self._strictness = found, strictness
        self.retranslate()

    def retranslate(self) -> None:
        found = self._found
        best = found.suggested if found else None
        self.setVisible(best is not None)
        if found is None or best is None:
            return
        self.advice.setText(tr("Best on these photos: {way}").format(way=way_word(best)))
        self._why.setText(" ".join(_reasons(found, best)))
        stressed = list(found.checks).index(best)
        self.table.fill(
            outcome_heads(),
            [
                (way_word(way), *outcome_figures(check, check.outcomes[self._strictness]))
                for way, check in found.checks.items()
            ],
            stressed=stressed,
        )
        asked = self.rates_button.isChecked()
        if asked:
            self.rates.fill(_rate_heads(), [_rates(way, check) for way, check in found.checks.items()])
            self.confusions.setText("\n".join(_confusions(found)))
        self.rates.setVisible(asked)
        self.confusions.setVisible(asked)


def way_word(way: ClassifierChoice) -> str:
    """Return a method's name for the teacher."""
    return {
        ClassifierChoice.ENCODINGS: tr("Comparing faces"),
        ClassifierChoice.CNN: tr("Our own network"),
        ClassifierChoice.BOTH: tr("Both together"),
    }[way]


def outcome_heads() -> tuple[str, ...]:
    """Over the columns of ``outcome_figures``, and an empty one for the row's name."""
    return "", tr("Named right"), tr("Asks you"), tr("Named wrong"), tr("Not on the list, but marked")


def outcome_figures(check: CourseCheck, outcome: NamingCounts) -> tuple[str, str, str, str]:
    """Right, doubtful and wrong of the photos kept back, and strangers marked; a dash where nothing was tried."""
    of = tr("{count} of {total}")
    own = (outcome.right, outcome.doubtful, outcome.wrong)
    cells = [of.format(count=dates.number(n), total=dates.number(check.judged)) if check.judged else "–" for n in own]
    strange = of.format(count=dates.number(outcome.strangers_named), total=dates.number(check.strangers))
    return cells[0], cells[1], cells[2], strange if check.strangers else "–"


def _reasons(found: CourseComparison, best: ClassifierChoice) -> list[str]:
    outcomes = {way: check.outcomes[Strictness.BALANCED] for way, check in found.checks.items()}
    if len({(one.errors, one.right) for one in outcomes.values()}) == 1:
        reasons = [tr("All do equally well here; comparing faces was tested on far more people.")]
    elif all(outcomes[best].errors < one.errors for way, one in outcomes.items() if way is not best):
        reasons = [tr("It makes the fewest mistakes.")]
    else:
        reasons = [tr("None makes fewer mistakes, and none with as few names more photos.")]
    check = found.checks[best]
    if check.judged + check.strangers < ENOUGH_TRIES:
        reasons.append(tr("Only %n photo(s) were tried: a difference of one or two may be chance.", "", check.photos))
    if found.left_out:
        reasons.append(tr("%n photo(s) in which only one of them finds the face were left out.", "", found.left_out))
    return reasons


def _rate_heads() -> tuple[str, ...]:
    return "", tr("Not recognised (FNMR)"), tr("Taken for another (FMR)"), tr("Suggested threshold")


def _rates(way: ClassifierChoice, check: CourseCheck) -> tuple[str, str, str, str]:
    at = check.suggested or Strictness.BALANCED
    threshold = check.suggested_threshold
    words = "–" if threshold is None else dates.percent(threshold)
    return way_word(way), _rate(check.fnmr(at)), _rate(check.fmr(at)), words


def _rate(rate: Rate) -> str:
    """The rate with its 95 % interval."""
    if not rate.total:
        return "–"
    low, high = rate.interval
    # A non-breaking space, so that a line never ends between a number and its percent sign.
    share, least, most = (dates.percent(each, 1).replace(" ", "\u00a0") for each in (rate.value, low, high))
    return tr("{share} ({low} to {high})").format(share=share, low=least, high=most)


def _confusions(found: CourseComparison) -> list[str]:
    lines = [tr("In brackets: where the rate lies with 95 % certainty, at the suggested threshold.")]
    for way, check in found.checks.items():
        for one in check.confusions[:MOST_CONFUSIONS]:
            said = tr("{way}: %n photo(s) of {owner} would be marked as {named}.", "", one.photos)
            lines.append(said.format(way=way_word(way), owner=one.owner.name, named=one.named.name))
        more = len(check.confusions) - MOST_CONFUSIONS
        if more > 0:
            lines.append(tr("{way}: and %n more pair(s)", "", more).format(way=way_word(way)))
    if len(lines) == 1:
        lines.append(tr("No photo would be marked as another student."))
    return lines
