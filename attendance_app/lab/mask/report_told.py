"""What a run of the mask report's recipe says beside its figures, on its card and on its page."""

from attendance_app.domain.classification import ClassificationScores
from attendance_app.lab.mask.beside_report import beside, same_test
from attendance_app.lab.mask.data import Split
from attendance_app.lab.mask.report_recipe import BATCH, DROPOUT, STOP_MONITOR, VALIDATION_SHARE
from attendance_app.lab.run_page.record import Told
from attendance_app.lab.runs import History
from attendance_app.lab.wording import Wording


def report_told(history: History, scores: ClassificationScores, *, split: Split, words: Wording) -> Told:
    """What a run of this recipe says beside its figures."""
    tr = words.tr
    same = same_test(scores, split=split)
    return Told(
        tr("Mask network, the report's recipe"),
        {
            "test": tr("Test part, drawn at random")
            if split == "random"
            else tr("Test part, whole source groups that the training has not seen"),
            "independent": tr("Independent photographs"),
        },
        deviations=_deviations(words),
        compared=beside(history, scores, words) if same else (),
        not_compared="" if same else tr("The report's test was another one, so its figures are not put beside these."),
    )


def _deviations(words: Wording) -> tuple[str, ...]:
    """Where it differs from the report, or the report is silent."""
    tr, share = words.tr, words.percent(VALIDATION_SHARE)
    return (
        tr(
            "Batches of {batch} and dropout {dropout}: the report gives neither. Batches are shuffled by the seed and "
            "the epoch."
        ).format(batch=words.number(BATCH), dropout=words.number(DROPOUT, 1)),
        tr(
            "Early stopping watches {monitor}: the report gives its patience only, and this is what Keras takes then."
        ).format(monitor=STOP_MONITOR),
        tr(
            "Validation is {share} of the training part, drawn by a seed; the report takes the last {share} of its "
            "shuffled training part."
        ).format(share=share),
        tr("The division by 255 is the network's first layer."),
    )


def for_card(told: Told) -> str:
    compared = "\n\n".join(one.markdown() for one in told.compared)
    beside_it = f"## Beside the report\n\n{compared}\n\n" if compared else ""
    lines = "\n".join(f"- {line}" for line in told.deviations)
    return f"{beside_it}## Where it differs from the report, or the report is silent\n{lines}\n"
