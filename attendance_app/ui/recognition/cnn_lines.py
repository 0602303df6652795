"""What one of the report's networks has learnt of a course, in words and figures."""

from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.services.course_cnn.report import LEAST_NAMED, CnnReport
from attendance_app.services.rates import Rate
from attendance_app.ui import dates
from attendance_app.ui.i18n import tr
from attendance_app.ui.recognition.ways_compared import way_word


def cnn_heads() -> tuple[str, ...]:
    """Over the columns of ``cnn_rows``."""
    return "", tr("Named right"), tr("Named wrong"), tr("Not on the list, but marked")


def cnn_rows(report: CnnReport) -> list[tuple[str, ...]]:
    """The network first, then the other ways on the same course; shares with their 95 % intervals."""
    own = variant_word(report.variant)
    rows: list[tuple[str, ...]] = [(own, _rate(report.right), _rate(report.wrong), _rate(report.strangers))]
    rows += [(way_word(one.way), _rate(one.right), _rate(one.wrong), _rate(one.strangers)) for one in report.beside]
    return rows


def cnn_lines(report: CnnReport) -> list[str]:
    """What to know of it, in sentences."""
    lines = [
        tr("Of the photos kept back the likeliest student is right in {count} of {total}, however uncertain.").format(
            count=dates.number(report.best_named), total=dates.number(report.right.total)
        )
    ]
    beside = {one.way: one for one in report.beside}
    encodings = beside.get(ClassifierChoice.ENCODINGS)
    if encodings is not None and report.right.value < encodings.right.value:
        lines.append(tr("It names fewer photos than comparing faces does: more photos of each student help it most."))
    if report.right.value < LEAST_NAMED:
        lines.append(tr("It may only be asked beside the others, not decide alone: it names too few photos."))
    elif not report.sure_alone:
        lines.append(
            tr(
                "It may only be asked beside the others, not decide alone: too few strangers were tried to be sure "
                "that it marks none of them."
            )
            if not report.strangers.count
            else tr("It may only be asked beside the others, not decide alone: it marks strangers.")
        )
    if report.stopped:
        lines.append(tr("The training was stopped: teaching it the same again goes on with it."))
    return lines


def variant_word(variant: int) -> str:
    return tr("The report's network, variant {number}").format(number=dates.number(variant))


def _rate(rate: Rate) -> str:
    if not rate.total:
        return "–"
    low, high = (dates.percent(each, 1).replace(" ", "\u00a0") for each in rate.interval)
    counts = tr("{count} of {total}").format(count=dates.number(rate.count), total=dates.number(rate.total))
    return tr("{counts} ({low} to {high})").format(counts=counts, low=low, high=high)
