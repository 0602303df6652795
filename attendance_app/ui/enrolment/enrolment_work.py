"""Examining and saving photos as jobs; what is found travels to the window piece by piece. No widgets."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QImage

from attendance_app.bootstrap import open_enrolment, open_reader
from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import Student
from attendance_app.services.enrolment import Candidate, Enrolment, EnrolmentOrder
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import PhotoFile, StudentName, find_photos
from attendance_app.services.verdicts import Verdict
from attendance_app.store.database import Store
from attendance_app.ui.pictures import image_of

PENDING_CONSENT = "pending"
"""Lets a photo be examined before its consent is on record; nothing is saved by that."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One file of the table. ``consent``: on record for its student; ``verdict`` None: ready to be enrolled."""

    key: int
    photo: PhotoFile
    candidate: Candidate
    verdict: Verdict | None
    thumbnail: QImage
    consent: bool

    @property
    def who(self) -> Student | StudentName | None:
        return self.candidate.who

    @property
    def ready(self) -> bool:
        return self.verdict is None


class EnrolmentWork:
    """Owns the networks for photos; one job at a time uses them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one = threading.Lock()
        self._enrolment: Enrolment | None = None
        self.found: queue.SimpleQueue[Item] = queue.SimpleQueue()
        """Items as they are examined or saved, taken out by the window."""
        self._keys = 0
        self._encoder_id = ""

    def examine_paths(self, paths: Sequence[Path], order: EnrolmentOrder, job: JobContext) -> None:
        """Find the files under all paths and examine each. Raises KnownError when nothing can be read there."""
        photos = [photo for path in paths for photo in find_photos(path)]
        with self._one:
            for done, photo in enumerate(photos):
                job.raise_if_cancelled()
                self._keys += 1
                self.found.put(self._examine(self._keys, photo, order))
                job.report(done + 1, len(photos))

    def examine_again(
        self, items: Sequence[tuple[Item, Student | StudentName | None]], order: EnrolmentOrder, job: JobContext
    ) -> None:
        """Examine files again, for another student where one is given."""
        with self._one:
            for done, (item, student) in enumerate(items):
                job.raise_if_cancelled()
                self.found.put(self._examine(item.key, item.photo, order, student))
                job.report(done + 1, len(items))

    def save(self, items: Sequence[Item], order: EnrolmentOrder, job: JobContext) -> int:
        """Enrol what is ready, each photo in a transaction of its own; returns how many."""
        enrolled = 0
        with self._one:
            for done, item in enumerate(items):
                job.raise_if_cancelled()
                verdict = self._save(item, order)
                enrolled += verdict is Verdict.ENROLLED
                self.found.put(replace(item, verdict=verdict, consent=True))
                job.report(done + 1, len(items))
        return enrolled

    def _save(self, item: Item, order: EnrolmentOrder) -> Verdict:
        try:
            return self._open().save(item.candidate, order).verdict
        except KnownError:
            if self._is_enrolled(item):  # the same file was in the list twice
                return Verdict.ALREADY_ENROLLED
            raise

    def _is_enrolled(self, item: Item) -> bool:
        who = self._store.students.find(item.who.number) if item.who else None
        owners = self._store.templates.owners_of_photo(item.candidate.photo_sha256, self._encoder_id)
        return who is not None and who.id in owners

    def _open(self) -> Enrolment:
        if self._enrolment is None:
            reader = open_reader()
            self._encoder_id = reader.encoder_id
            self._enrolment = open_enrolment(self._store, reader)
        return self._enrolment

    def _examine(
        self, key: int, photo: PhotoFile, order: EnrolmentOrder, student: Student | StudentName | None = None
    ) -> Item:
        candidate = self._open().examine(photo, replace(order, consent=PENDING_CONSENT), student=student)
        thumbnail = QImage() if candidate.thumbnail is None else image_of(candidate.thumbnail)
        who = candidate.who
        consent = isinstance(who, Student) and self._store.consents.current(who.id) is not None
        return Item(key, photo, candidate, candidate.refusal, thumbnail, consent)
