"""What can go wrong in the use cases."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, NotFoundError, SourceError, StoreError


class TrainingOutOfMemory(KnownError):
    """The training process had too little memory."""


class TrainingKilled(KnownError):
    """The training process was ended from outside, most often by the system when memory ran out."""


class TrainingCrashed(KnownError):
    """The training process ended without an answer."""

    code: int | None


class MarksInFile(KnownError):
    """A session has ended, the register could not take all of its marks, and a file has the rest."""

    session: int
    students: int
    reason: KnownError
    file: Path


class MarksInNoFile(KnownError):
    """A session has ended, neither the register nor a file could take the rest of its marks: ``text`` has them."""

    session: int
    students: int
    reason: KnownError
    text: str


class MarksFileThere(KnownError):
    """The file that is to take marks exists: it may hold those of another session."""

    path: Path


class MarksFileUnreadable(KnownError):
    """The operating system does not let a file of marks be read."""

    file: Path
    reason: str


class NotAMarksFile(KnownError):
    """A file does not hold the marks of a session, or only a part of them."""

    file: Path


class SessionElsewhere(KnownError):
    """The register does not have the session that marks belong to."""

    course: str
    started: str


class NoFaceInPhotographs(KnownError):
    """No photograph of the room shows a face."""

    photographs: int


class NobodyInPhotographs(KnownError):
    """The photographs of the room show faces, and none of them is likely a student of the course."""

    faces: int
    course: str


class CropTooSmall(SourceError):
    """A face crop has fewer pixels than a mask can be judged on."""

    width: int
    height: int
    side: int


class NoCropJudged(KnownError):
    """No crop of the set could be read and had a face."""

    count: int
    side: int


class FolderInUse(StoreError):
    """The new data folder overlaps the old one."""

    folder: Path


class FolderHeld(StoreError):
    """Another process holds a lock of the folder."""

    folder: Path


class FolderHasRegister(StoreError):
    """Data would be copied over others."""

    folder: Path


class FolderNotWritable(StoreError):
    """The system does not let a file be made in the folder."""

    folder: Path
    reason: str


class OldDataNotDeleted(StoreError):
    """The copy is whole, and the old folder still has the data."""

    folder: Path
    reason: str


class DataNotCopied(StoreError):
    """The copy failed; the data in use are untouched."""

    folder: Path
    reason: str


class NothingAtPath(SourceError):
    """The folder or zip does not exist."""

    path: Path


class NoFilesInside(SourceError):
    """The folder or zip is empty."""

    path: Path


class ZipUnreadable(SourceError):
    """The file is damaged or no zip."""

    path: Path


class MemberDamaged(SourceError):
    """One file of a zip can't be unpacked."""

    name: str


class MemberPackedUnknown(SourceError):
    """One file of a zip is packed by a method that Python doesn't know, as Deflate64 or PPMd."""

    name: str


class ZipCutOff(SourceError):
    """A zip without the table of its files, which is written last."""

    path: Path


class MemberEncrypted(SourceError):
    """One file of a zip asks for a password."""

    name: str


class TooManyMembers(SourceError):
    """A zip lists more files than an enrolment takes."""

    path: Path
    count: int
    limit: int


class PhotoFileTooLarge(SourceError):
    """A file has more bytes than any photo: ``limit`` in millions."""

    name: str
    limit: int


class ZipEncrypted(SourceError):
    """The zip is encrypted."""

    path: Path


class LaboratoryMissing(KnownError):
    """Something was asked for that needs packages of the laboratory (docs/adr/0072)."""

    packages: tuple[str, ...]


class LaboratoryLeftOut(KnownError):
    """The same in the program that runs without Python, to which no package can be added (docs/adr/0090)."""


class MarksWaiting(KnownError):
    """The register can't take marks for now; they are kept in memory and tried again."""

    cause: StoreError


class WritingFailed(StoreError):
    """A fault of the program kept marks from being written; ``fault`` is the exception, for the log and the report."""

    fault: str


class NothingToLearnFrom(KnownError):
    """The course has no template with a photo."""


class TooFewPhotosForCnn(KnownError):
    """A network of the report learns a course only if photos can be kept back to test it.

    ``students``: how many have ``least_photos`` with a face; it takes ``least_students``.
    """

    students: int
    least_students: int
    least_photos: int


class CameraLost(SourceError):
    """A camera that was open gives no pictures any more."""

    name: str


class SessionNotBegun(KnownError):
    """The roll was ended before its source was open."""

    course: str


class NoStudentsForCards(KnownError):
    """Cards are asked for of a course without students."""

    course: str


class LookTooPoor(KnownError):
    """A look at an unknown face is no picture to recognise the person by."""


class LookTooSmall(LookTooPoor):
    """The face is too small in the picture."""


class LookBlurred(LookTooPoor):
    """The face is blurred."""


class LookTooDark(LookTooPoor):
    """The face is too dark."""


class LookTooBright(LookTooPoor):
    """The face is too brightly lit."""


class LookTurnedAway(LookTooPoor):
    """The face is turned away."""


class NumberOfAnother(KnownError):
    """A newcomer was given the number of a student who is there."""

    number: str
    name: str


class FaceOnRoster(KnownError):
    """A newcomer looks like a student who is on the roster."""

    name: str


class TaughtElsewhere(KnownError):
    """Another program teaches a course's network on the same data."""

    course: str


class ArrivalUnreadable(KnownError):
    """The text is no time of day."""

    text: str


class ArrivalNotInSession(KnownError):
    """The time is long before the session's start, or long after it."""

    text: str
    started: str


class NoRegisterInTable(KnownError):
    """A table without the columns of a register that was exported."""


class NoVersionInRegister(KnownError):
    """A register whose file no longer says of which session it is, or how old."""


class SeveralRegisters(KnownError):
    """Lines of several registers in one table."""


class RegisterElsewhere(KnownError):
    """A register of a session that this data folder does not have, or has as another course's."""

    session: int


class NobodyForMoodle(KnownError):
    """A session in which no student has both a mark and what Moodle finds users by."""

    session: int


class LetterUnknown(KnownError):
    """A letter of a typed sheet that stands for no status; ``place`` counts from 1."""

    letter: str
    place: int


class LettersDontFit(KnownError):
    """A typed sheet has more or fewer letters than the list has students."""

    letters: int
    students: int


class UnknownMessageField(KnownError):
    """A text for parents has a field that messages of its kind do not have."""

    field: str
    known: tuple[str, ...]


class EmptyMessageText(KnownError):
    """A text for parents without a subject or without a body."""


class BadMessageLanguage(KnownError):
    """A language for messages without a name, or with one that can't be kept."""

    most: int


class NoMessageText(NotFoundError):
    """A language that the school has no text in."""

    language: str
    known: tuple[str, ...]


class TextUnreadable(KnownError):
    """A text for parents that can't be read."""

    path: Path
    reason: str


class MailtoTooLong(KnownError):
    """A message that mail programs would cut off."""

    name: str
    characters: int
    most: int


class NotInCourse(NotFoundError):
    """A student who is not on a course's roster and has no mark in it."""

    name: str
    course: str
