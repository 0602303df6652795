"""Why the identity report's network does better here than in the report.

Trains one variant again and again with one thing changed at a time, and prints what each explains:

    python -m benchmarks.identity_report --aligned lfw19-aligned --original lfw19-original --out RUNS

A run is a line in ``RUNS/runs.jsonl``; what is there already is not trained again.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from attendance_app.lab.identity.data import REPORT_SEED, GreyFaces, list_people, load_grey_faces, report_split
from attendance_app.lab.identity.report import BATCH, build
from attendance_app.lab.identity.report_factors import FILE, Factor, table
from attendance_app.lab.identity.report_results import VARIANTS
from attendance_app.services.training_events import TrainingContext


@dataclass(frozen=True, slots=True)
class Run:
    """One training. ``split`` decides the test pictures, ``seed`` first weights and batches."""

    what: str
    alignment: str
    last_fifth: bool
    split: int
    seed: int
    variant: int
    epochs: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``test_accuracy``: of the weights of ``best_epoch``, the first with the highest validation accuracy."""

    run: Run
    test_accuracy: float
    validation_accuracy: float
    best_epoch: int


def runs(variant: int, epochs: int, seeds: int) -> Iterator[Run]:
    """Yield the report's own way with several seeds first, then each change with the same seeds."""
    numbers = range(1, seeds + 1)
    for seed in numbers:
        yield Run("as the report, not aligned", "original", True, REPORT_SEED, seed, variant, epochs)
        yield Run("deep-funneled", "aligned", True, REPORT_SEED, seed, variant, epochs)
    for seed in numbers:
        yield Run("not aligned, validation stratified", "original", False, REPORT_SEED, seed, variant, epochs)
    for seed in numbers:
        yield Run("not aligned, other test pictures", "original", True, REPORT_SEED + seed, seed, variant, epochs)


def train(run: Run, faces: GreyFaces) -> Outcome:
    """Train by the report's recipe to the letter, but for what ``run`` changes."""
    import keras

    from attendance_app.lab.fitting import fit

    split = report_split(faces.labels, seed=run.split, last_fifth=run.last_fifth)
    keras.utils.clear_session()
    keras.utils.set_random_seed(run.seed)
    model = build(VARIANTS[run.variant], classes=len(faces.names), divided_twice=True)
    targets = np.eye(len(faces.names), dtype=np.float32)[faces.labels]
    history = fit(
        model,
        (faces.images[split.training], targets[split.training]),
        (faces.images[split.validation], targets[split.validation]),
        epochs=run.epochs,
        batch_size=BATCH,
        seed=run.seed,
        by="first_val_accuracy",
        context=TrainingContext(),
    )
    answers = model.predict(faces.images[split.test], verbose=0).argmax(axis=1)
    best = history.rows[history.best_epoch - 1]
    accuracy = float((answers == faces.labels[split.test]).mean())
    return Outcome(run, accuracy, best.val_accuracy, best.epoch)


def read_outcomes(file: Path) -> list[Outcome]:
    """Return what has been trained so far."""
    if not file.exists():
        return []
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Outcome(**{**row, "run": Run(**row["run"])}) for row in rows]


def factors_of(outcomes: list[Outcome]) -> list[Factor]:
    """Return the outcomes by what was changed, in the order of the first runs."""
    ways = dict.fromkeys((outcome.run.what, outcome.run.variant, outcome.run.epochs) for outcome in outcomes)
    return [
        Factor(
            *way,
            tuple(
                outcome.test_accuracy
                for outcome in outcomes
                if (outcome.run.what, outcome.run.variant, outcome.run.epochs) == way
            ),
        )
        for way in ways
    ]


def main() -> None:
    """Train what is missing, then print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aligned", type=Path, required=True, help="LFW deep-funneled, 19 people")
    parser.add_argument("--original", type=Path, required=True, help="the same pictures, not aligned")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--variant", type=int, choices=tuple(VARIANTS), default=1)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the figures into the program, for the cards")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()

    from attendance_app.lab.fitting import limit_threads

    limit_threads(options.threads)
    folders = {"aligned": options.aligned, "original": options.original}
    faces = {
        name: load_grey_faces(list_people(folder, min_pictures=40), lambda _done, _total: None)
        for name, folder in folders.items()
    }
    options.out.mkdir(parents=True, exist_ok=True)
    file = options.out / "runs.jsonl"
    outcomes = read_outcomes(file)
    for run in runs(options.variant, options.epochs, options.seeds):
        if any(outcome.run == run for outcome in outcomes):
            continue
        outcomes.append(train(run, faces[run.alignment]))
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(outcomes[-1])) + "\n")
        print(f"{run.what}, seed {run.seed}: {outcomes[-1].test_accuracy:.4f}", flush=True)
    found = factors_of(outcomes)
    print(table(found))
    if options.write:
        FILE.write_text(json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
