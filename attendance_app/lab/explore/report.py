"""The whole exploration of a data set: read, compare, draw, write."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attendance_app.lab.errors import FolderNotWritten
from attendance_app.lab.explore.copies import Agreement, Copies, agreement, find_copies
from attendance_app.lab.explore.page import page
from attendance_app.lab.explore.stages import Progress, StageReporter
from attendance_app.lab.explore.survey import Survey, survey
from attendance_app.lab.mask.data import GROUP_TABLES, read_groups


@dataclass(frozen=True, slots=True, eq=False)
class Exploration:
    """What was found and where it is written. ``agreements``: by class, only where the set lists its groups."""

    found: Survey
    copies: Copies
    agreements: dict[str, Agreement]
    page: Path


def explore(folder: Path, out: Path, *, seed: int, report: Progress) -> Exploration:
    """Explore ``folder`` (a folder a class) and write plots, tables and index.html into ``out``.

    ``report`` gets the progress of the whole. Raises KnownError if there are no pictures or ``out`` can't be written.
    """
    stages = StageReporter(report)
    found = survey(folder, report=stages.reading)
    pictures = len(found.pictures)
    copies = find_copies(found.thumbnails, report=stages.comparing(pictures))
    agreements = _agreements(found, copies)
    from attendance_app.lab.explore.plots import copies_grid, draw_all  # matplotlib may list all fonts first

    try:
        out.mkdir(parents=True, exist_ok=True)
        plots = draw_all(found, out, rng=np.random.default_rng(seed), report=stages.drawing(pictures))
        largest = copies_grid(found, copies, out / "copies.png")
        written = out / "index.html"
        _write_pictures(found, copies, out / "pictures.csv")
        written.write_text(
            page(found, copies, agreements, plots | ({"copies": largest} if largest else {})), encoding="utf-8"
        )
    except OSError as error:
        raise FolderNotWritten(folder=out, reason=error.strerror or str(error)) from error
    return Exploration(found, copies, agreements, written)


def _agreements(found: Survey, copies: Copies) -> dict[str, Agreement]:
    # groups.csv only: the other table names photographs, and faces of one photograph are no copies.
    listed = read_groups(found.folder, GROUP_TABLES[:1])
    if not listed:
        return {}
    names = [picture.path.relative_to(found.folder).as_posix() for picture in found.pictures]
    result = {}
    for label in found.labels:
        members = [i for i, picture in enumerate(found.pictures) if picture.label == label and names[i] in listed]
        result[label] = agreement(copies.groups[members], [listed[names[i]] for i in members])
    return result


def _write_pictures(found: Survey, copies: Copies, path: Path) -> None:
    """One line a picture: what was measured, and its source group."""
    with path.open("w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(["file", "class", "bytes", "width", "height", "brightness", "sharpness", "group"])
        for picture, group in zip(found.pictures, copies.groups, strict=True):
            writer.writerow(
                [
                    picture.path.relative_to(found.folder).as_posix(),
                    picture.label,
                    picture.bytes,
                    picture.width,
                    picture.height,
                    f"{picture.brightness:.1f}",
                    f"{picture.sharpness:.1f}",
                    int(group),
                ]
            )
