"""Words for the known errors of config/."""

from typing import Final

from attendance_app.config import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.DataFolderGone: Words(
        "The data folder {folder} is not there.", remedy="Connect the drive that it is on, or choose another folder."
    ),
    errors.ChoiceNotWritten: Words(
        "The choice of the data folder can't be written to {file}: {reason}.",
        remedy="Check that you may write there and that the disk is not full.",
    ),
    errors.SettingsUnreadable: Words("{file} can't be read: {reason}.", remedy="Check that you may read the file."),
    errors.SettingsNotToml: Words(
        "{file} is not written as TOML: {reason}.",
        remedy='Correct that line (texts stand in quotes: theme = "dark"), or delete the file to start afresh.',
    ),
    errors.SettingsNotWritten: Words(
        "The settings can't be written to {folder}: {reason}.",
        remedy="Check that you may write there and that the disk is not full.",
    ),
    errors.NoRoomForSettings: Words(
        "The disk of {folder} is full: {free_mb} MB are free, 1 MB is needed. The settings are as before.",
        remedy="Free some space on that disk and try again.",
    ),
    errors.SettingUnknown: Words(
        "{file} has a key {key} that this version does not know. It is kept.",
        remedy="Remove it or correct its spelling. Keys are: {keys}.",
    ),
    errors.SettingNotText: Words(
        "{file} has {key} = {value}, which is not understood.", remedy="Make it a text in quotes."
    ),
    errors.SettingNotWhole: Words(
        "{file} has {key} = {value}, which is not understood.", remedy="Make it a whole number from {least} to {most}."
    ),
    errors.SettingNotOneOf: Words(
        "{file} has {key} = {value}, which is not understood.", remedy="Make it one of these: {words}."
    ),
}
