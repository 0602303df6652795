"""Words for lists that can't be read."""

from typing import Final

from attendance_app.services.tables import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.TableNotThere: Words("There is no file {path}.", remedy="Check the name and the folder."),
    errors.TableUnreadable: Words(
        "{path} can't be read: {reason}.", remedy="Check that it is a file and that you may read it."
    ),
    errors.NotATable: Words(
        "{path} is not a list of lines and columns.", remedy="Save the list as CSV or XLSX and choose that file."
    ),
    errors.OldOrLockedWorkbook: Words(
        "{path} is a workbook of the old kind (.xls), or it has a password.",
        remedy="Open it in a spreadsheet and save it as XLSX, without a password.",
    ),
    errors.WorkbookDamaged: Words(
        "{path} is not a readable XLSX file ({reason}).",
        remedy="Open it in a spreadsheet and save it as XLSX or CSV again.",
    ),
    errors.TableTooLarge: Words(
        "{path} is too large for a class list: more than {most} bytes.",
        remedy="Copy the list alone into a new file and choose that one.",
    ),
    errors.TooManyRows: Words(
        "{path} is too large for a class list: more than {most} rows.",
        remedy="Copy the list alone into a new file and choose that one.",
    ),
    errors.TooManyColumns: Words(
        "{path} is too large for a class list: more than {most} columns.",
        remedy="Copy the list alone into a new file and choose that one.",
    ),
    errors.TooManyCells: Words(
        "{path} is too large for a class list: more than {most} cells.",
        remedy="Copy the list alone into a new file and choose that one.",
    ),
    errors.CellTooLong: Words(
        "Line {line} of {path} has a cell with more than {most} characters.",
        remedy="Look at that line: a quotation mark may be missing. Shorten the cell.",
    ),
    errors.NoRows: Words("{path} has no rows.", remedy="Choose a file with a header and one line a student."),
    errors.UnclosedQuote: Words(
        "In line {line} of {path} a quotation mark opens and is not closed, so it swallows the lines below.",
        remedy="Close or delete the quotation mark in that line.",
    ),
    errors.NoSuchSheet: Words("{path} has no sheet {sheet}.", remedy="Its sheets are: {sheets}."),
    errors.BundleDamaged: Words("{path} can't be unpacked: {reason}.", remedy="Export or copy it again."),
    errors.BundleLacks: Words(
        "{path} has no file {file}.",
        remedy="Export again with all files, or choose the file with the list alone.",
    ),
    errors.BundleUnknown: Words(
        "The file {file} in {path} is neither OneRoster's nor Canvas's.",
        remedy="Choose a single file, CSV or XLSX, with one line a student.",
    ),
    errors.ClassUnclear: Words("{path} has several classes."),
    errors.NoSheets: Words("{path} is a text file and has no sheets.", remedy="Leave the sheet out."),
    errors.EncodingUnknown: Words("There is no encoding {encoding}.", remedy="Choose one of these: {known}."),
    errors.EncodingUnclear: Words("It can't be told how {path} writes its letters: {examples}."),
    errors.NoNumberColumn: Words("No column of the list looks like the student number."),
    errors.NoSessionColumn: Words(
        "No column of the table is headed by a day.",
        remedy="Write days such as 2026-03-02, 2026-03-02 08:00 or 2/3/2026 above the columns of statuses.",
    ),
    errors.NoSuchField: Words("A student has no {field}.", remedy="The fields are: {fields}."),
    errors.NoSuchColumn: Words(
        "The list has no column {column}.", remedy="Its columns are: {columns}. A number from 1 counts them."
    ),
}
