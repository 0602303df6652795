"""One bar for the whole exploration: reading, comparing and drawing, each by what it costs.

In units of one picture read, measured on 1,441 and 8,982 pictures: comparing each with each in all its forms costs
about n * n / 1200, drawing the plots as much as some hundred pictures, however many there are.
"""

from collections.abc import Callable

Progress = Callable[[int, int], None]

PARTS = 100
"""The bar is told of in hundredths; work that may be stopped is told of more often than that."""
COMPARING = 1 / 1200
DRAWING = 1000


class StageReporter:
    """Hands each stage a ``Progress`` of its own, and tells the whole bar, which only ever moves on."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._furthest = 0

    def reading(self, done: int, total: int) -> None:
        """So many pictures of so many are read."""
        self._tell(done, total)

    def comparing(self, pictures: int) -> Progress:
        """For the forms in which ``pictures`` are compared."""
        return lambda done, forms: self._tell(pictures + pictures**2 * COMPARING * done / forms, pictures)

    def drawing(self, pictures: int) -> Progress:
        """For the plots."""
        before = pictures + pictures**2 * COMPARING
        return lambda done, plots: self._tell(before + DRAWING * done / plots, pictures)

    def _tell(self, done: float, pictures: int) -> None:
        whole = pictures + pictures**2 * COMPARING + DRAWING
        self._furthest = max(self._furthest, int(PARTS * done / whole))
        self._report(self._furthest, PARTS)
