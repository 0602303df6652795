"""What a camera of 3840 x 2160 costs beside one of 1920 x 1080: processor time of each step, in one run.

``python -m benchmarks.camera_cost PHOTO`` shows the photograph, scaled to each size and moved a little from picture to
picture, as a made-up camera that gives motion JPEG 30 times a second. It measures capturing, showing (as the window
does), a frame's way through the pipeline, and a scan. ``--all`` decodes every picture of the larger camera.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from attendance_app.bootstrap import open_matcher, open_reader
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.domain.faces import Frame, Image
from attendance_app.domain.people import Gallery
from attendance_app.domain.roll_call import Rules
from attendance_app.services.session.cadence import SCANS, Cadence
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.stages.track_states import GallerySnapshot
from attendance_app.ui.roll_call.screen import Screen
from attendance_app.vision import live_source
from attendance_app.vision.live_source import LiveTiming, open_live
from attendance_app.vision.opencv import Picture
from attendance_app.vision.photo import load_photo
from attendance_app.vision.watched import WatchedSource

RATE = 30.0
SIZES = ((1920, 1080), (3840, 2160))


class JpegCamera:
    """Gives the same pictures in turn, compressed as a webcam sends them; decoding is left to ``retrieve``."""

    def __init__(self, pictures: list[bytes]) -> None:
        self._pictures = pictures
        self._count = 0
        self._next = time.monotonic()

    def grab(self) -> bool:
        self._next = max(self._next + 1 / RATE, time.monotonic() - 1 / RATE)
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._count += 1
        return True

    def retrieve(self) -> tuple[bool, Picture]:
        jpeg = np.frombuffer(self._pictures[self._count % len(self._pictures)], np.uint8)
        return True, cv2.imdecode(jpeg, cv2.IMREAD_COLOR)  # type: ignore[return-value]

    def read(self) -> tuple[bool, Picture]:
        self.grab()
        return self.retrieve()

    def release(self) -> None:
        pass


def moved(photo: Path, size: tuple[int, int], *, count: int = 8) -> list[Image]:
    """The photograph at that size (black around it where the shape differs), each picture some pixels further."""
    image = load_photo(photo)
    scale = min(size[0] / image.shape[1], size[1] / image.shape[0])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    room = cv2.resize(image, None, fx=scale, fy=scale, interpolation=method)
    full = np.zeros((size[1], size[0], 3), np.uint8)
    full[: room.shape[0], : room.shape[1]] = room
    step = size[0] // 960
    return [np.roll(full, step * abs(count // 2 - number), axis=1) for number in range(count)]


def cpu_of(work: Callable[[], object]) -> float:
    """Processor time of all threads, in seconds."""
    before = time.process_time()
    work()
    return time.process_time() - before


def capture_cost(pictures: list[Image], *, seconds: float) -> tuple[float, float]:
    """Processor time a second of capturing and showing, and pictures a second that a reader gets."""
    jpegs = [
        cv2.imencode(".jpg", cv2.cvtColor(one, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
        for one in pictures
    ]
    screen = Screen()
    source = open_live(
        "camera",
        connect=lambda: JpegCamera(jpegs),
        no_frames=lambda: RuntimeError,  # type: ignore[arg-type, return-value]
        timing=LiveTiming(),
    )
    got = 0

    def watch() -> None:
        nonlocal got
        with WatchedSource(source, screen.put_frame) as watched:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                watched.read(timeout=1)
                screen.take()
                got += 1

    return cpu_of(watch) / seconds, got / seconds


def pipeline_cost(pictures: list[Image], *, frames: int) -> tuple[float, float, int]:
    """Processor time of a frame between scans and of one scan, and the faces followed."""
    reader = open_reader("auto")
    nobody = Gallery(reader.encoder_id, (), np.empty((0, 128), np.float32), np.empty(0, np.intp))
    rules = Rules(accept=DEFAULT_RULE.accept, review=DEFAULT_RULE.review)
    # One scan at the beginning, and none after it: the two are told apart.
    pipeline = Pipeline(
        reader,
        GallerySnapshot(nobody, open_matcher(nobody)),
        rules,
        cadence=Cadence(detect_every=1e9),
        scan=SCANS["auto"],
    )
    pipeline.begin_source(beside=False)
    followed = pipeline.process(Frame(0, 0.0, pictures[0])).faces
    between = cpu_of(
        lambda: [
            pipeline.process(Frame(number, number / 10, pictures[number % len(pictures)]))
            for number in range(1, frames + 1)
        ]
    )
    height, width = pictures[0].shape[:2]
    scan = SCANS["auto"].scale(width, height)
    scanned = cpu_of(lambda: [reader.detector.detect(pictures[0], upsample=scan) for _ in range(3)])
    pipeline.close()
    return between / frames, scanned / 3, len(followed)


def main() -> None:
    """Measure both sizes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--all", action="store_true", help="decode every picture of a large camera")
    options = parser.parse_args()
    if options.all:
        vars(live_source)["PIXELS_A_SECOND"] = 10**12
    print("| camera | pictures a second | capturing and showing, of a core | a frame between scans | a scan | faces |")
    print("|---|---|---|---|---|---|")
    for size in SIZES:
        pictures = moved(options.photo, size)
        share, rate = capture_cost(pictures, seconds=options.seconds)
        frame, scan, faces = pipeline_cost(pictures, frames=options.frames)
        print(
            f"| {size[0]} x {size[1]} | {rate:.1f} | {share:.0%} | {1000 * frame:.0f} ms | {scan:.2f} s | {faces} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
