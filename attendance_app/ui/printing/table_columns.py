"""Which columns of a sheet stand together on paper, and how wide each is."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from PySide6.QtGui import QFontMetricsF

from attendance_app.services.sheets.sheet import Sheet
from attendance_app.ui.printing.texts import cell_text, header_text

SLACK = 1.04
"""Room that a text gets, in its own lengths: what is measured and what is drawn differ by some dots."""
SESSIONS_ACROSS = 16
"""So many sessions of a course over time fit beside the names on a page; the others follow in further tables."""


def column_groups(sheet: Sheet) -> Iterator[tuple[int, ...]]:
    """Yield the columns of each table: one table, or, where there are many sessions, the names with some of them; the
    figures are in the last."""
    dated = [index for index, title in enumerate(sheet.header) if isinstance(title, datetime)]
    if len(dated) <= SESSIONS_ACROSS:
        yield tuple(range(len(sheet.header)))
        return
    names, figures = range(dated[0]), range(dated[-1] + 1, len(sheet.header))
    for start in range(0, len(dated), SESSIONS_ACROSS):
        part = dated[start : start + SESSIONS_ACROSS]
        yield (*names, *part, *(figures if part[-1] == dated[-1] else ()))


def column_widths(
    sheet: Sheet, columns: Sequence[int], *, room: float, metrics: QFontMetricsF, heads: QFontMetricsF, padding: float
) -> list[float]:
    """Return a width for each column, ``room`` in all: what its texts need, or a share of it where there is less.

    Titles may be cut into lines at their spaces, cells only where the room is short.
    """
    least, wanted = [], []
    for column in columns:
        words = [word for part in header_text(sheet.header[column]).split("\n") for word in part.split(" ")]
        cells = [cell_text(row[column], sheet) for row in sheet.rows]
        longest_word = max((metrics.horizontalAdvance(word) for cell in cells for word in cell.split()), default=0.0)
        head = max(heads.horizontalAdvance(word) for word in words)
        least.append(max(head, longest_word) * SLACK + 2 * padding)
        whole = max((metrics.horizontalAdvance(cell) for cell in cells), default=0.0)
        wanted.append(max(head, whole) * SLACK + 2 * padding)
    spare = room - sum(wanted)
    if spare >= 0:
        # Beside names and remarks the free room does no harm; columns of letters stay narrow.
        wide = [index for index, column in enumerate(columns) if not isinstance(sheet.header[column], datetime)]
        return [width + (spare / len(wide) if index in wide else 0.0) for index, width in enumerate(wanted)]
    if sum(least) >= room:
        return [width * room / sum(least) for width in least]
    extra = _shared(room - sum(least), [most - few for most, few in zip(wanted, least, strict=True)])
    return [width + more for width, more in zip(least, extra, strict=True)]


def _shared(amount: float, wishes: Sequence[float]) -> list[float]:
    """Share an amount so that small wishes are met whole and the large ones get the same: remarks are cut into lines
    before names are."""
    result = [0.0] * len(wishes)
    waiting = sorted(range(len(wishes)), key=lambda index: wishes[index])
    for done, index in enumerate(waiting):
        result[index] = min(wishes[index], amount / (len(waiting) - done))
        amount -= result[index]
    return result
