"""Examining and saving photos as jobs; results are queued for the window one by one. No widgets."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from PySide6.QtGui import QImage

from attendance_app.bootstrap import open_enrolment, open_reader, utc_now
from attendance_app.domain.errors import Cancelled, KnownError
from attendance_app.domain.people import Student
from attendance_app.services.enrolment import Enrolment, EnrolmentOrder, ExaminedPhoto, PhotoInstructions
from attendance_app.services.jobs import JobContext
from attendance_app.services.photo_folders import PhotoFile, StudentName, find_photos
from attendance_app.services.verdicts import Verdict
from attendance_app.store.changes import NO_CHANGES, Changes
from attendance_app.store.database import Store
from attendance_app.store.unit import Transaction
from attendance_app.ui.pictures import image_of

PENDING_CONSENT = "pending"
"""Lets a photo be examined before its consent is on record; nothing is saved by that."""
DONE = frozenset({Verdict.ENROLLED, Verdict.ALREADY_ENROLLED})


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One file of the table. ``consent``: on record for its student; ``verdict`` None: ready to be enrolled."""

    key: int
    photo: PhotoFile
    candidate: ExaminedPhoto
    verdict: Verdict | None
    thumbnail: QImage
    consent: bool
    choice: PhotoInstructions

    @property
    def who(self) -> Student | StudentName | None:
        return self.candidate.who

    @property
    def ready(self) -> bool:
        return self.verdict is None


Words: TypeAlias = Callable[[int], str]
"""Returns the message for a number of saved photos."""


@dataclass(frozen=True, slots=True)
class SavedPhotos:
    """The result of enrolling: the keys of the enrolled items, and the changes as one action.

    ``error``: what stopped it halfway; photos enrolled before stay enrolled.
    """

    keys: frozenset[int]
    changes: Changes
    error: KnownError | None = None


class EnrolmentWork:
    """Owns the networks for photos; they are used by one job at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._one = threading.Lock()
        self._enrolment: Enrolment | None = None
        self.found: queue.SimpleQueue[Item] = queue.SimpleQueue()
        """Items as they are examined or saved, taken out by the window."""
        self._keys = 0

    def examine_paths(
        self, paths: Sequence[Path], listed: Sequence[Item], order: EnrolmentOrder, job: JobContext
    ) -> None:
        """Find the files under all paths, examine each, and compare it with all that are ``listed`` already.

        Raises KnownError when nothing can be read there.
        """
        photos = [photo for path in paths for photo in find_photos(path)]
        added: list[Item] = []
        with self._one:
            try:
                for done, photo in enumerate(photos):
                    job.raise_if_cancelled()
                    self._keys += 1
                    added.append(self._look(self._keys, photo, order, PhotoInstructions()))
                    self.found.put(added[-1])
                    job.report(done + 1, len(photos))
            finally:
                # Also after Cancel or an error: what was examined up to there is shown with its result.
                self._compare([*listed, *added], order)

    def examine_again(
        self,
        changed: Sequence[tuple[Item, PhotoInstructions]],
        listed: Sequence[Item],
        order: EnrolmentOrder,
        job: JobContext,
    ) -> None:
        """Examine files again with the user's instructions, and compare all that are ``listed``."""
        items = {item.key: item for item in listed}
        with self._one:
            try:
                for done, (item, choice) in enumerate(changed):
                    job.raise_if_cancelled()
                    items[item.key] = self._look(item.key, item.photo, order, choice)
                    self.found.put(items[item.key])
                    job.report(done + 1, len(changed))
            finally:
                self._compare(list(items.values()), order)

    def save(self, listed: Sequence[Item], order: EnrolmentOrder, job: JobContext, words: Words) -> SavedPhotos:
        """Enrol the photos that are ready, each in its own transaction; stopping keeps what is done.

        One undo reverts all of them.
        """
        done: dict[int, Changes] = {}
        error = None
        with self._one:
            ready = [item for item in self._compare(listed, order) if item.ready]
            try:
                for item in ready:
                    job.raise_if_cancelled()
                    done[item.key] = self._save(item, order)
                    job.report(len(done), len(ready))
            except Cancelled:
                pass
            except KnownError as known:
                error = known
        # A photo that was enrolled elsewhere meanwhile has left nothing to undo here.
        keys = frozenset(key for key, changes in done.items() if changes.inverse)
        # The photos are stored already; this transaction only offers one undo for all of them.
        with self._store.write() as tx:
            tx.offer_undo(words(len(keys)), utc_now(), earlier=sum(done.values(), NO_CHANGES), partial=True)
        return SavedPhotos(keys, tx.changes, error)

    def make_ready(self, items: Sequence[Item], keys: frozenset[int]) -> None:
        """Queue the items whose enrolment was undone; they are ready again."""
        for item in items:
            if item.key in keys:
                self.found.put(replace(item, verdict=None, consent=self._has_consent(item.who)))

    def look(self, photo: PhotoFile, order: EnrolmentOrder, choice: PhotoInstructions) -> ExaminedPhoto:
        """Examine one photo; ``compare`` finds out whom it looks like."""
        with self._one:
            return self.open().look(photo, order, choice)

    def compare(self, candidates: Sequence[ExaminedPhoto], order: EnrolmentOrder, *, sure: bool) -> list[ExaminedPhoto]:
        """Compare photos of one student with each other and with the enrolled."""
        with self._one:
            return self.open().compare([replace(candidate, sure=sure) for candidate in candidates], order)

    def keep(self, tx: Transaction, candidates: Sequence[ExaminedPhoto], order: EnrolmentOrder) -> int:
        """Enrol photos that were compared, all of them or none; returns how many."""
        outcomes = [self.open().enter(tx, candidate, order) for candidate in candidates]
        return sum(one.verdict is Verdict.ENROLLED for one in outcomes)

    def warm_up(self) -> None:
        """Load the networks before the first photo."""
        with self._one:
            self.open()

    def open(self) -> Enrolment:
        """The service and its networks, loaded at the first use. Raises ModelFileError."""
        if self._enrolment is None:
            self._enrolment = open_enrolment(self._store, open_reader())
        return self._enrolment

    def _save(self, item: Item, order: EnrolmentOrder) -> Changes:
        """Enrol one photo and queue its item; returns no changes if it was enrolled elsewhere meanwhile."""
        try:
            changes, verdict = self.open().save(item.candidate, order).changes, Verdict.ENROLLED
        except KnownError:
            # A command or another window may have enrolled the photo since it was examined.
            if not self._is_enrolled(item):
                raise
            changes, verdict = NO_CHANGES, Verdict.ALREADY_ENROLLED
        self.found.put(replace(item, verdict=verdict, consent=True))
        return changes

    def _has_consent(self, who: Student | StudentName | None) -> bool:
        return isinstance(who, Student) and self._store.consents.current(who.id) is not None

    def _is_enrolled(self, item: Item) -> bool:
        who = self._store.students.find(item.who.number) if item.who else None
        owners = self._store.templates.owners_of_photo(item.candidate.photo_sha256, self.open().reader.encoder_id)
        return who is not None and who.id in owners

    def _look(self, key: int, photo: PhotoFile, order: EnrolmentOrder, choice: PhotoInstructions) -> Item:
        candidate = self.open().look(photo, replace(order, consent=PENDING_CONSENT), choice)
        thumbnail = QImage() if candidate.thumbnail is None else image_of(candidate.thumbnail)
        consent = self._has_consent(candidate.who)
        return Item(key, photo, candidate, candidate.refusal, thumbnail, consent, choice)

    def _compare(self, items: Sequence[Item], order: EnrolmentOrder) -> list[Item]:
        """Compare all photos that are not enrolled yet; queue those whose result has changed."""
        open_ones = [item for item in items if item.verdict not in DONE]
        if not open_ones:
            return []
        compared = []
        candidates = self.open().compare([item.candidate for item in open_ones], order)
        for item, candidate in zip(open_ones, candidates, strict=True):
            said = (item.verdict, item.candidate.other, item.candidate.doubt)
            now = replace(item, candidate=candidate, verdict=candidate.refusal)
            if said != (now.verdict, candidate.other, candidate.doubt):
                self.found.put(now)
            compared.append(now)
        return compared
