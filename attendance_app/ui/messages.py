"""Texts of known errors in the user's language: the template is translated, then filled.

A user of the window types no commands, so the remedies here name what the window has: a page, a button.
"""

from typing import Final

from attendance_app.classifiers import errors as classifiers
from attendance_app.domain.errors import KnownError
from attendance_app.networks import errors as networks
from attendance_app.services import errors as services
from attendance_app.services.doctor import errors as doctor
from attendance_app.services.output import errors as output
from attendance_app.services.tables import errors as tables
from attendance_app.store import errors as store
from attendance_app.ui.i18n import translated
from attendance_app.vision import errors as vision
from attendance_app.words.catalogue import KNOWN_ERROR
from attendance_app.words.kinds import InnerWords, filled
from attendance_app.words.table import words_of

REMEDIES: Final[dict[type[KnownError], str]] = {
    classifiers.HeadNotTrained: "Teach it the course on the page Models.",
    classifiers.HeadOfAnotherNetwork: "Teach it the course again on the page Models.",
    classifiers.CourseCnnNotSureAlone: "Choose under Settings to ask both.",
    classifiers.NetworkNotSureAlone: "Choose under Settings to ask both.",
    classifiers.HeadUnreadable: "Teach it the course again on the page Models.",
    classifiers.MatcherUnreadable: "Install the program again.",
    output.FileExists: "Choose another name.",
    output.FolderNotEmpty: "Choose an empty folder.",
    services.MarksInFile: (
        "Free space on the disk and keep the file. The page Roll call then offers to add its marks."
    ),
    services.MarksInNoFile: "Copy the text into a file and keep it: its marks can still be taken in.",
    services.LaboratoryMissing: "Install the laboratory: the guide says how.",
    doctor.NotEncrypted: "Encrypt it under Settings, Your data.",
    doctor.RecoveryKeyUnconfirmed: "Write it on paper and type it back under Settings, Your data.",
    doctor.NoBackupYet: "Make one under Settings, Your data.",
    doctor.BackupOld: "Make one under Settings, Your data.",
    store.NoSuchBackup: "Choose one of the list, or another file.",
    store.RegisterLocked: "Type its recovery key.",
    store.RegisterPlain: "Encrypt it under Settings, Your data.",
    store.RecoveryKeyConfirmed: "If the paper is lost, make a new one under Settings, Your data.",
    store.StudentInUse: "To erase everything about them, open them on the page Students.",
    tables.ClassUnclear: "Choose one of them: {classes}",
    tables.EncodingUnclear: "Choose the one in which the names are right.",
    tables.NoNumberColumn: "Say which column has the student's number.",
    services.TrainingCrashed: (
        "Try again; if it happens again, report what stands in attendance.log in the data folder."
    ),
    networks.DlibPackageMissing: "Install the program again.",
    networks.DlibFileMissing: "Install the program again.",
    networks.DlibFileAltered: "Install the program again.",
    networks.NetworkNotListed: "Install the program again.",
    networks.NetworkMissing: "Install the program again.",
    networks.NetworkAltered: "Install the program again.",
    networks.NetworkOfAnotherKind: "Choose another network on the page Models.",
    networks.OwnNetworkMissing: "Go back to the program's networks on the page Models.",
    networks.OwnNetworkAltered: "Go back to the program's networks on the page Models.",
    networks.ChoiceDamaged: "Choose anew: go back to the program's networks on the page Models.",
    networks.ManifestUnreadable: "Install the program again.",
    networks.ManifestDamaged: "Install the program again.",
    vision.UnknownSourceKind: (
        "A network camera's address begins with rtsp:// or http://; otherwise choose a video file or a folder."
    ),
    vision.SourceMissing: "Check the address or file, or choose another camera under Settings.",
    vision.SeveralCamerasCalled: "Choose one of these under Settings: {cameras}.",
    doctor.HomeNotWritable: "Choose a data folder that you may write to.",
    store.DataFolderUnusable: "Choose a data folder that you may write to.",
    store.NoCourseAtAll: "Create one on the page Students.",
    store.SessionRecordedElsewhere: "End that session first.",
    store.LockNotWritable: "Choose a data folder that you may write to.",
    store.NotARegister: "Move that file away, or choose another data folder.",
    store.RegisterTooNew: "Install the newer version again, or choose another data folder.",
    store.NoSessionAtAll: "Take a roll first.",
    store.RegisterReadOnly: "Choose a data folder that you may write to.",
    store.RegisterNotOpened: (
        "Check that the folder exists and that you may write there, or choose another data folder."
    ),
    store.StudentGone: "Look for the student on the page Students.",
    store.NoSuchStudent: "Look for the student on the page Students.",
    store.OtherEncoder: "Enrol the course's photos again.",
    store.NoConsent: "Record it first on the page Students.",
    services.NothingToLearnFrom: "Enrol photos first.",
}
"""Kinds that have a remedy of their own in the window."""


def message_of(error: KnownError) -> str:
    """Return what happened, translated."""
    return filled(translated(KNOWN_ERROR, words_of(error).message), error, _worded)


def remedy_of(error: KnownError) -> str:
    """Return what to do in the window, translated."""
    template = REMEDIES.get(type(error)) or words_of(error).remedy
    return filled(translated(KNOWN_ERROR, template), error, _worded)


def _worded(error: KnownError) -> InnerWords:
    return InnerWords(message_of(error), remedy_of(error))
