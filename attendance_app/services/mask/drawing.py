"""Draws what was seen of masks in a photo, for a file: its boxes, and what the network saw with its answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final, TypeAlias

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from attendance_app.domain.faces import Box, Image

LONGEST_SIDE: Final = 960
"""Of the photo in the drawing, in pixels."""
PANEL: Final = 256
"""Side of a picture of what the network saw; small ones are enlarged."""
GAP: Final = 16
TEXT: Final = 16
"""Height of a line's letters in pixels."""
LINE: Final = 22
BLUE: Final = (0, 114, 178)
_Font: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont"


@dataclass(frozen=True, slots=True)
class BoxLabel:
    """A face in the photo's pixels, and what is written at it."""

    box: Box
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A picture as the network saw it (RGB), with lines of text below; the first is its heading."""

    picture: Image
    lines: Sequence[str]


def drawn(photo: Image, faces: Sequence[BoxLabel], panels: Sequence[Panel]) -> bytes:
    """Return a PNG of the photo (RGB) with its boxes, and below it the panels side by side."""
    font = ImageFont.load_default(TEXT)
    shown = _with_boxes(photo, faces, font)
    strip = _strip(panels, font) if panels else None
    width = max(shown.width, strip.width if strip else 0)
    height = shown.height + (strip.height if strip else 0)
    whole = Pillow.new("RGB", (width, height), "white")
    whole.paste(shown, (0, 0))
    if strip is not None:
        whole.paste(strip, (0, shown.height))
    data = BytesIO()
    whole.save(data, "PNG")
    return data.getvalue()


def _with_boxes(photo: Image, faces: Sequence[BoxLabel], font: _Font) -> Pillow.Image:
    height, width = photo.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    picture = Pillow.fromarray(np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8))
    pen = ImageDraw.Draw(picture)
    for face in faces:
        box = face.box
        left, top, right, bottom = (round(edge * scale) for edge in (box.left, box.top, box.right, box.bottom))
        pen.rectangle((left, top, max(left, right), max(top, bottom)), outline=BLUE, width=3)
        if face.words:
            pen.rectangle((left, top, left + pen.textlength(face.words, font) + 8, top + LINE), fill=BLUE)
            pen.text((left + 4, top + 2), face.words, font=font, fill="white")
    return picture


def _strip(panels: Sequence[Panel], font: _Font) -> Pillow.Image:
    lines = max(len(panel.lines) for panel in panels)
    ruler = ImageDraw.Draw(Pillow.new("RGB", (1, 1)))
    widths = [max(PANEL, *(int(ruler.textlength(line, font)) + 1 for line in panel.lines)) for panel in panels]
    strip = Pillow.new("RGB", (sum(widths) + GAP * (len(panels) + 1), PANEL + lines * LINE + 3 * GAP), "white")
    pen, left = ImageDraw.Draw(strip), GAP
    for panel, width in zip(panels, widths, strict=True):
        strip.paste(Pillow.fromarray(panel.picture).resize((PANEL, PANEL), Pillow.Resampling.BICUBIC), (left, GAP))
        for number, line in enumerate(panel.lines):
            pen.text((left, PANEL + 2 * GAP + number * LINE), line, font=font, fill="black")
        left += width + GAP
    return strip
