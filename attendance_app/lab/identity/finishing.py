"""The last steps of a backbone's training: what its own file says, its calibrated model, its report and its card."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attendance_app.classifiers.identity import SEEN_PEOPLE, IdentityEmbedder, name_hash
from attendance_app.classifiers.plda import PldaParameters
from attendance_app.lab.errors import BackboneRunUnfinished, TooFewPeopleToTest
from attendance_app.lab.identity.calibration import NamedEmbeddings, fit_parameters, names_to_numbers
from attendance_app.lab.identity.data import list_people
from attendance_app.lab.identity.evaluation import STUDENTS, Method, evaluate_classes
from attendance_app.lab.identity.material import Material, gather
from attendance_app.lab.identity.run_report import (
    ReportSplit,
    write_backbone_pages,
    write_identity_card,
    write_report_split,
)
from attendance_app.lab.run_page.record import TestPart
from attendance_app.lab.runs import RunFolder
from attendance_app.networks.identity_input import NETWORK, PARAMETERS
from attendance_app.networks.own import RATES
from attendance_app.services.training_events import TrainingContext


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A task for a training process: the last steps once more, on the network of a run that is there.

    ``data``: the folders of people that it was trained with.
    """

    data: tuple[Path, ...]
    run: Path
    seed: int = 42
    threads: int = 2
    cache: Path | None = None

    def __call__(self, context: TrainingContext) -> Path:
        """Calibrate and write the run's card anew; returns its folder. Raises NotFoundError if it has no network."""
        if not (self.run / NETWORK).exists():
            raise BackboneRunUnfinished(run=self.run, file=NETWORK)
        people = [person for folder in self.data for person in list_people(folder)]
        material = gather(people, (), cache=self.cache, context=context)
        finish(RunFolder(self.run), material, seed=self.seed, threads=self.threads)
        return self.run


def finish(run: RunFolder, material: Material, *, seed: int, threads: int) -> None:
    """Write the names' marks into the network's file, the calibrated model of its embeddings, and the run's card."""
    from attendance_app.lab.export import add_metadata

    network = run.path / NETWORK
    files = (*material.training_files, *material.development_files)
    # First of all: the embedder's id is the hash of this file, and the parameters are bound to that id.
    add_metadata(network, {SEEN_PEOPLE: " ".join(sorted({name_hash(file.parent.name) for file in files}))})
    embedder = IdentityEmbedder(threads, network=network)
    # The faces without a name come after those with one (material.py); they say nothing about who is alike.
    named = embedder.embed(material.training[: len(material.training_files)])
    seen = NamedEmbeddings(named, names_to_numbers(material.training_files))
    unseen = NamedEmbeddings(embedder.embed(material.development), names_to_numbers(material.development_files))
    parameters = fit_parameters(seen, unseen, encoder_id=embedder.id, seed=seed)
    parameters.save(run.path / PARAMETERS)
    _write_rates(run, unseen, parameters, seed)
    tested = _test_by_report(run, material, named, embedder, parameters)
    write_identity_card(run, accuracy=tested.scores().accuracy if tested else None)
    write_backbone_pages(run, material.training, tested)


def _write_rates(run: RunFolder, unseen: NamedEmbeddings, parameters: PldaParameters, seed: int) -> None:
    """Write how often strangers are named in classes of the people kept apart, who calibrate and are never learnt.

    The program lets a network of one's own decide alone only with such a rate. None is written for too few people.
    """
    method = Method("run", unseen.embeddings, parameters)
    # Half of them at most are students, so that there are strangers enough.
    students = min(STUDENTS, len(np.unique(unseen.people)) // 2)
    try:
        # One class: in several, the same picture would be tried again, and the count would claim too much.
        found = evaluate_classes([method], unseen.people, classes=1, seed=seed, students=students, photos=1)
    except TooFewPeopleToTest:
        return
    strangers = found[method.name].strangers_accepted
    run.write_json(RATES, {"strangers_named": strangers.count, "strangers_tried": strangers.total})


def _test_by_report(
    run: RunFolder,
    material: Material,
    named: NDArray[np.float32],
    embedder: IdentityEmbedder,
    parameters: PldaParameters,
) -> TestPart | None:
    """Return the answers on the report's test pictures, None if its people are not among the training's."""
    if not len(material.report_test.chips):
        return None
    chosen = np.array([file in material.report_learnt for file in material.training_files], np.bool_)
    files = tuple(file for file in material.training_files if file in material.report_learnt)
    return write_report_split(run, ReportSplit(named[chosen], files, material.report_test), embedder, parameters)
