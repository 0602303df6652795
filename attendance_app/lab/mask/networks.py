"""Our mask network: the first eleven blocks of EfficientNet-lite0 and a small head with weights for each place."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import keras

SIDE = 96
"""Input: n x SIDE x SIDE x 3, RGB from 0 to 255."""
STEM = 32
EPSILON = 1e-3
"""Of batch normalisation, as in the starting weights."""


@dataclass(frozen=True, slots=True)
class Block:
    """An inverted residual block (Sandler et al. 2018): widen, filter each channel, narrow."""

    kernel: int
    stride: int
    widen: int
    channels: int


BLOCKS = (
    Block(kernel=3, stride=1, widen=1, channels=16),
    Block(kernel=3, stride=2, widen=6, channels=24),
    Block(kernel=3, stride=1, widen=6, channels=24),
    Block(kernel=5, stride=2, widen=6, channels=40),
    Block(kernel=5, stride=1, widen=6, channels=40),
    Block(kernel=3, stride=2, widen=6, channels=80),
    Block(kernel=3, stride=1, widen=6, channels=80),
    Block(kernel=3, stride=1, widen=6, channels=80),
    Block(kernel=5, stride=1, widen=6, channels=112),
    Block(kernel=5, stride=1, widen=6, channels=112),
    Block(kernel=5, stride=1, widen=6, channels=112),
)
"""Tan & Le's EfficientNet-lite0 up to stride 16: what follows has most weights and sees too coarsely for a nose."""


def mask_network(*, dropout: float, side: int = SIDE, blocks: int = len(BLOCKS)) -> "keras.Model":
    """Build the network with random weights; its output are logits in the order of ``MASK_CLASSES``.

    The head filters every channel over the whole map with weights of its own a place (a global depthwise
    convolution, Chen et al. 2018) instead of averaging: a mask on the chin is not a mask on the nose.
    """
    import keras

    layers = keras.layers
    pictures = keras.Input((side, side, 3), name="faces")
    # (pixel - 127) / 128, as the starting weights were trained.
    x = layers.Rescaling(1 / 128, offset=-127 / 128, name="scale")(pictures)
    x = layers.Conv2D(STEM, 3, strides=2, padding="same", use_bias=False, name="stem")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name="stem_norm")(x)
    # The lite networks have ReLU6 where EfficientNet has swish, so that they can run in 8-bit numbers.
    x = layers.ReLU(6, name="stem_relu")(x)
    for index, block in enumerate(BLOCKS[:blocks]):
        x = _inverted_residual(x, block, f"block{index}")
    x = layers.Conv2D(256, 1, use_bias=False, name="head")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name="head_norm")(x)
    x = layers.ReLU(6, name="head_relu")(x)
    # As large as the map, so that one number a channel is left.
    x = layers.DepthwiseConv2D(x.shape[1], use_bias=False, name="place")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name="place_norm")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return keras.Model(pictures, layers.Dense(3, name="logits")(x), name="mask")


def _inverted_residual(x: Any, block: Block, name: str) -> Any:
    import keras

    layers = keras.layers
    entered = x
    if block.widen > 1:
        x = layers.Conv2D(block.widen * entered.shape[-1], 1, use_bias=False, name=f"{name}_widen")(x)
        x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_widen_norm")(x)
        x = layers.ReLU(6, name=f"{name}_widen_relu")(x)
    x = layers.DepthwiseConv2D(
        block.kernel, strides=block.stride, padding="same", use_bias=False, name=f"{name}_filter"
    )(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_filter_norm")(x)
    x = layers.ReLU(6, name=f"{name}_filter_relu")(x)
    x = layers.Conv2D(block.channels, 1, use_bias=False, name=f"{name}_narrow")(x)
    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_narrow_norm")(x)
    # Only where the block changes neither size nor channels: otherwise the two can't be added.
    if block.stride == 1 and block.channels == entered.shape[-1]:
        x = layers.Add(name=f"{name}_add")([entered, x])
    return x


def load_starting_weights(network: "keras.Model", weights: dict[str, NDArray[np.float32]]) -> None:
    """Copy the stem and the blocks from PyTorch's names and layouts; the head stays random."""
    _copy_convolution(network, weights, "stem", "_conv_stem", "_bn0")
    for index, block in enumerate(BLOCKS):
        source = f"_blocks.{index}"
        if not _has(network, f"block{index}_filter"):
            break
        # The source numbers its normalisations from 0 where a block widens and from 1 where it does not.
        if block.widen > 1:
            _copy_convolution(network, weights, f"block{index}_widen", f"{source}._expand_conv", f"{source}._bn0")
        _copy_convolution(network, weights, f"block{index}_filter", f"{source}._depthwise_conv", f"{source}._bn1")
        _copy_convolution(network, weights, f"block{index}_narrow", f"{source}._project_conv", f"{source}._bn2")


def _has(network: "keras.Model", name: str) -> bool:
    return any(layer.name == name for layer in network.layers)


def _copy_convolution(
    network: "keras.Model", weights: dict[str, NDArray[np.float32]], layer: str, convolution: str, norm: str
) -> None:
    kernel = weights[f"{convolution}.weight"]
    # PyTorch: out, in, row, column; Keras: row, column, in, out, and row, column, channel, 1 for depthwise ones.
    order = (2, 3, 0, 1) if layer.endswith("_filter") else (2, 3, 1, 0)
    network.get_layer(layer).set_weights([kernel.transpose(order)])
    network.get_layer(f"{layer}_norm").set_weights(
        [weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
    )
