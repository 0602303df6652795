"""Students, courses, and face data."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from attendance_app.domain.faces import Encoding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class RosterOrder(Enum):
    """By what the students of a course are listed."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    LIST_NUMBER = "list_number"


@dataclass(frozen=True, slots=True)
class Course:
    """A class as the school names it; ``code`` is unique."""

    id: int
    code: str
    title: str
    archived: bool = False
    roster_order: RosterOrder = RosterOrder.FAMILY_NAME


@dataclass(frozen=True, slots=True)
class Student:
    """``number`` is the school's identifier (unique, not always digits); ``id`` is the database's.

    ``name`` is what is shown. ``family_name`` and ``given_name`` are empty where no list has told them apart.
    """

    id: int
    number: str
    name: str
    email: str = ""
    archived: bool = False
    family_name: str = ""
    given_name: str = ""
    # A student is the same one in each course.
    list_number: int | None = field(default=None, compare=False)
    """The student's number in the class list, where the student was read as one of a course that has such numbers."""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """A student as in a school's list; an empty name or e-mail, no list number: the list does not have it."""

    number: str
    name: str = ""
    email: str = ""
    family_name: str = ""
    given_name: str = ""
    list_number: int | None = None


def with_list_entry(student: Student, entry: RosterEntry) -> Student:
    """Return a student as a school's list says; what it does not say stays."""
    named = renamed(student, entry.name, family=entry.family_name, given=entry.given_name)
    # Who is on the list is at the school again.
    return replace(named, email=tidy(entry.email) or student.email, archived=False)


def renamed(student: Student, name: str, *, family: str = "", given: str = "") -> Student:
    """Return a student with what is shown changed; an empty name: as it is.

    The parts of a name stay until another name is shown, or a list gives others. What is shown stays while a list has
    the same parts: somebody may have chosen it.
    """
    if (family or given) and (tidy(family), tidy(given)) == (student.family_name, student.given_name):
        return student
    shown = tidy(name) or student.name
    if shown == student.name and not (family or given):
        return student
    return replace(student, name=shown, family_name=tidy(family), given_name=tidy(given))


def with_parts(student: Student, *, family: str | None, given: str | None, shown: str | None = None) -> Student:
    """Return a student with other parts of the name; None: as it is. Without ``shown`` the parts make what is shown."""
    family = student.family_name if family is None else tidy(family)
    given = student.given_name if given is None else tidy(given)
    name = tidy(f"{given} {family}" if shown is None else shown)
    return replace(student, name=name or student.name, family_name=family, given_name=given)


@dataclass(frozen=True, slots=True)
class Consent:
    """A student's consent to face templates.

    ``ground``: what it rests on, in the school's words, such as a signed form. ``withdrawn_at`` None: it is current.
    """

    student_id: int
    ground: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    source: str = ""
    """Who or what recorded it, e.g. the command."""


WEAK_BELOW = 30
"""Pixels of a face (``FaceTemplate.face_px``) below which an enrolled photo is weak: small faces are missed more
often than large ones (docs/adr/0021). A weak photo is kept as long as its student has no better one."""


FAR_FROM = 40
"""Pixels of a face from which an enrolled photo is also encoded as from afar; a smaller one looks so by itself."""


def is_weak(face_px: float | None) -> bool:
    """Whether a photo with a face of that size is weak; one of unknown size is not."""
    return face_px is not None and face_px < WEAK_BELOW


@dataclass(frozen=True, slots=True)
class FaceTemplate:
    """One enrolled photo of a student as an encoding; ``encoder_id`` says which network made it.

    ``face_px``: how large the face was (``vision.quality.resolved_px``); None: not kept. ``far_encoding``:
    of the same photo as from afar (``vision.afar``); None where that was not made, as of faces below ``FAR_FROM``.
    """

    student_id: int
    encoder_id: str
    encoding: Encoding
    photo_sha256: str
    quality: float
    enrolled_at: datetime
    id: int | None = None
    face_px: float | None = None
    far_encoding: Encoding | None = None

    @property
    def weak(self) -> bool:
        return is_weak(self.face_px)


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """The enrolled faces of one course: everything that a session may compare with.

    ``encodings``: n x 128; ``owners``: for each of them the index into ``students``. Students without a template are in
    ``students`` too: they can be marked by hand. ``face_px`` (n,) and ``far_encodings`` (n, 128): as of each
    ``FaceTemplate``, NaN where unknown; None: unknown of all.
    """

    encoder_id: str
    students: tuple[Student, ...]
    encodings: "NDArray[np.float32]"
    owners: "NDArray[np.intp]"
    face_px: "NDArray[np.float64] | None" = None
    far_encodings: "NDArray[np.float32] | None" = None


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """The identity network's last layer for one course.

    ``student_ids`` are in the order of its outputs; ``weights`` and ``report`` (JSON) are the trainer's own formats;
    ``backbone_id`` names the network whose embeddings it takes.
    """

    course_id: int
    backbone_id: str
    student_ids: tuple[int, ...]
    weights: bytes
    report: str
    trained_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """Record that everything about one student was erased, without the student's name."""

    erased_at: datetime
    templates: int
    consents: int
    marks: int
    changes: int


INVISIBLE = dict.fromkeys([*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B])
"""Direction marks and byte order marks that come with pasted names; joiners (U+200C, U+200D) belong to scripts."""


def tidy(text: str) -> str:
    """Return text as it is stored: Unicode NFC, no direction marks or control characters, single spaces, trimmed."""
    if text.isprintable():  # most texts by far; the rest costs ten times as much
        return unicodedata.normalize("NFC", " ".join(text.split()))
    spaced = " ".join(text.translate(INVISIBLE).split())
    # Cc: control characters. Cs: halves of surrogate pairs, which have no UTF-8 and so can't be stored.
    visible = "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", visible)


@lru_cache(maxsize=50_000)  # a list of 20,000 is sorted several times in one import
def sort_key(text: str) -> str:
    """Return the key for searching names and for sorting codes: without case and accents, the same in every locale."""
    if text.isascii():
        return text.casefold()
    # Letters such as ß and the Greek final sigma change only by case folding, accents come off only decomposed, and
    # decomposing can bring capitals back (℃ becomes °C).
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
