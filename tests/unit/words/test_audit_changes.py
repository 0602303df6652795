"""Changes of the audit trail in words: before → after, in both languages, whatever a record holds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from attendance_app.domain.audit import AuditAction, AuditEntry, Content
from attendance_app.domain.session_edits import SessionChange, SessionEdit
from attendance_app.services.audit import Recorded
from attendance_app.words.audit_changes import Speech, change_lines
from attendance_app.words.catalogue import translate_to

AT = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)


def speech(language: str = "en") -> Speech:
    return Speech(
        translate_to(language), when=lambda at: f"{at.astimezone(UTC):%H:%M}", day=lambda day: f"{day:%d.%m.}"
    )


def entry(
    table: str, before: Content | None, after: Content | None, action: AuditAction = AuditAction.CHANGE
) -> AuditEntry:
    return AuditEntry(7, AT, "anna", action, table, "1", before, after)


def said(one: AuditEntry, language: str = "en") -> str:
    (line,) = change_lines(Recorded((one,)), speech(language))
    return line.change


def mark(**fields: str | None) -> Content:
    return {"student_id": 3, "session_id": 5, "status": "present", "marked_by": "camera", "remark": "", **fields}


CASES = [
    pytest.param(entry("mark", None, mark()), "– → Present, by the camera", id="new mark"),
    pytest.param(
        entry("mark", mark(), mark(status="absent", marked_by="teacher")),
        "Present → Absent, by the teacher",
        id="status",
    ),
    pytest.param(
        entry("mark", mark(), mark(marked_by="teacher")), "Present → Present, by the teacher", id="confirmed by hand"
    ),
    pytest.param(
        entry("mark", mark(), mark(arrived_at="2026-03-02 08:10:00.000000")), "arrived: – → 08:10", id="arrival is UTC"
    ),
    pytest.param(entry("mark", mark(), mark()), "set again", id="only the time of the mark"),
    pytest.param(
        entry("mark", mark(remark="bus"), None), "removed (Present, by the camera; remark: bus)", id="removed"
    ),
    pytest.param(
        entry("mark", None, mark(status="late"), AuditAction.BEGIN),
        "there when recording began: Late, by the camera",
        id="older than the trail",
    ),
    pytest.param(
        entry("excuse", None, {"first": "2026-03-02", "last": "2026-03-04", "reason": "trip"}),
        "added: from: 02.03.; to: 04.03.; reason: trip",
        id="days",
    ),
    pytest.param(
        entry("consent", {"ground": "form", "withdrawn_at": None}, {"ground": "form", "withdrawn_at": str(AT)}),
        "withdrawn",
        id="event",
    ),
    pytest.param(entry("enrolment", {"list_number": 3}, {"list_number": None}), "list number: 3 → –", id="emptied"),
    pytest.param(
        entry("session", {"late_after_s": 600.0}, {"late_after_s": 900.0}), "late after: 10 min → 15 min", id="minutes"
    ),
    pytest.param(
        entry("session", {"started_at": "yesterday"}, {"started_at": "2026-03-02 08:00:00.000000"}),
        "begin: yesterday → 08:00",
        id="another program's words",
    ),
    pytest.param(entry("face_template", None, {"encoder_id": 1}), "added", id="nothing to say"),
    pytest.param(entry("mark", None, {}), "set again", id="an empty record"),
]


@pytest.mark.parametrize(("one", "expected"), CASES)
def test_a_change_is_said_with_before_and_after(one: AuditEntry, expected: str) -> None:
    assert said(one) == expected


def test_spanish_uses_the_windows_words() -> None:
    changed = entry("mark", mark(), mark(status="late", marked_by="teacher"))
    assert said(changed, "es") == "Presente → Retardo, por el docente"


def test_marks_are_named_by_the_student_or_by_course_and_time() -> None:
    one = entry("mark", None, mark())
    (of_session,) = change_lines(Recorded((one,), students={3: "Ana"}), speech())
    (of_student,) = change_lines(Recorded((one,), courses={2: "M1"}, sessions={5: (2, AT)}), speech())
    assert (of_session.what, of_student.what) == ("Mark of Ana", "Mark, M1, 09:05")
    assert (of_session.user, of_session.record) == ("anna", 7)


def test_what_the_trail_does_not_tell_stands_at_its_time_and_a_clock_set_back_moves_no_record() -> None:
    first, second = entry("mark", None, mark()), entry("mark", mark(), mark(remark="bus"))
    back = AuditEntry(8, AT - timedelta(hours=1), "", *[getattr(second, name) for name in second.__slots__[3:]])
    earlier = SessionChange(5, AT - timedelta(days=1), SessionEdit.SPLIT, after="6")
    lines = change_lines(Recorded((first, back), (earlier,)), speech())
    assert [line.record for line in lines] == [None, 7, 8]
    assert lines[0].change == "split; the second part is session 6"
    assert date(2026, 3, 1) == lines[0].at.date()
