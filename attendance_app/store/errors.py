"""Why a change of the register, or its undo, is refused."""

from pathlib import Path

from attendance_app.domain.errors import KnownError, NotFoundError, SourceError, StoreError


class InUseError(KnownError):
    """What an undo would remove has been used since and stays."""

    name: str


class StudentInUse(InUseError):
    """The student has marks, photos, consents or courses from elsewhere."""


class CourseInUse(InUseError):
    """The course has students, sessions or a timetable."""


class SessionInUse(InUseError):
    """The session has been marked in since; ``name`` is its number."""


class SessionStillOpen(KnownError):
    """An open session can't be corrected as a whole."""

    session: int


class SessionEndsBefore(KnownError):
    """A session would end before it begins."""


class SplitOutside(KnownError):
    """The moment is not within the session."""

    session: int


class SessionsApart(KnownError):
    """Two sessions can't be merged: they are of two courses or days, or the same one."""

    session: int
    other: int


class NoLongerUndoable(KnownError):
    """The action was undone already, or somebody whom it names was erased."""

    action: str


class ConsentWithdrawnSince(KnownError):
    """The photo rested on a consent that is not the current one."""


class FaceLostInTraining(KnownError):
    """A photo was removed or a consent withdrawn while a network learnt that face."""


class DataFolderUnusable(StoreError):
    """The folder or the file can't be made."""

    folder: Path
    reason: str


class ConsentWithoutGround(KnownError):
    """The ground is empty."""


class NoConsentToWithdraw(KnownError):
    """There is nothing to withdraw."""

    number: str


class NoSuchCourse(NotFoundError):
    """No course has the code."""

    name: str
    codes: tuple[str, ...]


class NoCourseAtAll(NotFoundError):
    """The register has no course."""

    name: str


class CourseWithoutCode(KnownError):
    """The code is empty."""


class CourseExists(KnownError):
    """The code is taken."""

    code: str


class SessionRecordedElsewhere(KnownError):
    """Another process holds the lock of the recording."""


class OpenElsewhere(KnownError):
    """Another window holds the lock of the data folder."""


class LockNotWritable(StoreError):
    """The lock file can't be opened for writing."""

    path: Path
    reason: str


class NotARegister(StoreError):
    """The file is a database of something else."""

    path: Path


class RegisterTooNew(StoreError):
    """The file's schema is newer than the program."""

    path: Path
    found: str
    known: str


class BackupRunning(StoreError):
    """Another process holds the lock of the backups."""


class BackupNotWritten(StoreError):
    """The folder of the backups, here or in the second place, can't be written."""

    folder: Path
    reason: str


class SecondPlaceMissing(StoreError):
    """The folder for a second copy is not there, as when a disk is not connected."""

    folder: Path


class NoSuchBackup(NotFoundError):
    """There is no such file, and no backup of that name."""

    name: str


class BackupDamaged(StoreError):
    """The file can't be read, or not all of it is in order."""

    path: Path


class NoSuchSession(NotFoundError):
    """No session has the number."""

    session: int
    newest: tuple[int, ...]


class NoSessionAtAll(NotFoundError):
    """The register has no session."""

    session: int


class SessionUnfinished(KnownError):
    """The course has a session that was cut off."""

    session: int
    course: str


class RegisterBusy(StoreError):
    """The writer's lock was not free within the busy timeout."""

    path: Path


class RegisterReadOnly(StoreError):
    """The file or its folder may not be written."""

    path: Path


class DiskFull(StoreError):
    """The disk of the register has no room: ``free_mb`` are left of the ``needed_mb`` that it works with."""

    path: Path
    free_mb: float
    needed_mb: int


class RegisterDamaged(StoreError):
    """SQLite finds the file corrupt or no database."""

    path: Path


class RegisterNotOpened(StoreError):
    """SQLite can't open the file."""

    path: Path


class DiskFailed(StoreError):
    """The system reports an input or output error."""

    path: Path


class StudentGone(NotFoundError):
    """The row that was read before is not there any more."""

    student_id: int


class StudentWithoutNumber(KnownError):
    """The number is empty."""


class NumberTaken(KnownError):
    """Another student has the number."""

    number: str


class NoSuchStudent(NotFoundError):
    """No student has the number."""

    number: str


class NoSuchExcuse(NotFoundError):
    """There is no excuse of that number."""

    number: int


class NotOnRoster(NotFoundError):
    """The student is not one of the course."""

    number: str
    course: str


class NoListNumber(KnownError):
    """Not a number as class lists have them."""

    text: str
    most: int


class OtherEncoder(KnownError):
    """The course has templates, none of the encoder in use."""

    other: tuple[str, ...]


class NoConsent(KnownError):
    """A template needs a consent."""

    number: str


class PhotoEnrolledAlready(KnownError):
    """The same file is a template of the student."""

    number: str


class NoRecoveryKey(KnownError):
    """What was typed is no recovery key: of another length, or with a wrong character."""


class OtherRecoveryKey(KnownError):
    """A recovery key, but not this register's."""


class RegisterLocked(StoreError):
    """The file is encrypted, and its key is not kept on this computer."""

    path: Path


class KeyNotKept(StoreError):
    """The key can be written neither to the keyring nor to its file."""

    path: Path
    reason: str


class CameraPasswordNotKept(StoreError):
    """A camera's password can be written neither to the keyring nor to its file."""

    path: Path
    reason: str


class CameraPasswordMissing(SourceError):
    """The password of a camera is shown as dots and not kept on this computer. ``address`` is without it."""

    address: str


class EncryptionFailed(StoreError):
    """The file can't be replaced by one with another key; it stays as it was."""

    path: Path
    reason: str


class EncryptionNotVerified(StoreError):
    """What was written is not what was read; the file stays as it was."""

    path: Path


class RegisterPlain(KnownError):
    """A plain register has no recovery key."""

    path: Path


class RecoveryKeyConfirmed(KnownError):
    """The recovery key was typed back once, and is not kept."""

    path: Path
