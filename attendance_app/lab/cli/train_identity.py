"""``attendance train identity``: the report's variants, the in-house backbone, or a course's own students."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.errors import CourseNotShipped, OneVariantForCourse, TrainingNeedsData
from attendance_app.cli.network_options import NetworkOption
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output_place import Force
from attendance_app.lab.cli.run_options import Resume, run_place, say_page
from attendance_app.lab.errors import NothingToShip

if TYPE_CHECKING:
    from attendance_app.lab.identity.report_runs import ReportRecipe
    from attendance_app.services.training_runs import TrainingTask


class IdentityVariant(StrEnum):
    """``REPORT``: all three of the report's variants, one after the other."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    REPORT = "report"
    OURS = "ours"


def train_identity(
    context: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="Folder with a folder a person, or scikit-learn's data home. May be given several times."),
    ] = None,
    variant: Annotated[
        IdentityVariant, typer.Option(help="The report's variant 1, 2 or 3 (report: all three), or ours.")
    ] = IdentityVariant.OURS,
    out: Annotated[Path | None, typer.Option(help="Folder for the run; it is made.")] = None,
    course: Annotated[
        str | None,
        typer.Option(
            help="Learn this course's enrolled students instead: by ours, or by the report's variant 1, 2 or 3."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, max=10_000, help="Passes over the pictures (report: 100, of a course: 40 at most; ours: 20)."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same split.")] = 42,
    min_pictures: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Report: people with fewer pictures are left out.")
    ] = 40,
    as_reported: Annotated[
        bool,
        typer.Option("--as-reported", help="Report: to the letter, where we would do otherwise; card.md says where."),
    ] = False,
    faces: Annotated[
        list[Path] | None,
        typer.Option(
            help="Ours: a folder of anybody's pictures, learnt from without names. The report's variants on a course: "
            "pictures of people who are not on its list, by which it learns to be unsure and is tested; several of a "
            "person in a folder of their own."
        ),
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Ours: keep cut faces and the teacher's encodings here between runs.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=1_024, help="Processor threads.")] = 2,
    calibrate: Annotated[
        Path | None, typer.Option(help="Ours: only make the probabilities of this finished run anew, from its people.")
    ] = None,
    network: NetworkOption = None,
    resume: Resume = None,
    force: Force = False,
    ship: Annotated[
        bool, typer.Option("--ship", help="Ours: put the result into the program's models (in a checkout).")
    ] = False,
) -> None:
    """Train the identity network. Ctrl-C keeps the best weights so far; --resume RUN goes on with a run."""
    if ship and course is not None:
        raise CourseNotShipped
    if ship and variant is not IdentityVariant.OURS:
        raise NothingToShip(variant=variant.value)
    # The one training of the program itself, without TensorFlow; the others are the laboratory's (docs/adr/0072).
    if course is not None:
        home = cli_context(context).data_folder
        if variant is IdentityVariant.OURS:
            from attendance_app.cli.train_course import train_course

            train_course(home, course, network=network)
            return
        if variant is IdentityVariant.REPORT:
            raise OneVariantForCourse
        from attendance_app.cli.train_course_cnn import train_course_cnn
        from attendance_app.services.course_cnn.teaching import CnnRecipe

        train_course_cnn(home, course, CnnRecipe(int(variant), tuple(faces or ()), epochs, seed, threads))
        return
    if resume is not None:
        _resume(resume, ship=ship)
        return
    if data and calibrate is not None:
        from attendance_app.lab.identity.finishing import Recalibration

        _train_backbone(Recalibration(tuple(data), calibrate, seed, threads, cache), ship=ship)
        return
    if not data or out is None:
        raise TrainingNeedsData
    run_place(out, force=force)
    if variant is IdentityVariant.OURS:
        from attendance_app.lab.identity.training import EPOCHS, BackboneTraining

        passes = epochs or EPOCHS
        backbone = BackboneTraining(tuple(data), out, tuple(faces or ()), passes, seed, threads=threads, cache=cache)
        _train_backbone(backbone, ship=ship)
    else:
        from attendance_app.lab.identity.report_runs import ReportRecipe

        _train_report(data, variant, out, ReportRecipe(epochs or 100, seed, min_pictures, threads, as_reported))


def _resume(run: Path, *, ship: bool) -> None:
    from attendance_app.lab.identity.report import IdentityReportTraining
    from attendance_app.lab.identity.report_runs import stopped_early, summarise
    from attendance_app.lab.identity.training import BackboneTraining
    from attendance_app.lab.runs import read_task

    task = read_task(run, BackboneTraining, IdentityReportTraining)
    if isinstance(task, BackboneTraining):
        _train_backbone(task, ship=ship)
        return
    if ship:
        raise NothingToShip(variant=str(task.variant))
    folder = _run(task)
    if stopped_early(folder):
        typer.echo(_STOPPED)
    for line in summarise([folder], folder):
        typer.echo(line)
    say_page(folder)


_STOPPED = "Stopped: the best weights so far are kept. Go on with --resume."


def _run(task: "TrainingTask") -> Path:
    from attendance_app.cli.training_progress import TrainingLines
    from attendance_app.services.training_runs import run_training

    return run_training(task, TrainingLines())


def _train_backbone(backbone: "TrainingTask", *, ship: bool) -> None:
    from attendance_app.lab.identity.run_report import stopped_early

    folder = _run(backbone)
    if stopped_early(folder):
        typer.echo(_STOPPED)
    typer.echo(f"The run is in {folder}.")
    say_page(folder)
    if ship:
        from attendance_app.lab.identity.shipping import ship_identity

        for path in ship_identity(folder):
            typer.echo(f"{path.name} is in {path.parent}.")


def _train_report(data: list[Path], variant: IdentityVariant, out: Path, recipe: "ReportRecipe") -> None:
    from attendance_app.lab.identity.report_runs import one_source, stopped_early, summarise, variants_of

    runs: list[Path] = []
    for task in variants_of(variant.value, one_source(data), out, recipe):
        runs.append(_run(task))
        if stopped_early(runs[-1]):
            typer.echo(_STOPPED)
            break
    for line in summarise(runs, out):
        typer.echo(line)
    for run in runs:
        say_page(run)
