"""Words for how a table was read."""

from attendance_app.services.roster_rows import SkipReason
from attendance_app.services.tables.table import Problem
from attendance_app.ui.i18n import tr


def reason_word(reason: SkipReason | Problem) -> str:
    """Why a line is left out."""
    return {
        SkipReason.NO_NUMBER: tr("no number", "why a line is left out"),
        SkipReason.DUPLICATE: tr("twice in the list", "why a line is left out"),
        SkipReason.NOT_A_STUDENT: tr("not a student", "why a line is left out"),
        SkipReason.OTHER_ROLE: tr("another role, not a student", "why a line is left out"),
        SkipReason.NOT_ACTIVE: tr("no longer at the school", "why a line is left out"),
        SkipReason.LIST_NUMBER: tr("the list number is no whole number from 1 to 9999", "why a line is left out"),
        Problem.SHORTENED: tr("Excel shortened this number", "why a line is left out"),
        Problem.DATE: tr("Excel made a date of it", "why a line is left out"),
        Problem.ERROR: tr("the cell shows an error", "why a line is left out"),
        Problem.FORMAT: tr("a number format that can't be shown", "why a line is left out"),
        Problem.FORMULA: tr("a formula without a result", "why a line is left out"),
        Problem.BYTES: tr("letters that can't be read", "why a line is left out"),
        Problem.GARBLED: tr("garbled letters", "why a line is left out"),
        Problem.NOT_AMONG_USERS: tr("nobody has this id in the file of users", "why a line is left out"),
    }[reason]


def encoding_word(encoding: str) -> str:
    """How a text file writes its letters, by the program that most often does so."""
    return {
        "utf-8": tr("Unicode (UTF-8)"),
        "utf-16": tr("Unicode (UTF-16)"),
        "cp1252": tr("Windows, Western Europe"),
        "mac-roman": tr("Mac, before 2001 or old Excel"),
        "cp850": tr("DOS, Western Europe"),
        "cp1250": tr("Windows, Central Europe"),
        "cp1251": tr("Windows, Cyrillic"),
        "cp1253": tr("Windows, Greek"),
    }.get(encoding, encoding)
