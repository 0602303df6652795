"""Records a session in a child process, kills it at a random moment, and looks what is left; over and over.

Run as a script: ``recording_child.py HOME ROUNDS SEED``. Prints one JSON document. Children are forked, so that a
kill costs milliseconds and not the start of an interpreter.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from single_writes import each

from attendance_app.domain.sessions import Evidence, Mark, MarkedBy, Status
from attendance_app.services.session.lifecycle import SessionLifecycle
from attendance_app.services.session.recorder import Recorder
from attendance_app.store import driver
from attendance_app.store.database import FILE_NAME, Store, open_store

STUDENTS = 30


def now() -> datetime:
    return datetime.now(UTC)


def record_until_killed(home: Path, announcements: int) -> None:
    """Resume or open the session and go on sending marks; announce each one once it is committed."""

    def announce(marks: Sequence[Mark]) -> None:
        lines = [f"{m.session_id} {m.student_id} {m.evidence.sightings}\n" for m in marks if m.evidence]
        os.write(announcements, "".join(lines).encode())

    def fail(error: Exception) -> None:
        raise error

    store = open_store(home)
    with store.recording():
        course = store.courses.by_code("A")
        session = SessionLifecycle(store, now).begin(course, timedelta(minutes=10)).session
        os.write(announcements, b"begun\n")
        recorder = Recorder(each(store).marks.record_many, on_recorded=announce, on_error=fail)
        students = store.students.of_course(course.id)
        known = {mark.student_id: mark.evidence.sightings for mark in store.marks.of_session(session.id)}  # type: ignore[union-attr]
        for count in range(max(known.values(), default=0) + 1, sys.maxsize):
            for student in students:
                at = now()
                seen = Evidence(0.99, count, 0.3, student.id)
                recorder.submit(Mark(session.id, student.id, Status.PRESENT, MarkedBy.CAMERA, at, at, at, seen))
                time.sleep(0.001)


def killed_recording(home: Path, delay: float, *, from_start: bool) -> list[str]:
    """Fork, record, kill -9 ``delay`` seconds after the start or after the first mark; return the announcements."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        record_until_killed(home, writing)
    os.close(writing)
    text = b"" if from_start else os.read(reading, len(b"begun\n")) + os.read(reading, 65536)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while chunk := os.read(reading, 65536):
        text += chunk
    os.close(reading)
    return [line for line in text.decode().splitlines() if line != "begun"]


def missing(store: Store, announced: list[str]) -> list[str]:
    """Return the announcements that the register does not have."""
    lost = []
    for line in announced:
        session_id, student_id, sightings = map(int, line.split())
        mark = store.marks.get(session_id, student_id)
        if mark is None or mark.evidence is None or mark.evidence.sightings < sightings:
            lost.append(line)
    return lost


def main(home: Path, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    with open_store(home) as store:
        course = each(store).courses.add("A", "A")
        for n in range(STUDENTS):
            each(store).students.enrol(course.id, each(store).students.add(f"S{n:02}", f"Student {n:02}").id)
    results = []
    for n in range(rounds):
        announced = killed_recording(home, chance.uniform(0, 0.3), from_start=n % 4 == 3)
        with closing(driver.connect(home / FILE_NAME)) as raw:
            intact = raw.execute("PRAGMA integrity_check").fetchone()[0]
        with open_store(home) as store:
            lost, running = missing(store, announced), store.is_recording()
            sessions = len(store.sessions.all())
        results.append(
            {"announced": len(announced), "lost": lost, "integrity": intact, "locked": running, "sessions": sessions}
        )
    with open_store(home) as store:
        context = SessionLifecycle(store, now)
        cut_off = context.cut_off(store.courses.by_code("A"))
        closed = None if cut_off is None else context.close_cut_off(cut_off)
        marks = [] if closed is None else store.marks.of_session(closed.id)
        final = {"cut_off": cut_off is not None, "ended": bool(closed and closed.ended_at), "marks": len(marks)}
    sys.stdout.write(json.dumps({"rounds": results, **final}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
