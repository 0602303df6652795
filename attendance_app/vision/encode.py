"""Face encodings: dlib's ResNet face encoder in ONNX Runtime."""

import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Encoding
from attendance_app.networks.files import ENCODER
from attendance_app.networks.manifest import read_manifest
from attendance_app.networks.runtime import default_threads, open_network

BATCH = 8
"""Chips per run: larger batches are not faster (5 ms a face from 8 to 32, one thread) and need 2.5 MB per chip."""
ENCODING_SIZE = 128


class Encoder:
    """Chips in, encodings out; the numbers are those of ``dlib.face_recognition_model_v1`` (no jitter).

    A call releases Python's lock while the network runs, and may come from several threads at once.
    """

    id: str
    """Names this network; encodings of another one must not be compared with its own."""

    def __init__(self, threads: int | None = None) -> None:
        """Open the network for ``threads`` threads (default: two, where there are two).

        Raises ModelFileError when its file is missing or altered.
        """
        self._network = open_network(ENCODER, default_threads() if threads is None else threads)
        # The file's hash is in it: a rebuilt file with other bytes is another encoder (docs/adr/0011).
        self.id = f"dlib-resnet-v1:{read_manifest()[ENCODER].sha256[:8]}"

    def encode(self, chips: NDArray[np.uint8]) -> Encoding:
        """Encode uint8 chips (n, 150, 150, 3), RGB, to float32 (n, 128)."""
        encodings = np.empty((len(chips), ENCODING_SIZE), dtype=np.float32)
        for start in range(0, len(chips), BATCH):
            batch = np.ascontiguousarray(chips[start : start + BATCH])
            (encodings[start : start + BATCH],) = self._network.run(None, {"chips": batch})
        return encodings
