"""What the mask network costs a face, on one core: ``python benchmarks/masks.py``."""

import time

import numpy as np

from attendance_app.classifiers.mask import MaskClassifier
from attendance_app.domain.faces import Box

ROUNDS = 200


def main() -> None:
    """Print the fastest and the median time a face, cutting and levelling included, for several faces a frame."""
    classifier = MaskClassifier(threads=1)
    # Noise: the network's sums take the same time whatever a picture shows.
    picture = np.random.default_rng(0).integers(0, 256, (720, 1280, 3)).astype(np.uint8)
    for faces in (1, 4, 16):
        # They overlap, which costs nothing more.
        boxes = [Box(20 + 60 * index, 200, 140 + 60 * index, 320) for index in range(faces)]
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            classifier.classify(picture, boxes)
            times.append((time.perf_counter() - began) / faces * 1000)
        print(f"{faces:2} faces: {min(times):.2f} ms a face at best, {np.median(times):.2f} ms in the median")


if __name__ == "__main__":
    main()
