"""The in-house backbone: a small residual network that learns dlib's encodings from pictures (distillation).

Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015; the residual block is that of He
and others, "Deep residual learning for image recognition", 2015. The squared distance to the teacher's encoding is
the whole loss: the student's encodings can then be compared, averaged and scored just as the teacher's are.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.architecture import layer_list
from attendance_app.lab.fitting import EpochBatches, fit
from attendance_app.lab.identity.last_layer import solve_last_layer
from attendance_app.lab.identity.pictures import jittered
from attendance_app.lab.identity.run_report import RESULT
from attendance_app.lab.runs import LAYERS, History, RunFolder
from attendance_app.networks.identity_input import NETWORK, SIDE, Chips, network_view
from attendance_app.services.training_events import TrainingContext

# As many numbers as the teacher gives: the loss compares them one by one.
EMBEDDING = 128
BATCH = 64
# Batches in which the rate rises: at first Adam's averages rest on few gradients, and large steps do harm.
_WARM_UP = 150


@dataclass(frozen=True, slots=True, eq=False)
class BackboneData:
    """``views``: n x 72 x 72 x 3, see ``network_view``; ``encodings``: the teacher's of the same pictures, n x 128.

    ``unseen_chips`` and ``unseen_encodings`` are of people that are not among the others; they choose the best epoch.
    """

    views: Chips
    encodings: NDArray[np.float32]
    unseen_chips: Chips
    unseen_encodings: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training; ``peak``: the highest learning rate."""

    epochs: int
    seed: int
    peak: float


class _Batches(EpochBatches):
    """All pictures in a new order every epoch, each jittered anew; the seed decides it all."""

    def __init__(self, data: BackboneData, seed: int) -> None:
        self._data = data
        self._seed = seed
        super().__init__()

    def begin(self, epoch: int) -> None:
        super().begin(epoch)
        self._order = np.random.default_rng((self._seed, epoch)).permutation(len(self._data.views))

    def __len__(self) -> int:
        # The rest that fills no batch is left out; it is another one in every epoch.
        return len(self._data.views) // BATCH

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._order[index * BATCH : (index + 1) * BATCH]
        # Seeded by the batch's number, so that the order in which Keras asks for batches changes nothing.
        random = np.random.default_rng((self._seed, self.epoch, index))
        return jittered(self._data.views[chosen], random), self._data.encodings[chosen]


@keras.saving.register_keras_serializable(package="attendance")
class WarmUpCosine(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # keras is untyped
    """Rise in a straight line, then fall along half a cosine to zero."""

    def __init__(self, peak: float, steps: int) -> None:
        super().__init__()
        self._peak = peak
        self._steps = steps

    def __call__(self, step: Any) -> Any:
        now = keras.ops.cast(step, "float32")
        rise = now / _WARM_UP
        along = keras.ops.clip((now - _WARM_UP) / max(1, self._steps - _WARM_UP), 0.0, 1.0)
        fall = 0.5 * (1 + keras.ops.cos(math.pi * along))
        return self._peak * keras.ops.minimum(rise, fall)


def _unit(x: Any, channels: int, *, stride: int, size: int = 3, active: bool = True) -> Any:
    layers = keras.layers
    # No bias: the normalisation after it has a shift of its own.
    x = layers.Conv2D(channels, size, strides=stride, padding="same", use_bias=False)(x)
    # Kept statistics follow the last 20 batches or so; with Keras's 0.99 it would be the last 100.
    x = layers.BatchNormalization(momentum=0.95)(x)
    return layers.ReLU()(x) if active else x


def _block(x: Any, channels: int, *, stride: int) -> Any:
    inner = _unit(_unit(x, channels, stride=stride), channels, stride=1, active=False)
    same = stride == 1 and x.shape[-1] == channels
    shortcut = x if same else _unit(x, channels, stride=stride, size=1, active=False)
    return keras.layers.ReLU()(keras.layers.Add()([inner, shortcut]))


def build(teacher: NDArray[np.float32]) -> keras.Model:
    """Return the network: n x 64 x 64 x 3 RGB from 0 to 255 in, n x 128 out, spread as the teacher's at first."""
    start = keras.Input((SIDE, SIDE, 3))
    # From 0..255 to about -2..2.
    x = keras.layers.Rescaling(1 / 64, offset=-2)(start)
    x = _unit(x, 32, stride=2)
    # The map is 32 x 32 here and 16, 8, 8, 4 and 4 after the blocks.
    for channels, stride in ((48, 2), (96, 2), (96, 1), (192, 2), (192, 1)):
        x = _block(x, channels, stride=stride)
    x = keras.layers.Dense(EMBEDDING, use_bias=False)(keras.layers.Flatten()(x))
    # Normalised last, so that the encodings have the teacher's spread whatever the size of the features before is.
    end = keras.layers.BatchNormalization(
        momentum=0.95,
        beta_initializer=keras.initializers.Constant(teacher.mean(axis=0)),
        gamma_initializer=keras.initializers.Constant(teacher.std(axis=0)),
    )(x)
    return keras.Model(start, end, name="identity")


def squared_distance(teacher: Any, student: Any) -> Any:
    """Squared Euclidean distance a face."""
    return keras.ops.sum(keras.ops.square(teacher - student), axis=-1)


def accuracy(teacher: Any, student: Any) -> Any:
    """1 for a face whose own teacher encoding is the nearest of its batch, else 0; ``fit`` wants a metric so named."""
    # The square of the student's own length is left out: it is the same for all teachers of a row.
    products = keras.ops.matmul(student, keras.ops.transpose(teacher))
    distances = keras.ops.sum(keras.ops.square(teacher), axis=-1)[None, :] - 2 * products
    own = keras.ops.arange(keras.ops.shape(teacher)[0])
    return keras.ops.cast(keras.ops.equal(keras.ops.argmin(distances, axis=1), own), "float32")


def train(
    data: BackboneData, recipe: Recipe, context: TrainingContext, *, checkpoint: Path | None = None
) -> tuple[keras.Model, History]:
    """Teach the network and return it with its best weights by distance to the teacher on unseen people.

    ``checkpoint``: as of ``fitting.fit``.
    """
    keras.utils.set_random_seed(recipe.seed)
    model = build(data.encodings)
    batches = _Batches(data, recipe.seed)
    schedule = WarmUpCosine(recipe.peak, recipe.epochs * len(batches))
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.01)
    model.compile(optimizer, squared_distance, metrics=[accuracy], jit_compile=False)
    unseen = network_view(data.unseen_chips).astype(np.float32), data.unseen_encodings
    # By loss: it is the distance to the teacher, and encodings are compared by distances.
    fitted = fit(model, batches, unseen, epochs=recipe.epochs, context=context, by="val_loss", checkpoint=checkpoint)
    return model, fitted


def write(run: RunFolder, model: keras.Model, history: History, data: BackboneData) -> None:
    """Write the network, its last layer solved (``last_layer``), its history and its curves into the run folder."""
    from attendance_app.lab import export, plots

    run.write_history(history)
    names = ("accuracy in a batch", "squared distance")
    plots.curves(history, run.path / "curves.png", title="Identity backbone", names=names)
    run.write_text(LAYERS, layer_list(model))
    samples = network_view(data.unseen_chips[:64]).astype(np.float32)
    difference = export.export(model, run.path / NETWORK, samples=samples)
    solved = solve_last_layer(run.path / NETWORK, data.views, data.encodings, data.unseen_chips, data.unseen_encodings)
    spread = float(((data.unseen_encodings - data.encodings.mean(axis=0)) ** 2).sum(axis=1).mean())
    result = {
        "pictures": len(data.views),
        "unseen_pictures": len(data.unseen_chips),
        "best_epoch": history.best_epoch,
        "epochs": len(history.rows),
        "stopped_early": history.stopped_early,
        "unseen_squared_distance": solved.after,
        "unseen_squared_distance_before_solving": solved.before,
        "penalty": solved.penalty,
        "unseen_spread": spread,
        "export_difference": difference,
    }
    run.write_json(RESULT, result)
