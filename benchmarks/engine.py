"""This program beside stock face_recognition on dlib-bin, in one run: encoder, detectors and a whole session.

``uv run python -m benchmarks.engine`` composes one class video from real faces (ATTENDANCE_SHARED_DATA, else
``../shared/data``), takes turns between ours and stock's, and prints a Markdown table of medians and ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attendance_app.config.settings import DetectorName
from attendance_app.domain.faces import Image
from attendance_app.vision.align import Aligner
from attendance_app.vision.detect import open_detector
from attendance_app.vision.encode import Encoder
from attendance_app.vision.photo import load_photo
from tests.class_videos import ClassVideo, compose

CHECKOUT = Path(__file__).resolve().parent.parent
STOCK_TOLERANCE = 0.6


@dataclass(frozen=True, slots=True)
class Comparison:
    """Median seconds of each side, and the median of the ratios of runs side by side."""

    what: str
    ours: float
    stock: float
    ratio: float
    note: str = ""


def side_by_side(
    what: str, ours: Callable[[], object], stock: Callable[[], object], *, runs: int, per: tuple[int, int] = (1, 1)
) -> Comparison:
    """Time the two in turn ``runs`` times, after one call of ours to warm up; ``per`` divides ours and stock's."""
    # The first call opens the network for this size.
    ours()
    pairs = [(_seconds(ours) / per[0], _seconds(stock) / per[1]) for _ in range(runs)]
    return Comparison(
        what,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(other / mine for mine, other in pairs),
    )


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def encoder(frame: Image, runs: int) -> Comparison:
    """Our encoder on six batches of 16 faces beside dlib's on one of them, called as face_recognition calls it."""
    import dlib
    from face_recognition_models import face_recognition_model_location

    aligner = Aligner()
    found = open_detector("hog").detect(frame, upsample=1.5)
    chips = aligner.chips(frame, aligner.landmarks(frame, [one.box for one in found]))[:16]
    ours, stock = Encoder(), dlib.face_recognition_model_v1(face_recognition_model_location())
    # One batch takes ours some 45 ms, too little to time against dlib's second.
    many = np.tile(chips, (6, 1, 1, 1))
    compared = side_by_side(
        f"encoding, a face (batches of {len(chips)})",
        lambda: ours.encode(many),
        lambda: [stock.compute_face_descriptor(chip) for chip in chips],
        runs=runs,
        per=(len(many), len(chips)),
    )
    apart = np.abs(ours.encode(chips) - np.array([stock.compute_face_descriptor(chip) for chip in chips])).max()
    return replace(compared, note=f"greatest difference {apart:.1e}")


def detector(name: DetectorName, frame: Image, size: tuple[int, int], runs: int) -> Comparison:
    """One of our detectors beside dlib's own."""
    import dlib
    from face_recognition_models import cnn_face_detector_model_location

    picture = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    stock = (
        dlib.get_frontal_face_detector()
        if name == "hog"
        else dlib.cnn_face_detection_model_v1(cnn_face_detector_model_location())
    )
    ours = open_detector(name)
    return side_by_side(
        f"{name} detector, {size[0]}x{size[1]}", lambda: ours.detect(picture), lambda: stock(picture, 0), runs=runs
    )


def stock_gallery(enrol: Path) -> tuple[NDArray[np.float64], list[str]]:
    """Encode the enrolled photos as face_recognition's own example does."""
    import face_recognition

    encodings, owners = [], []
    for folder in sorted(enrol.iterdir()):
        for photo in sorted(folder.iterdir()):
            for encoding in face_recognition.face_encodings(load_photo(photo))[:1]:
                encodings.append(encoding)
                owners.append(folder.name.split(" ")[0])
    return np.array(encodings), owners


def stock_loop(
    frames: list[Image], gallery: tuple[NDArray[np.float64], list[str]], shrink: int
) -> tuple[float, set[str]]:
    """The webcam loop of face_recognition's examples; returns median seconds a frame and the numbers it names."""
    import face_recognition

    encodings, owners = gallery
    named: set[str] = set()
    times = []
    for frame in frames:
        start = time.perf_counter()
        # dlib takes contiguous pictures only.
        small = np.ascontiguousarray(cv2.resize(frame, (0, 0), fx=1 / shrink, fy=1 / shrink))
        for found in face_recognition.face_encodings(small, face_recognition.face_locations(small)):
            distances = face_recognition.face_distance(encodings, found)
            best = int(np.argmin(distances))
            if distances[best] <= STOCK_TOLERANCE:
                named.add(owners[best])
        times.append(time.perf_counter() - start)
    return statistics.median(times), named


def our_session(video: ClassVideo, home: Path) -> tuple[float, set[str]]:
    """Run a session through the command line; returns seconds a frame and the numbers marked.

    The seconds are those of the whole process, start included.
    """
    start = time.perf_counter()
    run = _attendance(home, "session", "run", "--course", "BENCH", "--source", str(video.video_path), "--json")
    seconds = time.perf_counter() - start
    document = json.loads(run)
    marked = {mark["student_id"] for mark in document["marks"] if mark["status"] in {"present", "late"}}
    return seconds / document["frames_read"], marked


def _attendance(home: Path, *arguments: str) -> bytes:
    command = [sys.executable, "-m", "attendance_app", "--home", str(home), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=CHECKOUT).stdout


def _frames(video: Path, every: int) -> Iterator[Image]:
    capture = cv2.VideoCapture(str(video))
    index = 0
    while capture.grab():
        if index % every == 0:
            _, frame = capture.retrieve()
            yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), dtype=np.uint8)
        index += 1


def session(video: ClassVideo, folder: Path, runs: int) -> list[str]:
    """The whole session beside the stock loop, at full and quarter size; returns lines of a Markdown table."""
    home = folder / "home"
    _attendance(home, "course", "add", "BENCH", "--title", "Benchmark")
    _attendance(
        home, "enrol", str(video.enrol_dir), "--course", "BENCH", "--create-missing", "--consent", "benchmark", "--json"
    )
    # One frame a second: stock needs about three seconds for each.
    frames = list(_frames(video.video_path, every=round(video.fps)))
    gallery = stock_gallery(video.enrol_dir)
    ours, stocks = [], {1: [], 4: []}  # type: ignore[var-annotated]
    for _ in range(runs):
        ours.append(our_session(video, home))
        for shrink, results in stocks.items():
            results.append(stock_loop(frames, gallery, shrink))
    mine = statistics.median(seconds for seconds, _ in ours)
    lines = [_session_line("ours, every frame", mine, mine, ours[-1][1], video)]
    for shrink, results in stocks.items():
        theirs = statistics.median(seconds for seconds, _ in results)
        name = f"stock loop, {'full' if shrink == 1 else 'quarter'} size, one frame a second"
        lines.append(_session_line(name, theirs, mine, results[-1][1], video))
    return lines


def _session_line(name: str, seconds: float, ours: float, named: set[str], video: ClassVideo) -> str:
    right, wrong = len(named & video.present), len(named - video.present)
    return f"| {name} | {1000 * seconds:.0f} ms | {seconds / ours:.1f} | {right} of {len(video.present)} | {wrong} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    with tempfile.TemporaryDirectory() as name:
        video = compose(data / "lfw-original", Path(name), seed=options.seed)
        frame = next(_frames(video.video_path, every=1))
        print("| what | ours | stock | times as fast | |\n|---|---|---|---|---|")
        for compared in (
            encoder(frame, options.runs),
            detector("hog", frame, (640, 480), options.runs),
            detector("cnn", frame, (640, 480), options.runs),
        ):
            times = f"{1000 * compared.ours:.1f} ms | {1000 * compared.stock:.1f} ms | {compared.ratio:.1f}"
            print(f"| {compared.what} | {times} | {compared.note} |", flush=True)
        print("\n| session | a frame | times ours | right marks | wrong marks |\n|---|---|---|---|---|")
        print("\n".join(session(video, Path(name), options.runs)))


if __name__ == "__main__":
    main()
