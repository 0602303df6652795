"""Training the in-house identity backbone: from folders of pictures to the files that ship.

Runs in a process of its own (see ``services.training_runs``): faces are cut, the teacher (dlib's encoder) encodes
them and variations of them, the student learns its encodings, and the calibrated matcher is fitted on what the
student makes of people whom it has never seen.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import Cancelled
from attendance_app.lab.identity.data import list_people
from attendance_app.lab.identity.finishing import finish
from attendance_app.lab.identity.material import Material, gather
from attendance_app.lab.requirements import require_tensorflow
from attendance_app.lab.runs import RunFolder
from attendance_app.services.training_events import StageProgress, TrainingContext
from attendance_app.vision.encode import Encoder

_ENCODE_AT_ONCE = 64
# After fourteen the loss was still falling.
EPOCHS = 20


@dataclass(frozen=True, slots=True)
class BackboneTraining:
    """A task for a training process.

    ``data``: folders of people; ``faces``: folders of pictures of anybody, learnt from without names. ``cache``: a
    folder that keeps cut faces and the teacher's encodings between runs.
    """

    data: tuple[Path, ...]
    out: Path
    faces: tuple[Path, ...] = ()
    epochs: int = EPOCHS
    seed: int = 42
    threads: int = 2
    peak: float = 2e-3
    cache: Path | None = None

    def __call__(self, context: TrainingContext) -> Path:
        """Train and write the run folder; returns it. Raises KnownError for unusable data."""
        devices = require_tensorflow()
        people = [person for folder in self.data for person in list_people(folder)]
        run = RunFolder.create(self.out, config=self._config(), seed=self.seed, task=self, devices=devices)
        with run.given_up_without_result():
            material = gather(people, self.faces, cache=self.cache, context=context)
            stopped = self._teach(run, material, context)
        run.end_unless(stopped=stopped)
        return run.path

    def _config(self) -> dict[str, str | int | float | list[str]]:
        return {
            "network": "identity",
            "variant": "ours",
            "data": [str(folder) for folder in self.data],
            "faces": [str(folder) for folder in self.faces],
            "epochs": self.epochs,
            "peak_learning_rate": self.peak,
        }

    def _teach(self, run: RunFolder, material: Material, context: TrainingContext) -> bool:
        """Fit and finish; return whether the user has stopped it."""
        from attendance_app.lab.fitting import limit_threads
        from attendance_app.lab.identity.pictures import MARGIN, training_pictures
        from attendance_app.networks.identity_input import network_view

        pictures = training_pictures(material.training, seed=self.seed)
        encodings = self._encoded(pictures, "teacher", context)
        unseen = self._encoded(material.development, "teacher, unseen people", context)
        # Before the network is built: TensorFlow's threads can't be changed after its first operation.
        limit_threads(self.threads)
        from attendance_app.lab.identity import backbone

        data = backbone.BackboneData(network_view(pictures, margin=MARGIN), encodings, material.development, unseen)
        # The chips of the 14,598 pictures behind the shipped network are 1 GB; the small views are enough from here on.
        del pictures
        recipe = backbone.Recipe(self.epochs, self.seed, self.peak)
        model, history = backbone.train(data, recipe, context, checkpoint=run.checkpoint)
        backbone.write(run, model, history, data)
        finish(run, material, seed=self.seed, threads=self.threads)
        return history.stopped_early

    def _encoded(self, chips: NDArray[np.uint8], stage: str, context: TrainingContext) -> NDArray[np.float32]:
        kept_at = self.cache / f"teacher-{_fingerprint(chips)}.npy" if self.cache else None
        if kept_at is not None and kept_at.exists():
            kept: NDArray[np.float32] = np.load(kept_at)
            return kept
        encoder = Encoder(self.threads)
        parts = []
        for start in range(0, len(chips), _ENCODE_AT_ONCE):
            if context.stop_requested():
                raise Cancelled
            parts.append(encoder.encode(chips[start : start + _ENCODE_AT_ONCE]))
            context.report(StageProgress(stage, min(start + _ENCODE_AT_ONCE, len(chips)), len(chips)))
        encodings = np.concatenate(parts)
        if kept_at is not None:
            np.save(kept_at, encodings)
        return encodings


def _fingerprint(chips: NDArray[np.uint8]) -> str:
    import hashlib

    # The pixels themselves, since a blend or a disturbed copy has no file that could name it.
    return hashlib.sha256(np.ascontiguousarray(chips).data).hexdigest()[:16]
