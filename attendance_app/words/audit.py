"""What a check of the audit trail has found, in words."""

from attendance_app.domain.audit import AuditProblem, Finding
from attendance_app.words.catalogue import Translate


def problem_in_words(problem: AuditProblem, tr: Translate) -> str:
    """Return one finding as a sentence; the texts are collected for translation with the window's."""
    texts = {
        Finding.RECORD_ALTERED: tr("Record {record} was changed, or moved to another place.", ""),
        Finding.RECORDS_REMOVED: tr("Records {record} to {last} were removed.", ""),
        Finding.CONTENT_ALTERED: tr("Record {record} says something else of {row} than when it was written.", ""),
        Finding.CONTENT_REMOVED: tr("What record {record} said was removed, and no erasure did it.", ""),
        Finding.ROW_CHANGED: tr("The register has something else for {row} than record {record}, its last one.", ""),
        Finding.ROW_REMOVED: tr("{row} is gone from the register, and no record says so.", ""),
        Finding.ROW_UNRECORDED: tr("{row} is in the register, and no record says how it came there.", ""),
    }
    return texts[problem.finding].format(record=problem.record_id, last=problem.last, row=_row(problem, tr))


def _row(problem: AuditProblem, tr: Translate) -> str:
    names = {
        "mark": tr("Mark {number} of session {session}", "audit"),
        "mark_history": tr("Line {number} in the history of session {session}", "audit"),
        "session": tr("Session {number}", "audit"),
        "student": tr("Student {number} (internal number)", "audit"),
        "enrolment": tr("Place {number} on a list (course and student)", "audit"),
        "excuse": tr("Excuse {number}", "audit"),
        "consent": tr("Consent {number}", "audit"),
        "face_template": tr("Enrolled photo {number}", "audit"),
    }
    name = names.get(problem.table, problem.table)
    return name.format(number=problem.row, session=problem.session_id)
