"""``attendance dataset``: looking at folders of pictures before training on them."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from attendance_app.cli.context import cli_context
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import Json, print_json
from attendance_app.cli.output_place import Force, folder_place
from attendance_app.cli.progress import TerminalJob
from attendance_app.cli.sheet_output import Language, language_of

if TYPE_CHECKING:
    from attendance_app.lab.explore.report import Exploration
    from attendance_app.lab.importing import Imported

app = typer.Typer(help="Look at data sets of pictures.", no_args_is_help=True)


@app.callback()
def dataset() -> None:
    """Look at data sets of pictures."""


@app.command()
def explore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder with a folder of pictures for each class.")],
    out: Annotated[Path, typer.Option(help="Folder for the page, the plots and the table.")],
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="Which samples are shown.")] = 0,
    language: Language = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What a data set says before training on it, as one HTML page (index.html) with plots and a table.

    Pictures in two classes, what a random split leaks, and brightness, sharpness or sizes that give a class away; then
    counts, formats, colour modes, sizes, samples and groups of copies.
    """
    from attendance_app.lab.explore.report import explore as explore_folder

    folder_place(out, force=force)
    with TerminalJob("Exploring") as job:
        chosen = language_of(language, cli_context(context).data_folder)
        result = explore_folder(folder, out, seed=seed, report=job.report, language=chosen)
    if as_json:
        print_json(_document(result))
        return
    for label, count in result.findings.counts.items():
        typer.echo(f"{label}: {count} pictures")
    for sentence in result.conclusions:
        typer.echo(f"- {sentence}")
    for label, one in result.agreements.items():
        typer.echo(
            f"{label}: {one.found_groups} groups found, {one.listed_groups} listed; pairs right {one.precision:.1%}, "
            f"pairs found {one.recall:.1%}, adjusted Rand index {one.rand:.3f}"
        )
    for path in result.found.unreadable:
        typer.echo(f"no picture: {path}", err=True)
    typer.echo(f"Page: {result.page}")


def _document(result: "Exploration") -> Json:
    findings = result.findings
    return {
        "page": str(result.page),
        "pictures": findings.counts,
        "unreadable": [str(path) for path in result.found.unreadable],
        "left_out": [str(path) for path in result.found.others],
        "formats": findings.formats,
        "modes": findings.modes,
        "groups": len(result.copies.sizes),
        "pictures_with_copies": result.copies.repeated,
        "with_copies": {one.label: one.with_copy for one in findings.repeats},
        "random_split_leaks": findings.leak,
        "same_in_classes": [[str(one.path) for one in some] for some in findings.same_in_classes],
        "telling": [asdict(one) for one in findings.telling],
        "conclusions": result.conclusions,
        "agreement": {label: asdict(one) for label, one in result.agreements.items()},
    }


@app.command(name="import")
def import_(
    source: Annotated[Path, typer.Argument(help="Zip or folder, as the data set was downloaded.")],
    out: Annotated[Path, typer.Option(help="Folder to make, with a folder of pictures for each class.")],
    kind: Annotated[
        Literal["masks", "people"] | None,
        typer.Option(help="Mask classes, or a folder for each person; by default what the folders are called."),
    ] = None,
    without_doubles: Annotated[
        bool, typer.Option("--without-doubles", help="Leave out doubles, and pictures of two classes in both.")
    ] = False,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Bring a downloaded data set into class folders, and say what is broken, double or missing.

    Where the sets can be had is in docs/data.md. Broken pictures are left out; doubles are named and, unless you say
    otherwise, copied: the reports' figures were reached with them.
    """
    from attendance_app.lab.importing import import_set

    folder_place(out, force=force)
    with TerminalJob("Importing") as job:

        def report(done: int, total: int) -> None:
            job.raise_if_cancelled()
            job.report(done, total)

        result = import_set(source, out, kind=kind, without_doubles=without_doubles, report=report)
    if as_json:
        print_json(asdict(result) | {"folder": str(result.folder)})
        return
    for label, count in result.counts.items():
        typer.echo(f"{label}: {count} pictures")
    for line in _remarks(result):
        typer.echo(line, err=True)
    for name in result.missing:
        typer.echo(f"missing: no picture of {name}", err=True)
    typer.echo(f"The set is in {result.folder}.")


@app.command()
def lfw(
    home: Annotated[Path, typer.Argument(help="Data folder of scikit-learn; it is made. It takes about 500 MB.")],
    min_pictures: Annotated[int, typer.Option(min=1, max=1_000, help="People with fewer are left out.")] = 40,
    download: Annotated[
        bool, typer.Option("--download/--no-download", help="Download LFW if the folder does not have it.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Load LFW as the identity report does: fetch_lfw_people(min_faces_per_person=40, resize=1.0) of scikit-learn.

    Downloads the funneled set from figshare.com, the only connection that this command makes. The folder is then
    what attendance train identity --data and attendance evaluate pairs take.
    """
    from attendance_app.lab.lfw import fetch

    with TerminalJob("Downloading LFW (bytes)") as job:

        def report(done: int, total: int) -> None:
            job.raise_if_cancelled()
            job.report(done, total)

        result = fetch(home, report, min_pictures=min_pictures, download=download)
    if as_json:
        print_json({"home": str(home), "people": result.pictures, "height": result.shape[0], "width": result.shape[1]})
        return
    for name, count in result.pictures.items():
        typer.echo(f"{name}: {count} pictures")
    pictures = sum(result.pictures.values())
    height, width = result.shape
    typer.echo(f"{len(result.pictures)} people, {pictures} pictures of {width} x {height}, grey.")
    typer.echo(f"Train with: attendance train identity --variant report --data {home} --out RUN")


def _remarks(result: "Imported") -> Iterator[str]:
    yield from (f"broken: {name}" for name in result.broken)
    yield from (f"double: {one.name} equals {one.first}" for one in result.doubles)
    yield from (f"in two classes: {one.name} equals {one.first}" for one in result.in_two_classes)
    if result.others:
        yield f"left out: {len(result.others)} files that are no pictures or in no class folder"
