"""What the store costs: a commit by ``synchronous`` mode, a batch of marks, opening. Prints one JSON document.

Run on the disk that matters: ``python -m benchmarks.store [FOLDER]``.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.store.database import Store, open_store

STUDENTS = 200
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def milliseconds(work: Callable[[], object], repeat: int) -> dict[str, float]:
    """Time ``work``; median and 95th percentile."""
    times = []
    for _ in range(repeat):
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return {"median_ms": round(median(times), 3), "p95_ms": round(quantiles(times, n=20)[-1], 3)}


def commit_cost(folder: Path, mode: str) -> dict[str, float]:
    """One inserted row, one commit, straight through sqlite3."""
    with closing(sqlite3.connect(folder / f"{mode}.sqlite3", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {mode}")
        connection.execute("CREATE TABLE mark (id INTEGER PRIMARY KEY, text TEXT)")

        def insert() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO mark (text) VALUES (?)", ("x" * 90,))
            connection.execute("COMMIT")

        return milliseconds(insert, 300)


def store_costs(store: Store, home: Path) -> dict[str, dict[str, float]]:
    """The store's own calls, with a class of 200."""
    with store.write() as tx:
        course = tx.courses.add("BENCH", "")
        tx.students.put_roster(course.id, [RosterEntry(f"{n:04}", f"Student {n:04}") for n in range(STUDENTS)])
        session = tx.sessions.open(course.id, NOW, timedelta(minutes=10))

    def mark(student_id: int) -> Mark:
        seen = Evidence(0.99, 5, 0.3, student_id)
        return Mark(session.id, student_id, Status.PRESENT, MarkedBy.CAMERA, NOW, NOW, NOW, seen)

    def record(some: list[Mark]) -> None:
        with store.write() as tx:
            tx.marks.record(some)

    marks = [mark(student.id) for student in store.students.of_course(course.id)]
    waiting = iter(marks)
    return {
        "one mark recorded": milliseconds(lambda: record([next(waiting)]), 100),
        "200 marks in one transaction": milliseconds(lambda: record(marks), 10),
        "register of 200 read": milliseconds(lambda: store.marks.of_session(session.id), 20),
        "open and close a current store": milliseconds(lambda: open_store(home).close(), 20),
    }


def main() -> None:
    """Measure in a temporary folder inside FOLDER (default: the system's)."""
    place = sys.argv[1] if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        folder = Path(name)
        figures = {f"commit, {mode}": commit_cost(folder, mode) for mode in ("NORMAL", "FULL", "EXTRA")}
        with open_store(folder / "home") as store:
            figures |= store_costs(store, folder / "home")
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
