"""The demo class: people who do not exist, enrolled and filmed like real ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from attendance_app.config.paths import bundled
from attendance_app.domain.people import Course
from attendance_app.services.demo.clip import FPS, SECONDS, ClipPerson, read_bust, write_clip
from attendance_app.services.demo.demo_lesson import COURSE_CODE, DemoLesson
from attendance_app.services.demo.errors import DemoPhotoRefused, DemoPicturesMissing
from attendance_app.services.enrolment import Enrolment, EnrolmentOrder
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import find_photos
from attendance_app.services.verdicts import Verdict
from attendance_app.store.changes import NO_CHANGES, Changes
from attendance_app.store.database import Store
from attendance_app.store.unit import Transaction

ABSENT = ("S05", "S17")
"""Enrolled, and not in the film."""
LATE = {"S03": 11.0, "S11": 12.2, "S20": 13.4}
"""Who comes late, and the second at which they sit down."""
STRANGERS = {"X01": 6.0}
"""In the film and not enrolled, and the second at which they sit down."""
SEED = 20
"""Of the film: places at the desks, movements, noise."""


@dataclass(frozen=True, slots=True)
class DemoWords:
    """What the course and its students are called; ``student`` is filled with {number}. ``consent`` is its ground."""

    title: str = "Demo class"
    student: str = "Student {number}"
    consent: str = "demo: nobody is real"

    def name_of(self, number: str) -> str:
        """Return what the student with a number such as "S07" is called."""
        return self.student.format(number=number[1:])


def prepare_demo(
    store: Store, enrolment: Enrolment, folder: Path, job: JobContext, words: DemoWords | None = None
) -> DemoLesson:
    """Enrol the demo class in ``store`` and draw the film into ``folder``; what is there already is kept.

    ``words``: what it is called, English without.

    Raises NotFoundError when the program was installed without its demo pictures, Cancelled when stopped.
    """
    pictures = bundled("resources") / "demo"
    photos = pictures / "photos"
    if not photos.is_dir():
        raise DemoPicturesMissing(path=photos)
    words = words or DemoWords()
    with store.write() as tx:
        course = _course(tx, words)
        _add_everybody(tx, course, photos, words)
    # The course first, committed: each photo then has a transaction of its own.
    changes = tx.changes + _enrol_everybody(enrolment, photos, EnrolmentOrder(course, consent=words.consent), job)
    clip = _clip(pictures / "busts", folder, job)
    return DemoLesson(course, clip, changes=changes)


def rename_demo(store: Store, words: DemoWords, at: datetime) -> Course:
    """Call the demo class, its students and their consents by other words, those of another language."""
    with store.write() as tx:
        course = tx.courses.by_code(COURSE_CODE)
        for student in tx.students.of_course(course.id):
            tx.students.update(student.id, name=words.name_of(student.number))
            tx.consents.record(student.id, words.consent, at)
        return tx.courses.retitle(course.id, words.title)


def _course(tx: Transaction, words: DemoWords) -> Course:
    found = next((course for course in tx.courses.all(archived=None) if course.code == COURSE_CODE), None)
    return found or tx.courses.add(COURSE_CODE, words.title)


def _add_everybody(tx: Transaction, course: Course, photos: Path, words: DemoWords) -> None:
    for folder in sorted(photos.glob("S*")):
        student = tx.students.find(folder.name) or tx.students.add(folder.name, words.name_of(folder.name))
        tx.enrolments.add(course.id, student.id)


def _enrol_everybody(enrolment: Enrolment, photos: Path, order: EnrolmentOrder, job: JobContext) -> Changes:
    students = [photo for photo in find_photos(photos) if photo.label not in STRANGERS]
    changes = NO_CHANGES
    for outcome in enrolment.enrol(students, order, job):
        if outcome.verdict not in {Verdict.ENROLLED, Verdict.ALREADY_ENROLLED}:
            raise DemoPhotoRefused(file=outcome.candidate.file, reason=outcome.verdict.value)
        changes += outcome.changes
    return changes


def _clip(busts: Path, folder: Path, job: JobContext) -> Path:
    """Draw the film unless this very one is there from an earlier time."""
    files = sorted(busts.glob("*.webp"))
    # The name has a hash of all that the film is made of: a changed program draws another film.
    digest = hashlib.sha256(f"{SEED} {FPS} {SECONDS} {LATE} {STRANGERS} {ABSENT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    clip = folder / f"lesson-{digest.hexdigest()[:8]}.avi"
    if clip.is_file():
        return clip
    folder.mkdir(parents=True, exist_ok=True)
    # Renamed when it is whole: a film that was cut off must not be found as ready.
    unfinished = clip.with_name("unfinished.avi")

    def report(done: int, total: int) -> None:
        job.raise_if_cancelled()
        job.report(done, total)

    write_clip(unfinished, _people(files), seed=SEED, report=report)
    unfinished.replace(clip)
    return clip


def _people(files: Sequence[Path]) -> list[ClipPerson]:
    names = sorted({file.stem.split("-")[0] for file in files} - set(ABSENT))
    arrivals = {**LATE, **STRANGERS}
    return [
        ClipPerson(
            tuple(read_bust(file) for file in files if file.stem.split("-")[0] == name), arrives=arrivals.get(name, 0.0)
        )
        for name in names
    ]
