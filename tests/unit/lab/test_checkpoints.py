"""A training that is broken off goes on from its checkpoint, and ends as if it had not been."""

from pathlib import Path

import keras
import numpy as np
import pytest

from attendance_app.lab.checkpoints import load_state
from attendance_app.lab.errors import CheckpointDamaged, CheckpointOfAnotherTraining
from attendance_app.lab.fitting import fit
from attendance_app.lab.runs import History
from attendance_app.services.training_events import EpochDone, TrainingContext, TrainingEvent

FEATURES = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
LABELS = (FEATURES[:, 0] * FEATURES[:, 1] > 0).astype(np.int64)


class PowerCutError(Exception):
    """Ends the process in the middle, as far as the training is concerned."""


def _network(units: int = 8) -> keras.Model:
    keras.utils.set_random_seed(1)
    layers = keras.layers
    # What has a state of its own: batch statistics, the randomness of dropout.
    network = keras.Sequential(
        [keras.Input((4,)), layers.Dense(units, "relu"), layers.BatchNormalization(), layers.Dropout(0.5)]
    )
    network.add(layers.Dense(2, "softmax"))
    network.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def _fit(network: keras.Model, checkpoint: Path | None, *, cut_after: int = 99, epochs: int = 8) -> History:
    def report(event: TrainingEvent) -> None:
        if isinstance(event, EpochDone) and event.epoch == cut_after:
            raise PowerCutError

    return fit(
        network,
        (FEATURES, LABELS),
        (FEATURES, LABELS),
        epochs=epochs,
        context=TrainingContext(report=report),
        batch_size=16,
        seed=5,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(monitor="val_accuracy", factor=0.5, patience=1),
            keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=4),
        ],
        checkpoint=checkpoint,
    )


def _figures(history: History) -> list[list[float]]:
    return [[row.loss, row.accuracy, row.val_loss, row.val_accuracy, row.learning_rate] for row in history.rows]


@pytest.mark.parametrize("cut_after", [1, 3, 5])
def test_a_resumed_training_ends_as_the_unbroken_one(tmp_path: Path, cut_after: int) -> None:
    whole = _network()
    unbroken = _fit(whole, None)

    with pytest.raises(PowerCutError):
        _fit(_network(), tmp_path / "checkpoint.npz", cut_after=cut_after)
    again = _network()
    resumed = _fit(again, tmp_path / "checkpoint.npz")

    assert len(unbroken.rows) > cut_after
    assert resumed.best_epoch == unbroken.best_epoch
    np.testing.assert_allclose(_figures(resumed), _figures(unbroken), rtol=1e-4, atol=1e-5)
    for first, second in zip(whole.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-3, atol=1e-4)


def test_a_fit_that_had_ended_trains_no_further(tmp_path: Path) -> None:
    network = _network()
    ended = _fit(network, tmp_path / "checkpoint.npz")

    again = _network()
    resumed = _fit(again, tmp_path / "checkpoint.npz")

    assert resumed == ended
    np.testing.assert_array_equal(again.get_weights()[0], network.get_weights()[0])


def test_an_epoch_that_was_stopped_on_the_way_is_trained_again(tmp_path: Path) -> None:
    batches: list[int] = []

    def stop() -> bool:
        batches.append(1)
        return len(batches) > 6

    fit(
        _network(),
        (FEATURES, LABELS),
        (FEATURES, LABELS),
        epochs=8,
        context=TrainingContext(stop_requested=stop),
        batch_size=16,
        seed=5,
        checkpoint=tmp_path / "checkpoint.npz",
    )

    state = load_state(tmp_path / "checkpoint.npz")
    assert state is not None
    assert [row.epoch for row in state.rows] == [1]


def test_a_checkpoint_is_whole_or_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    with pytest.raises(PowerCutError):
        _fit(_network(), checkpoint, cut_after=2)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("attendance_app.lab.checkpoints.np.savez", full)
    history = _fit(_network(), checkpoint, epochs=4)

    state = load_state(checkpoint)
    assert state is not None
    assert len(state.rows) == 2
    assert len(history.rows) == 4
    assert {file.name for file in tmp_path.iterdir()} == {"checkpoint.npz"}


def test_what_is_no_checkpoint_of_this_training_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.npz"
    _fit(_network(), checkpoint, epochs=1)

    with pytest.raises(CheckpointOfAnotherTraining):
        _fit(_network(units=9), checkpoint)
    checkpoint.write_bytes(checkpoint.read_bytes()[:200])
    with pytest.raises(CheckpointDamaged):
        _fit(_network(), checkpoint)
