"""Fit a Keras model with live progress, a stop between batches, the best weights kept, and a checkpoint an epoch."""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import keras
import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.checkpoints import Arrays, FitState, load_state, save_state
from attendance_app.lab.errors import CheckpointOfAnotherTraining
from attendance_app.lab.runs import EpochRow, History
from attendance_app.services.training_events import EpochDone, StageProgress, TrainingContext

Best: TypeAlias = Literal["val_accuracy", "first_val_accuracy", "val_loss", "last"]
Clock: TypeAlias = Callable[[], float]
_COUNTED = ("wait", "best", "cooldown_counter", "stopped_epoch")
"""Attributes in which Keras's schedules (a plateau, an early stop) remember the epochs before."""


class EpochBatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras is untyped
    """Batches that the number of the epoch decides, so that a training that is resumed sees the same ones."""

    def __init__(self) -> None:
        super().__init__()
        self.begin(0)

    def begin(self, epoch: int) -> None:
        """Make the batches those of an epoch, counted from 0."""
        self.epoch = epoch


class Shuffled(EpochBatches):
    """All pictures in a new order every epoch; ``change`` (a batch, a generator) varies a batch's pictures."""

    def __init__(
        self,
        x: NDArray[Any],
        y: NDArray[Any],
        *,
        batch_size: int,
        seed: int,
        change: Callable[[NDArray[Any], np.random.Generator], NDArray[Any]] | None = None,
    ) -> None:
        self._x, self._y, self._size, self._seed, self._change = x, y, batch_size, seed, change
        super().__init__()

    def begin(self, epoch: int) -> None:
        super().begin(epoch)
        self._order = np.random.default_rng((self._seed, epoch)).permutation(len(self._x))

    def __len__(self) -> int:
        return math.ceil(len(self._x) / self._size)

    def __getitem__(self, index: int) -> tuple[NDArray[Any], NDArray[Any]]:
        chosen = self._order[index * self._size : (index + 1) * self._size]
        x = self._x[chosen]
        if self._change is not None:
            x = self._change(x, np.random.default_rng((self._seed, self.epoch, index)))
        return x, self._y[chosen]


class ProgressAndBest(keras.callbacks.Callback):  # type: ignore[misc]  # keras is untyped
    """Report every epoch, stop on request, keep the weights of the best epoch, write a checkpoint after each.

    The best is the one with the highest validation accuracy (ties: the lower validation loss, or with
    "first_val_accuracy" the earlier epoch), ``by`` "val_loss" the one with the lowest validation loss, or the last. It
    has to be the last of the callbacks: it keeps what the others have counted.
    """

    def __init__(
        self,
        context: TrainingContext,
        *,
        epochs: int,
        by: Best = "val_accuracy",
        batches: EpochBatches | None = None,
        schedules: Sequence[keras.callbacks.Callback] = (),
        checkpoint: Path | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__()
        self._by = by
        self._context = context
        self._epochs = epochs
        self._batches = batches
        self._schedules = schedules
        self._checkpoint = checkpoint
        self._clock = clock
        self._started = self._epoch_started = clock()
        self._best: tuple[float, float] | None = None
        self._best_weights: Sequence[Any] | None = None
        self._best_epoch = 0
        self._stopped = False
        self._state: FitState | None = None
        self._trained = 0
        self.rows: list[EpochRow] = []

    def resume(self, state: FitState) -> None:
        """Go on after ``state``; for a model that is built and compiled. Raises CheckpointOfAnotherTraining."""
        self._state = state
        self._best, self._best_epoch, self._best_weights = state.best, state.best_epoch, state.best_weights
        self.rows = list(state.rows)

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's signature
        # Here and not before: schedules begin anew when the fit begins.
        if self._state is not None:
            for schedule, counted in zip(self._schedules, self._state.callbacks, strict=True):
                for name, value in counted.items():
                    setattr(schedule, name, value)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's signature
        self._epoch_started = self._clock()
        if self._batches is not None:
            self._batches.begin(epoch)

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
        self._trained += 1
        self._keep_if_best(row)
        # An epoch that was stopped on the way is trained again, whole, when the training goes on.
        if not self._stopped:
            self._save()
        left = (now - self._started) / self._trained * (self._epochs - row.epoch)
        self._context.report(
            EpochDone(row.epoch, self._epochs, row.loss, row.accuracy, row.val_loss, row.val_accuracy, left)
        )

    def _keep_if_best(self, row: EpochRow) -> None:
        ranks = {
            "val_accuracy": (row.val_accuracy, -row.val_loss),
            "first_val_accuracy": (row.val_accuracy, 0.0),
            "val_loss": (0.0, -row.val_loss),
        }
        rank = ranks.get(self._by, (float(row.epoch), 0.0))
        if self._best is None or rank > self._best:
            self._best, self._best_epoch = rank, row.epoch
            # A copy as NumPy arrays: later batches don't change it.
            self._best_weights = self.model.get_weights()

    def _save(self) -> None:
        if self._checkpoint is None or self._best is None or self._best_weights is None:
            return
        counted = [
            {name: float(getattr(one, name)) for name in _COUNTED if getattr(one, name, None) is not None}
            for one in self._schedules
        ]
        state = FitState(
            rows=tuple(self.rows),
            best_epoch=self._best_epoch,
            best=self._best,
            callbacks=tuple(counted),
            ended=bool(self.model.stop_training) or self.rows[-1].epoch >= self._epochs,
            variables=_values(self.model.variables),
            optimizer=_values(self.model.optimizer.variables),
            best_weights=tuple(self._best_weights),
        )
        try:
            save_state(self._checkpoint, state)
        except OSError as error:
            # A full disk must not end a training of hours: the checkpoint before stays.
            reason = error.strerror or str(error)
            self._context.report(StageProgress(f"no checkpoint of epoch {self.rows[-1].epoch} ({reason})", 0, 1))

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - keras's signature
        if self._best_weights is not None:
            self.model.set_weights(self._best_weights)

    @property
    def history(self) -> History:
        return History(tuple(self.rows), best_epoch=self._best_epoch, stopped_early=self._stopped)


def _values(variables: Sequence[Any]) -> Arrays:
    return tuple(np.asarray(keras.ops.convert_to_numpy(variable)) for variable in variables)


def _restore(model: keras.Model, state: FitState, file: Path) -> None:
    model.optimizer.build(model.trainable_variables)
    for variables, values in ((model.variables, state.variables), (model.optimizer.variables, state.optimizer)):
        if [tuple(one.shape) for one in variables] != [one.shape for one in values]:
            raise CheckpointOfAnotherTraining(file=file)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def fit(
    model: keras.Model,
    training: object,
    validation: object,
    *,
    epochs: int,
    context: TrainingContext,
    batch_size: int = 32,
    seed: int = 0,
    by: Best = "val_accuracy",
    callbacks: Sequence[keras.callbacks.Callback] = (),
    checkpoint: Path | None = None,
) -> History:
    """Fit a compiled model (metric ``accuracy``) and leave it with its best weights.

    ``training``: a pair (x, y), shuffled by ``seed`` and epoch, or EpochBatches; ``validation``: a pair.
    ``checkpoint``: a file that is written after every epoch; if it is there, the fit goes on from it and ends as if it
    had not been broken off. Raises CheckpointDamaged, CheckpointOfAnotherTraining.
    """
    batches = training
    if isinstance(training, tuple):
        batches = Shuffled(*training, batch_size=batch_size, seed=seed)
    assert isinstance(batches, EpochBatches)
    progress = ProgressAndBest(
        context, epochs=epochs, by=by, batches=batches, schedules=callbacks, checkpoint=checkpoint
    )
    state = None if checkpoint is None else load_state(checkpoint)
    if state is not None and checkpoint is not None:
        _restore(model, state, checkpoint)
        progress.resume(state)
        if state.ended:
            progress.set_model(model)
            progress.on_train_end()
            return progress.history
    model.fit(
        batches,
        validation_data=validation,
        initial_epoch=len(progress.rows),
        epochs=epochs,
        # The batches shuffle themselves: Keras's order could not be found again.
        shuffle=False,
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
