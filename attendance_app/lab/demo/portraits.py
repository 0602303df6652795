"""A drawn person round a face: head, ears, neck, hair and shirt, as a bust with transparency.

Everything is in the bust's pixels; lengths are given in the face model's pixels times ``SCALE``.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Image
from attendance_app.lab.demo.faces import EYES_Y, HEIGHT, WIDTH

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]

SCALE = 1.6
BUST_WIDTH, BUST_HEIGHT = 288, 384
MIDDLE, EYES = BUST_WIDTH / 2, 158.0
"""Where the middle between the eyes lies in the bust."""
HAIR_COLOURS: tuple[Colour, ...] = (
    (38, 28, 24),
    (62, 42, 30),
    (96, 64, 40),
    (140, 98, 58),
    (186, 148, 92),
    (122, 62, 36),
    (30, 28, 32),
)
DARK_HAIR = (*HAIR_COLOURS[:3], HAIR_COLOURS[-1])
FAIR = 60.0
"""CIE lightness of the skin from which hair may be fair or red."""
COLOUR_KEPT = 0.7
"""Share of a face's differences in colour that stays; random ones look like stains."""
SHIRT_COLOURS: tuple[Colour, ...] = (
    (52, 86, 140),
    (150, 58, 62),
    (70, 118, 92),
    (214, 172, 84),
    (98, 88, 140),
    (70, 76, 86),
    (58, 130, 150),
    (190, 120, 96),
    (225, 226, 230),
)
HAIRCUTS = ("short", "crop", "side", "long", "bob", "curls", "bun", "scarf")


@dataclass(frozen=True, slots=True)
class Look:
    """What is drawn round a face; the same in all pictures of one person. ``grain`` seeds the strands.

    ``skin`` is the skin's CIE lightness; ``length`` and ``jaw`` are those of the head: pixels from the eyes to the
    chin, and how square it is.
    """

    haircut: str
    hair: Colour
    skin: float
    length: float
    jaw: float
    shirt: Colour
    collar: bool
    fringe: float
    parting: float
    grain: int


def random_look(random: np.random.Generator) -> Look:
    """Draw hair and clothes."""
    skin = float(random.uniform(40, 76))
    colours = HAIR_COLOURS if skin > FAIR else DARK_HAIR
    hair = colours[int(random.integers(len(colours)))]
    jitter = random.uniform(0.88, 1.12, 3)
    return Look(
        haircut=HAIRCUTS[int(random.integers(len(HAIRCUTS)))],
        hair=(hair[0] * jitter[0], hair[1] * jitter[0], hair[2] * jitter[0]),
        skin=skin,
        length=float(random.uniform(65, 76)),
        jaw=float(random.uniform(1.9, 3.2)),
        shirt=SHIRT_COLOURS[int(random.integers(len(SHIRT_COLOURS)))],
        collar=bool(random.integers(2)),
        fringe=float(random.uniform(-5, 7)),
        parting=float(random.uniform(-1, 1)),
        grain=int(random.integers(1 << 30)),
    )


def bust(face: Floats, look: Look) -> Image:
    """Return BUST_HEIGHT x BUST_WIDTH x 4, RGB and opacity, with ``face`` (a model's picture) as its face."""
    columns, rows = _coordinates()
    opacity = _face_opacity(columns, rows, look, grow=-5.0, soft=9.0)
    picture = _toned(_placed(face), look.skin)
    skin = _skin_beyond(picture, opacity)
    canvas = np.zeros((BUST_HEIGHT, BUST_WIDTH, 4), np.float32)
    strands = _strands(columns, rows, look)
    # From back to front: each layer covers what is under it.
    if look.haircut in {"long", "bob", "curls", "scarf"}:
        _lay(canvas, _behind(columns, rows, look), strands * 0.72)
    _lay(canvas, _neck(columns, rows), skin * _neck_shade(rows))
    _draw_shirt(canvas, columns, rows, look)
    _lay(canvas, _ears(columns, rows), skin * 0.9)
    rounding = 0.8 + 0.2 * _face_opacity(columns, rows, look, grow=0.0, soft=13.0)
    _lay(canvas, _face_opacity(columns, rows, look, grow=0.0, soft=2.0), skin * rounding[..., None])
    _lay(canvas, opacity, picture)
    _lay(canvas, _hair(columns, rows, look), strands)
    # Layers are laid premultiplied; files want plain colours.
    canvas[..., :3] = np.where(canvas[..., 3:] > 0, canvas[..., :3] / np.maximum(canvas[..., 3:], 1e-3), 0)
    canvas[..., 3] *= 255
    return np.asarray(np.clip(canvas, 0, 255), np.uint8)


def _coordinates() -> tuple[Floats, Floats]:
    """Columns and rows in the model's pixels from the point between the eyes."""
    rows, columns = np.mgrid[0:BUST_HEIGHT, 0:BUST_WIDTH].astype(np.float32)
    return (columns + 0.5 - MIDDLE) / SCALE, (rows + 0.5 - EYES) / SCALE


def _placed(face: Floats) -> Floats:
    matrix = np.array([[SCALE, 0, MIDDLE - SCALE * WIDTH / 2], [0, SCALE, EYES - SCALE * EYES_Y]], np.float64)
    large = cv2.warpAffine(
        face, matrix, (BUST_WIDTH, BUST_HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    # Enlarged pictures are soft; what a blur takes away is added once more.
    crisp = large + 0.7 * (large - cv2.GaussianBlur(large, (0, 0), 2.2))
    assert HEIGHT > EYES_Y
    return np.asarray(np.clip(crisp, 0, 255), np.float32)


def _toned(picture: Floats, skin: float) -> Floats:
    """Draw the colours to those of skin of lightness ``skin``: pictures of the press have every light there is."""
    lab: Floats = np.asarray(cv2.cvtColor(picture / 255, cv2.COLOR_RGB2LAB), np.float32)
    top, bottom = int(EYES + 12 * SCALE), int(EYES + 40 * SCALE)
    left, right = int(MIDDLE - 24 * SCALE), int(MIDDLE + 24 * SCALE)
    light, red, yellow = (float(lab[top:bottom, left:right, channel].mean()) for channel in range(3))
    lab[..., 0] = np.clip(lab[..., 0] * skin / max(light, 1), 0, 97)
    # CIE a and b about 14 and 18; a tenth of the picture's own cast stays, and COLOUR_KEPT of what differs within.
    lab[..., 1] = 14.0 + 0.1 * (red - 14.0) + COLOUR_KEPT * (lab[..., 1] - red)
    lab[..., 2] = 18.0 + 0.1 * (yellow - 18.0) + COLOUR_KEPT * (lab[..., 2] - yellow)
    return np.asarray(np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB) * 255, 0, 255), np.float32)


def _face_opacity(columns: Floats, rows: Floats, look: Look, *, grow: float, soft: float) -> Floats:
    """Opacity of the head; ``grow`` moves its outline, ``soft`` is how far inward it fades."""
    below = np.clip(rows / (look.length + grow), 0, 1)
    above = np.clip(-rows / (64.0 + grow), 0, 1)
    width = np.where(rows > 0, (1 - below**look.jaw) ** 0.55, np.sqrt(1 - above**2.2)) * (47.0 + grow)
    mask = (np.abs(columns) < width).astype(np.uint8)
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5) / SCALE
    return np.asarray(np.clip(inside / soft, 0, 1), np.float32)


def _skin_beyond(picture: Floats, opacity: Floats) -> Floats:
    """The face's colours continued beyond it, ever smoother; in a quarter of the size, as nothing in it is sharp."""
    weight = (opacity > 0.9).astype(np.float32)
    small = (BUST_WIDTH // 4, BUST_HEIGHT // 4)
    colours = np.asarray(cv2.resize(picture * weight[..., None], small, interpolation=cv2.INTER_AREA), np.float32)
    weight = np.asarray(cv2.resize(weight, small, interpolation=cv2.INTER_AREA), np.float32)
    total, share = np.zeros_like(colours), np.zeros_like(weight)
    for sigma, strength in ((8.0, 0.087), (24.0, 0.048), (70.0, 0.023)):
        total += strength * cv2.GaussianBlur(colours, (0, 0), sigma / 4)
        share += strength * cv2.GaussianBlur(weight, (0, 0), sigma / 4)
    skin = total / np.maximum(share, 1e-5)[..., None]
    return np.asarray(cv2.resize(skin, (BUST_WIDTH, BUST_HEIGHT), interpolation=cv2.INTER_LINEAR), np.float32)


def _soft(field: Floats, softness: float) -> Floats:
    """Opacity of the region where ``field`` is positive (in pixels of distance, roughly)."""
    return np.asarray(np.clip(field / softness + 0.5, 0, 1), np.float32)


def _ellipse(columns: Floats, rows: NDArray[np.floating], *, x: float, y: float, a: float, b: float) -> Floats:
    """Positive inside, in pixels or so."""
    radius = np.hypot((columns - x) / a, (rows - y) / b)
    return np.asarray((1 - radius) * min(a, b), np.float32)


def _ears(columns: Floats, rows: Floats) -> Floats:
    both = np.maximum(_ellipse(columns, rows, x=-47, y=12, a=7, b=15), _ellipse(columns, rows, x=47, y=12, a=7, b=15))
    return _soft(both, 1.5)


def _neck(columns: Floats, rows: Floats) -> Floats:
    width = 27 + np.clip(rows - 70, 0, 60) ** 1.4 * 0.05
    return _soft(np.where((rows > 30), width - np.abs(columns), -9).astype(np.float32), 2)


def _neck_shade(rows: Floats) -> Floats:
    return np.asarray(0.66 + 0.24 * np.clip((rows - 62) / 40, 0, 1), np.float32)[..., None]


def _draw_shirt(canvas: Floats, columns: Floats, rows: Floats, look: Look) -> None:
    shoulders = 82 + 0.0075 * columns**2 + np.where(np.abs(columns) > 62, 0.03 * (np.abs(columns) - 62) ** 2, 0)
    neckline = _ellipse(columns, rows, x=0, y=78, a=27, b=25 if look.collar else 17)
    cloth = np.minimum(rows - shoulders, -neckline).astype(np.float32)
    fold = 1 + 0.05 * np.sin(columns / 9 + 3 * look.parting) * np.clip((rows - 100) / 30, 0, 1)
    shade = ((1.02 - 0.0028 * np.abs(columns) - 0.0012 * (rows - 90)) * fold)[..., None]
    shirt = np.array(look.shirt, np.float32)
    _lay(canvas, _soft(cloth, 1.5), shade * shirt)
    rim = np.minimum(3.0 - np.abs(neckline + 3.0), rows - shoulders + 3).astype(np.float32)
    _lay(canvas, _soft(rim, 1.5), shade * shirt * (1.18 if sum(look.shirt) < 480 else 0.86))


def _strands(columns: Floats, rows: Floats, look: Look) -> Floats:
    """Hair's colours: thin strands that run from the crown, lighter in a band where light falls."""
    # A generator of the person's own, so that the hair is the same in every picture.
    random = np.random.default_rng(look.grain)
    crown_x = 14 * look.parting
    angle = np.arctan2(columns - crown_x, rows + 78)
    radius = np.hypot(columns - crown_x, rows + 78)
    wave = 0.05 * np.sin(radius / 9 + 4 * look.parting)
    fine = cv2.GaussianBlur(random.standard_normal((40, 720)).astype(np.float32), (0, 0), sigmaX=1.2, sigmaY=5)
    fine = fine / fine.std()
    across = ((angle + wave) / (2 * np.pi) + 0.5) * 719
    noise = cv2.remap(
        fine,
        across.astype(np.float32),
        (radius / 5).astype(np.float32) % 39,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    if look.haircut == "curls":
        noise = cv2.GaussianBlur(random.standard_normal(columns.shape).astype(np.float32), (0, 0), 3.2)
        noise = 1.3 * noise / noise.std()
    glow = np.exp(-(((radius - 34) / 16) ** 2))
    if look.haircut == "scarf":
        colour = np.array(look.shirt, np.float32) * 0.9
        return np.asarray((0.95 + 0.1 * glow + 0.05 * np.sin(radius / 5 + 2 * angle))[..., None] * colour, np.float32)
    tone = 0.86 + 0.14 * noise + 0.34 * glow
    return np.asarray(np.clip(tone, 0.4, 1.7)[..., None] * np.array(look.hair, np.float32), np.float32)


def _rough(columns: Floats, rows: Floats, look: Look) -> Floats:
    """A small uneven shift for outlines, in pixels."""
    angle = np.arctan2(columns, rows + 20)
    if look.haircut == "scarf":
        return np.zeros_like(columns)
    waves = 0.45 * np.sin(13 * angle + look.grain % 7) + 0.35 * np.sin(29 * angle + look.grain % 11)
    if look.haircut == "curls":
        waves = 2.2 * np.abs(np.sin(9 * angle + look.grain % 5)) + waves
    return np.asarray(waves, np.float32)


def _hair(columns: Floats, rows: Floats, look: Look) -> Floats:
    """In front: from the crown to the hairline."""
    rough = _rough(columns, rows, look)
    thick = {"crop": 3.5, "curls": 13.0, "bun": 5.0, "scarf": 7.0}.get(look.haircut, 8.0)
    skull = _ellipse(columns, rows, x=0, y=-4, a=47.5 + thick, b=62.0 + thick) + rough
    side = columns * np.sign(look.parting + 1e-6)
    line = {"crop": 2.0, "scarf": 0.0, "bun": 3.0}.get(look.haircut, look.fringe)
    sweep = 0.0 if look.haircut in {"scarf", "bun"} else 0.16 * side * abs(look.parting)
    if look.haircut in {"side", "bob"}:
        sweep = 0.26 * side
    opening_width = 45.0 if look.haircut in {"short", "crop", "side", "bun"} else 42.5
    open_rows = rows - sweep - line
    opening = _ellipse(columns, open_rows, x=0, y=22, a=opening_width, b=66 if look.haircut == "scarf" else 60)
    lowest = {"short": 8, "crop": 4, "side": 10, "bun": 6, "curls": 34, "bob": 62, "long": 110, "scarf": 86}
    outer = np.where(rows > -4, 47.5 + thick - np.abs(columns) + rough - 0.04 * np.clip(rows, 0, None), skull)
    if look.haircut in {"short", "crop", "side", "bun"}:
        outer = np.where(rows > -4, 49.5 - np.abs(columns) + 0.4 * rough, skull)
    end = lowest[look.haircut] - rows + 2 * rough
    mask = _soft(np.minimum(np.minimum(outer, -opening - 0.5 * rough), end).astype(np.float32), 3.0)
    if look.haircut == "bun":
        knot = _ellipse(columns, rows, x=0, y=-74, a=20, b=17) + 0.6 * rough
        mask = np.maximum(mask, _soft(knot, 2.5))
    return mask


def _behind(columns: Floats, rows: Floats, look: Look) -> Floats:
    """What falls behind neck and ears."""
    rough = _rough(columns, rows, look)
    lowest = {"long": 116.0, "bob": 66.0, "curls": 58.0, "scarf": 112.0}[look.haircut]
    width = {"long": 54.0, "bob": 55.0, "curls": 60.0, "scarf": 54.0}[look.haircut]
    spread = width + 0.06 * np.clip(rows, 0, None) - np.abs(columns)
    return _soft(np.minimum(np.minimum(spread, lowest - rows), rows + 20).astype(np.float32) + rough, 3.0)


def _lay(canvas: Floats, opacity: Floats, colours: NDArray[np.floating]) -> None:
    """Put colours on top, premultiplied."""
    cover = opacity[..., None]
    canvas[..., :3] = canvas[..., :3] * (1 - cover) + colours * cover
    canvas[..., 3:] = canvas[..., 3:] * (1 - cover) + cover
