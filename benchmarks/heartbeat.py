"""How long the window's thread is kept from its work while a session runs: gaps between two beats of a timer.

``uv run python -m benchmarks.heartbeat --students 30 --seconds 20`` composes a class video from real faces
(ATTENDANCE_SHARED_DATA, else ``../shared/data``), enrols the class, takes its roll in the real window and prints a
Markdown table. With ``--demo`` it is the demo class instead. Other programs on the machine lengthen the gaps.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from attendance_app.bootstrap import open_data, open_enrolment, open_reader
from attendance_app.services.demo.lesson import prepare_demo
from attendance_app.services.enrolment import EnrolmentOrder
from attendance_app.services.jobs import NoJob
from attendance_app.services.photo_folders import find_photos
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage

BEAT_MS = 5


def prepare(store: Store, folder: Path, options: argparse.Namespace) -> Path:
    """Enrol a class and return its video."""
    enrolment = open_enrolment(store, open_reader())
    if options.demo:
        return prepare_demo(store, enrolment, folder, NoJob()).clip
    from tests.class_videos import compose

    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    video = compose(data / "lfw-original", folder, seed=1, students=options.students, seconds=options.seconds)
    order = EnrolmentOrder(store.courses.add("CLASS", "Composed class"), create_missing=True, consent="benchmark")
    for _outcome in enrolment.enrol(find_photos(video.enrol_dir), order, NoJob()):
        pass
    return video.video_path


@contextmanager
def beating() -> Iterator[list[float]]:
    """Collect the seconds between the beats of a timer of 5 ms in the window's thread."""
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(BEAT_MS)
    timer.timeout.connect(beat)
    timer.start()
    yield gaps
    timer.stop()


def take_roll(window: MainWindow, video: Path) -> tuple[list[float], int]:
    """Run one session; returns the gaps from start to end and how many students were marked."""
    page = window.open_page("roll_call", str(video))
    assert isinstance(page, RollCallPage)
    until(lambda: bool(page.model.lines) and not window.desk.jobs.busy)
    over: list[object] = []
    page.running.runner.watched.connect(over.append)
    with beating() as gaps:
        page.start(resume=False)
        until(lambda: bool(over))
    marked = sum(line.mark is not None for line in page.model.lines)
    page.running.runner.leave()
    until(lambda: not page.running.runner.running)
    return gaps, marked


def until(condition: object, seconds: float = 300.0) -> None:
    """Let the window live until something holds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QTest.qWait(20)


def main() -> None:
    """Prepare, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--demo", action="store_true", help="the demo class; needs no real faces")
    options = parser.parse_args()
    application = prepare_application()
    with tempfile.TemporaryDirectory() as name, open_data(Path(name) / "home") as store:
        video = prepare(store, Path(name), options)
        window = build_window(store, application)
        window.resize(1280, 720)
        window.show()
        gaps, marked = take_roll(window, video)
        students = len(store.students.all())
        window.close()
    ordered = sorted(gaps)
    print("| students | marked | beats | median | 99 % | longest | over 33 ms | over 100 ms |")
    print("|---|---|---|---|---|---|---|---|")
    figures = [1000 * ordered[len(ordered) // 2], 1000 * ordered[int(0.99 * len(ordered))], 1000 * ordered[-1]]
    shares = [sum(gap > limit for gap in ordered) for limit in (0.033, 0.1)]
    words = " | ".join(f"{figure:.1f} ms" for figure in figures)
    print(f"| {students} | {marked} | {len(ordered)} | {words} | {shares[0]} | {shares[1]} |")


if __name__ == "__main__":
    main()
