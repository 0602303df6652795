"""``attendance evaluate mask``: how well masks are told apart on labelled crops."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import chosen_network, open_mask_reader
from attendance_app.cli.context import cli_context
from attendance_app.cli.messages import message_of
from attendance_app.cli.network_options import NetworkOption
from attendance_app.cli.numbers import LARGEST_SEED, finite
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.progress import TerminalJob
from attendance_app.networks.own import SHIPPED

if TYPE_CHECKING:
    from attendance_app.domain.classification import ClassificationScores
    from attendance_app.lab.mask.data import MaskPictures
    from attendance_app.lab.mask.evaluation import MaskEvaluation
    from attendance_app.services.mask.reading import MaskReader


def evaluate_mask(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder with with_mask, without_mask and mask_weared_incorrect.")],
    held_out: Annotated[
        bool,
        typer.Option("--held-out", help="Only the pictures that the shipped network's training kept for its test."),
    ] = False,
    brightness: Annotated[
        float, typer.Option(min=0.01, max=10, callback=finite, help="Multiply every pixel first.")
    ] = 1.0,
    sample: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="Only that many crops of each class, chosen by --seed.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed chooses the same crops.")] = 0,
    network: NetworkOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Accuracy, balanced accuracy, precision, recall, F1, confusion matrix and calibration on face crops.

    forced: the likeliest class of every face counts, unsure or not. sure: only faces that got an answer. With --network
    the shipped network and yours judge the same crops; with --held-out, those that neither has seen.
    """
    from attendance_app.lab.mask.evaluation import crops_in, held_out_crops, sampled
    from attendance_app.networks.own import NetworkKind

    home = cli_context(context).data_folder
    own = None if network is None else chosen_network(home, NetworkKind.MASK, named=network)
    readers = {SHIPPED: open_mask_reader()}
    if own is not None:
        readers[own.name] = open_mask_reader(own)
    # The seed comes from the network's file, so that the test is the one that its own training has kept.
    seeds = [reader.classifier.split_seed for reader in readers.values()]
    pictures = held_out_crops(folder, seeds, run=own) if held_out else crops_in(folder)
    if sample is not None:
        pictures = sampled(pictures, sample, seed)
    found = {name: _judged(reader, pictures, brightness) for name, reader in readers.items()}
    if as_json:
        documents: dict[str, Json] = {name: _document(evaluation) for name, evaluation in found.items()}
        print_json(documents if own else documents[SHIPPED])
        return
    for name, evaluation in found.items():
        if own:
            typer.echo(f"{name}:")
        _print_lines(evaluation)


def _judged(reader: "MaskReader", pictures: "MaskPictures", brightness: float) -> "MaskEvaluation":
    from attendance_app.lab.mask.evaluation import evaluate_masks

    with TerminalJob("Judging") as job:
        return evaluate_masks(reader, pictures, brightness=brightness, report=job.report)


def _document(evaluation: "MaskEvaluation") -> Json:
    return {
        **_scores(evaluation.forced),
        "unsure": evaluation.unsure,
        "least_probability": evaluation.least_probability,
        "when_sure": _scores(evaluation.sure) if evaluation.sure else None,
        "face_found": evaluation.found,
        "no_face": evaluation.no_face,
        "rejected": [{"file": str(one.file), "reason": message_of(one.error)} for one in evaluation.rejected],
    }


def _scores(scores: "ClassificationScores") -> dict[str, Json]:
    return {
        "count": scores.count,
        "accuracy": scores.accuracy,
        "balanced_accuracy": scores.balanced_accuracy,
        "expected_calibration_error": scores.calibration_error,
        "classes": {one.name: {k: v for k, v in asdict(one).items() if k != "name"} for one in scores.classes},
        "confusion_matrix": {
            "labels": [one.name for one in scores.classes],
            "rows_true_columns_predicted": [list(row) for row in scores.confusion],
        },
    }


def _print_lines(evaluation: "MaskEvaluation") -> None:
    forced = evaluation.forced
    typer.echo(f"{forced.count} crops with a face, likeliest class: accuracy {forced.accuracy:.2%}, ", nl=False)
    typer.echo(f"balanced {forced.balanced_accuracy:.2%}, calibration error {forced.calibration_error:.2%}")
    for one, row in zip(forced.classes, forced.confusion, strict=True):
        figures = f"precision {one.precision:.2%}, recall {one.recall:.2%}, F1 {one.f1:.2%}"
        typer.echo(f"  {one.name:22} {figures}; called {', '.join(map(str, row))}")
    typer.echo(f"unsure (below {evaluation.least_probability:.2f}): {evaluation.unsure:.2%}", nl=False)
    if evaluation.sure:
        sure = evaluation.sure
        typer.echo(f"; of the others accuracy {sure.accuracy:.2%}, balanced {sure.balanced_accuracy:.2%}")
    typer.echo(f"detector sure of the face in {evaluation.found:.2%} of the crops; no face in {evaluation.no_face}")
    for rejected in evaluation.rejected:
        typer.echo(f"not judged: {rejected.file}: {message_of(rejected.error)}", err=True)
