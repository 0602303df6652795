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
    GreyFaces,
    Split,
    list_people,
    load_grey_faces,
    report_split,
)
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.runs import History, RunFolder
from attendance_app.networks.fit import CLASSES
from attendance_app.networks.identity_input import GREY_SHAPE
from attendance_app.services.training_events import StageProgress, TrainingContext

BATCH = 64
LEARNING_RATE = 2e-4


@dataclass(frozen=True, slots=True)
class Variant:
    """What distinguishes the three, and the test accuracy that the report gives for each."""

    dropout: float
    dense: int
    reported_accuracy: float


# Dropout and dense layer are from the report's code, the accuracies from what its training printed.
VARIANTS = {1: Variant(0.55, 128, 0.8075), 2: Variant(0.3, 128, 0.8048), 3: Variant(0.2, 0, 0.7941)}


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

    def __call__(self, context: TrainingContext) -> Path:
        """Train, test, and write the run folder; returns it. Raises KnownError for unusable data."""
        require_tensorflow()
        people = list_people(self.data, min_pictures=self.min_pictures)
        run = RunFolder.create(self.out, config=self._config(), seed=self.seed, task=self)
        with run.given_up_without_result():
            faces = load_grey_faces(people, lambda done, total: context.report(StageProgress("pictures", done, total)))
            split = report_split(faces.labels, seed=self.seed)
            fitted = self._fit(run, faces, split, context)
        _write_results(run, self.variant, faces, split, fitted)
        run.end_unless(stopped=fitted.history.stopped_early)
        return run.path

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
        }

    def _fit(self, run: RunFolder, faces: GreyFaces, split: Split, context: TrainingContext) -> "_Fitted":
        import keras

        from attendance_app.lab.fitting import fit, limit_threads

        limit_threads(self.threads)
        keras.utils.set_random_seed(self.seed)
        model = build(VARIANTS[self.variant], classes=len(faces.names))
        # One column a person, as the report's categorical cross-entropy takes them.
        targets = np.eye(len(faces.names), dtype=np.float32)[faces.labels]
        # fit() keeps the weights of the best validation accuracy, as the report's checkpoint does.
        history = fit(
            model,
            (faces.images[split.training], targets[split.training]),
            (faces.images[split.validation], targets[split.validation]),
            epochs=self.epochs,
            batch_size=BATCH,
            seed=self.seed,
            context=context,
            checkpoint=run.checkpoint,
        )
        return _Fitted(model, history)


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    model: Any
    history: History


def build(variant: Variant, *, classes: int) -> Any:
    """Return the compiled Keras model; input n x 125 x 94 x 1 from 0 to 1, output n x classes."""
    import keras

    layers = keras.layers
    dense = [layers.Dense(variant.dense, activation="relu")] if variant.dense else []
    model = keras.Sequential(
        [
            keras.Input(GREY_SHAPE),
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


def _write_results(run: RunFolder, variant: int, faces: GreyFaces, split: Split, fitted: _Fitted) -> None:
    from attendance_app.lab import export, plots

    run.write_history(fitted.history)
    plots.curves(fitted.history, run.path / "curves.png", title=f"Variant {variant}")
    accuracy = _test(run, variant, faces, split, fitted)
    difference = export.export(
        fitted.model,
        run.path / "network.onnx",
        samples=faces.images[split.test][:32],
        metadata={CLASSES: "\n".join(faces.names), "variant": str(variant)},
    )
    result = {
        "variant": variant,
        "test_accuracy": accuracy,
        "reported_test_accuracy": VARIANTS[variant].reported_accuracy,
        "best_epoch": fitted.history.best_epoch,
        "epochs": len(fitted.history.rows),
        "stopped_early": fitted.history.stopped_early,
        "people": len(faces.names),
        "training_pictures": len(split.training),
        "validation_pictures": len(split.validation),
        "test_pictures": len(split.test),
        "export_difference": difference,
    }
    run.write_json("result.json", result)
    run.write_text("card.md", _card(variant, result))


def _test(run: RunFolder, variant: int, faces: GreyFaces, split: Split, fitted: _Fitted) -> float:
    """Name the test pictures, write confusion matrix and report, return the accuracy."""
    from sklearn.metrics import classification_report, confusion_matrix

    from attendance_app.lab import plots

    truth = faces.labels[split.test]
    predicted: NDArray[np.intp] = fitted.model.predict(faces.images[split.test], verbose=0).argmax(axis=1)
    accuracy = float((predicted == truth).mean())
    labels = list(range(len(faces.names)))
    text = classification_report(truth, predicted, labels=labels, target_names=list(faces.names), zero_division=0)
    run.write_text("classification_report.txt", text)
    matrix = confusion_matrix(truth, predicted, labels=labels)
    title = f"Variant {variant}: test accuracy {accuracy:.4f}"
    plots.confusion_matrix(matrix, faces.names, run.path / "confusion.png", title=title)
    return accuracy


def _card(variant: int, result: dict[str, float | int | bool]) -> str:
    return f"""# Identity network, the report's variant {variant}

| | test accuracy |
|---|---|
| this run | {result["test_accuracy"]:.4f} |
| the report | {result["reported_test_accuracy"]:.4f} |

{result["people"]} people; {result["training_pictures"]} pictures trained on, {result["validation_pictures"]} to choose
the best epoch ({result["best_epoch"]} of {result["epochs"]}), {result["test_pictures"]} tested once at the end.

Input 125 x 94, grey, 0 to 1; output one probability a person, in the order of the file's metadata.
It knows these people only, has no answer for strangers, and needs the face where LFW's pictures have it.
"""
