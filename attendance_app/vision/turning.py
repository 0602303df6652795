"""Quarter turns of a picture."""

import numpy as np

from attendance_app.domain.faces import Image


def quarter_turns(image: Image, degrees: int) -> Image:
    """Turn a picture clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(image, -degrees // 90))
