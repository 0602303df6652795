"""A fit keeps the best weights, reports every epoch and stops when asked."""

import keras
import numpy as np
import pytest

from attendance_app.lab.fitting import fit
from attendance_app.services.training_events import EpochDone, TrainingContext


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(1)
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
    network.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


FEATURES = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
LABELS = (FEATURES[:, 0] > 0).astype(np.int64)


def test_every_epoch_is_reported_and_the_best_weights_stay(model: keras.Model) -> None:
    events: list[EpochDone] = []

    history = fit(
        model,
        (FEATURES, LABELS),
        (FEATURES, 1 - LABELS),  # gets worse with every epoch, so the first is the best
        epochs=4,
        context=TrainingContext(report=events.append),
        batch_size=16,
        by="val_loss",
    )

    assert [event.epoch for event in events] == [1, 2, 3, 4]
    assert events[-1].seconds_left == 0
    assert history.best_epoch == 1
    loss = model.evaluate(FEATURES, 1 - LABELS, verbose=0, return_dict=True)["loss"]
    assert loss == pytest.approx(history.rows[0].val_loss, abs=1e-5)


def test_a_stop_ends_the_fit_with_what_there_is(model: keras.Model) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 6

    history = fit(
        model,
        (FEATURES, LABELS),
        (FEATURES, LABELS),
        epochs=50,
        context=TrainingContext(stop_requested=stop),
        batch_size=16,
    )

    assert history.stopped_early
    assert len(history.rows) == 2


def test_of_equal_epochs_the_first_is_kept_as_a_checkpoint_file_would(model: keras.Model) -> None:
    model.optimizer.learning_rate = 0.0
    options = {"epochs": 3, "context": TrainingContext(), "batch_size": 16}

    history = fit(model, (FEATURES, LABELS), (FEATURES, LABELS), by="first_val_accuracy", **options)

    assert history.best_epoch == 1
