"""Encodings equal dlib's, and computing them blocks no other thread."""

import threading
import time
from pathlib import Path

import dlib
import numpy as np
import pytest
from PIL import Image as PillowImage

from attendance_app.domain.faces import Box
from attendance_app.lab.builder.dlib_files import ENCODER, dlib_file
from attendance_app.networks.manifest import read_manifest
from attendance_app.vision.align import Aligner
from attendance_app.vision.encode import BATCH, Encoder

FACES = 120
"""Spread over LFW; ``benchmarks/agreement.py`` takes 500."""
CENTRE = Box(75, 75, 175, 175)
"""Where the face of an LFW picture is."""


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def lfw_chips(folder: Path, count: int) -> np.ndarray:
    files = sorted(folder.glob("lfw-original/**/*.jpg"))
    aligner = Aligner()
    chips = []
    for file in files[:: max(1, len(files) // count)][:count]:
        picture = np.asarray(PillowImage.open(file).convert("RGB"))
        chips.append(aligner.chips(picture, aligner.landmarks(picture, [CENTRE]))[0])
    return np.stack(chips)


def synthetic_chips(count: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (count, 150, 150, 3), dtype=np.uint8)


@pytest.mark.timeout(1500)  # dlib takes 80 ms a face, and more on a busy machine
def test_encodings_equal_those_of_dlib_on_real_faces(encoder, shared_data):
    chips = lfw_chips(shared_data, FACES)
    assert len(chips) == FACES
    reference = dlib.face_recognition_model_v1(str(dlib_file(ENCODER)))
    expected = np.array([reference.compute_face_descriptor(chip) for chip in chips])
    assert np.abs(encoder.encode(chips) - expected).max() <= 1e-5


def test_encodings_equal_those_of_dlib_on_any_picture(encoder):
    chips = synthetic_chips(4)
    reference = dlib.face_recognition_model_v1(str(dlib_file(ENCODER)))
    expected = np.array([reference.compute_face_descriptor(chip) for chip in chips])
    assert np.abs(encoder.encode(chips) - expected).max() <= 1e-5


def test_an_encoding_does_not_depend_on_the_batch(encoder):
    chips = synthetic_chips(BATCH + 3)
    alone = np.concatenate([encoder.encode(chip[None]) for chip in chips])
    together = encoder.encode(chips)
    assert together.dtype == np.float32
    assert together.shape == (BATCH + 3, 128)
    # A batch of another size is added up in another order.
    assert np.abs(alone - together).max() < 1e-5


def test_no_chips_make_no_encodings(encoder):
    assert encoder.encode(np.empty((0, 150, 150, 3), dtype=np.uint8)).shape == (0, 128)


def test_the_encoder_is_named_after_its_file(encoder):
    assert encoder.id == f"dlib-resnet-v1:{read_manifest()['dlib-face-encoder.onnx'].sha256[:8]}"


def _longest_gap_while(work) -> float:
    """Seconds between two beats, at most, of a thread that beats every 5 ms while ``work`` runs here."""
    beats: list[float] = []
    stop = threading.Event()

    def beat() -> None:
        while not stop.is_set():
            beats.append(time.perf_counter())
            time.sleep(0.005)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        work()
    finally:
        stop.set()
        thread.join()
    assert len(beats) > 10
    return float(np.diff(beats).max())


def test_encoding_100_faces_holds_up_no_other_thread(encoder):
    chips = synthetic_chips(100)
    encoder.encode(chips[:BATCH])
    # A busy machine can stop any thread for a while; Python's lock would stop it every time.
    assert any(_longest_gap_while(lambda: encoder.encode(chips)) < 0.05 for _ in range(20))


def test_two_threads_may_encode_at_once(encoder):
    chips = synthetic_chips(BATCH)
    expected = encoder.encode(chips)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(encoder.encode(chips))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert all(np.array_equal(result, expected) for result in results)
