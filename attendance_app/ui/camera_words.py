"""What a camera gives, in the user's language."""

from attendance_app.ui.i18n import tr
from attendance_app.vision.source_protocol import PictureMode


def picture_words(mode: PictureMode) -> str:
    """Return size and rate, as "1920 × 1080, 30 pictures a second"; the size alone while no rate is known."""
    if mode.rate is None:
        return f"{mode.width} × {mode.height}"
    words = tr("{width} × {height}, {rate} pictures a second")
    return words.format(width=mode.width, height=mode.height, rate=round(mode.rate))
