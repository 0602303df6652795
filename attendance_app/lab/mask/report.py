"""Training by the mask report's recipe, as published."""

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
from attendance_app.lab.mask.card import write_mask_card
from attendance_app.lab.mask.data import MaskPictures, Split, read_class_folders, split_pictures
from attendance_app.lab.mask.report_recipe import (
    BATCH,
    DROPOUT,
    SIDE,
    STOP_MONITOR,
    TEST_SHARE,
    VALIDATION_SHARE,
    report_network,
    report_schedule,
)
from attendance_app.lab.mask.report_told import for_card, report_told
from attendance_app.lab.mask.results import Measured, stage, write_fit, write_results, write_split
from attendance_app.lab.mask.unsure import unsure_threshold
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.run_page.record import RunRecord, TestPart, spread
from attendance_app.lab.run_page.writing import write_run_pages
from attendance_app.lab.runs import LAYERS, History, RunFolder
from attendance_app.lab.wording import ENGLISH
from attendance_app.networks.mask_input import ANSWERS, PREPARATION, PROBABILITIES, SQUASHED
from attendance_app.services.training_events import TrainingContext
from attendance_app.vision.photo import load_photo

if TYPE_CHECKING:
    import keras

CHUNK = 500
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
        devices = require_tensorflow()
        pictures = read_class_folders(self.data)
        run = RunFolder.create(self.out, config=self._config(), seed=self.seed, task=self, devices=devices)
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
        layers = layer_list(network)
        run.write_text(LAYERS, layers)
        least = unsure_threshold(sets["validation"].judged(network).astype(np.float64), sets["validation"].labels)
        export.export(
            network,
            run.path / "mask-report.onnx",
            samples=sets["test"].pixels[:16].astype(np.float32),
            metadata=self._facts(least),
        )
        told = report_told(history, tested["test"].scores(), split=self.split, words=ENGLISH)
        scores = {one.title: one.scores() for one in tested.values()}
        more = f"{for_card(told)}\n## Layers\n```\n{layers}```\n"
        write_mask_card(run, self._about(least), history=history, scores=scores, more=more)
        write_run_pages(
            run,
            RunRecord(
                history,
                sets["training"].pixels[spread(np.arange(len(sets["training"].labels)))],
                {name: sets[name].tested(one) for name, one in tested.items()},
            ),
            lambda words: report_told(history, tested["test"].scores(), split=self.split, words=words),
        )

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
    """Pictures as the network takes them, n x 128 x 128 x 3, their classes and files."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.intp]
    files: tuple[Path, ...]

    def judged(self, network: "keras.Model") -> NDArray[np.float32]:
        """Probabilities, n x 3."""
        chunks = [self.pixels[start : start + CHUNK] for start in range(0, len(self.labels), CHUNK)]
        return np.concatenate([network.predict(chunk, verbose=0) for chunk in chunks])

    def tested(self, measured: Measured) -> TestPart:
        """For the run's page."""
        return measured.for_page(lambda index: self.pixels[index], [path.name for path in self.files])


def _read(pictures: MaskPictures, name: str, context: TrainingContext) -> _Set:
    """All of them before the fit, the test's too: a broken picture shows now and not after half an hour."""
    read = np.empty((len(pictures), SIDE, SIDE, 3), dtype=np.uint8)
    report = stage(context, f"pictures, {name}")
    for index, path in enumerate(pictures.files, start=1):
        read[index - 1] = squashed(read_picture(path))
        if index % CHUNK == 0 or index == len(pictures):
            report(index, len(pictures))
    return _Set(read, pictures.labels, pictures.files)


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
