"""How many photos are brought upright: pictures of one face, turned by 0, 90, 180 and 270 degrees.

``python -m benchmarks.upright [--images DIR] [--people N]``, DIR a folder of one folder a person as in LFW, whose
pictures are upright. Prints, for each turn, how many were brought upright, and how many of the rest have a face in
what was made of them (and would be enrolled askew) or none (and would be refused).
"""

import argparse
import os
from collections import Counter
from pathlib import Path

import numpy as np

from attendance_app.bootstrap import PHOTO_DETECTOR, open_reader
from attendance_app.services.upright import find_upright
from attendance_app.vision.detect import open_detector
from attendance_app.vision.photo import PHOTO_SUFFIXES, load_photo

SHARED = Path(os.environ.get("ATTENDANCE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def pictures(folder: Path, people: int) -> list[Path]:
    """The first picture of so many people, spread over the folder."""
    firsts = [
        next(file for file in sorted(one.rglob("*")) if file.suffix.lower() in PHOTO_SUFFIXES)
        for one in sorted(folder.iterdir())
        if one.is_dir()
    ]
    # Spread, since neighbours in the alphabet are no random choice of names.
    return firsts[:: max(1, len(firsts) // people)][:people]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--images", type=Path, default=SHARED / "lfw-original")
    arguments.add_argument("--people", type=int, default=250)
    arguments.add_argument("--detector", choices=["auto", "hog", "cnn"], default=PHOTO_DETECTOR)
    given = arguments.parse_args()
    reader, hog = open_reader(given.detector), open_detector("hog")
    files = pictures(given.images, given.people)
    for turn in range(4):
        ends: Counter[str] = Counter()
        for file in files:
            found = find_upright(reader, hog, np.ascontiguousarray(np.rot90(load_photo(file), turn)))
            # np.rot90 turns to the left; the turns back and forth must add up to whole ones.
            end = "upright" if (turn + found.quarters) % 4 == 0 else "askew"
            ends[end if found.faces else "no face"] += 1
        counts = ", ".join(f"{ends[end]} {end}" for end in ("upright", "askew", "no face"))
        print(f"turned by {90 * turn:3}: of {len(files)}, {counts}", flush=True)


if __name__ == "__main__":
    main()
