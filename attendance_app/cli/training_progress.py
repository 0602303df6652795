"""How a training shows its progress in a terminal."""

import typer

from attendance_app.services.training_events import EpochDone, StopAsked, TrainingEvent

LEAST_STEP = 0.05
"""Of a stage: smaller steps print nothing, so that a log file stays readable."""


SAVING = "Stopping after this batch; the best so far is kept."
STILL_SAVING = "Still saving the best so far. Once more breaks off; --resume goes on from the last whole epoch."


class TrainingLines:
    """One line an epoch (loss, accuracy, time left), and now and then one of a stage, on standard error."""

    def __init__(self) -> None:
        self._stage = ""
        self._printed = 0.0

    def __call__(self, event: TrainingEvent) -> None:
        """Print an event if there is something new to say."""
        if isinstance(event, EpochDone):
            typer.echo(epoch_line(event), err=True)
            return
        if isinstance(event, StopAsked):
            typer.echo(SAVING if event.times == 1 else STILL_SAVING, err=True)
            return
        share = event.done / event.total if event.total else 1.0
        if event.stage != self._stage:
            # Below any share, so that a new stage is printed at once.
            self._stage, self._printed = event.stage, -1.0
        if share - self._printed >= LEAST_STEP or share >= 1.0 > self._printed:
            self._printed = share
            typer.echo(f"{event.stage}: {event.done} of {event.total}", err=True)


def epoch_line(event: EpochDone) -> str:
    """``epoch 3/20  loss 0.21  accuracy 0.93  validation 0.95  2 min 10 s left``."""
    minutes, seconds = divmod(round(event.seconds_left), 60)
    left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return (
        f"epoch {event.epoch}/{event.epochs}  loss {event.loss:.4f}  accuracy {event.accuracy:.4f}  "
        f"validation {event.val_accuracy:.4f}  {left} left"
    )
