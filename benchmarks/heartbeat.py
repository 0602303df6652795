"""How long the window's thread is kept from its work: gaps between two beats of a timer.

``uv run python -m benchmarks.heartbeat --demo`` takes the demo class's roll in the real window; with ``--enrol 200`` it
then enrols so many photos on the page Enrolment, with ``--train`` the course's network is taught on the page Models.
Without ``--demo`` a class video is composed from real faces (ATTENDANCE_SHARED_DATA, else ``../shared/data``). Prints a
Markdown table; ``--why`` adds what the longest events were. Other programs on the machine lengthen the gaps.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from attendance_app.bootstrap import open_data, open_enrolment, open_reader
from attendance_app.services.demo.lesson import prepare_demo
from attendance_app.services.enrolment import EnrolmentOrder
from attendance_app.services.jobs import NoJob
from attendance_app.services.photo_folders import find_photos
from attendance_app.store.database import Store
from attendance_app.ui.app import build_window, prepare_application
from attendance_app.ui.main_window import MainWindow
from attendance_app.ui.pages.roll_call import RollCallPage
from attendance_app.ui.waiting import wait_until

BEAT_MS = 5
LONG_EVENT_SECONDS = 0.015
PATIENCE_SECONDS = 1200.0
HEADER = "| what | beats | median | 99 % | longest | over 33 ms | over 100 ms |\n|---|---|---|---|---|---|---|"


@dataclass(slots=True)
class Watch:
    """Seconds between beats, and (name, seconds) of events of the window's thread that took long."""

    gaps: list[float]
    events: list[tuple[str, float]]

    def line(self, what: str) -> str:
        """One row of the table."""
        ordered = sorted(self.gaps)
        figures = [1000 * ordered[place] for place in (len(ordered) // 2, int(0.99 * len(ordered)), -1)]
        shares = [sum(gap > limit for gap in ordered) for limit in (0.033, 0.1)]
        words = " | ".join(f"{figure:.1f} ms" for figure in figures)
        return f"| {what} | {len(ordered)} | {words} | {shares[0]} | {shares[1]} |"

    def longest(self, count: int = 8) -> str:
        """The events that took longest."""
        worst = sorted(self.events, key=lambda event: event[1], reverse=True)[:count]
        return "\n".join(f"{1000 * seconds:7.1f} ms  {name}" for name, seconds in worst)


class TimedApplication(QApplication):
    """Measures how long each event takes to be handled."""

    def __init__(self) -> None:
        super().__init__(["heartbeat"])
        self.events: list[tuple[str, float]] | None = None
        self._depth = 0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        # An event that is handled within another one is part of its time.
        if self.events is None or self._depth:
            return super().notify(receiver, event)
        name, kind, begun = type(receiver).__name__, event.type().name, time.perf_counter()
        self._depth += 1
        handled = super().notify(receiver, event)
        self._depth -= 1
        took = time.perf_counter() - begun
        if took > LONG_EVENT_SECONDS and self.events is not None:
            self.events.append((f"{name} {kind}", took))
        return handled


@contextmanager
def beating() -> Iterator[Watch]:
    """Collect the seconds between the beats of a timer of 5 ms in the window's thread."""
    watch = Watch([], [])
    application = QCoreApplication.instance()
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        watch.gaps.append(now - last)
        last = now

    timer = QTimer()
    # Qt's usual timers may be early or late by 5 %.
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(BEAT_MS)
    timer.timeout.connect(beat)
    timer.start()
    if isinstance(application, TimedApplication):
        application.events = watch.events
    yield watch
    if isinstance(application, TimedApplication):
        application.events = None
    timer.stop()


def prepare(store: Store, folder: Path, options: argparse.Namespace) -> Path:
    """Enrol a class and return its video."""
    enrolment = open_enrolment(store, open_reader())
    if options.demo:
        return prepare_demo(store, enrolment, folder, NoJob()).clip
    from tests.class_videos import compose

    video = compose(shared_data() / "lfw-original", folder, seed=1, students=options.students, seconds=options.seconds)
    with store.write() as tx:
        course = tx.courses.add("CLASS", "Composed class")
    order = EnrolmentOrder(course, create_missing=True, consent="benchmark")
    for _outcome in enrolment.enrol(find_photos(video.enrol_dir), order, NoJob()):
        pass
    return video.video_path


def shared_data() -> Path:
    """Where the real faces are."""
    return Path(os.environ.get("ATTENDANCE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def take_roll(window: MainWindow, video: Path) -> tuple[Watch, int]:
    """Run one session; returns the gaps from start to end and how many students were marked."""
    page = window.open_page("roll_call", str(video))
    assert isinstance(page, RollCallPage)
    wait_until(lambda: bool(page.model.rows) and not window.context.jobs.busy, PATIENCE_SECONDS)
    over: list[object] = []
    page.running.runner.source_ended.connect(over.append)
    with beating() as watch:
        page.start(resume=False)
        wait_until(lambda: bool(over), PATIENCE_SECONDS)
    marked = sum(line.mark is not None for line in page.model.rows)
    page.running.runner.leave()
    wait_until(lambda: not page.running.running, PATIENCE_SECONDS)
    return watch, marked


def enrol(window: MainWindow, folder: Path, count: int) -> Watch:
    """Let the page Enrolment examine and enrol ``count`` photos, as after dropping a folder on it."""
    from attendance_app.ui.pages.enrolment import EnrolmentPage

    photos = sorted((shared_data() / "lfw-original").rglob("*.jpg"))[:count]
    for number, photo in enumerate(photos):
        place = folder / f"P{number:03} Person"
        place.mkdir(parents=True)
        shutil.copy(photo, place / photo.name)
    page = window.open_page("enrolment")
    assert isinstance(page, EnrolmentPage)
    settle(window)
    page.photos.missing_box.setChecked(True)
    with beating() as watch:
        page.photos.examine([folder])
        settle(window)
        page.photos.consent_line.setText("benchmark")
        page.photos.enrol()
        settle(window)
    return watch


def train(window: MainWindow) -> Watch:
    """Teach the in-house network the course on the page Models."""
    from attendance_app.ui.recognition.course_training import CourseTraining

    page = window.open_page("models")
    settle(window)
    (training,) = page.findChildren(CourseTraining)
    with beating() as watch:
        training.train()
        settle(window)
    return watch


def settle(window: MainWindow) -> None:
    """Let the window live until its jobs are done."""
    wait_until(lambda: not window.context.jobs.busy, PATIENCE_SECONDS)


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--demo", action="store_true", help="the demo class; needs no real faces")
    parser.add_argument("--enrol", type=int, default=0, metavar="PHOTOS", help="then enrol so many real photos")
    parser.add_argument("--train", action="store_true", help="then teach the course's network")
    parser.add_argument("--why", action="store_true", help="measure every event (adds a little to each gap)")
    return parser.parse_args()


def main() -> None:
    """Prepare, run and print."""
    options = read_options()
    if options.why:
        TimedApplication()
    application = prepare_application()
    watches: list[tuple[str, Watch]] = []
    with tempfile.TemporaryDirectory() as name, open_data(Path(name) / "home") as store:
        video = prepare(store, Path(name), options)
        window = build_window(store, application)
        window.resize(1280, 720)
        window.show()
        watch, marked = take_roll(window, video)
        watches.append((f"session, {marked} of {len(store.students.all())} students marked", watch))
        if options.train:
            watches.append(("training the course's network", train(window)))
        if options.enrol:
            watches.append(
                (f"enrolment of {options.enrol} photos", enrol(window, Path(name) / "photos", options.enrol))
            )
        window.close()
    print(HEADER)
    for what, watch in watches:
        print(watch.line(what))
    for what, watch in watches if options.why else ():
        print(f"\n{what}: longest events\n{watch.longest()}")


if __name__ == "__main__":
    main()
