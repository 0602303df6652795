"""What masks are made of: colours, pleats and patterns, drawn at random."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Colour = tuple[float, float, float]


class Cut(Enum):
    """Kinds of masks."""

    SURGICAL = "surgical"
    CLOTH = "cloth"
    SHELL = "shell"
    """A stiff half shell, as N95 and FFP2 masks are."""


class Pattern(Enum):
    """What is printed on a cloth."""

    PLAIN = "plain"
    STRIPES = "stripes"
    CHECKS = "checks"
    DOTS = "dots"
    BLOTCHES = "blotches"


SURGICAL_COLOURS: tuple[Colour, ...] = (
    (158, 196, 218),
    (172, 208, 224),
    (128, 180, 205),
    (222, 226, 228),
    (150, 205, 190),
    (40, 42, 46),
    (225, 190, 202),
)
SHELL_COLOURS: tuple[Colour, ...] = ((228, 228, 224), (216, 218, 220), (48, 48, 52), (205, 212, 218))


@dataclass(frozen=True, slots=True)
class Cloth:
    """A mask's material. Lengths in millimetres, ``angle`` in radians, colours RGB 0 to 255."""

    cut: Cut
    colour: Colour
    second: Colour
    strap: Colour
    pattern: Pattern
    period: float
    angle: float
    phase: float
    pleats: float
    weave: float

    def colours(self, x: Floats, y: Floats, inside: Floats, *, light: Floats) -> Floats:
        """Colours (h, w, 3) at places ``x``, ``y`` from the middle of the upper edge, ``inside`` from any edge."""
        share = self._printed(x, y)[..., np.newaxis]
        flat = np.asarray(self.colour) * (1 - share) + np.asarray(self.second) * share
        shade = light * self._relief(x, y) * (1 - 0.12 * np.exp(-np.maximum(inside, 0) / 2.5))
        colours: Floats = flat * shade[..., np.newaxis]
        return colours

    def _relief(self, x: Floats, y: Floats) -> Floats:
        """Brightness by form: round to the sides and below, pleats, a seam, the weave."""
        form = 1.05 - 0.22 * np.minimum(np.abs(x) / 62, 1.3) ** 2 - 0.18 * np.clip((y - 45) / 50, 0, 1.3) ** 2
        fold: Floats = form
        if self.cut is Cut.SURGICAL:
            # A pleat every 14 millimetres, bent a little towards the sides.
            wave = (y + 3 * np.cos(x / 40) + self.phase) / 14
            fold = fold * (1 - self.pleats * np.exp(-(((wave % 1.0) - 0.5) ** 2) / 0.012))
            fold = fold * (1 - 0.10 * np.exp(-((y - 6) ** 2) / 3) * (np.abs(x) < 40))
        else:
            fold = fold * (1 - 0.8 * self.pleats * np.exp(-(x**2) / 3) + 0.06 * np.exp(-((np.abs(x) - 8) ** 2) / 60))
        wrinkles = np.sin(x / 9 + 2 * np.sin(y / 17 + self.phase)) * np.sin(y / 13 + self.phase)
        return np.asarray(fold * (1 + self.weave * wrinkles))

    def _printed(self, x: Floats, y: Floats) -> Floats:
        """Share of the second colour, 0 to 1."""
        along = (x * np.cos(self.angle) + y * np.sin(self.angle)) * 2 * np.pi / self.period + self.phase
        across = (y * np.cos(self.angle) - x * np.sin(self.angle)) * 2 * np.pi / self.period
        if self.pattern is Pattern.STRIPES:
            return np.asarray(np.clip(0.5 + 2 * np.sin(along), 0, 1))
        if self.pattern is Pattern.CHECKS:
            return np.asarray(np.clip(0.5 + np.sin(along), 0, 1) + np.clip(0.5 + np.sin(across), 0, 1)) / 2
        if self.pattern is Pattern.DOTS:
            return np.asarray(np.clip(3 * (np.cos(along) + np.cos(across)) - 3.2, 0, 1))
        if self.pattern is Pattern.BLOTCHES:
            blur = np.sin(along + 1.7 * np.sin(across * 0.6)) + np.sin(across * 1.3 + 1.9 * np.sin(along * 0.7))
            return np.asarray(np.clip(0.5 + 1.5 * blur, 0, 1))
        return np.zeros_like(x)


def random_cloth(random: Generator) -> Cloth:
    """A mask: half of them surgical, a third of cloth, the rest stiff shells."""
    cut = (Cut.SURGICAL, Cut.CLOTH, Cut.SHELL)[int(random.choice(3, p=[0.5, 0.33, 0.17]))]
    pattern = Pattern.PLAIN
    if cut is Cut.CLOTH:
        colour, second = _any_colour(random), _any_colour(random)
        pattern = list(Pattern)[int(random.choice(5, p=[0.5, 0.13, 0.1, 0.12, 0.15]))]
    else:
        known = SURGICAL_COLOURS if cut is Cut.SURGICAL else SHELL_COLOURS
        # Pale masks are three times as likely as black ones.
        shares = np.array([3.0 if sum(one) > 300 else 1.0 for one in known])
        colour = second = known[int(random.choice(len(known), p=shares / shares.sum()))]
    white = (215.0, 215.0, 215.0)
    return Cloth(
        cut=cut,
        colour=_varied(colour, random),
        second=second,
        strap=white if cut is not Cut.CLOTH or random.random() < 0.3 else colour,
        pattern=pattern,
        period=float(random.uniform(7, 26)),
        angle=float(random.uniform(0, np.pi)),
        phase=float(random.uniform(0, 14)),
        pleats=float(random.uniform(0.06, 0.28)),
        weave=float(random.uniform(0.01, 0.08)),
    )


def _any_colour(random: Generator) -> Colour:
    """Black, grey, white or anything, more often dull than bright."""
    level, tint = random.uniform(25, 225), random.normal(0, 38, 3)
    if random.random() < 0.4:
        tint *= 0.1
    red, green, blue = np.clip(level + tint, 8, 245).tolist()
    return float(red), float(green), float(blue)


def _varied(colour: Colour, random: Generator) -> Colour:
    red, green, blue = np.clip(np.asarray(colour) * random.uniform(0.88, 1.08, 3), 5, 250).tolist()
    return float(red), float(green), float(blue)
