"""Training our mask network from the shared data root: faces found by the product's own detector, then the fit."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.classification import softmax
from attendance_app.domain.faces import Box, Image
from attendance_app.lab.architecture import layer_list
from attendance_app.lab.mask.calibration import LIGHTS, MaskCalibration, calibrate, calibration_members
from attendance_app.lab.mask.card import NETWORK_FILE, write_mask_card
from attendance_app.lab.mask.drawn_faces import FindPoints, drawn_faces
from attendance_app.lab.mask.faces import (
    INDEPENDENT,
    REPORT,
    MaskFaces,
    collect_faces,
    joined,
    load_faces,
    present_sets,
    save_faces,
)
from attendance_app.lab.mask.ours import MaskTraining, Recipe
from attendance_app.lab.mask.results import Measured, stage, write_fit, write_results
from attendance_app.lab.mask.sampling import FaceParts, part_faces
from attendance_app.lab.mask.views import plain_view, random_view
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.run_page.record import RunRecord, TestPart, Told, spread
from attendance_app.lab.run_page.writing import write_run_pages
from attendance_app.lab.runs import LAYERS, History, RunFolder
from attendance_app.lab.wording import Wording
from attendance_app.networks.mask_input import PATCH_MARGIN
from attendance_app.services.training_events import TrainingContext
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import DetectorName, open_detector

DETECTOR: DetectorName = "cnn"
"""It finds more masked faces than HOG (docs/benchmarks.md): 83 % of the independent set's (models/mask.md)."""
CROP_THRESHOLD = -0.7
"""The pictures of the sets have one face each, and the best find is wanted."""
CROP_SIDE = 280
"""Pictures are brought to this shorter side for the search: a face that fills half of it has 140 pixels."""
LARGEST_SCALE, SMALLEST_SCALE = 3.0, 0.3
"""Limits of that scaling."""
TITLES = {
    REPORT: "Ours, the report's set, groups apart",
    INDEPENDENT: "Ours, independent photographs",
}


@dataclass(frozen=True, slots=True)
class OurMaskTraining:
    """A task for a training process. ``data`` holds masks-report, masks-extra and masks-independent.

    Without ``use_independent`` no picture of masks-independent is trained on, and all are tested.
    """

    data: Path
    out: Path
    seed: int = 0
    epochs: int = Recipe().epochs
    use_independent: bool = True
    from_scratch: bool = False
    threads: int = 2
    cache: Path | None = None
    """A file that keeps the cut faces of the sets between runs."""
    drawn: Path | None = None
    """A folder of people's pictures on whose faces masks are drawn, as further faces to train on."""

    def __call__(self, context: TrainingContext) -> Path:
        """Train, test, and write the run folder; returns it. Raises KnownError for unusable data."""
        devices = require_tensorflow()
        recipe = replace(Recipe(), epochs=self.epochs)
        # Before the run folder is made: a wrong path then leaves none behind. With a cache the sets need not be there.
        if self.cache is None or not self.cache.is_file():
            present_sets(self.data)
        run = RunFolder.create(self.out, config=self._config(recipe), seed=self.seed, task=self, devices=devices)
        with run.given_up_without_result():
            done = self._trained(run, recipe, context)
            write_fit(run, done.history)
        self._write(run, done)
        run.end_unless(stopped=done.history.stopped_early)
        return run.path

    def _trained(self, run: RunFolder, recipe: Recipe, context: TrainingContext) -> "_Trained":
        training = MaskTraining(recipe, seed=self.seed, threads=self.threads, from_scratch=self.from_scratch)
        faces = self._with_drawn(self._faces(context), context)
        parts = part_faces(faces, seed=self.seed, use_independent=self.use_independent)
        views = training.random_views(faces, parts.training, report=stage(context, "views"))
        checked = training.plain_views(faces, parts.validation)
        history = training.fit(faces, views, checked, context, checkpoint=run.checkpoint)
        return _Trained(training, faces, parts, history)

    def _faces(self, context: TrainingContext) -> MaskFaces:
        if self.cache is not None and self.cache.is_file():
            return load_faces(self.cache)
        faces = collect_faces(self.data, _finder(self.threads), report=stage(context, "faces"))
        if self.cache is not None:
            save_faces(faces, self.cache)
        return faces

    def _with_drawn(self, faces: MaskFaces, context: TrainingContext) -> MaskFaces:
        if self.drawn is None:
            return faces
        find, report = _finder(self.threads), stage(context, "drawn masks")
        return joined(faces, drawn_faces(self.drawn, find, _points(), seed=self.seed, report=report))

    def _config(self, recipe: Recipe) -> dict[str, Any]:
        settings = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}
        return settings | {"network": "mask", "variant": "ours", "detector": DETECTOR, "recipe": asdict(recipe)}

    def _write(self, run: RunFolder, done: "_Trained") -> None:
        from attendance_app.lab import plots

        training = done.training
        calibration = _calibrated(done)
        members = _tested_once(done.faces, done.parts)
        sets = {
            name: _measure(training, done.faces, some, TITLES[name], calibration.temperature)
            for name, some in members.items()
        }
        write_results(run, sets)
        plots.curves(done.history, run.path / "curves.png", title="Our mask network")
        run.write_text(LAYERS, layer_list(training.network))
        self._export(run, training, calibration)
        scores = {TITLES[name]: one.scores() for name, one in sets.items()}
        write_mask_card(run, self._about(calibration), history=done.history, scores=scores)
        record = RunRecord(
            done.history,
            _samples(done, np.random.default_rng(self.seed)),
            {name: _for_page(one, done.faces, members[name]) for name, one in sets.items()},
        )
        write_run_pages(run, record, _told)

    def _export(self, run: RunFolder, training: MaskTraining, calibration: MaskCalibration) -> None:
        from attendance_app.lab import export

        facts = {
            "margin": f"{PATCH_MARGIN}",
            "temperature": f"{calibration.temperature:.4f}",
            "least_probability": f"{calibration.least_probability:.3f}",
            "seed": str(self.seed),
            # ``evaluate mask --held-out`` finds the pictures of the test again by this seed.
            "split": f"seed {self.seed}",
        }
        # Noise serves: both sides only have to agree on the same numbers.
        samples = np.random.default_rng(self.seed).uniform(0, 255, (8, *training.network.input_shape[1:]))
        export.export(
            training.network,
            run.path / NETWORK_FILE,
            samples=samples.astype(np.float32),
            tolerance=1e-3,
            metadata=facts,
        )

    def _about(self, calibration: MaskCalibration) -> str:
        return (
            f"Seed {self.seed}; answers divided by the temperature {calibration.temperature:.3f}; below a probability "
            f"of {calibration.least_probability:.2f} it says that it is unsure. Faces of the test parts come from "
            "photographs and source groups that the training has not seen."
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Trained:
    """A finished fit, with the faces and the parts on which it is tested."""

    training: MaskTraining
    faces: MaskFaces
    parts: FaceParts
    history: History


def _samples(done: "_Trained", rng: np.random.Generator) -> NDArray[np.uint8]:
    views = [random_view(done.faces.pictures[index], rng) for index in spread(done.parts.training)]
    return np.stack(views).astype(np.uint8)


def _for_page(measured: Measured, faces: MaskFaces, members: NDArray[np.intp]) -> TestPart:
    def picture(index: int) -> Image:
        return plain_view(faces.pictures[members[index]]).astype(np.uint8)

    return measured.for_page(picture, [faces.names[index] for index in members])


def _told(words: Wording) -> Told:
    tr = words.tr
    tests = {
        REPORT: tr("The report's set, source groups that the training has not seen"),
        INDEPENDENT: tr("Independent photographs"),
    }
    return Told(tr("Mask network, ours"), tests)


def _finder(threads: int) -> Any:
    detector = open_detector(DETECTOR, threads)

    def find(image: Image) -> list[Box]:
        scale = min(LARGEST_SCALE, max(SMALLEST_SCALE, CROP_SIDE / min(image.shape[:2])))
        return [one.box for one in detector.detect(image, upsample=scale, threshold=CROP_THRESHOLD)]

    return find


def _points() -> FindPoints:
    aligner = Aligner()
    return lambda image, box: aligner.landmarks(image, [box])[0]


def _tested_once(faces: MaskFaces, parts: FaceParts) -> dict[str, NDArray[np.intp]]:
    """One face a picture: the found box where there is one, as in use."""
    return {
        # The found box comes after the listed one (faces.py), and the last entry of a name stays.
        name: np.array(sorted({faces.names[index]: index for index in members}.values()), dtype=np.intp)
        for name, members in parts.tests.items()
    }


def _calibrated(done: "_Trained") -> MaskCalibration:
    members = calibration_members(done.faces, done.parts.validation)
    logits = [
        [
            done.training.logits(done.training.plain_views(done.faces, members, light=light, mirrored=mirrored))
            for mirrored in (False, True)
        ]
        for light in LIGHTS
    ]
    return calibrate(np.array(logits), done.faces, members)


def _measure(
    training: MaskTraining, faces: MaskFaces, members: NDArray[np.intp], title: str, temperature: float
) -> Measured:
    logits = training.logits(training.plain_views(faces, members))
    return Measured(title, faces.labels[members], softmax(logits, temperature=temperature))
