"""Messages for parents, made of the school's own text with fields such as {name}. Nothing is sent: they are copied, or
opened in the mail program."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from urllib.parse import quote

from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import Status
from attendance_app.services.attendance_report import CourseReport
from attendance_app.services.errors import EmptyMessageText, MailtoTooLong, UnknownMessageField
from attendance_app.services.registers import Register

PERSON: Final = ("name", "given_name", "family_name", "number", "course")
OF_DAY: Final = (*PERSON, "date", "time", "topic")
OF_LIMIT: Final = (*PERSON, "attended", "limit", "absences", "lates", "in_a_row", "since")
"""The fields of a text about an absence on one day, and of one about students below the limit."""

LONGEST_LINK: Final = 2_000
"""Characters of a mailto: link; Windows hands over about 2,080 at most."""
_FIELD: Final = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class MessageText:
    """The school's text in one language: a subject and a body, both with fields."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ParentMessage:
    """A message about one student."""

    student: Student
    subject: str
    body: str


def read_text(text: str) -> MessageText:
    """Read a text whose first line is the subject. Raises EmptyMessageText."""
    subject, _, body = text.replace("\r\n", "\n").removeprefix("\ufeff").strip().partition("\n")
    if not subject.strip() or not body.strip():
        raise EmptyMessageText()
    return MessageText(subject.strip(), body.strip() + "\n")


def check_fields(text: MessageText, known: Iterable[str]) -> None:
    """Raise UnknownMessageField for the first field that a text of this kind does not have."""
    known = tuple(known)
    for field in _FIELD.findall(f"{text.subject}\n{text.body}"):
        if field not in known:
            raise UnknownMessageField(field=field, known=known)


def messages_of_day(register: Register, text: MessageText, zone: tzinfo | None = None) -> tuple[ParentMessage, ...]:
    """Return a message about each student who is absent in a session; times are of ``zone``, None: this machine's.

    Raises UnknownMessageField.
    """
    check_fields(text, OF_DAY)
    begun = register.session.started_at.astimezone(zone)
    day = {"date": f"{begun:%Y-%m-%d}", "time": f"{begun:%H:%M}", "topic": register.session.topic}
    absent = (line.student for line in register.lines if line.mark and line.mark.status is Status.ABSENT)
    return tuple(_message(student, text, _person(student, register.course) | day) for student in absent)


def messages_below(report: CourseReport, text: MessageText, zone: tzinfo | None = None) -> tuple[ParentMessage, ...]:
    """Return a message about each student below the limit, the lowest rate first. Raises UnknownMessageField."""
    check_fields(text, OF_LIMIT)
    found = []
    for line in report.below:
        assert line.below_since is not None
        values = {
            "attended": f"{line.rate or 0.0:.0%}",
            "limit": f"{report.limit:.0%}",
            "absences": str(line.counts[Status.ABSENT]),
            "lates": str(line.counts[Status.LATE]),
            "in_a_row": str(line.absences_now),
            "since": f"{line.below_since.started_at.astimezone(zone):%Y-%m-%d}",
        }
        found.append(_message(line.student, text, _person(line.student, report.course) | values))
    return tuple(found)


def mail_link(message: ParentMessage) -> str:
    """Return a link that opens the message in the mail program, to nobody yet: the addresses of families are not kept.

    Raises MailtoTooLong.
    """
    # RFC 6068: lines end with CR LF, and everything but letters, digits and a few signs is percent-encoded.
    body = quote(message.body.replace("\n", "\r\n"), safe="")
    link = f"mailto:?subject={quote(message.subject, safe='')}&body={body}"
    if len(link) > LONGEST_LINK:
        raise MailtoTooLong(name=message.student.name, characters=len(link), most=LONGEST_LINK)
    return link


def _person(student: Student, course: Course) -> dict[str, str]:
    return {
        "name": student.name,
        "given_name": student.given_name or student.name,
        "family_name": student.family_name or student.name,
        "number": student.number,
        "course": course.title or course.code,
    }


def _message(student: Student, text: MessageText, values: Mapping[str, str]) -> ParentMessage:
    def filled(part: str) -> str:
        # In one pass: a name that looks like a field stays as it is.
        return _FIELD.sub(lambda found: values[found[1]], part)

    return ParentMessage(student, " ".join(filled(text.subject).split()), filled(text.body))
