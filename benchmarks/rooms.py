"""Whole sessions in composed classrooms of real faces, 20 to 70 pixels high: who is marked, by the face's height.

    python -m benchmarks.rooms --rooms 10 [--first-seed 1] [--photographs 2] [--peers] [--keep FOLDER]

Each room is composed (``tests/composed_rooms.py``) from ATTENDANCE_SHARED_DATA, else ``../shared/data``: 40 students
enrolled with 3 photos each, 35 of them there, 4 strangers. The roll is taken with the default settings, from a
20-second video of 1920 x 1080 or from photographs of 12 megapixels. A mark counts as right when it was made by the face
of that student, not merely for somebody who is there. ``--peers``: others take the same rolls (``room_peers.py``).
"""

import argparse
import json
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from attendance_app.bootstrap import open_data, open_reader, roll_tools
from attendance_app.config.settings import DetectorName, Settings
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.live_roll import LiveRoll
from attendance_app.services.session.photo_roll import PhotoRoll
from attendance_app.services.session.roll_messages import RollOrder
from attendance_app.vision.photographs import photo_set
from benchmarks.classes import attendance
from benchmarks.room_judge import HEAD, Judge, Tally, table, tallies, total
from benchmarks.room_peers import peers
from tests.composed_rooms import ComposedRoom, compose

CHECKOUT = Path(__file__).resolve().parent.parent
COURSE = "ROOM"


def enrol(room: ComposedRoom, home: Path) -> str:
    """Enrol the room's students; returns how many of their photos were taken."""
    attendance(home, "course", "add", COURSE, "--title", "Composed room")
    words = ["enrol", str(room.enrol_dir), "--course", COURSE, "--create-missing", "--consent", "benchmark", "--json"]
    report = json.loads(attendance(home, *words))
    return f"{report['counts'].get('enrolled', 0)} of {len(report['files'])}"


def take_roll(
    room: ComposedRoom, home: Path, *, read_faces: Callable[[DetectorName], FaceReader] = open_reader
) -> Judge:
    """Take the roll as ``session run`` and ``session from-photos`` do; every frame of a video is read."""
    with open_data(home) as store:
        course = store.courses.by_code(COURSE)
        judge = Judge(room, {one.id: one.number for one in store.students.of_course(course.id)})
        source = str(room.pictures[0]) if room.pictures[0].suffix == ".mp4" else photo_set(room.pictures)
        order = RollOrder(course, source, timedelta(minutes=5), Settings(), resume=False, ends_with_source=True)
        tools = roll_tools(store, read_faces=read_faces)
        if isinstance(source, str):
            LiveRoll(order, tools, judge.hear).run()
        else:
            PhotoRoll(order, tools, judge.hear, keep_open=False).run()
    return judge


@contextmanager
def _folder(keep: Path | None, name: str) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory() as temporary:
            yield Path(temporary)
    else:
        yield keep / name


def _composed(data: Path, out: Path, seed: int, options: argparse.Namespace) -> ComposedRoom:
    """Compose a room into ``out``, or read the one that was kept there."""
    kept = out / "room.pickle"
    if kept.exists():
        room: ComposedRoom = pickle.loads(kept.read_bytes())
        return room
    room = compose(
        data / "lfw-original",
        data / "classrooms",
        out,
        seed=seed,
        photographs=options.photographs,
        pixels=1e6 * options.megapixels,
        smallest=options.smallest,
        largest=options.largest,
    )
    kept.write_bytes(pickle.dumps(room))
    return room


def main() -> None:
    """Compose, take the rolls and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--photographs", type=int, default=0, help="that many of each room, instead of a video")
    parser.add_argument("--megapixels", type=float, default=12.0, help="of a photograph")
    parser.add_argument("--smallest", type=float, default=20.0, help="height of a face in pixels")
    parser.add_argument("--largest", type=float, default=70.0)
    parser.add_argument("--peers", action="store_true", help="have others take the rolls as well")
    parser.add_argument("--keep", type=Path, help="a folder where composed rooms are kept for the next run")
    options = parser.parse_args()
    data = Path(os.environ.get("ATTENDANCE_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    results: dict[str, list[dict[int, Tally]]] = {}
    print(f"| room | photos enrolled | who | {HEAD} | processor time |\n|---|---|---|---|---|---|---|---|---|---|")
    for seed in range(options.first_seed, options.first_seed + options.rooms):
        sizes = options.photographs, options.megapixels, options.smallest, options.largest
        with _folder(options.keep, "-".join(map(str, (seed, *sizes)))) as out, tempfile.TemporaryDirectory() as name:
            room, home = _composed(data, out, seed, options), Path(name) / "home"
            enrolled = enrol(room, home)
            rolls: dict[str, Callable[[], Judge]] = {"this program": lambda: take_roll(room, home)}  # noqa: B023
            if options.peers:
                rolls |= peers(room, home, data / "peers", COURSE)
            for who, roll in rolls.items():
                begun = time.process_time()
                counts = tallies(roll())
                spent = time.process_time() - begun
                results.setdefault(who, []).append(counts)
                print(f"| {seed} | {enrolled} | {who} | {total(counts).cells()} | {spent:.1f} s |", flush=True)
    for who, rows in results.items():
        print(f"\n{who}:")
        table(rows)


if __name__ == "__main__":
    main()
