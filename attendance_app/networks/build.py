"""Makes the ONNX files of dlib's networks from dlib's published files: in Python, to the same bytes every time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.networks import dlib_files
from attendance_app.networks.dlib_detector import detector_model
from attendance_app.networks.dlib_encoder import encoder_model
from attendance_app.networks.dlib_weights import DlibNetwork, read_network
from attendance_app.networks.manifest import ModelEntry, register

if TYPE_CHECKING:
    from onnx import ModelProto

ENCODER = "dlib-face-encoder.onnx"
DETECTOR = "dlib-face-detector.onnx"


@dataclass(frozen=True, slots=True)
class _Recipe:
    source: str
    target: str
    model: "Callable[[DlibNetwork], ModelProto]"
    input: str


_RECIPES = (
    _Recipe(dlib_files.ENCODER, ENCODER, encoder_model, "chips: uint8 (n, 150, 150, 3)"),
    _Recipe(
        dlib_files.DETECTOR, DETECTOR, detector_model, "pyramid: float32 (1, rows, columns, 3), (pixel - means) / 256"
    ),
)


def build_models(folder: Path) -> list[ModelEntry]:
    """Write the networks made from dlib's files into ``folder`` and its manifest; return their entries.

    Raises ModelFileError when a file of dlib is missing or not the published one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for recipe in _RECIPES:
        model = recipe.model(read_network(dlib_files.dlib_file(recipe.source)))
        path = folder / recipe.target
        path.write_bytes(model.SerializeToString(deterministic=True))
        entries.append(
            register(
                path,
                licence="CC0-1.0",
                input=recipe.input,
                colour_order="RGB",
                made_by="attendance models build",
                card=path.with_suffix(".md").name,
            )
        )
    return entries
