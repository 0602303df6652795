"""Quarter turns of a picture."""

import numpy as np

from attendance_app.domain.faces import Image


def quarter_turns(image: Image, degrees: int) -> Image:
    """Turn a picture (height, width, channels) clockwise by 0, 90, 180 or 270 degrees; the result is contiguous."""
    # NumPy turns anticlockwise, and only changes the strides: dlib's ``get_face_chip`` refuses such an array.
    return np.ascontiguousarray(np.rot90(image, -degrees // 90))
