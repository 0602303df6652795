"""What ``attendance identify`` needs for a photograph of 16 megapixels with 90 faces.

``python -m benchmarks.large_photograph [--detectors auto hog cnn] [--rounds N]``. The two photographs of one class in
``../shared/data/classrooms`` are enlarged twice and set into one picture of 4608 x 3456. Prints, for each detector, the
faces found, and of each round the seconds, the processor's seconds and the memory at its highest. Detectors take turns,
so that their ratio holds on a machine that has other work.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from benchmarks.photographs import ROOMS, same_people

SIZE = (4608, 3456)
PLACES = ((0, 0), (1608, 1690))


def compose(target: Path) -> None:
    """Write the large photograph as JPEG."""
    picture = Image.new("RGB", SIZE, (120, 115, 110))
    for name, place in zip(same_people()[:2], PLACES, strict=True):
        with Image.open(ROOMS / str(name)) as room:
            picture.paste(room.resize((2 * room.width, 2 * room.height), Image.Resampling.BICUBIC), place)
    picture.save(target, quality=92)


def measured(photo: Path, detector: str) -> str:
    """Identify the photograph in a process of its own, and describe what it found and needed."""
    command = [sys.executable, "-m", "attendance_app", "identify", "--detector", detector, "--json", str(photo)]
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as answer:
        process = subprocess.Popen(command, stdout=answer)
        # Waited for by its number: the resources are then this child's alone.
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if status:
            sys.exit(f"attendance identify ended with {os.waitstatus_to_exitcode(status)}")
        answer.seek(0)
        faces = len(json.load(answer)[0]["faces"])
    return f"{faces} faces, {seconds:.1f} s, {processor_seconds(used):.1f} s of the processor, {peak(used):.0f} MB"


def processor_seconds(used: resource.struct_rusage) -> float:
    """Return the time in the program and in the system's calls."""
    return used.ru_utime + used.ru_stime


def peak(used: resource.struct_rusage) -> float:
    """Return the highest resident memory in MB; Linux counts in KiB, macOS in bytes."""
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--detectors", nargs="+", choices=["auto", "hog", "cnn"], default=["auto", "hog", "cnn"])
    arguments.add_argument("--rounds", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "room.jpg"
        compose(photo)
        for _ in range(given.rounds):
            for detector in given.detectors:
                print(f"{detector:4} {measured(photo, detector)}", flush=True)


if __name__ == "__main__":
    main()
