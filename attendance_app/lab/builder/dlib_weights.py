"""Reads networks in dlib's own file format (``serialize``), without dlib and without a compiler.

A file holds the loss layer, then the version numbers of all layers from the last to the first, then the input layer,
then the layers from the first to the last. Tensors are stored as little-endian float32, numbers as one byte of length
and sign followed by that many bytes, floats as mantissa and exponent of two.
Format: dlib/serialize.h, dlib/cuda/tensor.h, dlib/dnn/{core,layers,input,loss}.h of dlib 20 (Boost Software License).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.errors import ModelFileError
from attendance_app.networks.errors import DlibFileUnknown

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Convolution:
    """``weights`` (out, in, rows, columns), ``bias`` (out,); stride and padding as (y, x)."""

    weights: Floats
    bias: Floats
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Affine:
    """x * scale + shift, one number a channel."""

    scale: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class Relu:
    """max(x, 0)."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Largest or mean value of a window; a window of 0 x 0 is the whole picture."""

    largest: bool
    window: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]


@dataclass(frozen=True, slots=True)
class AddPrevious:
    """Adds the tagged layer; the smaller of the two is zero-padded at the end of every axis."""


@dataclass(frozen=True, slots=True)
class FullyConnected:
    """x @ weights; ``weights`` (in, out), no bias."""

    weights: Floats


Layer: TypeAlias = Convolution | Affine | Relu | Pool | AddPrevious | FullyConnected


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """What dlib's max-margin loss keeps beside a network: window in pixels, overlap above which boxes are one face."""

    window: tuple[int, int]
    nms_iou: float
    nms_covered: float


@dataclass(frozen=True, slots=True)
class DlibNetwork:
    """Layers from the first to the last. The input is (pixel - means) / 256, channels in RGB order."""

    means: tuple[float, float, float]
    layers: tuple[Layer, ...]
    detector: DetectorOptions | None = None


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0
    name: str = field(default="")

    def fail(self, what: str) -> ModelFileError:
        return DlibFileUnknown(file=self.name, what=what, at=self.at)

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise self.fail("it ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self) -> int:
        # The highest bit is the sign, the lowest four say how many bytes follow.
        head = self.take(1)[0]
        value = int.from_bytes(self.take(head & 0x0F), "little")
        return -value if head & 0x80 else value

    def integers(self, count: int) -> tuple[int, ...]:
        return tuple(self.integer() for _ in range(count))

    def number(self) -> float:
        mantissa, exponent = self.integers(2)
        return float(mantissa) * 2.0**exponent

    def numbers(self, count: int) -> tuple[float, ...]:
        return tuple(self.number() for _ in range(count))

    def text(self) -> str:
        return self.take(self.integer()).decode("ascii", errors="replace")

    def tensor(self) -> Floats:
        version, *shape = self.integers(5)
        if version != 2:
            raise self.fail("a tensor of an unknown version")
        count = int(np.prod(shape))
        return np.frombuffer(self.take(4 * count), dtype="<f4").astype(np.float32).reshape(shape)

    def shape(self) -> tuple[int, ...]:
        """A view's shape (alias_tensor), after its version."""
        return self.integers(5)[1:]


def _convolution(reader: _Reader) -> Convolution:
    numbers = reader.tensor().ravel()
    # The first three, number and size of the filters, are in the shape that follows.
    _, _, _, stride_y, stride_x, padding_y, padding_x = reader.integers(7)
    filters, biases = reader.shape(), reader.shape()
    reader.numbers(4)  # what multiplies learning rate and weight decay, of weights and of biases
    count = int(np.prod(filters))
    return Convolution(
        numbers[:count].reshape(filters),
        numbers[count : count + int(np.prod(biases))],
        (stride_y, stride_x),
        (padding_y, padding_x),
    )


def _affine(reader: _Reader) -> Affine:
    numbers = reader.tensor().ravel()
    # Scale and shift have one shape; the number says whether the layer follows a convolution.
    gamma, _, _ = reader.shape(), reader.shape(), reader.integer()
    count = int(np.prod(gamma))
    return Affine(numbers[:count], numbers[count:])


def _batch_normalisation(reader: _Reader) -> Affine:
    """Batch normalisation as it runs after training; dlib turns it into the same affine layer when it loads."""
    numbers = reader.tensor().ravel()
    gamma, _ = reader.shape(), reader.shape()
    reader.tensor(), reader.tensor()  # of the last training batch
    means, variances = reader.tensor().ravel(), reader.tensor().ravel()
    reader.integers(2)
    reader.numbers(4)
    epsilon = reader.number()
    count = int(np.prod(gamma))
    scale = (numbers[:count] / np.sqrt(variances + epsilon)).astype(np.float32)
    return Affine(scale, numbers[count:] - scale * means)


def _pool(largest: bool) -> Callable[[_Reader], Pool]:
    def read(reader: _Reader) -> Pool:
        rows, columns, stride_y, stride_x, padding_y, padding_x = reader.integers(6)
        return Pool(largest, (rows, columns), (stride_y, stride_x), (padding_y, padding_x))

    return read


def _fully_connected(reader: _Reader) -> FullyConnected:
    outputs, inputs = reader.integers(2)
    weights = reader.tensor().reshape(inputs, outputs)
    # The shapes of weights and bias, and whether there is one; then the multipliers of the training.
    reader.shape(), reader.shape(), reader.integer()
    reader.numbers(4)
    return FullyConnected(weights)


_LAYERS: dict[str, Callable[[_Reader], Layer]] = {
    "con_4": _convolution,
    "affine_": _affine,
    "bn_con2": _batch_normalisation,
    "relu_": lambda _: Relu(),
    "max_pool_2": _pool(largest=True),
    "avg_pool_2": _pool(largest=False),
    "add_prev_": lambda _: AddPrevious(),
    "fc_2": _fully_connected,
}


def _loss(reader: _Reader) -> DetectorOptions | None:
    reader.integer()
    kind = reader.text()
    # The encoder's loss; its two numbers (margin and threshold) matter to training only.
    if kind == "loss_metric_2":
        reader.numbers(2)
        return None
    if kind != "loss_mmod_" or reader.integer() != 1:
        raise reader.fail("an unknown loss")
    width, height = reader.integers(2)
    reader.numbers(3)
    nms_iou, nms_covered, _, _ = reader.numbers(4)
    return DetectorOptions((width, height), nms_iou, nms_covered)


def _input(reader: _Reader) -> tuple[float, float, float]:
    start = reader.data.find(b"input_rgb_image", reader.at)
    if start < 0:
        raise reader.fail("no RGB input layer")
    reader.at = start - 2  # the text's own length; the versions of layers and tags before it say nothing more
    kind = reader.text()
    red, green, blue = reader.numbers(3)
    if kind == "input_rgb_image_sized":
        reader.integers(2)
    return red, green, blue


def read_network(path: Path) -> DlibNetwork:
    """Read one of dlib's published networks (.dat).

    Raises ModelFileError when the file has layers that this program does not know.
    """
    reader = _Reader(path.read_bytes(), name=path.name)
    options = _loss(reader)
    means = _input(reader)
    layers: list[Layer] = []
    while reader.at < len(reader.data):
        kind = reader.text()
        if kind not in _LAYERS:
            raise reader.fail("an unknown layer")
        layers.append(_LAYERS[kind](reader))
        reader.take(3)  # three flags
        for _ in range(3):  # gradients and outputs of the training run
            reader.tensor()
        if len(layers) == 1:
            reader.integer()  # the first layer also says into how many samples it splits one
    return DlibNetwork(means, tuple(layers), options)
