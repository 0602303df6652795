"""What the audit trail recorded, as lines for people: when, which user, what, and before → after."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from heapq import merge
from operator import attrgetter
from typing import Final, TypeAlias

from attendance_app.domain.audit import AuditAction, AuditEntry, Content
from attendance_app.domain.session_edits import SessionChange, SessionEdit
from attendance_app.services.audit import Recorded
from attendance_app.words.catalogue import Translate

Value: TypeAlias = str | int | float | None
NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Speech:
    """How one who shows the lines speaks: the language, and how moments and days are written."""

    tr: Translate
    when: Callable[[datetime], str]
    day: Callable[[date], str]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """``user``: of the computer, "" where nobody was noted. ``record``: its number in the trail, None where the line
    is from another history."""

    at: datetime
    user: str
    what: str
    change: str
    record: int | None = None


def change_lines(recorded: Recorded, speech: Speech) -> tuple[ChangeLine, ...]:
    """Return a line a change, oldest first."""
    told = (
        ChangeLine(one.at, one.actor, _subject(one, recorded, speech), _change(one, speech), one.record_id)
        for one in recorded.entries
    )
    earlier = (
        ChangeLine(one.changed_at, "", speech.tr("Session", "audit"), session_change_words(one, speech))
        for one in recorded.earlier
    )
    # The records stay in their own order: a clock that was set back must not move them.
    return tuple(merge(earlier, told, key=attrgetter("at")))


def _subject(entry: AuditEntry, recorded: Recorded, speech: Speech) -> str:
    tr, content = speech.tr, entry.after or entry.before or {}
    if entry.table == "mark":
        if recorded.students:
            name = recorded.students.get(_number(content, "student_id"), NOTHING)
            return tr("Mark of {name}", "audit").format(name=name)
        course, at = recorded.sessions.get(_number(content, "session_id"), (0, None))
        when = NOTHING if at is None else speech.when(at)
        return tr("Mark, {course}, {when}", "audit").format(course=recorded.courses.get(course, NOTHING), when=when)
    if entry.table == "enrolment":
        course_name = recorded.courses.get(_number(content, "course_id"), NOTHING)
        return tr("Place on the list of {course}", "audit").format(course=course_name)
    words = {
        "session": tr("Session", "audit"),
        "student": tr("Student", "audit"),
        "excuse": tr("Excuse", "audit"),
        "consent": tr("Consent", "audit"),
        "face_template": tr("Enrolled photo", "audit"),
    }
    return words.get(entry.table, entry.table)


def _number(content: Content, column: str) -> int:
    value = content.get(column)
    return value if isinstance(value, int) else 0


def _change(entry: AuditEntry, speech: Speech) -> str:
    tr, before, after = speech.tr, entry.before, entry.after
    if after is None:
        was = _state(entry.table, before or {}, speech)
        return tr("removed", "audit") + (f" ({was})" if was else "")
    if entry.action is AuditAction.BEGIN:
        state = _state(entry.table, after, speech)
        return tr("there when recording began", "audit") + (f": {state}" if state else "")
    if entry.table == "mark":
        return "; ".join(_mark_parts(before or {}, after, speech)) or tr("set again", "audit")
    if before is None:
        state = _state(entry.table, after, speech)
        return tr("added", "audit") + (f": {state}" if state else "")
    return "; ".join(_differences(before, after, speech)) or tr("written again", "audit")


def _state(table: str, content: Content, speech: Speech) -> str:
    """All that a row has."""
    if table == "mark":
        words = [_mark_words(content, speech)]
        columns: tuple[str, ...] = ("arrived_at", "remark")
    else:
        words, columns = [], tuple(content)
    labels = _labels(speech.tr)
    words += [
        f"{labels[column]}: {_shown(column, content.get(column), speech)}"
        for column in labels
        if column in columns and content.get(column) not in {None, ""}
    ]
    words += [done for column, (done, _undone) in _events(speech.tr).items() if content.get(column)]
    return "; ".join(words)


def _mark_words(content: Content, speech: Speech) -> str:
    status = _status_words(speech.tr).get(str(content.get("status")), str(content.get("status")))
    by = _by_words(speech.tr).get(str(content.get("marked_by")), "")
    return f"{status}, {by}" if by else status


def _mark_parts(before: Content, after: Content, speech: Speech) -> Iterator[str]:
    statuses = _status_words(speech.tr)
    if any(before.get(column) != after.get(column) for column in ("status", "marked_by")):
        old = before.get("status")
        shown = NOTHING if old is None else statuses.get(str(old), str(old))
        yield f"{shown} → {_mark_words(after, speech)}"
    yield from _differences(before, after, speech, only=frozenset({"arrived_at", "remark"}))


def _differences(
    before: Content, after: Content, speech: Speech, *, only: frozenset[str] | None = None
) -> Iterator[str]:
    for column, (done, undone) in _events(speech.tr).items():
        if only is None and bool(before.get(column)) != bool(after.get(column)):
            yield done if after.get(column) else undone
    for column, label in _labels(speech.tr).items():
        if (only is None or column in only) and (before.get(column) or "") != (after.get(column) or ""):
            old, new = (_shown(column, content.get(column), speech) for content in (before, after))
            yield f"{label}: {old} → {new}"


def _shown(column: str, value: Value, speech: Speech) -> str:
    if value in {None, ""}:
        return NOTHING
    # What another program wrote may be anything: then it is shown as it is.
    with suppress(ValueError, OverflowError, OSError):
        if column in {"first", "last"}:
            return speech.day(date.fromisoformat(str(value)))
        if column.endswith("_at"):
            return speech.when(_moment(str(value)))
        if column == "late_after_s":
            return f"{float(value or 0) / 60:g} min"
    return str(value)


def _moment(stored: str) -> datetime:
    """The store's times are UTC and don't say so."""
    moment = datetime.fromisoformat(stored)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _labels(tr: Translate) -> Mapping[str, str]:
    """The columns that are shown, in the order in which they are."""
    return {
        "number": tr("number", "audit"),
        "name": tr("name", "audit"),
        "family_name": tr("family name", "audit"),
        "given_name": tr("given name", "audit"),
        "email": tr("e-mail", "audit"),
        "list_number": tr("list number", "audit"),
        "ground": tr("ground", "audit"),
        "given_at": tr("given", "audit"),
        "enrolled_at": tr("enrolled", "audit"),
        "first": tr("from", "audit"),
        "last": tr("to", "audit"),
        "reason": tr("reason", "audit"),
        "started_at": tr("begin", "audit"),
        "ended_at": tr("end", "audit"),
        "lesson_at": tr("lesson's begin", "audit"),
        "late_after_s": tr("late after", "audit"),
        "topic": tr("topic", "audit"),
        "note": tr("note", "audit"),
        "void_reason": tr("why void", "audit"),
        "arrived_at": tr("arrived", "audit"),
        "remark": tr("remark", "audit"),
    }


def _events(tr: Translate) -> Mapping[str, tuple[str, str]]:
    """Columns of which only matters whether they have a value: what to say when they get one, and lose it."""
    return {
        "voided_at": (tr("made void", ""), tr("counts", "")),
        "deleted_at": (tr("deleted", ""), tr("brought back", "")),
        "withdrawn_at": (tr("withdrawn", "audit"), tr("in force again", "audit")),
        "archived": (tr("archived", "audit"), tr("taken out of the archive", "audit")),
    }


def _status_words(tr: Translate) -> Mapping[str, str]:
    return {
        "present": tr("Present", "status of a student"),
        "late": tr("Late", "status of a student"),
        "absent": tr("Absent", "status of a student"),
        "excused": tr("Excused", "status of a student"),
    }


def _by_words(tr: Translate) -> Mapping[str, str]:
    return {
        "camera": tr("by the camera", "audit"),
        "teacher": tr("by the teacher", "audit"),
        "close": tr("at the end of the session", "audit"),
        "card": tr("by card", "audit"),
    }


def session_change_words(change: SessionChange, speech: Speech) -> str:
    """Return what was done to a session as a whole, with what was before and after."""
    tr, before, after = speech.tr, change.before, change.after
    if change.edit is SessionEdit.MOVED:
        before, after = (speech.when(datetime.fromisoformat(moment)) for moment in (before, after))
        return tr("begins {after} instead of {before}", "").format(before=before, after=after)
    if change.edit in {SessionEdit.SPLIT, SessionEdit.MERGED}:
        words = {
            (SessionEdit.SPLIT, True): tr("split; the second part is session {number}", ""),
            (SessionEdit.SPLIT, False): tr("split off session {number}", ""),
            (SessionEdit.MERGED, True): tr("session {number} was taken into it", ""),
            (SessionEdit.MERGED, False): tr("taken into session {number}", ""),
        }
        return words[change.edit, bool(after)].format(number=after or before)
    if change.edit is SessionEdit.TOPIC:
        return tr("topic: {topic}", "").format(topic=after or NOTHING)
    words_of = {
        SessionEdit.ADDED: tr("added by hand", ""),
        SessionEdit.VOID: tr("made void", ""),
        SessionEdit.COUNTS: tr("counts", ""),
        SessionEdit.DELETED: tr("deleted", ""),
        SessionEdit.BROUGHT_BACK: tr("brought back", ""),
    }
    return words_of[change.edit] + (f": {after}" if after else "")
