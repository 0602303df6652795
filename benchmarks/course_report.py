"""What a course's report costs: ``python -m benchmarks.course_report``, 200 students and 60 sessions."""

import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from attendance_app.domain.people import RosterEntry
from attendance_app.domain.sessions import Mark, MarkedBy, Status
from attendance_app.services.attendance_report import course_report
from attendance_app.store.database import open_store

STUDENTS, SESSIONS, RUNS = 200, 60, 5
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def main() -> None:
    """Print the median of the seconds that a report takes, by the clock and of the processor."""
    drawn = random.Random(0)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        with store.write() as tx:
            course = tx.courses.add("MATE", "")
            tx.students.put_roster(course.id, [RosterEntry(f"S{n}", f"Student {n}", "") for n in range(STUDENTS)])
        students = [student.id for student in store.students.of_course(course.id)]
        for day in range(SESSIONS):
            begun = START + timedelta(days=day)
            with store.write() as tx:
                session = tx.sessions.open(course.id, begun, timedelta(minutes=10))
                statuses = drawn.choices(list(Status), [80, 8, 8, 4], k=STUDENTS)
                marks = zip(students, statuses, strict=True)
                tx.marks.record([Mark(session.id, who, what, MarkedBy.TEACHER, begun) for who, what in marks])
                tx.sessions.close(session.id, begun + timedelta(minutes=50))
        spent, worked = [], []
        for _ in range(RUNS):
            begun_at, work_at = time.perf_counter(), time.process_time()
            report = course_report(store, course.id, limit=0.8)
            spent.append(time.perf_counter() - begun_at)
            worked.append(time.process_time() - work_at)
        size = f"{len(report.students)} students, {len(report.sessions)} sessions"
        print(f"{size}: {median(spent):.2f} s, {median(worked):.2f} s of work")


if __name__ == "__main__":
    main()
