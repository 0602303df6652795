"""Keras to ONNX: the same numbers, whatever the layers."""

from pathlib import Path

import keras
import numpy as np
import onnx
import pytest

from attendance_app.lab import export

layers = keras.layers


def _mobile() -> keras.Model:
    start = keras.Input((17, 15, 3))
    x = layers.Rescaling(1 / 64, offset=-2)(start)
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.PReLU(shared_axes=[1, 2])(layers.BatchNormalization()(x))
    y = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.Add()([x, layers.Conv2D(8, 1, activation="relu")(y)])
    x = layers.ZeroPadding2D(((0, 1), (1, 0)))(layers.AveragePooling2D(2)(x))
    flat = layers.Dropout(0.5)(layers.Flatten()(x))
    both = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), flat])
    return keras.Model(start, layers.Dense(4, activation="softmax")(both))


def _report() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((21, 18, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(),
            layers.Conv2D(4, 3),
            layers.ReLU(6),
            layers.Flatten(),
            layers.Dense(5, activation="sigmoid"),
        ]
    )


def _shaken(model: keras.Model) -> keras.Model:
    """Give every weight a value of its own, so that a mixed-up axis shows."""
    random = np.random.default_rng(0)
    model.set_weights([random.uniform(0.05, 0.6, weight.shape) for weight in model.get_weights()])
    return model


@pytest.mark.parametrize("build", [_mobile, _report])
def test_the_exported_network_gives_the_same_numbers(build, tmp_path: Path) -> None:
    model = _shaken(build())
    samples = np.random.default_rng(1).uniform(0, 4, (3, *model.inputs[0].shape[1:])).astype(np.float32)

    difference = export.export(model, tmp_path / "network.onnx", samples=samples)

    assert difference < 1e-4


def test_a_difference_is_an_error_and_leaves_no_file(tmp_path: Path) -> None:
    samples = np.ones((1, 21, 18, 1), np.float32)

    with pytest.raises(RuntimeError, match="differs"):
        export.export(_shaken(_report()), tmp_path / "network.onnx", samples=samples, tolerance=-1)

    assert not (tmp_path / "network.onnx").exists()


def test_a_layer_that_is_not_known_is_refused() -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2DTranspose(2, 3)])

    with pytest.raises(NotImplementedError, match="Conv2DTranspose"):
        export.to_onnx(model)


def test_metadata_is_added_to_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    samples = np.ones((1, 21, 18, 1), np.float32)
    export.export(_report(), path, samples=samples, metadata={"classes": "a\nb"})

    export.add_metadata(path, {"seen_people": "x"})

    assert {prop.key: prop.value for prop in onnx.load(path).metadata_props} == {"classes": "a\nb", "seen_people": "x"}
