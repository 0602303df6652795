"""Training our mask network: frozen early blocks, many views of every face, a tuned top, a calibrated answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.masks import MASK_CLASSES
from attendance_app.lab.mask.faces import DRAWN, REPORT, MaskFaces
from attendance_app.lab.mask.networks import load_starting_weights, mask_network
from attendance_app.lab.mask.pretrained import starting_weights
from attendance_app.lab.mask.sampling import draw_weights
from attendance_app.lab.mask.views import lit, plain_view, random_view
from attendance_app.lab.runs import History
from attendance_app.services.training_events import TrainingContext

if TYPE_CHECKING:
    import keras

FROZEN = "block5_narrow_norm"
"""The last layer that keeps its starting weights. Its output is computed once a view and kept: a training takes
minutes instead of hours (docs/adr/0060)."""
CHUNK = 64

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The numbers of a training. ``views``: random views of each face; ``steps``: batches an epoch."""

    epochs: int = 10
    steps: int = 120
    batch: int = 96
    views: int = 10
    report_views: int = 2
    """The report's own set is six times as large and full of copies."""
    drawn_views: int = 4
    rate: float = 1.2e-3
    weight_decay: float = 2e-3
    smoothing: float = 0.05
    dropout: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """Outputs of the frozen part, n x rows x columns x channels in half precision, and each one's face."""

    features: NDArray[np.float16]
    owners: NDArray[np.intp]


class MaskTraining:
    """One network being trained. Not reusable."""

    def __init__(self, recipe: Recipe, *, seed: int, threads: int, from_scratch: bool = False) -> None:
        """Build the network; raises KnownError if the starting weights are not installed."""
        import keras

        from attendance_app.lab.fitting import limit_threads

        limit_threads(threads)
        keras.utils.set_random_seed(seed)
        self._recipe = recipe
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        self.network = mask_network(dropout=recipe.dropout)
        if not from_scratch:
            load_starting_weights(self.network, starting_weights())
        cut = self.network.get_layer(FROZEN).output
        # Flattened, since the exported graph has channels first inside and only Flatten puts them last again.
        self._frozen = _runner(keras.Model(self.network.input, keras.layers.Flatten()(cut)), threads)
        self._shape = tuple(cut.shape[1:])
        self._top = keras.Model(cut, self.network.output)

    def random_views(self, faces: MaskFaces, members: NDArray[np.intp], *, report: Progress) -> Views:
        """Show every face several times at random."""
        owners = np.concatenate(
            [np.full(self._count(faces.families[index]), index, dtype=np.intp) for index in members]
        )
        # Half precision: all views stay in memory.
        features = np.empty((len(owners), math.prod(self._shape)), dtype=np.float16)
        for start in range(0, len(owners), CHUNK):
            chunk = owners[start : start + CHUNK]
            shown = np.stack([random_view(faces.pictures[index], self._rng) for index in chunk])
            features[start : start + CHUNK] = self._frozen(shown)
            report(start + len(chunk), len(owners))
        return Views(features.reshape(-1, *self._shape), owners)

    def _count(self, family: str) -> int:
        if family.startswith(DRAWN):
            return self._recipe.drawn_views
        return self._recipe.report_views if family == REPORT else self._recipe.views

    def plain_views(
        self, faces: MaskFaces, members: NDArray[np.intp], *, light: float = 1.0, mirrored: bool = False
    ) -> Views:
        """Show every face once, as the product does; its pixels are multiplied by ``light`` first."""

        def shown(index: int) -> NDArray[np.float32]:
            return plain_view(lit(faces.pictures[index], light), mirrored=mirrored)

        chunks = [members[start : start + CHUNK] for start in range(0, len(members), CHUNK)]
        features = [self._frozen(np.stack([shown(index) for index in chunk])) for chunk in chunks]
        return Views(np.concatenate(features).astype(np.float16).reshape(-1, *self._shape), members)

    def fit(
        self,
        faces: MaskFaces,
        views: Views,
        validation: Views,
        context: TrainingContext,
        checkpoint: Path | None = None,
    ) -> History:
        """Train the top on drawn batches of views; leaves the best weights by validation accuracy.

        ``checkpoint``: as of ``fitting.fit``.
        """
        import keras

        from attendance_app.lab.fitting import fit

        recipe = self._recipe
        rate = keras.optimizers.schedules.CosineDecay(
            1e-5,
            # Keras counts these from the end of the rise: the training ends a tenth before the rate would be 0.
            recipe.steps * recipe.epochs,
            warmup_target=recipe.rate,
            warmup_steps=recipe.steps * recipe.epochs // 10,
        )
        self._top.compile(
            keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay),
            # Logits, since the temperature divides them before the softmax.
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing),
            metrics=["accuracy"],
        )
        weights = draw_weights(faces, views.owners)
        checked = (validation.features.astype(np.float32), _one_hot(faces.labels[validation.owners]))
        batches = _batches(self._seed, views, faces.labels, weights, recipe)
        return fit(self._top, batches, checked, epochs=recipe.epochs, context=context, checkpoint=checkpoint)

    def logits(self, views: Views) -> NDArray[np.float32]:
        """The network's answers before the softmax, n x 3."""
        return np.asarray(self._top.predict(views.features.astype(np.float32), batch_size=256, verbose=0))


def _runner(network: "keras.Model", threads: int) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Run a fixed network in ONNX Runtime: several times faster than in Keras on a CPU."""
    import onnxruntime

    from attendance_app.lab.export import to_onnx

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        to_onnx(network).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )

    def run(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {"input": pictures})[0])

    return run


def _one_hot(labels: NDArray[np.intp]) -> NDArray[np.float32]:
    return np.eye(len(MASK_CLASSES), dtype=np.float32)[labels]


def _batches(seed: int, views: Views, labels: NDArray[np.intp], weights: NDArray[np.float64], recipe: Recipe) -> Any:
    from attendance_app.lab.fitting import EpochBatches

    class Batches(EpochBatches):
        def __len__(self) -> int:
            return recipe.steps

        def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            rng = np.random.default_rng((seed, self.epoch, index))
            # With replacement: an epoch is a number of draws, not a pass over the pictures.
            chosen = rng.choice(len(weights), recipe.batch, p=weights)
            return views.features[chosen].astype(np.float32), _one_hot(labels[views.owners[chosen]])

    return Batches()
