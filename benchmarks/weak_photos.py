"""A class whose only source is one photograph: every face of it is cut out and enrolled.

    python -m benchmarks.weak_photos

Prints for each of four photographs what becomes of the crops, the size of the faces, and how many people have somebody
else's face nearer than a Euclidean distance. Needs the folder ``../shared/data``.
"""

import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from attendance_app.bootstrap import open_enrolment, open_reader
from attendance_app.services.enrolment import Enrolment, EnrolmentOrder
from attendance_app.services.photo_comparison import ANOTHER_BELOW, WEAK_ANOTHER_BELOW
from attendance_app.services.photo_folders import PhotoFile
from attendance_app.store.database import Store, open_store
from attendance_app.vision.photo import load_photo
from attendance_app.vision.quality import resolved_px
from benchmarks.photographs import ROOMS, boxes

MARGIN = 1.8
"""Side of a crop in widths of the face, as by hand."""


def crops(name: str) -> list[PhotoFile]:
    """Cut out every boxed face of a photograph, each as a file named by a student's number."""
    image = load_photo(ROOMS / name)
    files = []
    for number, box in sorted(boxes()[name].items()):
        area = box.grown(MARGIN).clipped(image.shape[1], image.shape[0])
        part = cv2.cvtColor(image[area.top : area.bottom, area.left : area.right], cv2.COLOR_RGB2BGR)
        content = cv2.imencode(".png", part)[1].tobytes()
        files.append(PhotoFile(f"S{number:03}.png", f"S{number:03}", partial(bytes, content)))
    return files


def enrol(store: Store, enrolment: Enrolment, name: str, code: str) -> None:
    """Enrol the crops of a photograph in a course of its own, as far as it accepts them, and print the results."""
    with store.write() as tx:
        order = EnrolmentOrder(tx.courses.add(code, name), create_missing=True, consent="benchmark")
    looked = [enrolment.look(photo, order) for photo in crops(name)]
    usable = [one for one in looked if one.refusal is None and one.face is not None]
    encodings = np.stack([one.face.encoding for one in usable if one.face])
    distances = np.linalg.norm(encodings[:, np.newaxis] - encodings, axis=2)
    nearest = np.where(np.eye(len(usable), dtype=np.bool_), np.inf, distances).min(axis=1)
    sizes = np.array([resolved_px(one.face.pose.quality) for one in usable if one.face])
    result: Counter[str] = Counter()
    for candidate in enrolment.compare(looked, order):
        weak = "enrolled, weak" if candidate.weak else "enrolled"
        result[weak if candidate.refusal is None else candidate.refusal.value] += 1
    near = ", ".join(f"{(nearest < limit).sum()} within {limit}" for limit in (ANOTHER_BELOW, WEAK_ANOTHER_BELOW))
    print(f"{name}: {len(looked)} crops: {dict(result)}")
    print(f"  sizes 10, 50, 90 %: {np.percentile(sizes, [10, 50, 90]).round()}; of {len(usable)} people {near}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        enrolment = open_enrolment(store, open_reader())
        for place, name in enumerate(sorted(boxes())):
            enrol(store, enrolment, name, f"C{place}")


if __name__ == "__main__":
    main()
