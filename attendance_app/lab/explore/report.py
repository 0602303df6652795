"""The whole exploration of a data set: read, compare, conclude, draw, write."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attendance_app.lab.errors import FolderNotWritten
from attendance_app.lab.explore.copies import Agreement, Copies, agreement, find_copies
from attendance_app.lab.explore.findings import Findings, conclude
from attendance_app.lab.explore.page import Material, conclusions, page
from attendance_app.lab.explore.stages import Progress, StageReporter
from attendance_app.lab.explore.survey import Survey, survey
from attendance_app.lab.mask.data import GROUP_TABLES, read_groups
from attendance_app.lab.wording import wording

COLUMNS = (
    "file", "class", "format", "mode", "turned", "bytes", "width", "height", "brightness", "sharpness", "group",
    "same_as",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Exploration:
    """What was found and where it is written.

    ``agreements``: by class, only where the set lists its groups. ``conclusions``: the sentences that open the page.
    """

    found: Survey
    copies: Copies
    findings: Findings
    agreements: Mapping[str, Agreement]
    conclusions: tuple[str, ...]
    page: Path


def explore(folder: Path, out: Path, *, seed: int, report: Progress, language: str = "en") -> Exploration:
    """Explore ``folder`` (a folder a class) and write plots, tables and index.html into ``out``.

    ``report`` gets the progress of the whole; ``language`` is ``en`` or ``es``. Raises KnownError if there are no
    pictures or ``out`` can't be written.
    """
    stages = StageReporter(report)
    found = survey(folder, report=stages.reading)
    pictures = len(found.pictures)
    copies = find_copies(found.thumbnails, report=stages.comparing(pictures))
    material = Material(found, copies, conclude(found, copies), _agreements(found, copies))
    words = wording(language)
    said = tuple(conclusions(material, words))
    from attendance_app.lab.explore.plots import copies_grid, draw_all  # matplotlib may list all fonts first

    try:
        out.mkdir(parents=True, exist_ok=True)
        plots = draw_all(found, out, words, rng=np.random.default_rng(seed), report=stages.drawing(pictures))
        for subject, groups in (("alike", material.findings.alike_in_classes), ("copies", copies.largest)):
            drawn = copies_grid(found, copies, groups, out / f"{subject}.png", words)
            plots |= {subject: drawn} if drawn else {}
        written = out / "index.html"
        _write_pictures(found, copies, out / "pictures.csv")
        written.write_text(page(material, said, plots, words), encoding="utf-8")
    except OSError as error:
        raise FolderNotWritten(folder=out, reason=error.strerror or str(error)) from error
    return Exploration(found, copies, material.findings, material.agreements, said, written)


def _agreements(found: Survey, copies: Copies) -> dict[str, Agreement]:
    # groups.csv only: the other table names photographs, and faces of one photograph are no copies.
    listed = read_groups(found.folder, GROUP_TABLES[:1])
    if not listed:
        return {}
    names = [found.name(picture.path) for picture in found.pictures]
    result = {}
    for label in found.labels:
        members = [i for i in found.indices(label) if names[i] in listed]
        result[label] = agreement(copies.groups[members], [listed[names[i]] for i in members])
    return result


def _write_pictures(found: Survey, copies: Copies, path: Path) -> None:
    """One line a picture: what was measured, its source group, and the first picture that equals it."""
    first: dict[str, str] = {}
    with path.open("w", newline="", encoding="utf-8") as table:
        writer = csv.writer(table)
        writer.writerow(COLUMNS)
        for picture, group in zip(found.pictures, copies.groups, strict=True):
            name = found.name(picture.path)
            same = first.setdefault(picture.pixels, name)
            writer.writerow(
                [
                    name,
                    picture.label,
                    picture.format,
                    picture.mode,
                    int(picture.stored_turned),
                    picture.bytes,
                    picture.width,
                    picture.height,
                    f"{picture.brightness:.1f}",
                    f"{picture.sharpness:.1f}",
                    int(group),
                    same if same != name else "",
                ]
            )
