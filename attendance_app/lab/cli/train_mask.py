"""``attendance train mask``: the report's recipe, or our own network."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from attendance_app.cli.errors import MaskTrainingNeedsData
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output_place import Force
from attendance_app.lab.cli.run_options import Resume, run_place, say_page
from attendance_app.lab.errors import NothingToShip

if TYPE_CHECKING:
    from attendance_app.services.training_runs import TrainingTask


def train_mask(
    data: Annotated[
        Path | None,
        typer.Option(help="Variant report: a folder with class folders. Variant ours: the folder of all mask sets."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Run folder to make.")] = None,
    variant: Annotated[Literal["report", "ours"], typer.Option(help="Which network and recipe.")] = "ours",
    split: Annotated[
        Literal["random", "group"], typer.Option(help="Variant report: pictures, or whole source groups, at random.")
    ] = "random",
    independent: Annotated[
        bool,
        typer.Option(
            help="Variant report: test on masks-independent beside the data too. "
            "Variant ours: train on a part of it; with --no-independent none of it is trained on."
        ),
    ] = True,
    seed: Annotated[
        int | None, typer.Option(min=0, max=LARGEST_SEED, help="The same seed gives the same split.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, max=10_000, help="By default as the recipe says.")] = None,
    threads: Annotated[int, typer.Option(min=1, max=1_024, help="Processor threads.")] = 2,
    cache: Annotated[Path | None, typer.Option(help="Variant ours: keep the cut faces in this file (.npz).")] = None,
    drawn: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Variant ours: a folder of people's pictures; masks are drawn on their faces and trained on too.",
        ),
    ] = None,
    from_scratch: Annotated[bool, typer.Option(help="Variant ours: begin with random weights.")] = False,
    resume: Resume = None,
    force: Force = False,
    ship: Annotated[
        bool, typer.Option("--ship", help="Variant ours: put the result into the program's models (in a checkout).")
    ] = False,
) -> None:
    """Train the mask network. Ctrl-C keeps the best weights so far; --resume RUN goes on with a run."""
    task: TrainingTask
    if resume is not None:
        task = _begun(resume)
    elif data is None or out is None:
        raise MaskTrainingNeedsData
    elif variant == "report":
        task = _report_task(data, out, split, seed=seed, epochs=epochs, independent=independent, threads=threads)
    else:
        from attendance_app.lab.mask.ours import Recipe
        from attendance_app.lab.mask.training import OurMaskTraining

        task = OurMaskTraining(
            data=data,
            out=out,
            seed=seed or 0,
            epochs=epochs or Recipe().epochs,
            use_independent=independent,
            from_scratch=from_scratch,
            threads=threads,
            cache=cache,
            drawn=drawn,
        )
    # Before the training, which would take an hour for nothing.
    if ship and not _may_ship(task):
        raise NothingToShip(variant="report")
    if resume is None and out is not None:
        run_place(out, force=force)
    _train(task, ship=ship)


def _begun(run: Path) -> "TrainingTask":
    from attendance_app.lab.mask.report import MaskReportTraining
    from attendance_app.lab.mask.training import OurMaskTraining
    from attendance_app.lab.runs import read_task

    task: TrainingTask = read_task(run, MaskReportTraining, OurMaskTraining)
    return task


def _report_task(
    data: Path,
    out: Path,
    split: Literal["random", "group"],
    *,
    seed: int | None,
    epochs: int | None,
    independent: bool,
    threads: int,
) -> "TrainingTask":
    from attendance_app.lab.mask.report import MaskReportTraining

    beside = data.parent / "masks-independent"
    return MaskReportTraining(
        data=data,
        out=out,
        split=split,
        seed=42 if seed is None else seed,
        epochs=epochs or 20,
        # A set is not tested on itself as if it came from elsewhere.
        independent=beside if independent and beside.is_dir() and beside != data else None,
        threads=threads,
    )


def _may_ship(task: "TrainingTask") -> bool:
    from attendance_app.lab.mask.training import OurMaskTraining

    return isinstance(task, OurMaskTraining)


def _train(task: "TrainingTask", *, ship: bool) -> None:
    from attendance_app.cli.training_progress import TrainingLines
    from attendance_app.lab.mask.results import read_fit
    from attendance_app.services.training_runs import run_training

    folder = run_training(task, TrainingLines())
    typer.echo((folder / "classification_report.txt").read_text(encoding="utf-8"))
    typer.echo(f"Run folder: {folder}")
    say_page(folder)
    fit = read_fit(folder)
    if fit.stopped_early:
        typer.echo(
            f"Stopped early: the network has the weights of epoch {fit.best_epoch}, the best so far. "
            "Go on with --resume."
        )
    if ship:
        from attendance_app.lab.mask.shipping import ship_mask

        typer.echo(f"Shipped: {ship_mask(folder)}")
