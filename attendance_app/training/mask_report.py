"""The mask report's recipe, as published: network, optimiser, schedule."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Image

if TYPE_CHECKING:
    import keras

SIDE = 128
"""Pictures are squashed to SIDE x SIDE pixels, whatever their shape: the recipe does so."""
BATCH = 32
DROPOUT = 0.5
"""The report names neither; both are the usual choice."""


def report_network() -> "keras.Model":
    """Conv 32, pool, Conv 64, pool, Dense 128, dropout, Dense 64, dropout, softmax over ``MASK_CLASSES``.

    Input: n x 128 x 128 x 3, RGB from 0 to 255; the division by 255 is inside.
    """
    import keras

    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3), name="picture"),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(DROPOUT),
            layers.Dense(64, activation="relu"),
            layers.Dropout(DROPOUT),
            layers.Dense(3, activation="softmax", name="probabilities"),
        ],
        name="mask_report",
    )
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return network


def report_schedule() -> list["keras.callbacks.Callback"]:
    """Halve the rate after 3 epochs without progress, stop after 5."""
    import keras

    return [
        keras.callbacks.ReduceLROnPlateau(monitor="val_accuracy", factor=0.5, patience=3, min_lr=1e-5),
        keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=5),
    ]


def squashed(image: Image) -> Image:
    """The picture at SIDE x SIDE, its shape not kept."""
    import cv2

    resized: Any = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def read_squashed(files: tuple[Path, ...]) -> NDArray[np.uint8]:
    """All pictures, n x 128 x 128 x 3. Raises KnownError naming the first file that is no picture."""
    return np.stack([squashed(read_picture(path)) for path in files])


def read_picture(path: Path) -> Image:
    """One picture file as RGB, whatever its mode: grey and transparent ones too."""
    from PIL import Image as Pillow
    from PIL import ImageOps, UnidentifiedImageError

    try:
        with Pillow.open(path) as opened:
            return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    except (OSError, UnidentifiedImageError, ValueError, Pillow.DecompressionBombError) as error:
        raise KnownError(
            "{file} can't be read as a picture.",
            remedy="Remove it or replace it with a JPEG or PNG file.",
            file=str(path),
        ) from error
