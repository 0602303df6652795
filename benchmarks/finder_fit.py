"""Fits the box that dlib's HOG detector gives a face to what CenterFace says of it (``vision/finder_boxes.py``).

``uv run python -m benchmarks.finder_fit``: 500 pictures of LFW at six sizes, the people apart in two halves: fitted on
one, residuals on the other. Prints the coefficients and the residuals in shares of the box's side.
"""

import os
import random
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.domain.faces import Detection, Image
from attendance_app.vision.face_finder import FaceFinder
from attendance_app.vision.finder_boxes import features
from attendance_app.vision.photo import load_photo
from attendance_app.vision.proposals import Proposals
from attendance_app.vision.second_look import SecondLook

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
PICTURES = 500
# A face of LFW is about 104 pixels wide (docs/adr/0021); the smallest here has 16.
SCALES = (1.0, 0.6, 0.4, 0.3, 0.2, 0.15)
Pair = tuple[tuple[NDArray[np.float64], ...], NDArray[np.float64]]
"""What the fit knows of a face, for each of its three numbers, and those numbers by dlib."""


def central(found: Proposals, image: Image) -> Proposals:
    """The proposal nearest to the picture's middle, where LFW has its face."""
    middle = np.array(image.shape[1::-1]) / 2
    off = np.abs((found.boxes[:, :2] + found.boxes[:, 2:]) / 2 - middle).sum(axis=1)
    return found.taken(np.argsort(off)[:1])


def target(proposal: Proposals, found: Detection) -> NDArray[np.float64]:
    """Where dlib's box is, in heights of the proposal from its middle: right, down, and its side."""
    left, top, right, bottom = proposal.boxes[0].tolist()
    height = bottom - top
    # dlib counts whole pixels, both edges inside; the middle of pixel 3 is 3.5 to the finder.
    x, y = found.box.center
    across, down = x + 0.5 - (left + right) / 2, y + 0.5 - (top + bottom) / 2
    side = (found.box.width + found.box.height) / 2
    return np.array([across / height, down / height, side / height])


def pairs(file: Path, finder: FaceFinder, look: SecondLook) -> list[Pair]:
    """What both detectors say of one picture at each size, as it is and mirrored."""
    whole = load_photo(file)
    result = []
    for scale in SCALES:
        small = np.asarray(cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        # Mirrored too, so that no side is preferred by the pictures' own poses.
        for image in (small, np.ascontiguousarray(small[:, ::-1])):
            proposal = central(finder.find(image), image)
            found = look.confirm(image, proposal.boxes, threshold=0.0)[0] if len(proposal) else None
            if found is not None:
                result.append((tuple(part[0] for part in features(proposal)), target(proposal, found)))
    return result


def _column(known: list[Pair], index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.stack([inputs[index] for inputs, _ in known]), np.array([targets[index] for _, targets in known])


def main() -> None:
    """Fit and print."""
    finder, look = FaceFinder(1), SecondLook(1)
    files = sorted((DATA / "lfw-original").glob("*/*.jpg"))
    people = sorted({file.parent.name for file in files})
    random.Random(3).shuffle(files)
    fitted: list[Pair] = []
    held: list[Pair] = []
    for file in files[:PICTURES]:
        (held if people.index(file.parent.name) % 2 else fitted).extend(pairs(file, finder, look))
    for index, name in enumerate(("right", "down", "side")):
        inputs, targets = _column(fitted, index)
        coefficients = np.linalg.lstsq(inputs, targets, rcond=None)[0]
        inputs, targets = _column(held, index)
        # In shares of dlib's side, which is the third of the numbers.
        off = (inputs @ coefficients - targets) / _column(held, 2)[1]
        spread, mean, most = off.std(), off.mean(), np.quantile(np.abs(off), 0.95)
        numbers = ", ".join(f"{one:.3f}" for one in coefficients)
        print(f"{name}: {numbers}; standard deviation {spread:.3f}, mean {mean:+.3f}, 95 % within {most:.3f}")
    print(f"{len(fitted)} pairs fitted, {len(held)} held apart")


if __name__ == "__main__":
    main()
