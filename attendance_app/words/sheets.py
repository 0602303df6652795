"""What registers on paper and in spreadsheets say, in the language of a translation."""

from attendance_app.domain.sessions import MarkedBy, Status
from attendance_app.services.sheets.sheet import SheetWords
from attendance_app.words.catalogue import Translate


def sheet_words(tr: Translate) -> SheetWords:
    """Return the words of sheets; the texts are collected for translation with the window's."""
    return SheetWords(
        statuses={
            Status.PRESENT: tr("Present", "status of a student"),
            Status.LATE: tr("Late", "status of a student"),
            Status.ABSENT: tr("Absent", "status of a student"),
            Status.EXCUSED: tr("Excused", "status of a student"),
        },
        letters={
            Status.PRESENT: tr("P", "key that marks present"),
            Status.LATE: tr("L", "key that marks late"),
            Status.ABSENT: tr("A", "key that marks absent"),
            Status.EXCUSED: tr("E", "key that marks excused"),
        },
        marked_by={
            MarkedBy.CAMERA: tr("Camera", ""),
            MarkedBy.TEACHER: tr("Teacher", ""),
            MarkedBy.CLOSE: tr("End of session", ""),
            MarkedBy.CARD: tr("Card", "who marked"),
        },
        list_number=tr("No.", "number in a class list"),
        number=tr("Student number", ""),
        name=tr("Name", ""),
        family_name=tr("Family name", ""),
        given_name=tr("Given name", ""),
        email=tr("E-mail", ""),
        status=tr("Status", ""),
        arrived=tr("Arrived", ""),
        minutes_late=tr("Minutes late", ""),
        marked=tr("Marked by", ""),
        remark=tr("Remark", ""),
        attended=tr("Attended", ""),
        register=tr("Register", ""),
        attendance=tr("Attendance", ""),
        student=tr("Student", ""),
        course=tr("Course", ""),
        day=tr("Date", ""),
        begun=tr("Begun", "time of day"),
        topic=tr("Topic", ""),
        void=tr("Void", "session"),
        counts_nowhere=tr("counts in no report", ""),
        ended=tr("Ended", "time of day"),
        sessions=tr("Sessions", ""),
        unknown_people=tr("Unknown people", ""),
        version=tr("Version", "of a register"),
        report=tr("Report", "of attendance"),
        limit=tr("Limit", ""),
        below=tr("Below the limit", ""),
        below_since=tr("Below the limit since", ""),
        absences_now=tr("Absent in a row now", "number of sessions"),
        longest_absence=tr("Longest absence", "number of sessions"),
        trend=tr("Trend", "of attendance"),
        unusual_days=tr("Unusual days", ""),
        of=tr("of", "3 of 20"),
        total=tr("Total", ""),
        teacher=tr("Teacher", ""),
        signature=tr("Signature and date", ""),
    )
