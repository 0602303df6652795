"""What encryption costs: the same work on a plain and on an encrypted register, in turn. Prints one JSON document.

Run on the disk that matters: ``python -m benchmarks.encryption [FOLDER]``.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from attendance_app.domain.people import FaceTemplate, RosterEntry
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store.database import FILE_NAME, open_store
from attendance_app.store.protection import encrypt

STUDENTS, PHOTOS = 200, 3
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ROUNDS = 30


def fill(home: Path) -> None:
    """A course of 200 with three templates each, and an open session."""
    chance = np.random.default_rng(0)
    with open_store(home) as store, store.write() as tx:
        course = tx.courses.add("BENCH", "")
        tx.students.put_roster(course.id, [RosterEntry(f"{n:04}", f"Student {n:04}") for n in range(STUDENTS)])
        for student in tx.students.of_course(course.id):
            tx.consents.record(student.id, "benchmark", NOW)
            for photo in range(PHOTOS):
                encoding = chance.standard_normal(128).astype(np.float32)
                photo_name = f"{student.id}-{photo}"
                tx.templates.add(
                    FaceTemplate(student.id, "resnet:1", encoding / np.linalg.norm(encoding), photo_name, 0.9, NOW),
                    bytes(chance.integers(0, 256, 8000, dtype=np.uint8)),
                )
        tx.sessions.open(course.id, NOW, timedelta(minutes=10))


def work(home: Path) -> dict[str, Callable[[], object]]:
    """What is timed; each opens the register anew where a start is timed, and keeps it open where not."""
    store = open_store(home)
    course = store.courses.by_code("BENCH")
    (session,) = store.sessions.all()
    students = store.students.of_course(course.id)
    waiting = iter(students * ROUNDS)

    def commit() -> None:
        student = next(waiting)
        seen = Evidence(0.99, 5, 0.3, student.id)
        with store.write() as tx:
            tx.marks.record([Mark(session.id, student.id, Status.PRESENT, MarkedBy.CAMERA, NOW, NOW, NOW, seen)])

    return {
        "one mark committed": commit,
        "open, read the courses, close": lambda: _start(home),
        "gallery of 600 templates read": lambda: store.templates.gallery(course.id, "resnet:1"),
        "class list of 200 read": lambda: store.students.of_course(course.id),
        "register of 200 read": lambda: store.marks.of_session(session.id),
    }


def _start(home: Path) -> None:
    with open_store(home) as store:
        store.courses.all()


def main() -> None:
    """Measure in a temporary folder inside FOLDER (default: the system's)."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        os.environ |= {"ATTENDANCE_CONFIG": f"{name}/config", "ATTENDANCE_KEYRING": "off"}
        homes = {kind: Path(name) / kind for kind in ("plain", "encrypted")}
        for home in homes.values():
            fill(home)
        began = perf_counter()
        encrypt(homes["encrypted"] / FILE_NAME, NOW)
        seconds, size = perf_counter() - began, (homes["encrypted"] / FILE_NAME).stat().st_size
        works = {kind: work(home) for kind, home in homes.items()}
        figures: dict[str, dict[str, float]] = {}
        for what in works["plain"]:
            times: dict[str, list[float]] = {kind: [] for kind in homes}
            for _ in range(ROUNDS):  # in turn: the machine's other work falls on both
                for kind in homes:
                    start = perf_counter()
                    works[kind][what]()
                    times[kind].append((perf_counter() - start) * 1000)
            figures[what] = {f"{kind}_median_ms": round(median(each), 2) for kind, each in times.items()}
        figures["encrypted once, with a backup"] = {"seconds": round(seconds, 2), "megabytes": round(size / 1e6, 1)}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
