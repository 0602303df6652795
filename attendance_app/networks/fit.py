"""Whether a trained network fits the program: what it takes, what it answers, and what its file says of itself."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attendance_app.networks.errors import (
    NetworkClassesUnfit,
    NetworkFactsMissing,
    NetworkInputUnfit,
    NetworkUnreadable,
)
from attendance_app.networks.identity_input import GREY_SHAPE, SIDE
from attendance_app.networks.mask_input import FACTS
from attendance_app.networks.runtime import open_unlisted

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CLASSES: Final = "classes"
"""Key in the metadata of a network that names people: their names, a line each."""
_EMBEDDING = 128
_MASK_STATES = 3


def open_checked(path: Path, threads: int = 1) -> "InferenceSession":
    """Open a network of one's own. Raises NetworkUnreadable."""
    try:
        return open_unlisted(path, threads)
    # ONNX Runtime has no common class for what can be wrong with a file.
    except Exception as error:
        raise NetworkUnreadable(file=path, cause=_first_line(error)) from error


def check_mask(path: Path) -> None:
    """Raise ModelFileError unless the network takes square RGB pictures and answers for the three mask states."""
    network = open_checked(path)
    shape = _input_shape(network)
    if len(shape) != 3 or shape[2] != 3 or shape[0] != shape[1] or not isinstance(shape[0], int):
        raise NetworkInputUnfit(file=path, found=_shown(shape), wanted="side x side x 3")
    _check_answers(network, path, _MASK_STATES, "3: with_mask, without_mask, mask_weared_incorrect")
    _check_facts(network, path, FACTS)


def check_identity(path: Path) -> None:
    """Raise ModelFileError unless the network turns a face of 64 x 64 pixels into 128 numbers."""
    network = open_checked(path)
    _check_input(network, path, (SIDE, SIDE, 3))
    _check_answers(network, path, _EMBEDDING, f"{_EMBEDDING} numbers of a face")


def check_people(path: Path) -> None:
    """Raise ModelFileError unless the network is one of the identity report's and names its people."""
    network = open_checked(path)
    _check_input(network, path, GREY_SHAPE)
    _check_facts(network, path, (CLASSES,))
    names = network.get_modelmeta().custom_metadata_map[CLASSES].split("\n")
    _check_answers(network, path, len(names), f"{len(names)}: one for each name in the file")


def _input_shape(network: "InferenceSession") -> tuple[object, ...]:
    return tuple(network.get_inputs()[0].shape[1:])


def _check_input(network: "InferenceSession", path: Path, wanted: Sequence[int]) -> None:
    found = _input_shape(network)
    if found != tuple(wanted):
        raise NetworkInputUnfit(file=path, found=_shown(found), wanted=_shown(wanted))


def _check_answers(network: "InferenceSession", path: Path, count: int, wanted: str) -> None:
    found = network.get_outputs()[0].shape
    if len(found) != 2 or found[1] != count:
        raise NetworkClassesUnfit(file=path, found=_shown(found[1:]), wanted=wanted)


def _check_facts(network: "InferenceSession", path: Path, facts: Collection[str]) -> None:
    there = network.get_modelmeta().custom_metadata_map
    missing = tuple(fact for fact in facts if fact not in there)
    if missing:
        raise NetworkFactsMissing(file=path, facts=missing)


def _shown(shape: Sequence[object]) -> str:
    return " x ".join(map(str, shape))


def _first_line(error: Exception) -> str:
    # ONNX Runtime writes its codes before the reason, with colons between.
    return str(error).strip().split("\n")[0].rsplit(" : ", 1)[-1]
