"""Compares the detectors on real pictures: recall and precision against time, at several scales.

    python benchmarks/detectors.py [--every 3] [--scales 1 1.5 2] [--detectors hog cnn auto]

Times are of the processor (all threads together), so that a busy machine gives the same table; the CNN runs on two
threads, so its wall time on two idle cores is about half.
"""

import argparse
import csv
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image as PillowImage

from attendance_app.domain.faces import Box, Detection, Image
from attendance_app.vision.detect import Detector, open_detector

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
# dlib's own threshold, and one below: a live session stands between the two (docs/adr/0010).
THRESHOLDS = (0.0, -0.3)
MASK_CLASSES = ("with_mask", "mask_weared_incorrect", "without_mask")
# Pixels; faces in a class are 60 to 200 wide (docs/adr/0021).
FACE_WIDTHS = (60, 100)


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture with all its faces."""

    image: Image
    faces: list[Box]


def load(file: Path, scale: float = 1.0) -> Image:
    """Read a picture as RGB, scaled."""
    picture = PillowImage.open(file).convert("RGB")
    if scale != 1:
        size = round(picture.width * scale), round(picture.height * scale)
        picture = picture.resize(size, PillowImage.Resampling.BOX)
    return np.asarray(picture)


def cmu_mit() -> Iterator[Sample]:
    """The CMU+MIT pictures: grey, frontal, many small faces."""
    folder = DATA / "detection" / "cmu-mit"
    boxes: dict[str, list[Box]] = {}
    for line in (folder / "ground_truth_bboxes.txt").read_text().splitlines():
        name, *corners = line.split()
        left, top, right, bottom = (round(float(corner)) for corner in corners)
        boxes.setdefault(name, []).append(Box(left, top, right, bottom))
    for name in sorted(boxes):
        yield Sample(load(folder / name), boxes[name])


def dlib_faces() -> Iterator[Sample]:
    """dlib's own example pictures."""
    folder = DATA / "groups" / "dlib-faces"
    for file in ("testing.xml", "training.xml"):
        for image in ElementTree.parse(folder / file).iter("image"):
            boxes = [_dlib_box(box.attrib) for box in image.iter("box")]
            yield Sample(load(folder / image.attrib["file"]), boxes)


def _dlib_box(attributes: dict[str, str]) -> Box:
    left, top, width, height = (int(attributes[key]) for key in ("left", "top", "width", "height"))
    return Box(left, top, left + width, top + height)


def masks(state: str, width: int) -> Iterator[Sample]:
    """One face each, scaled so that it is ``width`` pixels wide."""
    folder = DATA / "masks-independent"
    with (folder / "boxes.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            left, top, right, bottom = (float(row[side]) for side in ("left", "top", "right", "bottom"))
            # Never enlarged: that would be a blurred face of this width.
            if row["file"].startswith(state) and right - left >= width:
                scale = width / (right - left)
                box = Box(*(round(corner * scale) for corner in (left, top, right, bottom)))
                yield Sample(load(folder / row["file"], scale), [box])


def classrooms(width: int) -> Iterator[Sample]:
    """The classroom photographs, ``width`` pixels wide."""
    folder = DATA / "classrooms"
    with (folder / "faces.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for name in sorted({row["file"] for row in rows}):
        scale = width / PillowImage.open(folder / name).width
        sides = ("left", "top", "right", "bottom")
        boxes = [Box(*(round(float(row[side]) * scale) for side in sides)) for row in rows if row["file"] == name]
        yield Sample(load(folder / name, scale), boxes)


def hits(found: list[Detection], faces: list[Box]) -> int:
    """How many faces have a detection: each one's middle inside the other, one to one."""
    left = list(faces)
    for one in found:
        for face in left:
            if _inside(one.box.center, face) and _inside(face.center, one.box):
                # Each face can be found once; a second detection on it is a wrong one.
                left.remove(face)
                break
    return len(faces) - len(left)


def _inside(point: tuple[float, float], box: Box) -> bool:
    return box.left <= point[0] <= box.right and box.top <= point[1] <= box.bottom


def line(name: str, samples: list[Sample], detector: Detector, scale: float) -> str:
    """Measure one detector at one scale on one set: a row of the table."""
    faces = sum(len(sample.faces) for sample in samples)
    right, all_found = [0] * len(THRESHOLDS), [0] * len(THRESHOLDS)
    started = time.process_time()
    # Once, at the lowest threshold; the others are counted from the same detections.
    results = [detector.detect(s.image, upsample=scale, threshold=min(THRESHOLDS)) for s in samples]
    spent = (time.process_time() - started) * 1000 / len(samples)
    for sample, found in zip(samples, results, strict=True):
        for index, threshold in enumerate(THRESHOLDS):
            kept = [one for one in found if one.confidence > threshold]
            right[index] += hits(kept, sample.faces)
            all_found[index] += len(kept)
    rates = " | ".join(
        f"{100 * r / faces:.1f} % | {100 * r / max(n, 1):.1f} %" for r, n in zip(right, all_found, strict=True)
    )
    return f"| {name} ({faces} faces) | {scale:g} | {rates} | {spent:.0f} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=3, help="take every n-th picture of a set")
    parser.add_argument("--scales", type=float, nargs="+", default=[1.0, 1.5, 2.0])
    parser.add_argument("--detectors", nargs="+", default=["hog", "cnn", "auto"])
    options = parser.parse_args()
    sets = {"CMU+MIT": list(cmu_mit())[:: options.every], "dlib's examples": list(dlib_faces())}
    for width in FACE_WIDTHS:
        for state in MASK_CLASSES:
            sets[f"{state}, {width} px"] = list(masks(state, width))[:: options.every]
    sets["classrooms, 1920 wide"] = list(classrooms(1920))
    for name in options.detectors:
        detector = open_detector(name)
        print(f"\n### {name}\n\n| pictures | scale | recall | precision | recall at -0.3 | precision | ms |")
        print("|---|---|---|---|---|---|---|", flush=True)
        for label, samples in sets.items():
            for scale in options.scales:
                print(line(label, samples, detector, scale), flush=True)


if __name__ == "__main__":
    main()
