"""``attendance train mask``: the report's recipe, or our own network."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from attendance_app.cli.errors import MaskTrainingNeedsData
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output_place import Force
from attendance_app.lab.cli.run_options import Resume, run_place
from attendance_app.lab.errors import NothingToShip


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
    from attendance_app.cli.training_progress import TrainingLines
    from attendance_app.lab.mask.report import MaskReportTraining
    from attendance_app.lab.mask.results import read_fit
    from attendance_app.lab.mask.training import OurMaskTraining
    from attendance_app.lab.runs import read_task
    from attendance_app.services.training_runs import TrainingTask, run_training

    if ship and variant == "report":
        raise NothingToShip(variant=variant)
    task: TrainingTask
    if resume is not None:
        task = read_task(resume, MaskReportTraining, OurMaskTraining)
    elif data is None or out is None:
        raise MaskTrainingNeedsData
    elif variant == "report":
        run_place(out, force=force)
        beside = data.parent / "masks-independent"
        task = MaskReportTraining(
            data=data,
            out=out,
            split=split,
            seed=42 if seed is None else seed,
            epochs=epochs or 20,
            # A set is not tested on itself as if it came from elsewhere.
            independent=beside if independent and beside.is_dir() and beside != data else None,
            threads=threads,
        )
    else:
        run_place(out, force=force)
        task = OurMaskTraining(
            data=data,
            out=out,
            seed=seed or 0,
            use_independent=independent,
            from_scratch=from_scratch,
            threads=threads,
            cache=cache,
            drawn=drawn,
            **({"epochs": epochs} if epochs else {}),
        )
    folder = run_training(task, TrainingLines())
    typer.echo((folder / "classification_report.txt").read_text(encoding="utf-8"))
    typer.echo(f"Run folder: {folder}")
    fit = read_fit(folder)
    if fit.stopped_early:
        typer.echo(
            f"Stopped early: the network has the weights of epoch {fit.best_epoch}, the best so far. "
            "Go on with --resume."
        )
    if ship:
        from attendance_app.lab.mask.shipping import ship_mask

        typer.echo(f"Shipped: {ship_mask(folder)}")
