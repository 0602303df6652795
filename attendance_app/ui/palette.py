"""The colours of both themes, and how contrast is computed. No Qt here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme as ``#rrggbb``. Text colours stand on ``window``, ``surface`` and ``raised`` alike."""

    dark: bool
    window: str
    """Behind everything, and the navigation."""
    surface: str
    """Cards, tables, fields."""
    raised: str
    """Hovered and alternate rows, tiles."""
    text: str
    text_quiet: str
    border: str
    border_strong: str
    """Edges of fields and buttons: 3:1 against their surroundings."""
    accent: str
    on_accent: str
    accent_soft: str
    """Background of what is selected; ``text`` stands on it."""
    present: str
    late: str
    absent: str
    excused: str
    review: str
    danger: str
    on_danger: str
    warning_soft: str
    danger_soft: str


LIGHT = Palette(
    dark=False,
    window="#f5f6f8",
    surface="#ffffff",
    raised="#eceff3",
    text="#1a1f26",
    text_quiet="#525c68",
    border="#d9dee5",
    border_strong="#7e8895",
    accent="#2857c4",
    on_accent="#ffffff",
    accent_soft="#dde6fb",
    present="#166f3a",
    late="#8a5300",
    absent="#b3261e",
    excused="#6a3fb5",
    review="#a02a6e",
    danger="#b3261e",
    on_danger="#ffffff",
    warning_soft="#fdf0d5",
    danger_soft="#fbe4e2",
)

DARK = Palette(
    dark=True,
    window="#14171b",
    surface="#1b1f24",
    raised="#262b32",
    text="#e9ecf0",
    text_quiet="#a9b3bf",
    border="#343b44",
    border_strong="#7b8693",
    accent="#8ab0ff",
    on_accent="#0c1a36",
    accent_soft="#2a3a5e",
    present="#5fce93",
    late="#ecb64b",
    absent="#ff9c94",
    excused="#c9aeff",
    review="#f99bcd",
    danger="#ff9c94",
    on_danger="#3a0b08",
    warning_soft="#3d3018",
    danger_soft="#43211f",
)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    # sRGB's curve and the weights of red, green and blue, as WCAG states them.
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
