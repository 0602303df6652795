"""How the laboratory's pages and plots speak: their texts and their numbers in English or Spanish."""

from dataclasses import dataclass

from attendance_app.words.catalogue import WINDOW, Catalogue, catalogue_of, looked_up


@dataclass(frozen=True, slots=True)
class Wording:
    """One language. ``language`` is ``en`` or ``es``."""

    language: str
    catalogue: Catalogue

    def tr(self, text: str, comment: str = "", n: int = -1) -> str:
        """Return a text in this language; ``%n`` becomes ``n``, which chooses singular or plural."""
        return looked_up(self.catalogue, WINDOW, text, comment, n)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return 2,994 or, in Spanish, 2994 and 12.345."""
        written = f"{value:,.{decimals}f}"
        if self.language != "es":
            return written
        # Spanish groups digits from five on (CLDR).
        if abs(value) < 10_000:
            written = written.replace(",", "")
        return written.translate(str.maketrans(",.", ".,"))

    def percent(self, share: float, decimals: int = 0) -> str:
        """Return 0.98 as 98 %, with a space that doesn't break."""
        return f"{self.number(100 * share, decimals)}\N{NO-BREAK SPACE}%"


def wording(language: str) -> Wording:
    """Return how to speak ``en`` or ``es``."""
    return Wording(language, catalogue_of(language))


ENGLISH = wording("en")
"""Of the commands, and of the plots beside a card."""


def spoken(label: str) -> str:
    """Return a class's name as a person would write it."""
    return label.replace("_", " ")
