"""The mask report's recipe: network, optimiser, schedule."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

SIDE = 128
"""Pictures are squashed to SIDE x SIDE pixels, whatever their shape: the recipe does so."""
BATCH = 32
DROPOUT = 0.5
STOP_MONITOR = "val_loss"
"""The report names none of the three; batch and monitor are Keras's own, the dropout is the usual one."""
# The report's confusion matrix has 2,695 of the 8,982 pictures.
TEST_SHARE = 0.3
VALIDATION_SHARE = 0.3
"""Of the training part, as the report has it (``validation_split``)."""


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
        keras.callbacks.EarlyStopping(monitor=STOP_MONITOR, patience=5),
    ]
