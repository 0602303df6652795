"""Pages of the laboratory: one HTML file with everything in it, no script, nothing from the network."""

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from attendance_app.lab.wording import Wording

TEMPLATE: Final = Path(__file__).with_name("page.html")


@dataclass(frozen=True, slots=True)
class Head:
    """The browser's title, the heading, and the line below it, all as plain text."""

    window: str
    heading: str
    summary: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as plain text: its first column is text, the others are figures."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table for a card."""
        lines = [self.heads, ("---",) * len(self.heads), *self.rows]
        # No spaces about the dashes, as in the project's other tables.
        return "\n".join("|---" * len(line) + "|" if line[0] == "---" else f"| {' | '.join(line)} |" for line in lines)


def whole_page(head: Head, sections: Iterable[str], words: Wording) -> str:
    """Return the page; ``sections`` are HTML, empty ones are left out."""
    return (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("{{language}}", words.language)
        .replace("{{head}}", html.escape(head.window))
        .replace("{{title}}", html.escape(head.heading))
        .replace("{{summary}}", html.escape(head.summary))
        .replace("{{sections}}", "\n".join(filter(None, sections)))
    )


def section(heading: str, note: str, body: str) -> str:
    """A card with a heading; ``note`` is plain text below it, ``body`` is HTML."""
    below = f"<p>{html.escape(note)}</p>" if note else ""
    return f"<section><h2>{html.escape(heading)}</h2>{below}{body}</section>"


def part(heading: str, note: str, body: str) -> str:
    """A part of a section, with a smaller heading."""
    below = f"<p>{html.escape(note)}</p>" if note else ""
    return f"<h3>{html.escape(heading)}</h3>{below}{body}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are numbers."""
    head = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def bullets(lines: Iterable[str]) -> str:
    """A list of sentences."""
    return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ul>"


def picture(data: bytes, words: str, kind: str = "png") -> str:
    """A picture (``kind``: png or jpeg), inside the page so that it can be sent as one file."""
    return f'<img alt="{html.escape(words)}" src="data:image/{kind};base64,{base64.b64encode(data).decode("ascii")}">'


def captioned(shown: str, *lines: str) -> str:
    """A picture (HTML) with lines of plain text below it; several stand side by side in ``row``."""
    below = "<br>".join(html.escape(line) for line in lines)
    caption = f"<figcaption>{below}</figcaption>" if lines else ""
    return f"<figure>{shown}{caption}</figure>"


def row(figures: Iterable[str]) -> str:
    """Captioned pictures side by side, in as many rows as they need."""
    return f'<div class="row">{"".join(figures)}</div>'


def folded(heading: str, body: str) -> str:
    """Something long that is shown when its heading is clicked."""
    return f"<details><summary>{html.escape(heading)}</summary>{body}</details>"
