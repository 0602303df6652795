"""Words for changes of the register that are refused."""

from typing import Final

from attendance_app.store import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.StudentInUse: Words("{name} has marks or photos from elsewhere by now and stays."),
    errors.SessionInUse: Words(
        "Session {name} has been changed by now and stays.", remedy="Look at it on its own and correct its marks."
    ),
    errors.SessionStillOpen: Words(
        "Session {session} is still open, so it can't be changed as a whole.", remedy="End it first."
    ),
    errors.SessionEndsBefore: Words("The session would end before it begins.", remedy="Give an end after the start."),
    errors.SplitOutside: Words(
        "That time is not within session {session}.", remedy="Give a time after its start and before its end."
    ),
    errors.SessionsApart: Words(
        "Sessions {session} and {other} can't become one.", remedy="Choose two sessions of the same course and day."
    ),
    errors.CourseInUse: Words(
        "The course {name} has students, sessions or a timetable by now and stays.",
        remedy="To put it away with all it has, archive it.",
    ),
    errors.NoLongerUndoable: Words(
        "This can't be undone any more: {action}.",
        remedy="It was undone already, or somebody whom it names was erased.",
    ),
    errors.ConsentWithdrawnSince: Words(
        "The consent for this photo was withdrawn meanwhile: the photo does not come back.",
        remedy="Enrol the photo again once there is a consent.",
    ),
    errors.FaceLostInTraining: Words(
        "A photo was removed or a consent withdrawn during the training: what the network has learnt was thrown away.",
        remedy="Train it again; it learns without that face.",
    ),
    errors.DataFolderUnusable: Words("The data folder {folder} can't be used: {reason}."),
    errors.ConsentWithoutGround: Words(
        "A consent needs its ground.", remedy="Say who agreed and where it is kept, e.g. 'parent's form, binder 3'."
    ),
    errors.NoConsentToWithdraw: Words("There is no current consent of student {number}.", remedy="Nothing to do."),
    errors.NoSuchCourse: Words("There is no course {name}.", remedy="The courses are: {codes}."),
    errors.NoCourseAtAll: Words("There is no course {name}, and none at all yet."),
    errors.CourseWithoutCode: Words("A course needs a code.", remedy="Give it a short name such as MATH-1."),
    errors.CourseExists: Words("There is already a course {code}.", remedy="Use that course, or choose another code."),
    errors.SessionRecordedElsewhere: Words(
        "A session is being recorded by another window or command on the same data."
    ),
    errors.OpenElsewhere: Words(
        "The program is open on these data already.", remedy="Use the window that is open, or close it first."
    ),
    errors.LockNotWritable: Words("{path} can't be written: {reason}."),
    errors.NotARegister: Words("{path} is not a register of this program."),
    errors.RegisterTooNew: Words(
        "The register {path} was written by a newer version of this program (schema {found}, known up to {known})."
    ),
    errors.NoRecoveryKey: Words(
        "This is no recovery key.",
        remedy="It has seven groups of four letters and digits. Compare it with the paper: one character is wrong.",
    ),
    errors.OtherRecoveryKey: Words(
        "This is the recovery key of another register.", remedy="Look for the paper that was printed for this one."
    ),
    errors.RegisterLocked: Words("The register {path} is encrypted, and its key is not on this computer."),
    errors.RegisterPlain: Words("The register {path} is not encrypted: it has no recovery key."),
    errors.RecoveryKeyConfirmed: Words("The recovery key of {path} has been confirmed, and is not shown again."),
    errors.KeyNotKept: Words(
        "The register's key can't be kept in {path}: {reason}. Nothing was encrypted.",
        remedy="Make room on the disk, or allow writing there.",
    ),
    errors.CameraPasswordNotKept: Words(
        "The camera's password can't be kept in {path}: {reason}. The settings stay as they were.",
        remedy="Make room on the disk, or allow writing there.",
    ),
    errors.CameraPasswordMissing: Words(
        "The password of the camera {address} is not kept on this computer.",
        remedy="Type it again in place of the dots.",
    ),
    errors.EncryptionFailed: Words(
        "The file {path} can't be written anew: {reason}. It stays as it was.",
        remedy="Close other programs that use it, make room on the disk and try again.",
    ),
    errors.EncryptionNotVerified: Words(
        "The new file was not equal to {path}, so the old one stays.",
        remedy="Try again; if it happens again, report it.",
    ),
    errors.BackupRunning: Words(
        "Another window or command is making a backup of the same data.", remedy="Wait a moment and try again."
    ),
    errors.BackupNotWritten: Words(
        "The folder {folder} for backups can't be written: {reason}.",
        remedy="Free some space or choose another folder; the register itself is not touched.",
    ),
    errors.SecondPlaceMissing: Words(
        "The second place for backups, {folder}, is not there.",
        remedy="Connect its disk: what is missing there is copied with the next backup. Or choose another place.",
    ),
    errors.NoSuchBackup: Words("There is no backup {name}."),
    errors.BackupDamaged: Words(
        "The backup {path} is damaged and can't be restored. Nothing was changed.", remedy="Use another backup."
    ),
    errors.NoSuchSession: Words("There is no session {session}.", remedy="The newest sessions are: {newest}."),
    errors.NoSessionAtAll: Words("There is no session {session}, and none at all yet."),
    errors.SessionUnfinished: Words(
        "Session {session} of course {course} was not finished.", remedy="Resume it or close it first."
    ),
    errors.RegisterBusy: Words(
        "Another program is writing to the register {path}, and it did not finish in time.",
        remedy="Close other windows of this program and programs that copy or open this file, then try again.",
    ),
    errors.RegisterReadOnly: Words("The register {path} can't be changed: the file or its folder is read-only."),
    errors.DiskFull: Words(
        "The disk of {path} is full: {free_mb} MB are free, {needed_mb} MB are needed. "
        "Everything recorded before is kept.",
        remedy="Free some space on that disk and try again.",
    ),
    errors.RegisterDamaged: Words(
        "The register {path} is damaged or is not a register of this program.",
        remedy="Restore a backup; the damaged file is put aside. Or move it away to start with an empty register.",
    ),
    errors.RegisterNotOpened: Words("The register {path} can't be opened."),
    errors.DiskFailed: Words(
        "The disk did not read or write {path} properly.",
        remedy="Check the disk and its connection, keep a copy of the file, and start the program again.",
    ),
    errors.StudentGone: Words("There is no student with internal number {student_id}: perhaps erased in the meantime."),
    errors.StudentWithoutNumber: Words(
        "A student needs a number.", remedy="Give the school's identifier of the student."
    ),
    errors.NumberTaken: Words(
        "There is already a student with number {number}.", remedy="Use that student, or check the number."
    ),
    errors.NoSuchStudent: Words("There is no student with number {number}."),
    errors.NoSuchExcuse: Words("There is no excuse {number}.", remedy="Look at the student's excuses anew."),
    errors.NotOnRoster: Words(
        "Student {number} is not on the list of course {course}.", remedy="Put the student on the list first."
    ),
    errors.NoListNumber: Words("{text} is no list number.", remedy="Give a whole number from 1 to {most}, or none."),
    errors.OtherEncoder: Words(
        "The faces of this course were enrolled with another encoder ({other}) and can't be compared."
    ),
    errors.NoConsent: Words("No consent is on record for student {number}."),
    errors.PhotoEnrolledAlready: Words("This photo is enrolled for student {number} already.", remedy="Nothing to do."),
}
