"""How far our encoder and our CNN detector agree with dlib's own, on real pictures.

``python -m benchmarks.agreement [--faces N] [--pictures N]``. Prints the greatest difference of any of the 128 numbers
of an encoding over the faces, and, over the pictures, how many faces dlib finds, how many pictures give another number
of faces, and the greatest difference of a corner (pixels) and of a confidence. The tests do the same on fewer
pictures: dlib takes about 0.1 s a face and 0.4 s a picture.
"""

import argparse
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import dlib
import numpy as np

from attendance_app.domain.faces import Box, Image
from attendance_app.lab.builder.dlib_files import DETECTOR, ENCODER, dlib_file
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import open_detector
from attendance_app.vision.encode import Encoder
from attendance_app.vision.photo import load_photo

SHARED = Path(os.environ.get("ATTENDANCE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
CENTRE = Box(75, 75, 175, 175)
"""Where the face of an LFW picture is."""
LONGEST_PX = 200
"""dlib's detector takes seconds for larger pictures."""


def spread(files: Iterable[Path], count: int) -> list[Path]:
    """So many files, spread over their order: neighbours show the same person."""
    ordered = sorted(files)
    return ordered[:: max(1, len(ordered) // count)][:count]


def encoder_difference(files: list[Path]) -> float:
    """The greatest difference of a number of an encoding, over the faces of these LFW pictures."""
    aligner = Aligner()
    chips = []
    for file in files:
        picture = load_photo(file)
        chips += list(aligner.chips(picture, aligner.landmarks(picture, [CENTRE])))
    reference = dlib.face_recognition_model_v1(str(dlib_file(ENCODER)))
    expected = np.array([reference.compute_face_descriptor(chip) for chip in chips])
    return float(np.abs(Encoder().encode(np.stack(chips)) - expected).max())


def smaller(picture: Image) -> Image:
    """Shrink a picture until it is at most ``LONGEST_PX`` wide and high."""
    scale = min(1.0, LONGEST_PX / max(picture.shape[:2]))
    size = round(picture.shape[1] * scale), round(picture.shape[0] * scale)
    return np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def compare_detectors(files: list[Path]) -> tuple[int, int, float, float]:
    """Faces that dlib finds, pictures with another number of faces, greatest differences of corner and confidence."""
    ours, reference = open_detector("cnn"), dlib.cnn_face_detection_model_v1(str(dlib_file(DETECTOR)))
    faces = other = 0
    corner = confidence = 0.0
    for file in files:
        picture = smaller(load_photo(file))
        expected, found = reference(picture, 0), ours.detect(picture)
        faces += len(expected)
        if len(expected) != len(found):
            other += 1
            continue
        for one, theirs in zip(found, expected, strict=True):
            rect = theirs.rect
            corners = (rect.left(), rect.top(), rect.right(), rect.bottom())
            mine = (one.box.left, one.box.top, one.box.right, one.box.bottom)
            corner = max(corner, float(np.abs(np.subtract(mine, corners)).max()))
            confidence = max(confidence, abs(one.confidence - theirs.confidence))
    return faces, other, corner, confidence


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--faces", type=int, default=500)
    arguments.add_argument("--pictures", type=int, default=120)
    given = arguments.parse_args()
    people = SHARED / "lfw-original"
    faces = spread(people.rglob("*.jpg"), given.faces)
    print(f"encoder: {len(faces)} faces, greatest difference {encoder_difference(faces):.1e}")
    kinds = [
        people.rglob("*.jpg"),
        (SHARED / "groups").rglob("*.jp*g"),
        (SHARED / "detection" / "cmu-mit").glob("*.jpg"),
    ]
    pictures = list(itertools.chain.from_iterable(spread(kind, given.pictures // len(kinds)) for kind in kinds))
    found, other, corner, confidence = compare_detectors(pictures)
    print(
        f"detector: {len(pictures)} pictures, {found} faces; {other} pictures with another number of faces, "
        f"corners within {corner:.0f} pixels, confidences within {confidence:.1e}"
    )


if __name__ == "__main__":
    main()
