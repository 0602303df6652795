"""Words for what an import does with each line of a list."""

from attendance_app.services.roster import Action, RosterLine, RosterPlan
from attendance_app.services.roster_rows import SkipReason
from attendance_app.services.tables.table import Problem
from attendance_app.ui.i18n import tr


def summary_of(plan: RosterPlan) -> str:
    """How many lines there are of each kind."""
    words = {
        Action.ADD: tr("%n new", "students in a list", plan.count(Action.ADD)),
        Action.ENROL: tr("%n known, come onto this list", "", plan.count(Action.ENROL)),
        Action.CHANGE: tr("%n changed", "students in a list", plan.count(Action.CHANGE)),
        Action.UNCHANGED: tr("%n as they are", "", plan.count(Action.UNCHANGED)),
        Action.SKIP: tr("%n left out", "lines of a list", plan.count(Action.SKIP)),
    }
    parts = [text for action, text in words.items() if plan.count(action)]
    if plan.not_listed:
        parts.append(tr("%n not in the file, stay", "", len(plan.not_listed)))
    return " · ".join(parts)


def action_word(line: RosterLine) -> str:
    """What the import does with a line."""
    if line.reason is not None:
        return tr("left out: {reason}").format(reason=_reason(line.reason))
    return {
        Action.ADD: tr("new", "student in a list"),
        Action.ENROL: tr("known, comes onto this list"),
        Action.CHANGE: tr("changed", "student in a list"),
        Action.UNCHANGED: tr("as it is", "student in a list"),
        Action.SKIP: tr("left out", "student in a list"),
    }[line.action]


def _reason(reason: SkipReason | Problem) -> str:
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


def remedy_of(line: RosterLine) -> str:
    """What to do about a line that is left out; empty where nothing is wrong with the file."""
    if not isinstance(line.reason, Problem):
        return ""
    return {
        Problem.SHORTENED: tr(
            "In the spreadsheet, give the column the format 0 or Text, type again the numbers that were shortened, "
            "and save the file again."
        ),
        Problem.DATE: tr("In the spreadsheet, give the column the format Text, type the value again, and save again."),
        Problem.ERROR: tr("Mend the formula in the spreadsheet, or type the value in its place, and save again."),
        Problem.FORMAT: tr("In the spreadsheet, give the column the format Text, and save again."),
        Problem.FORMULA: tr("Open the file in a spreadsheet, which works the formulas out, and save it again."),
        Problem.BYTES: tr("Correct these lines in the file. If many are wrong, choose another encoding above."),
        Problem.GARBLED: tr("Export the list again: these names were damaged before it was saved."),
        Problem.NOT_AMONG_USERS: tr("Export the list again, with all of its files."),
    }[line.reason]


def field_word(field: str) -> str:
    """A field of a student in the user's words."""
    return {
        "number": tr("Number", "of a student"),
        "name": tr("Full name"),
        "last_first": tr("Last name, first name"),
        "first_name": tr("First name"),
        "last_name": tr("Last name"),
        "second_last_name": tr("Second last name"),
        "email": tr("E-mail"),
        "role": tr("Role", "of a person at school"),
        "status": tr("Status", "of a person at school"),
        "list_number": tr("Number in the class list"),
    }[field]


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
