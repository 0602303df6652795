"""A course's class list as files that this program and school systems read: a table, OneRoster, Canvas, Moodle,
Google Classroom."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from attendance_app.domain.people import Course, Student
from attendance_app.services.exports import BYTE_ORDER_MARK, csv_table
from attendance_app.services.output.files import OutputFile
from attendance_app.services.sheets.sheet import SheetWords

if TYPE_CHECKING:
    from attendance_app.store.database import Store

Row = tuple[str, ...]

_ONEROSTER_FILES: Final = (
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics"),
    *("enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources"),
    *("resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles"),
    *("userResources", "users"),
)
"""What a manifest of OneRoster 1.2 names, each as there or absent."""


@dataclass(frozen=True, slots=True)
class RosterList:
    """A course's students in its order, with list numbers."""

    course: Course
    students: tuple[Student, ...]


def roster_list(store: "Store", code: str) -> RosterList:
    """Read the class list of the course with this code. Raises NotFoundError."""
    with store.read() as then:
        course = then.courses.by_code(code)
        return RosterList(course, then.students.of_course(course.id))


def table_rows(roster: RosterList, words: SheetWords) -> list[list[object]]:
    """Return a header in the language of ``words`` and a line a student: all that the list has of them.

    Family and given names have a column each where anybody's are known, else there is one for the name.
    """
    numbered = any(student.list_number for student in roster.students)
    apart = any(student.family_name for student in roster.students)
    header: list[object] = [words.list_number] if numbered else []
    header += [words.number, *((words.family_name, words.given_name) if apart else (words.name,)), words.email]
    rows: list[list[object]] = [header]
    for student in roster.students:
        names = _names(student) if apart else (student.name,)
        rows.append([*([student.list_number] if numbered else ()), student.number, *names, student.email])
    return rows


def _names(student: Student) -> tuple[str, str]:
    """Family and given name; a name without parts stands in the place of the given name."""
    return (student.family_name, student.given_name) if student.family_name else ("", student.name)


def moodle_csv(roster: RosterList) -> bytes:
    """Return the columns of Moodle's participants."""
    rows = [("First name", "Last name", "ID number", "Email address")]
    for student in roster.students:
        family, given = _names(student)
        rows.append((given, family, student.number, student.email))
    return csv_table(rows)


def classroom_csv(roster: RosterList) -> bytes:
    """Return the columns of Google Classroom's lists, in which the e-mail tells students apart."""
    rows = [("Last Name", "First Name", "Email Address")]
    rows += [(*_names(student), student.email) for student in roster.students]
    return csv_table(rows)


def canvas_zip(roster: RosterList) -> bytes:
    """Return users.csv and enrollments.csv of a Canvas SIS import."""
    users = [
        (
            "user_id",
            "login_id",
            "first_name",
            "last_name",
            "full_name",
            "sortable_name",
            "short_name",
            "email",
            "status",
        )
    ]
    enrolments = [("course_id", "user_id", "role", "section_id", "status")]
    for student in roster.students:
        family, given = _names(student)
        sortable = f"{family}, {given}" if family else given
        names = (given, family, student.name, sortable, student.name)
        users.append((student.number, student.email or student.number, *names, student.email, "active"))
        enrolments.append((roster.course.code, student.number, "student", "", "active"))
    return _zip({"users.csv": users, "enrollments.csv": enrolments})


def oneroster_zip(roster: RosterList) -> bytes:
    """Return the files of OneRoster 1.2 that say who is in the class, with a manifest."""
    course = roster.course
    klass, there = f"class-{course.id}", {"classes", "enrollments", "roles", "users"}
    manifest = [("propertyName", "value"), ("manifest.version", "1.0"), ("oneroster.version", "1.2")]
    manifest += [(f"file.{name}", "bulk" if name in there else "absent") for name in _ONEROSTER_FILES]
    users: list[Row] = [
        (
            *("sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName"),
            *("familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades"),
            *("password", "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName"),
            *("preferredFamilyName", "primaryOrgSourcedId", "pronouns"),
        )
    ]
    enrolments: list[Row] = [
        (
            *("sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId"),
            *("role", "primary", "beginDate", "endDate"),
        )
    ]
    roles: list[Row] = [
        (
            *("sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate"),
            *("orgSourcedId", "userProfileSourcedId"),
        )
    ]
    for student in roster.students:
        family, given = _names(student)
        user = f"user-{student.id}"
        login = student.email or student.number
        users.append((user, "", "", "true", login, "", given, family, "", student.number, student.email, *[""] * 12))
        enrolments.append((f"{klass}-{user}", "", "", klass, "school", user, "student", "false", "", ""))
        roles.append((f"role-{user}", "", "", user, "primary", "student", "", "", "school", ""))
    classes: list[Row] = [
        (
            *("sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode"),
            *("classType", "location", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods"),
        ),
        (klass, "", "", course.title, "", f"course-{course.id}", course.code, "scheduled", "", "school", *[""] * 4),
    ]
    files: dict[str, list[Row]] = {"classes": classes, "enrollments": enrolments, "roles": roles, "users": users}
    return _zip({"manifest.csv": manifest, **{f"{name}.csv": rows for name, rows in files.items()}})


@dataclass(frozen=True, slots=True)
class SchoolFormat:
    """What a school system reads: the ending of the file, and what makes its content."""

    ending: str
    content: Callable[[RosterList], bytes]


SCHOOL_FORMATS: Final[Mapping[str, SchoolFormat]] = {
    "oneroster": SchoolFormat("zip", oneroster_zip),
    "canvas": SchoolFormat("zip", canvas_zip),
    "moodle": SchoolFormat("csv", moodle_csv),
    "classroom": SchoolFormat("csv", classroom_csv),
}


def export_table(roster: RosterList, out: OutputFile, words: SheetWords) -> None:
    """Write the list as CSV or XLSX, whole or not at all. Raises KnownError."""
    rows = table_rows(roster, words)
    if out.format == "xlsx":
        from attendance_app.services.workbooks import workbook

        out.write(workbook(words.student, rows[0], rows[1:]))
    else:
        out.write(csv_table(rows))


def _zip(files: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in files.items():
            # OneRoster forbids a byte order mark. A fixed time: the same list makes the same file.
            archive.writestr(
                zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)),
                csv_table(rows).removeprefix(BYTE_ORDER_MARK.encode()),
            )
    return content.getvalue()
