"""``attendance evaluate identity``: the identity network beside dlib's encodings, on the same pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from attendance_app.bootstrap import chosen_network
from attendance_app.cli.context import cli_context
from attendance_app.cli.network_options import NetworkOption
from attendance_app.cli.numbers import LARGEST_SEED
from attendance_app.cli.output import Json, print_json, print_table
from attendance_app.cli.progress import TerminalJob

if TYPE_CHECKING:
    from attendance_app.lab.identity.evaluation import ClassRates
    from attendance_app.lab.identity.measure import IdentityEvaluation
    from attendance_app.services.rates import Rate


def evaluate_identity(
    context: typer.Context,
    data: Annotated[Path, typer.Option(help="Folder with a folder of pictures a person, or scikit-learn's data home.")],
    classes: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many classes to make up of the people.")] = 20,
    students: Annotated[int, typer.Option(min=2, max=1_000_000, help="Students a class.")] = 30,
    photos: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Photos enrolled a student; the rest are probes.")
    ] = 5,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed makes the same classes.")] = 42,
    everybody: Annotated[bool, typer.Option(help="Also people whom the network was trained with.")] = False,
    cache: Annotated[Path | None, typer.Option(help="Keep cut faces here between runs.")] = None,
    network: NetworkOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Naming accuracy and open-set rates of the identity network, with dlib's encodings beside it.

    People with 40 pictures or more are judged by the identity report's split: learnt from its training pictures,
    named on its test pictures. All others make classes; people whom the network was trained with are left out. With
    --network a network of your own is measured on the same pictures, too.
    """
    from attendance_app.lab.identity.measure import Protocol
    from attendance_app.lab.identity.measure import evaluate_identity as measure
    from attendance_app.networks.own import NetworkKind

    home = cli_context(context).data_folder
    own = None if network is None else chosen_network(home, NetworkKind.IDENTITY, named=network)
    protocol = Protocol(classes, students, photos, seed, everybody, cache, own)
    with TerminalJob("Reading faces") as job:
        found = measure(data, protocol, job)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)


def _rate(rate: "Rate") -> Json:
    return {"value": rate.value, "count": rate.count, "of": rate.total, "interval": list(rate.interval)}


def _class_rates(rates: "ClassRates") -> dict[str, Json]:
    return {
        "naming_accuracy": _rate(rates.named),
        "marked_right": _rate(rates.marked),
        "marked_wrong": _rate(rates.wrongly_marked),
        "strangers_accepted": _rate(rates.strangers_accepted),
        "marked_right_at_1_percent_strangers": _rate(rates.marked_at_1_percent),
        "calibration_error": rates.calibration_error,
    }


def _document(found: "IdentityEvaluation") -> dict[str, Json]:
    split, classes = found.report_split, found.classes
    return {
        "people": found.people,
        "pictures": found.pictures,
        "people_the_network_has_seen": found.seen_people,
        "left_out": [str(path) for path in found.left_out],
        "report_split": {name: _rate(rate) for name, rate in split.items()} if split else None,
        "classes": {name: _class_rates(rates) for name, rates in classes.items()} if classes else None,
        "milliseconds_a_face": found.milliseconds,
    }


def _shown(rate: "Rate") -> str:
    if not rate.total:
        return "nobody to try"
    low, high = rate.interval
    return f"{rate.value:.2%} ({low:.1%} to {high:.1%})"


def _print(found: "IdentityEvaluation") -> None:
    typer.echo(f"{found.people} people ({found.seen_people} of them trained with), {found.pictures} pictures used")
    if found.left_out:
        more = f", {len(found.left_out) - 3} more" if len(found.left_out) > 3 else ""
        names = ", ".join(str(path) for path in found.left_out[:3])
        typer.echo(f"Without a face that can be used, left out: {names}{more}")
    if found.report_split:
        rows = [["test accuracy", *(_shown(rate) for rate in found.report_split.values())]]
        print_table(["the report's split", *found.report_split], rows)
    if found.classes:
        rates = list(found.classes.values())
        rows = [[label, *(_shown(getattr(one, kind)) for one in rates)] for label, kind in _KINDS.items()]
        rows.append(["expected calibration error", *(f"{one.calibration_error:.2%}" for one in rates)])
        print_table(["classes", *found.classes], rows)
    print_table(
        ["processor time", *found.milliseconds],
        [["milliseconds a face", *(f"{spent:.1f}" for spent in found.milliseconds.values())]],
    )


_KINDS = {
    "named right": "named",
    "marked right": "marked",
    "marked as another": "wrongly_marked",
    "strangers marked": "strangers_accepted",
    "marked right, 1 % of strangers accepted": "marked_at_1_percent",
}
