"""What both in-house networks cost a session: frames processed with them and without, on one class video in real time.

``python -m benchmarks.networks_cost`` composes a class of 30 (ATTENDANCE_SHARED_DATA, else ``../shared/data``), enrols
it, trains the course's identity head and plays the video as a camera would, without and with the networks in turn.
``--class-dir`` takes a class that ``tests/class_videos.py`` composed before. Only the ratio is worth keeping from a
machine that has other work.
"""

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from attendance_app.bootstrap import open_data, open_in_house_networks, open_reader, open_roster, roll_tools
from attendance_app.classifiers.thresholds import DEFAULT_RULE
from attendance_app.config.settings import Settings
from attendance_app.domain.fusion import ClassifierChoice
from attendance_app.domain.roll_call import Rules
from attendance_app.services.session.cadence import SCANS, Cadence
from attendance_app.services.session.evidence import InHouseNetworks
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.pipeline import Pipeline
from attendance_app.services.session.roll_messages import RollOrder
from benchmarks.classes import CHECKOUT, attendance
from tests.class_videos import compose

COURSE = "CLASS"


@dataclass(frozen=True, slots=True)
class Run:
    """One session: frames it took of those read, and the processor's seconds a frame taken."""

    processed: int
    read: int
    cpu_seconds: float


def prepare(class_dir: Path, home: Path) -> None:
    """Enrol the class and train its head."""
    attendance(home, "course", "add", COURSE, "--title", "Composed class")
    enrol = ["enrol", str(class_dir / "enrol"), "--course", COURSE, "--create-missing", "--consent", "benchmark"]
    attendance(home, *enrol, "--json")
    attendance(home, "train", "identity", "--course", COURSE)


@dataclass(frozen=True, slots=True)
class Play:
    """How much of the video is played; ``realtime`` as a camera would, else every frame."""

    video: Path
    seconds: float
    realtime: bool


def run_session(home: Path, play: Play, *, networks: bool) -> Run:
    """Play the video through a session of its own."""
    with open_data(home) as store:
        reader = open_reader("hog")
        course = store.courses.by_code(COURSE)
        in_house = open_in_house_networks(store, course, ClassifierChoice.BOTH) if networks else InHouseNetworks()
        pipeline = Pipeline(
            reader,
            open_roster(store, course, reader.encoder_id),
            Rules(accept=DEFAULT_RULE.accept, review=DEFAULT_RULE.review),
            cadence=Cadence(),
            scan=SCANS["hog"],
            in_house=in_house,
        )
        order = RollOrder(
            course,
            str(play.video),
            timedelta(minutes=10),
            Settings(),
            resume=False,
            realtime=play.realtime,
            max_seconds=play.seconds,
            ends_with_source=True,
        )
        roll = LiveRoll(order, replace(roll_tools(store), open_pipeline=lambda _order: pipeline), lambda _event: None)
        # Of all threads of this process: the video is decoded in it, too, on both sides alike.
        cpu = time.process_time()
        session = roll.run()
        spent = time.process_time() - cpu
        summary = roll.summary
        assert session is not None
        assert summary is not None
        with store.write() as tx:
            tx.sessions.delete(session.id)
    return Run(summary.frames_processed, summary.frames_read, spent / max(summary.frames_processed, 1))


def measure(home: Path, play: Play, *, runs: int) -> None:
    """Print each pair of runs and the median ratios."""
    print("| run | frames without | frames with both | ratio | processor time a frame, ratio |")
    print("|---|---|---|---|---|")
    frames, costs = [], []
    for number in range(1, runs + 1):
        # In changing order, so that a machine that becomes slower or faster favours neither.
        order = (False, True) if number % 2 else (True, False)
        done = {networks: run_session(home, play, networks=networks) for networks in order}
        without, both = done[False], done[True]
        frames.append(both.processed / without.processed)
        costs.append(both.cpu_seconds / without.cpu_seconds)
        print(
            f"| {number} | {without.processed} of {without.read} | {both.processed} of {both.read} | "
            f"{frames[-1]:.2f} | {costs[-1]:.2f} |",
            flush=True,
        )
    print(f"| median | | | {statistics.median(frames):.2f} | {statistics.median(costs):.2f} |")
    print(f"\nload: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main() -> None:
    """Compose or take a class, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--class-dir", type=Path, help="holds class.mp4 and enrol/ of a composed class")
    parser.add_argument("--runs", type=int, default=4, help="pairs of runs")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the video that are played")
    parser.add_argument("--every-frame", action="store_true", help="not in real time: compare processor time only")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    with tempfile.TemporaryDirectory() as name:
        class_dir = options.class_dir or Path(name) / "class"
        if options.class_dir is None:
            compose(data / "lfw-original", class_dir, seed=options.seed)
        prepare(class_dir, Path(name) / "home")
        play = Play(class_dir / "class.mp4", options.seconds, realtime=not options.every_frame)
        measure(Path(name) / "home", play, runs=options.runs)


if __name__ == "__main__":
    main()
