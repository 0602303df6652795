"""One progress bar for the whole exploration: reading, comparing and drawing, each by what it costs.

In units of one picture read, measured on 1,441 and 8,982 pictures: comparing each with each in all its forms costs
about n * n / 1200, drawing the plots as much as some hundred pictures, however many there are.
"""

from collections.abc import Callable

Progress = Callable[[int, int], None]

PARTS = 100
"""Progress is reported in hundredths, more often than they change: a report is also where the work may be stopped."""
COMPARING = 1 / 1200
DRAWING = 1000


class StageReporter:
    """Gives each stage a ``Progress`` of its own and reports the whole, which never goes back."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._furthest = 0

    def reading(self, done: int, total: int) -> None:
        """Report that ``done`` of ``total`` pictures are read."""
        self._tell(done, total)

    def comparing(self, pictures: int) -> Progress:
        """Return the progress of the comparison: so many of the forms in which each picture is compared."""
        return lambda done, forms: self._tell(pictures + pictures**2 * COMPARING * done / forms, pictures)

    def drawing(self, pictures: int) -> Progress:
        """Return the progress of the plots."""
        before = pictures + pictures**2 * COMPARING
        return lambda done, plots: self._tell(before + DRAWING * done / plots, pictures)

    def _tell(self, done: float, pictures: int) -> None:
        whole = pictures + pictures**2 * COMPARING + DRAWING
        self._furthest = max(self._furthest, int(PARTS * done / whole))
        self._report(self._furthest, PARTS)
