"""The mask report's recipe, as published: network, optimiser, schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Image
from attendance_app.lab.architecture import layer_list
from attendance_app.lab.errors import ClassPictureUnreadable
from attendance_app.lab.mask.beside_report import beside, same_test
from attendance_app.lab.mask.card import write_mask_card
from attendance_app.lab.mask.data import MaskPictures, Split, read_class_folders, split_pictures
from attendance_app.lab.mask.results import Measured, stage, write_fit, write_results, write_split
from attendance_app.lab.mask.unsure import unsure_threshold
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.runs import History, RunFolder
from attendance_app.networks.mask_input import ANSWERS, PREPARATION, PROBABILITIES, SQUASHED
from attendance_app.services.training_events import TrainingContext
from attendance_app.vision.photo import load_photo

if TYPE_CHECKING:
    import keras

SIDE = 128
"""Pictures are squashed to SIDE x SIDE pixels, whatever their shape: the recipe does so."""
BATCH = 32
DROPOUT = 0.5
STOP_MONITOR = "val_loss"
"""The report names none of the three; batch and monitor are Keras's own, the dropout is the usual one."""
# The report's confusion matrix has 2,695 of the 8,982 pictures.
TEST_SHARE = 0.3
VALIDATION_SHARE = 0.3
"""Of the training part, as the report has it (``validation_split``)."""
CHUNK = 500
DEVIATIONS = f"""## Where it differs from the report, or the report is silent
- Batches of {BATCH} and dropout {DROPOUT}: the report gives neither. Batches are shuffled by the seed and the epoch.
- Early stopping watches {STOP_MONITOR}: the report gives its patience only, and this is what Keras takes then.
- Validation is {VALIDATION_SHARE:.0%} of the training part, drawn by a seed; the report takes the last
  {VALIDATION_SHARE:.0%} of its shuffled training part.
- The division by 255 is the network's first layer.
"""
BOX_MARGIN = 1.0
"""In use the network sees the detector's box: the set's pictures are cut close to the face."""


@dataclass(frozen=True, slots=True)
class MaskReportTraining:
    """A task for a training process: the recipe on one set of class folders.

    ``independent``: another set of class folders on which the result is tested too.
    """

    data: Path
    out: Path
    split: Split = "random"
    seed: int = 42
    epochs: int = 20
    independent: Path | None = None
    threads: int = 2

    def __call__(self, context: TrainingContext) -> Path:
        """Train, test, and write the run folder; returns it. Raises KnownError for unusable data."""
        require_tensorflow()
        pictures = read_class_folders(self.data)
        run = RunFolder.create(self.out, config=self._config(), seed=self.seed, task=self)
        parts = self._parts(pictures)
        with run.given_up_without_result():
            sets = {name: _read(part, name, context) for name, part in parts.items()}
            if self.independent is not None:
                sets["independent"] = _read(read_class_folders(self.independent), "independent photographs", context)
            network, history = self._fit(run, sets, context)
            write_fit(run, history)
        write_split(run, {name: part.files for name, part in parts.items()}, self.data)
        self._write(run, network, history, sets)
        run.end_unless(stopped=history.stopped_early)
        return run.path

    def _parts(self, pictures: MaskPictures) -> dict[str, MaskPictures]:
        rest, test = split_pictures(pictures, split=self.split, share=TEST_SHARE, seed=self.seed)
        # As many as Keras's validation_split takes; in the split by groups no copy validates what it trained.
        training, validation = split_pictures(
            pictures.part(rest), split=self.split, share=VALIDATION_SHARE, seed=self.seed + 1
        )
        return {
            "training": pictures.part(rest[training]),
            "validation": pictures.part(rest[validation]),
            "test": pictures.part(test),
        }

    def _config(self) -> dict[str, str | int | float]:
        return {
            "network": "mask",
            "variant": "report",
            "data": str(self.data),
            "split": self.split,
            "epochs": self.epochs,
            "batch": BATCH,
            "dropout": DROPOUT,
            "validation_share": VALIDATION_SHARE,
            "early_stopping_monitor": STOP_MONITOR,
            "plateau_monitor": "val_accuracy",
            "weights_kept": "of the last epoch",
        }

    def _fit(
        self, run: RunFolder, sets: "Mapping[str, _Set]", context: TrainingContext
    ) -> tuple["keras.Model", History]:
        import keras

        from attendance_app.lab.fitting import fit, limit_threads

        limit_threads(self.threads)
        keras.utils.set_random_seed(self.seed)
        network = report_network()
        history = fit(
            network,
            (sets["training"].pixels, sets["training"].labels),
            (sets["validation"].pixels, sets["validation"].labels),
            epochs=self.epochs,
            batch_size=BATCH,
            seed=self.seed,
            # The report stops early without bringing back the best weights, as Keras does unless told otherwise.
            by="last",
            context=context,
            callbacks=report_schedule(),
            checkpoint=run.checkpoint,
        )
        return network, history

    def _write(self, run: RunFolder, network: "keras.Model", history: History, sets: "Mapping[str, _Set]") -> None:
        from attendance_app.lab import export, plots

        title = f"Report's recipe, {self.split} split"
        titles = {"test": title, "independent": f"{title}, independent photographs"}
        tested = {
            name: Measured(titles[name], one.labels, one.judged(network))
            for name, one in sets.items()
            if name in titles
        }
        write_results(run, tested)
        plots.curves(history, run.path / "curves.png", title=title)
        plots.picture_grid(sets["training"].pixels, run.path / "samples.png")
        layers = layer_list(network)
        run.write_text("layers.txt", layers)
        least = unsure_threshold(sets["validation"].judged(network).astype(np.float64), sets["validation"].labels)
        export.export(
            network,
            run.path / "mask-report.onnx",
            samples=sets["test"].pixels[:16].astype(np.float32),
            metadata=self._facts(least),
        )
        scores = {one.title: one.scores() for one in tested.values()}
        own = tested["test"].scores()
        compared = beside(history, own) if same_test(own, split=self.split) else ""
        more = f"{compared}\n{DEVIATIONS}\n## Layers\n```\n{layers}```\n"
        write_mask_card(run, self._about(least), history=history, scores=scores, more=more)

    def _facts(self, least: float) -> dict[str, str]:
        """What the program needs to use the network (``networks.mask_input``)."""
        return {
            "margin": f"{BOX_MARGIN}",
            "temperature": "1",
            "least_probability": f"{least:.3f}",
            "seed": str(self.seed),
            PREPARATION: SQUASHED,
            ANSWERS: PROBABILITIES,
        }

    def _about(self, least: float) -> str:
        unseen = {
            "random": "pictures drawn at random, copies of which the training may have seen",
            "group": "whole source groups that the training has not seen",
        }
        return (
            f"The report's recipe, seed {self.seed}, not calibrated. Its test part: {unseen[self.split]}. In the "
            "program it sees the box of each face, squashed to a square as in training, and below a probability of "
            f"{least:.2f}, chosen by the validation part, it says that it is unsure."
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Set:
    """Pictures as the network takes them, n x 128 x 128 x 3, and their classes."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.intp]

    def judged(self, network: "keras.Model") -> NDArray[np.float32]:
        """Probabilities, n x 3."""
        chunks = [self.pixels[start : start + CHUNK] for start in range(0, len(self.labels), CHUNK)]
        return np.concatenate([network.predict(chunk, verbose=0) for chunk in chunks])


def _read(pictures: MaskPictures, name: str, context: TrainingContext) -> _Set:
    """All of them before the fit, the test's too: a broken picture shows now and not after half an hour."""
    read = np.empty((len(pictures), SIDE, SIDE, 3), dtype=np.uint8)
    report = stage(context, f"pictures, {name}")
    for index, path in enumerate(pictures.files, start=1):
        read[index - 1] = squashed(read_picture(path))
        if index % CHUNK == 0 or index == len(pictures):
            report(index, len(pictures))
    return _Set(read, pictures.labels)


def report_network() -> "keras.Model":
    """Conv 32, pool, Conv 64, pool, Dense 128, dropout, Dense 64, dropout, softmax over ``MASK_CLASSES``.

    Input: n x 128 x 128 x 3, RGB from 0 to 255; the division by 255 is inside.
    """
    import keras

    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3), name="picture"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(DROPOUT),
            layers.Dense(64, activation="relu"),
            layers.Dropout(DROPOUT),
            layers.Dense(3, activation="softmax", name="probabilities"),
        ],
        name="mask_report",
    )
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def report_schedule() -> list["keras.callbacks.Callback"]:
    """Halve the rate after 3 epochs without progress, stop after 5."""
    import keras

    return [
        keras.callbacks.ReduceLROnPlateau(monitor="val_accuracy", factor=0.5, patience=3, min_lr=1e-5),
        keras.callbacks.EarlyStopping(monitor=STOP_MONITOR, patience=5),
    ]


def squashed(image: Image) -> Image:
    """The picture at SIDE x SIDE, its shape not kept."""
    import cv2

    resized: Any = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def read_picture(path: Path) -> Image:
    """One picture file as upright RGB, whatever its mode: grey and transparent ones too."""
    try:
        return load_photo(path)
    except SourceError as error:
        raise ClassPictureUnreadable(file=path) from error
