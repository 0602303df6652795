"""The identity report's network in its three variants, trained by its own recipe.

Conv 32, pool, batch norm, conv 32, batch norm, pool, conv 64, pool, flatten, dropout, a dense layer of 128
(variants 1 and 2), softmax. Adam 2e-4, batches of 64, 100 epochs, the best weights by validation accuracy.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.identity.data import (
    REPORT_SEED,
    GreyFaces,
    Split,
    list_people,
    load_grey_faces,
    report_split,
)
from attendance_app.lab.identity.report_results import VARIANTS, Fitted, Variant, write_results
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.runs import RunFolder
from attendance_app.networks.identity_input import GREY_SHAPE
from attendance_app.services.training_events import StageProgress, TrainingContext

BATCH = 64
LEARNING_RATE = 2e-4


@dataclass(frozen=True, slots=True)
class IdentityReportTraining:
    """A task for a training process: one variant on one source of pictures."""

    data: Path
    out: Path
    variant: int
    epochs: int = 100
    seed: int = 42
    min_pictures: int = 40
    threads: int = 2
    as_reported: bool = False
    """To the letter: test pictures by the report's own number, validation by the last fifth, pixels divided by 255
    twice, the first of equal epochs kept."""

    def __call__(self, context: TrainingContext) -> Path:
        """Train, test, and write the run folder; returns it. Raises KnownError for unusable data."""
        devices = require_tensorflow()
        people = list_people(self.data, min_pictures=self.min_pictures)
        run = RunFolder.create(self.out, config=self._config(), seed=self.seed, task=self, devices=devices)
        with run.given_up_without_result():
            faces = load_grey_faces(people, lambda done, total: context.report(StageProgress("pictures", done, total)))
            split = self.split(faces.labels)
            fitted = self._fit(run, faces, split, context)
        write_results(run, self.variant, faces, split, fitted, as_reported=self.as_reported)
        run.end_unless(stopped=fitted.history.stopped_early)
        return run.path

    def split(self, labels: NDArray[np.intp]) -> Split:
        """Return which pictures train, validate and test. Raises TooFewPicturesOfSomebody."""
        chosen_by = REPORT_SEED if self.as_reported else self.seed
        return report_split(labels, seed=chosen_by, last_fifth=self.as_reported)

    def _config(self) -> dict[str, str | int | float]:
        variant = VARIANTS[self.variant]
        return {
            "network": "identity",
            "variant": str(self.variant),
            "data": str(self.data),
            "epochs": self.epochs,
            "batch": BATCH,
            "learning_rate": LEARNING_RATE,
            "dropout": variant.dropout,
            "dense": variant.dense,
            "min_pictures": self.min_pictures,
            "as_reported": self.as_reported,
        }

    def _fit(self, run: RunFolder, faces: GreyFaces, split: Split, context: TrainingContext) -> Fitted:
        import keras

        from attendance_app.lab.fitting import fit, limit_threads

        limit_threads(self.threads)
        keras.utils.set_random_seed(self.seed)
        model = build(VARIANTS[self.variant], classes=len(faces.names), divided_twice=self.as_reported)
        # One column a person, as the report's categorical cross-entropy takes them.
        targets = np.eye(len(faces.names), dtype=np.float32)[faces.labels]
        history = fit(
            model,
            (faces.images[split.training], targets[split.training]),
            (faces.images[split.validation], targets[split.validation]),
            epochs=self.epochs,
            batch_size=BATCH,
            seed=self.seed,
            # The report's checkpoint keeps the first of several equally good epochs.
            by="first_val_accuracy" if self.as_reported else "val_accuracy",
            context=context,
            checkpoint=run.checkpoint,
        )
        return Fitted(model, history)


def build(variant: Variant, *, classes: int, divided_twice: bool = False) -> Any:
    """Return the compiled Keras model; input n x 125 x 94 x 1 from 0 to 1, output n x classes.

    ``divided_twice``: its first layer divides by 255 again, as the report's code does.
    """
    import keras

    layers = keras.layers
    dense = [layers.Dense(variant.dense, activation="relu")] if variant.dense else []
    model = keras.Sequential(
        [
            keras.Input(GREY_SHAPE),
            *([layers.Rescaling(1 / 255)] if divided_twice else []),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(),
            layers.Conv2D(32, 3, activation="relu"),
            # Before its pooling, where the first normalisation comes after: the report's code has it so.
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(variant.dropout),
            *dense,
            layers.Dense(classes, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(LEARNING_RATE), "categorical_crossentropy", metrics=["accuracy"])
    return model
