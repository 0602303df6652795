"""What the curves of a training say: whether it overfits, and whether more epochs would help."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from attendance_app.lab.runs import EpochRow
from attendance_app.lab.wording import Wording

FEWEST: Final = 3
"""Epochs below which curves say nothing."""
RISE: Final = 0.1
"""The loss in validation rose again if it ends this share above its lowest."""
GAP: Final = 2.0
"""The training pictures are known by heart if the loss in validation is this many times the one in training, in the
epoch whose weights were kept. Training is measured with dropout and changed pictures, so the true gap is larger."""
FALLING: Final = 0.01
"""The loss in validation was still falling if its last epoch is this share below the best one before."""


@dataclass(frozen=True, slots=True)
class CurveReading:
    """What was read. ``lowest``: the epoch with the lowest loss in validation; ``last``: the last one."""

    kept: EpochRow
    lowest: EpochRow
    last: EpochRow
    few: bool
    diverged: bool
    """Some loss is not a number."""
    rises: bool
    gap: bool
    falling: bool

    @property
    def kept_in_the_rise(self) -> bool:
        """Whether the weights that were kept are themselves from where the loss had risen."""
        return self.rises and self.kept.val_loss >= (1 + RISE) * self.lowest.val_loss


def read_curves(rows: Sequence[EpochRow], kept_epoch: int) -> CurveReading:
    """Read the curves of a training; ``kept_epoch``, from 1, is the one whose weights were kept."""
    last = rows[-1]
    kept = next((row for row in rows if row.epoch == kept_epoch), last)
    lowest = min(rows, key=lambda row: row.val_loss if math.isfinite(row.val_loss) else math.inf)
    before = min((row.val_loss for row in rows[:-1]), default=math.inf)
    return CurveReading(
        kept=kept,
        lowest=lowest,
        last=last,
        few=len(rows) < FEWEST,
        diverged=not all(math.isfinite(row.loss) and math.isfinite(row.val_loss) for row in rows),
        # A loss that rises in training too is no overfitting.
        rises=last.val_loss >= (1 + RISE) * lowest.val_loss and last.loss <= lowest.loss,
        gap=kept.val_loss >= GAP * kept.loss,
        falling=last.val_loss <= (1 - FALLING) * before,
    )


def in_words(reading: CurveReading, words: Wording, quantity: str) -> Iterator[str]:
    """Yield what the curves say; ``quantity``: what the loss is called."""
    tr = words.tr

    def number(value: float) -> str:
        return words.number(value, 4)

    if reading.diverged:
        yield tr("In some epochs the {loss} is not a number: the training went astray.").format(loss=quantity)
        return
    if reading.few:
        yield tr("Fewer than {count} epochs don't say whether the network overfits.").format(count=words.number(FEWEST))
        return
    if reading.rises:
        yield tr(
            "It overfits: the {loss} in validation was lowest in epoch {lowest} ({low}) and rose to {high} in epoch "
            "{last}, while that in training went on falling."
        ).format(
            loss=quantity,
            lowest=words.number(reading.lowest.epoch),
            low=number(reading.lowest.val_loss),
            high=number(reading.last.val_loss),
            last=words.number(reading.last.epoch),
        )
        yield (
            tr("The weights that were kept are from this rise: those of fewer epochs would do better on new pictures.")
            if reading.kept_in_the_rise
            else tr("The weights that were kept are from before this rise.")
        )
    losses = {
        "loss": quantity,
        "kept": words.number(reading.kept.epoch),
        "training": number(reading.kept.loss),
        "validation": number(reading.kept.val_loss),
    }
    if reading.gap:
        text = (
            tr(
                "It knows its training pictures better than new ones, too: in epoch {kept}, which was kept, the {loss} "
                "is {training} in training and {validation} in validation."
            )
            if reading.rises
            else tr(
                "It overfits: it knows its training pictures better than new ones. In epoch {kept}, which was kept, "
                "the {loss} is {training} in training and {validation} in validation."
            )
        )
        yield text.format(**losses)
    elif not reading.rises:
        yield tr(
            "No sign of overfitting: in epoch {kept}, which was kept, the {loss} is {training} in training and "
            "{validation} in validation."
        ).format(**losses)
    if reading.falling:
        yield tr("In the last epoch the {loss} in validation was still falling: more epochs may help.").format(
            loss=quantity
        )


def rule_in_words(words: Wording) -> str:
    """The rule, for the note above the curves."""
    return words.tr(
        "Overfitting is said where the loss in validation ends {rise} above its lowest, or is {gap} times the one in "
        "training in the epoch that was kept."
    ).format(rise=words.percent(RISE), gap=words.number(GAP))
