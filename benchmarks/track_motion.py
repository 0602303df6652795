"""How much the looks of a moving head differ, beside those of one picture of it: three seconds of talking heads.

    python -m benchmarks.track_motion

Every quarter of a second of the clips in ``videos/portraits`` of ATTENDANCE_SHARED_DATA, else ``../shared/data``, the
face is brought to a size and filmed as ``attendance evaluate tracks`` does; beside it as often the first picture alone.
The variance of the encodings within such a track is told as a share of a large photo's, 1 in every dimension of the
model.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from attendance_app.bootstrap import open_reader
from attendance_app.classifiers.match import shipped_plda
from attendance_app.domain.faces import Detection, Image
from attendance_app.lab.evaluation.face_files import main_face
from attendance_app.lab.matcher.filmed_tracks import LOOKS, SIZES
from attendance_app.lab.matcher.sized_faces import Face, again
from attendance_app.services.face_reader import FaceReader

CHECKOUT = Path(__file__).resolve().parent.parent
APART, BEGINS = 0.25, 0.5
"""Seconds between two looks, and before the first."""
WIDEST = 640
"""Longest side of the pictures in which the face is looked for."""
FEWEST = 8


def pictures(clip: Path) -> Iterator[Image]:
    """The first ``LOOKS`` pictures of a clip, RGB."""
    video = cv2.VideoCapture(str(clip))
    rate = video.get(cv2.CAP_PROP_FPS)
    wanted = {round((BEGINS + APART * number) * rate) for number in range(LOOKS)}
    for number in range(max(wanted) + 1):
        done, frame = video.read()
        if not done:
            return
        if number in wanted:
            scale = min(1.0, WIDEST / max(frame.shape[:2]))
            small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            yield np.ascontiguousarray(np.asarray(small, np.uint8)[..., ::-1])


def variance(reader: FaceReader, faces: Sequence[Face], size: int) -> float:
    """The mean variance over the model's dimensions of the faces' encodings, filmed by one camera."""
    random = np.random.default_rng(1)
    chips = []
    for face in faces:
        seen = again(size, face, random, camera=np.random.default_rng(1))
        pose = reader.poses(seen.image, [Detection(seen.box, 1.0)])[0]
        chips.append(reader.chips(seen.image, [pose])[0])
    encodings = shipped_plda().project(reader.encode(np.stack(chips)))
    return float(encodings.var(axis=0, ddof=1).mean())


def main() -> None:
    """Measure clip by clip, and print."""
    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    reader = open_reader("hog")
    rows: list[list[tuple[float, float]]] = []
    for clip in sorted((data / "videos" / "portraits").glob("*.mp4")):
        faces = [Face(image, main_face(found, image).box) for image in pictures(clip) if (found := reader.find(image))]
        if len(faces) >= FEWEST:
            still = [faces[0]] * len(faces)
            rows.append([(variance(reader, faces, size), variance(reader, still, size)) for size in SIZES])
            print(
                clip.name,
                ", ".join(f"{size} px: {a:.2f}, {b:.2f}" for size, (a, b) in zip(SIZES, rows[-1], strict=True)),
            )
    print("\n| size | moving | still |\n|---|---|---|")
    for size, (moving, still_one) in zip(SIZES, np.array(rows).mean(axis=0).tolist(), strict=True):
        print(f"| {size} px | {moving:.2f} | {still_one:.2f} |")


if __name__ == "__main__":
    main()
