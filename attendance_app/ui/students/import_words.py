"""Words for what an import does with each line of a list."""

from attendance_app.services.roster import Action, RosterLine, RosterPlan
from attendance_app.services.tables.table import Problem
from attendance_app.ui.i18n import tr
from attendance_app.ui.table_import.table_words import reason_word


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
        return tr("left out: {reason}").format(reason=reason_word(line.reason))
    return {
        Action.ADD: tr("new", "student in a list"),
        Action.ENROL: tr("known, comes onto this list"),
        Action.CHANGE: tr("changed", "student in a list"),
        Action.UNCHANGED: tr("as it is", "student in a list"),
        Action.SKIP: tr("left out", "student in a list"),
    }[line.action]


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
