"""Words for files that can't be written."""

from typing import Final

from attendance_app.services.output import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.FileOfTheProgram: Words(
        "{path} belongs to the program and is never overwritten.", remedy="Choose another name or another folder."
    ),
    errors.InDataFolder: Words(
        "{path} is the program's data folder, or lies in one.", remedy="Choose a folder somewhere else."
    ),
    errors.FileExists: Words("There is a file {path} already."),
    errors.FolderNotEmpty: Words("There are files in the folder {path} already."),
    errors.NotAFile: Words("{path} is not a file.", remedy="Choose the name of a file."),
    errors.NotAFolder: Words("{path} is a file, not a folder.", remedy="Choose another name."),
    errors.NoFolder: Words(
        "{path} can't be written: there is no folder {folder}.", remedy="Make the folder, or choose another one."
    ),
    errors.EndingUnknown: Words(
        "A file with the ending .{ending} can't be written here: {path}.",
        remedy="Give the file one of these endings: {formats}.",
    ),
    errors.EndingContradictsFormat: Words(
        "The ending .{ending} contradicts the format {format}: {path}.",
        remedy="Give the file the ending .{format}, or leave the format to the ending.",
    ),
    errors.FormatUnknown: Words("There is no format {format}.", remedy="The formats are: {formats}."),
    errors.NoRoomForFile: Words(
        "The disk is full: {path} was not written. {free_kb} kB are free, {needed_kb} kB are needed.",
        remedy="Free some space, or write to another disk.",
    ),
    errors.NotWritten: Words(
        "{path} was not written: {reason}.",
        remedy="Close the file in other programs, check that you may write to its folder, or choose another one.",
    ),
}
