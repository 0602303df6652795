"""Where in the picture faces were named, for the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from attendance_app.cli.output import Json

if TYPE_CHECKING:
    from attendance_app.services.session.regions import RegionCount


def print_regions(regions: "Sequence[RegionCount]") -> None:
    """Write a line for each region with a face that was not named; nothing where all were."""
    for region in regions:
        if region.found > region.named:
            typer.echo(f"{_name(region)}: {_faces(region.found)}, {', '.join(_parts(region))}.")


def regions_document(regions: "Sequence[RegionCount]") -> Json:
    """Return an object for each region with a face."""
    return [
        {
            "depth": region.depth.value,
            "side": region.side.value,
            "found": region.found,
            "named": region.named,
            "doubtful": region.doubtful,
            "not_named": {why.value: count for why, count in region.reasons},
        }
        for region in regions
        if region.found
    ]


def _parts(region: "RegionCount") -> list[str]:
    doubtful = [f"{region.doubtful} to check"] if region.doubtful else []
    return [f"{region.named} named", *doubtful, *(f"{count} {why.value}" for why, count in region.reasons)]


def _name(region: "RegionCount") -> str:
    # Imported here: the decisions behind it import SciPy, which ``--help`` must not.
    from attendance_app.services.session.regions import Depth, Side

    if region.side is Side.CENTRE:
        return "Middle" if region.depth is Depth.MIDDLE else f"{region.depth.value.capitalize()} middle"
    return f"{region.depth.value.capitalize()} {region.side.value}"


def _faces(count: int) -> str:
    return "1 face" if count == 1 else f"{count} faces"
