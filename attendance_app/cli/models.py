"""``attendance models``: what the trained networks are, whether they are intact, one's own beside the program's."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import add_own_network, checked_own_network, open_data
from attendance_app.cli.context import cli_context
from attendance_app.cli.lab_commands import build_command
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.domain.errors import ModelFileError
from attendance_app.networks.manifest import ModelEntry, read_manifest, verify

if TYPE_CHECKING:
    from attendance_app.networks.in_use import Choices
    from attendance_app.networks.own import OwnNetwork

app = typer.Typer(help="Trained networks: list, verify, rebuild; use your own.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Argument(help="The network's name in `attendance models list`.")]
ForCourse = Annotated[str | None, typer.Option("--course", help="For this course only; otherwise for all.")]


def _rows(entries: list[ModelEntry]) -> list[dict[str, Json]]:
    return [dict(asdict(entry)) | {"whose": "shipped"} for entry in entries]


@app.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the networks that come with the program, and your own with what they are used for."""
    from attendance_app.networks.in_use import read_choices
    from attendance_app.networks.own import own_networks

    entries, home = list(read_manifest().values()), cli_context(context).data_folder
    own = own_networks(home)
    choices = read_choices(home)
    codes = _codes(home) if any(course is not None for _, course in choices) else {}
    used = {one.name: _used_for(one, choices, codes) for one in own}
    if as_json:
        yours: list[dict[str, Json]] = [
            {"name": one.name, "kind": one.kind.value, "whose": "yours", "used_for": used[one.name]} for one in own
        ]
        print_json([*_rows(entries), *yours])
        return
    columns = ["name", "input", "colour_order", "licence", "made_by", "card"]
    print_table(columns, [[getattr(entry, column) for column in columns] for entry in entries])
    if own:
        rows = [[one.name, one.kind.value, ", ".join(used[one.name]) or "nothing"] for one in own]
        print_table(["yours", "kind", "used for"], rows)


def _codes(home: Path) -> dict[int, str]:
    with open_data(home) as store:
        return {course.id: course.code for course in store.courses.all(archived=None)}


def _used_for(network: "OwnNetwork", choices: "Choices", codes: dict[int, str]) -> list[str]:
    chosen = [course for (_, course), name in choices.items() if name == network.name]
    # A course that has been deleted since has no code any more.
    return [
        "all courses" if course is None else codes[course] for course in chosen if course is None or course in codes
    ]


@app.command("card")
def show_card(context: typer.Context, name: Name) -> None:
    """Print a network's card: what it is, what it was trained with, and its rates on pictures held out."""
    from attendance_app.config.paths import bundled

    entry = read_manifest().get(name)
    card = bundled("models") / entry.card if entry else None
    if card is not None and card.is_file():
        typer.echo(card.read_text(encoding="utf-8"))
        return
    network = checked_own_network(cli_context(context).data_folder, name)
    typer.echo(network.card or f"{name} has no card.")
    pages = [page for page in map(network.page, ("en", "es")) if page is not None]
    if pages:
        typer.echo(f"Page of its training: {', '.join(map(str, pages))}")


@app.command("add")
def add_model(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(help="The run folder of a training that has ended.")],
    name: Annotated[str | None, typer.Option(help="What to call it; by default as the folder.")] = None,
) -> None:
    """Keep a network that you have trained in the data folder, with its card. The run folder may be deleted then."""
    from attendance_app.networks.own import NetworkKind

    added = add_own_network(cli_context(context).data_folder, run, name)
    typer.echo(f"Added {added.name}, of the kind {added.kind.value}.")
    if added.kind is NetworkKind.PEOPLE:
        typer.echo(f"It names the people of its training: attendance identify --network {added.name} PICTURE")
    else:
        typer.echo(f"Use it: attendance models use {added.name}")


@app.command("use")
def use_model(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="One of yours, a run folder, or shipped: the program's own again.")],
    course: ForCourse = None,
) -> None:
    """Use one of your networks in place of the program's, or go back to the program's (shipped)."""
    from attendance_app.networks.errors import NetworkOfAnotherKind
    from attendance_app.networks.in_use import choose, choose_shipped
    from attendance_app.networks.own import SHIPPED, NetworkKind, own_networks

    home = cli_context(context).data_folder
    course_id = None
    if course is not None:
        with open_data(home) as store:
            course_id = store.courses.by_code(course).id
    where = "all courses" if course is None else course
    if name == SHIPPED:
        choose_shipped(home, course_id)
        typer.echo(f"The program's networks are used for {where}.")
        return
    network = checked_own_network(home, name)
    if network.name not in {one.name for one in own_networks(home)}:
        # A run folder may be deleted, and what is in use has to stay.
        network = add_own_network(home, network.folder)
    if network.kind is NetworkKind.PEOPLE:
        raise NetworkOfAnotherKind(name=name, kind=network.kind.value, wanted="mask, identity")
    choose(home, network.kind, network.name, course_id)
    typer.echo(f"{network.name} is used for {where}.")
    if network.kind is NetworkKind.IDENTITY:
        typer.echo(f"Courses are learnt with it from now on: attendance train identity --course {course or 'CODE'}")


@app.command("remove")
def remove_model(context: typer.Context, name: Name) -> None:
    """Delete one of your networks from the data folder; where it was used, the program's is used again."""
    from attendance_app.networks.in_use import forget
    from attendance_app.networks.own import remove_network

    home = cli_context(context).data_folder
    # First: a choice of a network that is gone would stop the next session.
    forget(home, name)
    remove_network(home, name)
    typer.echo(f"Removed {name}.")


@app.command("verify")
def verify_models(context: typer.Context, as_json: AsJson = False) -> None:
    """Compare every network with its sha256; the first that differs is an error."""
    from attendance_app.networks.own import own_network, own_networks

    home = cli_context(context).data_folder
    checks: list[tuple[str, Callable[[str], object]]] = [(name, verify) for name in read_manifest()]
    checks += [(one.name, partial(own_network, home)) for one in own_networks(home)]
    problems: list[ModelFileError] = []
    results: list[dict[str, Json]] = []
    for name, check in checks:
        try:
            check(name)
            results.append({"name": name, "intact": True})
        except ModelFileError as problem:
            problems.append(problem)
            results.append({"name": name, "intact": False})
    if as_json:
        print_json(results)
    else:
        print_table(["network", "state"], [[str(r["name"]), "intact" if r["intact"] else "BAD"] for r in results])
    if problems:
        raise problems[0]


for name in ("build", "build-finder"):
    app.command(name)(build_command(name))
