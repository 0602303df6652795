"""Fit a Keras model with live progress, a stop between batches, and the best weights kept."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import keras

from attendance_app.lab.runs import EpochRow, History
from attendance_app.services.training_events import EpochDone, TrainingContext

Best: TypeAlias = Literal["val_accuracy", "val_loss"]
Clock: TypeAlias = Callable[[], float]


class ProgressAndBest(keras.callbacks.Callback):  # type: ignore[misc]  # keras is untyped
    """Report every epoch, stop on request, keep the weights of the best epoch.

    The best is the one with the highest validation accuracy (ties: the lower validation loss), or, ``by`` "val_loss",
    the one with the lowest validation loss.
    """

    def __init__(
        self, context: TrainingContext, *, epochs: int, by: Best = "val_accuracy", clock: Clock = time.monotonic
    ) -> None:
        super().__init__()
        self._by = by
        self._context = context
        self._epochs = epochs
        self._clock = clock
        self._started = self._epoch_started = clock()
        self._best: tuple[float, float] | None = None
        self._best_weights: list[Any] | None = None
        self._best_epoch = 0
        self._stopped = False
        self.rows: list[EpochRow] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's signature
        self._epoch_started = self._clock()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's
        if self._context.stop_requested():
            self._stopped = True
            # Keras ends the epoch after this batch and still validates it, so on_epoch_end has figures to compare.
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        numbers = logs or {}
        now = self._clock()
        row = EpochRow(
            epoch=epoch + 1,
            loss=float(numbers.get("loss", 0.0)),
            accuracy=float(numbers.get("accuracy", 0.0)),
            val_loss=float(numbers.get("val_loss", 0.0)),
            val_accuracy=float(numbers.get("val_accuracy", 0.0)),
            learning_rate=float(self.model.optimizer.learning_rate),
            seconds=now - self._epoch_started,
        )
        self.rows.append(row)
        self._keep_if_best(row)
        left = (now - self._started) / len(self.rows) * (self._epochs - row.epoch)
        self._context.report(
            EpochDone(row.epoch, self._epochs, row.loss, row.accuracy, row.val_loss, row.val_accuracy, left)
        )

    def _keep_if_best(self, row: EpochRow) -> None:
        rank = (row.val_accuracy if self._by == "val_accuracy" else 0.0, -row.val_loss)
        if self._best is None or rank > self._best:
            self._best, self._best_epoch = rank, row.epoch
            # A copy as NumPy arrays: later batches don't change it.
            self._best_weights = self.model.get_weights()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's signature
        if self._best_weights is not None:
            self.model.set_weights(self._best_weights)

    @property
    def history(self) -> History:
        return History(tuple(self.rows), best_epoch=self._best_epoch, stopped_early=self._stopped)


def fit(
    model: keras.Model,
    training: object,
    validation: object,
    *,
    epochs: int,
    context: TrainingContext,
    batch_size: int | None = None,
    by: Best = "val_accuracy",
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> History:
    """Fit a compiled model (metric ``accuracy``) and leave it with its best weights.

    ``training``: a pair (x, y), or anything that ``keras.Model.fit`` takes as x; ``validation``: a pair.
    """
    progress = ProgressAndBest(context, epochs=epochs, by=by)
    x, y = training if isinstance(training, tuple) else (training, None)
    model.fit(
        x,
        y,
        validation_data=validation,
        epochs=epochs,
        batch_size=batch_size,
        # The callback reports; Keras's own bar would mix with it on the terminal.
        verbose=0,
        callbacks=[*callbacks, progress],
    )
    return progress.history


def limit_threads(threads: int) -> None:
    """Let TensorFlow use that many threads; has to come before its first operation."""
    import tensorflow as tf

    # Two pools: threads within one operation, and operations at the same time. Later calls raise RuntimeError.
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
