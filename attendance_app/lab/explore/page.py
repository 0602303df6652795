"""The page of a data exploration: one HTML file with everything in it."""

import base64
import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from attendance_app.lab.explore.copies import Agreement, Copies
from attendance_app.lab.explore.survey import PictureFacts, Survey

TEMPLATE = Path(__file__).with_name("page.html")
HEADINGS = {
    "counts": ("Pictures a class", "Unequal classes need weights, or a measure that counts classes alike."),
    "samples": ("Samples", "Drawn at random, shapes kept."),
    "sizes": ("Dimensions and file sizes", "Each dot is a picture; boxes span the middle half of a class."),
    "brightness": (
        "Brightness",
        "A class that is darker than the others teaches a network that dark means that class.",
    ),
    "sharpness": ("Sharpness", "Measured at 128 pixels a side, so that pictures of several sizes compare."),
    "copies": ("Largest groups of copies", "One row a group: copies on both sides of a split make a test too easy."),
}


def page(found: Survey, copies: Copies, agreements: Mapping[str, Agreement], plots: Mapping[str, Path]) -> str:
    """Return the page as HTML; the plots are embedded."""
    sections = [
        _section(heading, note, _picture(plots[name], heading))
        for name, (heading, note) in HEADINGS.items()
        if name in plots
    ]
    return (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("{{title}}", html.escape(found.folder.resolve().name))
        .replace("{{summary}}", _summary(found, copies))
        .replace("{{classes}}", _class_table(found, copies))
        .replace("{{agreement}}", _agreement_table(agreements))
        .replace("{{sections}}", "\n".join(sections))
        .replace("{{unreadable}}", _unreadable(found))
    )


def _section(heading: str, note: str, body: str) -> str:
    return f"<section><h2>{html.escape(heading)}</h2><p>{html.escape(note)}</p>{body}</section>"


def _picture(path: Path, words: str) -> str:
    # Inside the page, so that it can be sent as one file.
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f'<img alt="{html.escape(words)}" src="data:image/png;base64,{data}">'


def _summary(found: Survey, copies: Copies) -> str:
    groups = len(copies.sizes)
    return (
        f"{len(found.pictures):,} pictures in {len(found.labels)} classes, {groups:,} source groups; "
        f"{copies.repeated:,} pictures ({copies.repeated / len(found.pictures):.0%}) have at least one copy."
    )


def _class_table(found: Survey, copies: Copies) -> str:
    names = [picture.label for picture in found.pictures]
    rows = []
    for label in found.labels:
        members = found.of_class(label)
        own = copies.groups[[i for i, name in enumerate(names) if name == label]]
        sizes = np.bincount(own)
        rows.append(
            [
                label.replace("_", " "),
                f"{len(members):,}",
                f"{int((sizes > 0).sum()):,}",
                f"{int(sizes.max()):,}",
                _mean(members, "width") + " × " + _mean(members, "height"),
                f"{np.mean([one.bytes for one in members]) / 1024:.1f} KiB",
                _mean(members, "brightness"),
                _mean(members, "sharpness"),
            ]
        )
    heads = ["class", "pictures", "groups", "largest", "mean size", "mean file", "brightness", "sharpness"]
    return table(heads, rows)


def _mean(members: Sequence[PictureFacts], quantity: str) -> str:
    return f"{np.mean([getattr(one, quantity) for one in members]):,.0f}"


def _agreement_table(agreements: Mapping[str, Agreement]) -> str:
    if not agreements:
        return ""
    rows = [
        [
            label.replace("_", " "),
            f"{one.listed_groups:,}",
            f"{one.found_groups:,}",
            f"{one.precision:.1%}",
            f"{one.recall:.1%}",
            f"{one.rand:.3f}",
        ]
        for label, one in agreements.items()
    ]
    heads = ["class", "listed groups", "found groups", "pairs right", "pairs found", "adjusted Rand index"]
    note = "How the groups found here compare with the set's own table groups.csv."
    return _section("Source groups beside the listed ones", note, table(heads, rows))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are numbers."""
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _unreadable(found: Survey) -> str:
    if not found.unreadable:
        return ""
    names = "".join(f"<li>{html.escape(str(path.relative_to(found.folder)))}</li>" for path in found.unreadable)
    return f"<section><h2>Files that are no pictures</h2><ul>{names}</ul></section>"
