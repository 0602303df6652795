"""Words for what can go wrong in the use cases."""

from typing import Final

from attendance_app.services import errors
from attendance_app.words.kinds import Table, Words

NEARER: Final = "Let them look into the camera from nearer and try again, or enrol a photo."

WORDS: Final[Table] = {
    errors.TrainingOutOfMemory: Words(
        "There is not enough memory for the training.", remedy="Close other programs, or train on fewer pictures."
    ),
    errors.TrainingKilled: Words(
        "The training was ended from outside, most often because memory ran out.",
        remedy="Close other programs, or train on fewer pictures. Nothing else was harmed.",
    ),
    errors.TrainingCrashed: Words("The training process broke down (exit code {code})."),
    errors.TaughtElsewhere: Words(
        "{course} can't be taught now: another training of a course runs on these data.",
        remedy="Wait for its end, or stop it.",
    ),
    errors.ArrivalUnreadable: Words("“{text}” is no time of day.", remedy="Write it as 8:17 or 14:05."),
    errors.ArrivalNotInSession: Words(
        "{text} is not a time of this session, which began at {started}.", remedy="Write when the student came."
    ),
    errors.MarksInFile: Words(
        "Session {session} has ended, but marks of {students} students could not be written to the register. "
        "{reason.message} The file {file} has these marks.",
    ),
    errors.MarksInNoFile: Words(
        "Session {session} has ended, but marks of {students} students could not be written to the register. "
        "{reason.message} No file could be written either. This is the text of the marks: {text}",
    ),
    errors.MarksFileThere: Words("There is a file {path} already.", remedy="Name a file that is not there yet."),
    errors.MarksFileUnreadable: Words(
        "{file} can't be read: {reason}.", remedy="Check the path and that you may read the file."
    ),
    errors.NotAMarksFile: Words(
        "{file} does not hold marks of a session, or it is cut off.",
        remedy="Take the file that was named when the session ended.",
    ),
    errors.SessionElsewhere: Words(
        "The register has no session of {course} that began at {started}.",
        remedy="Use the data folder in which that session was begun.",
    ),
    errors.CropTooSmall: Words(
        "A picture of {width} by {height} pixels is too small to show a face.",
        remedy="Use crops of at least {side} pixels a side.",
    ),
    errors.NoCropJudged: Words(
        "No face could be judged in any of the {count} pictures.",
        remedy="Check that they are pictures of faces of at least {side} pixels a side.",
    ),
    errors.FolderInUse: Words(
        "{folder} is the data folder in use, or one of the two lies in the other.", remedy="Choose a folder elsewhere."
    ),
    errors.FolderHeld: Words(
        "The folder {folder} is in use: the program is open on it, or a session is being recorded.",
        remedy="Close it there first, or choose another folder.",
    ),
    errors.FolderHasRegister: Words(
        "The folder {folder} holds another register already.",
        remedy="Choose an empty folder, or use the data that are there.",
    ),
    errors.FolderNotWritable: Words(
        "The folder {folder} can't be written: {reason}.", remedy="Choose a folder in which you may write."
    ),
    errors.OldDataNotDeleted: Words(
        "The data were copied, but could not be deleted in {folder}: {reason}.",
        remedy="Delete that folder yourself: it holds names and faces.",
    ),
    errors.DataNotCopied: Words(
        "The data could not be copied to {folder}: {reason}.",
        remedy="Check that the disk is not full. The data in use have not been touched.",
    ),
    errors.NothingAtPath: Words("There is nothing at {path}.", remedy="Check the name of the folder or zip."),
    errors.NoFilesInside: Words(
        "{path} has no files in it.", remedy="Put one folder a student into it, or pictures named by student number."
    ),
    errors.ZipUnreadable: Words("{path} is not a zip that can be read.", remedy="Make it again."),
    errors.MemberDamaged: Words("{name} is damaged inside the zip.", remedy="Make the zip again, or unpack it first."),
    errors.MemberPackedUnknown: Words(
        "{name} is packed in a way that can't be read here.",
        remedy="Unpack the zip with the program that made it, then choose the folder.",
    ),
    errors.ZipCutOff: Words(
        "{path} is cut off: the table of its files, which comes last, is missing.",
        remedy="Copy or download it again, or make it again.",
    ),
    errors.MemberEncrypted: Words(
        "{name} asks for a password.", remedy="Unpack the zip with its password, then choose the folder."
    ),
    errors.TooManyMembers: Words(
        "{path} has {count} files; at most {limit} are read at once.", remedy="Divide it into several zips or folders."
    ),
    errors.PhotoFileTooLarge: Words(
        "{name} is larger than {limit} MB.", remedy="Leave it out, or export it as a JPEG picture."
    ),
    errors.ZipEncrypted: Words("{path} asks for a password.", remedy="Make the zip without one."),
    errors.LaboratoryMissing: Words("This needs the laboratory, and not all of it is installed: {packages} missing."),
    errors.LaboratoryLeftOut: Words(
        "This needs the laboratory, which is not part of this installation.",
        remedy="Use an installation of the program with Python: its README says how to add the laboratory.",
    ),
    errors.MarksWaiting: Words(
        "{cause.message}",
        remedy="{cause.remedy} Marks wait meanwhile and are saved by themselves: leave the program open.",
    ),
    errors.WritingFailed: Words(
        "A fault of the program keeps marks from being written ({fault}).",
        remedy="End the session: the marks are then written to a file. Send attendance.log with your report.",
    ),
    errors.NothingToLearnFrom: Words("No student of the course has an enrolled photo to learn from."),
    errors.TooFewPhotosForCnn: Words(
        "The report's network can't learn this course: {students} of its students have {least_photos} photos or more, "
        "and it takes {least_students} such students.",
        remedy="Enrol more photos, or take our own network, which learns from a single photo.",
    ),
    errors.CameraLost: Words(
        "{name} is lost.",
        remedy="Check its cable; the program connects to it again by itself. Marks by hand work meanwhile.",
    ),
    errors.NoStudentsForCards: Words(
        "{course} has no students to make cards for.", remedy="Import its class list, or add students."
    ),
    errors.SessionNotBegun: Words(
        "The roll of {course} was ended before it had begun.", remedy="Start it again and wait for the camera."
    ),
    errors.NoFaceInPhotographs: Words(
        "No face was found in the photographs.",
        remedy="Take them from the front of the room, with light on the faces. Nothing was recorded.",
    ),
    errors.NobodyInPhotographs: Words(
        "Nobody of {course} was recognised among the {faces} faces of the photographs.",
        remedy="Check that they are sharp and upright, show this course, and that its students have enrolled photos. "
        "Nothing was recorded.",
    ),
    errors.LookTooSmall: Words(
        "The face was too small in the picture to be recognised by it from now on.", remedy=NEARER
    ),
    errors.LookBlurred: Words("The face was too blurred to be recognised by it from now on.", remedy=NEARER),
    errors.LookTooDark: Words("The face was too dark to be recognised by it from now on.", remedy=NEARER),
    errors.LookTooBright: Words("The face was too brightly lit to be recognised by it from now on.", remedy=NEARER),
    errors.LookTurnedAway: Words("The face was turned away too far to be recognised by it from now on.", remedy=NEARER),
    errors.NoRegisterInTable: Words(
        "The table is no register: no line has the titles of its columns.",
        remedy="Export the register of the session, change that file, and leave its first line as it is.",
    ),
    errors.NoVersionInRegister: Words(
        "The file does not say which state of which register it is.",
        remedy="Leave the version in it as it is. Export the register again and make the changes there.",
    ),
    errors.SeveralRegisters: Words(
        "The table has lines of several registers.", remedy="Import the file of each session by itself."
    ),
    errors.RegisterElsewhere: Words(
        "The file is a register of session {session}, which these data don't have with these students.",
        remedy="Use the data folder from which the register was exported.",
    ),
    errors.NobodyForMoodle: Words(
        "Nobody in session {session} can be written for Moodle.",
        remedy="Mark the students, and choose a field of Moodle's users that they have: student number or e-mail.",
    ),
    errors.LetterUnknown: Words(
        "The letter {letter} at place {place} stands for no status.",
        remedy="Write P, L, A or E (or R, F, J), and - for a student whom the sheet says nothing of.",
    ),
    errors.LettersDontFit: Words(
        "The sheet has {letters} letters, and the list {students} students. Nothing was written.",
        remedy="Write one letter for each student in the order of the list, - where there is none.",
    ),
    errors.UnknownMessageField: Words(
        "The text has the field “{field}”, which is not known.", remedy="Use one of these: {known}."
    ),
    errors.EmptyMessageText: Words(
        "The text has no subject or nothing under it.",
        remedy="Write the subject in the first line and the message in the lines after it.",
    ),
    errors.BadMessageLanguage: Words(
        "The language has no name, or one that can't be kept.",
        remedy="Write a name of 1 to {most} letters without “/”.",
    ),
    errors.NoMessageText: Words(
        "The school has no text in the language “{language}”.",
        remedy="Choose one of these: {known}; or write a text in that language first.",
    ),
    errors.TextUnreadable: Words("{path} can't be read: {reason}.", remedy="Save it as a text in UTF-8."),
    errors.MailtoTooLong: Words(
        "The message about {name} is too long for the mail program: its link has {characters} characters of {most}.",
        remedy="Copy the message instead, or shorten the text.",
    ),
    errors.NotInCourse: Words(
        "{name} is not in the course {course}.", remedy="Check the course, or put the student on its list."
    ),
    errors.NumberOfAnother: Words(
        "The number {number} belongs to {name}.",
        remedy="Check the number. If it is that student, choose the name from the list instead.",
    ),
    errors.FaceOnRoster: Words(
        "This face looks like {name}, who is on the list already.",
        remedy="If it is {name}, choose that name instead of entering somebody new.",
    ),
}
