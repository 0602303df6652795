"""Messages for families, made of the school's own texts with fields such as {name}. Nothing is sent: they are copied,
or opened in the mail program."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final
from urllib.parse import quote

from attendance_app.domain.parent_messages import MessageKind, MessageText
from attendance_app.domain.people import Course, Student
from attendance_app.domain.sessions import Status
from attendance_app.services.attendance_report import CourseReport
from attendance_app.services.date_words import clock_words, day_words, percent_words
from attendance_app.services.errors import EmptyMessageText, MailtoTooLong, UnknownMessageField
from attendance_app.services.registers import Register

PERSON: Final = ("name", "given_name", "family_name", "number", "course")
FIELDS: Final[Mapping[MessageKind, tuple[str, ...]]] = {
    MessageKind.ABSENT: (*PERSON, "date", "time", "topic"),
    MessageKind.BELOW: (*PERSON, "attended", "limit", "absences", "lates", "in_a_row", "since"),
}
"""The fields that a text may have."""

LONGEST_LINK: Final = 2_000
"""Characters of a mailto: link; Windows hands over about 2,080 at most."""
_FIELD: Final = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class SchoolTexts:
    """The school's texts of one kind by language, and who reads which.

    ``usual``: the language of families that have none of their own; there is a text in it. ``families``: languages by
    the student's id.
    """

    by_language: Mapping[str, MessageText]
    usual: str
    families: Mapping[int, str] = field(default_factory=dict)

    def language_of(self, student: Student) -> str:
        """Return the language of a family, the usual one where the school has no text in theirs."""
        wanted = self.families.get(student.id, self.usual)
        return wanted if wanted in self.by_language else self.usual


@dataclass(frozen=True, slots=True)
class ParentMessage:
    """A message about one student, in its language."""

    student: Student
    language: str
    subject: str
    body: str

    @property
    def whole(self) -> str:
        """The message as it is copied: the subject, an empty line, the body."""
        return f"{self.subject}\n\n{self.body}"


def read_text(text: str) -> MessageText:
    """Read a text whose first line is the subject. Raises EmptyMessageText."""
    subject, _, body = text.replace("\r\n", "\n").removeprefix("\ufeff").strip().partition("\n")
    if not subject.strip() or not body.strip():
        raise EmptyMessageText()
    return MessageText(subject.strip(), body.strip() + "\n")


def check_text(text: MessageText, kind: MessageKind) -> None:
    """Raise EmptyMessageText, or UnknownMessageField for the first field that a text of this kind does not have."""
    if not text.subject.strip() or not text.body.strip():
        raise EmptyMessageText()
    for name in _FIELD.findall(f"{text.subject}\n{text.body}"):
        if name not in FIELDS[kind]:
            raise UnknownMessageField(field=name, known=FIELDS[kind])


def messages_of_day(register: Register, texts: SchoolTexts, zone: tzinfo | None = None) -> tuple[ParentMessage, ...]:
    """Return a message about each student who is absent in a session; times are of ``zone``, None: this machine's.

    Raises UnknownMessageField, EmptyMessageText.
    """
    _check(texts, MessageKind.ABSENT)
    session = register.session
    begun = session.started_at.astimezone(zone)

    def values(language: str) -> dict[str, str]:
        return {"date": day_words(begun, language), "time": clock_words(begun, language), "topic": session.topic}

    absent = (line.student for line in register.lines if line.mark and line.mark.status is Status.ABSENT)
    return tuple(
        _message(student, texts, _person(student, register.course) | values(texts.language_of(student)))
        for student in absent
    )


def messages_below(report: CourseReport, texts: SchoolTexts, zone: tzinfo | None = None) -> tuple[ParentMessage, ...]:
    """Return a message about each student below the limit, the lowest rate first; days are of ``zone``.

    Raises UnknownMessageField, EmptyMessageText.
    """
    _check(texts, MessageKind.BELOW)
    found = []
    for line in report.below:
        assert line.below_since is not None
        language = texts.language_of(line.student)
        values = {
            "attended": percent_words(line.rate or 0.0, language),
            "limit": percent_words(report.limit, language),
            "absences": str(line.counts[Status.ABSENT]),
            "lates": str(line.counts[Status.LATE]),
            "in_a_row": str(line.absences_now),
            "since": day_words(line.below_since.started_at.astimezone(zone), language),
        }
        found.append(_message(line.student, texts, _person(line.student, report.course) | values))
    return tuple(found)


def mail_link(message: ParentMessage) -> str | None:
    """Return a link that opens the message in the mail program, to the student's e-mail; None where none is kept.

    Raises MailtoTooLong.
    """
    if not message.student.email:
        return None
    # RFC 6068: lines end with CR LF, and everything but letters, digits and a few signs is percent-encoded.
    body = quote(message.body.replace("\n", "\r\n"), safe="")
    link = f"mailto:{quote(message.student.email, safe='@')}?subject={quote(message.subject, safe='')}&body={body}"
    if len(link) > LONGEST_LINK:
        raise MailtoTooLong(name=message.student.name, characters=len(link), most=LONGEST_LINK)
    return link


def _check(texts: SchoolTexts, kind: MessageKind) -> None:
    for text in texts.by_language.values():
        check_text(text, kind)


def _person(student: Student, course: Course) -> dict[str, str]:
    return {
        "name": student.name,
        "given_name": student.given_name or student.name,
        "family_name": student.family_name or student.name,
        "number": student.number,
        "course": course.title or course.code,
    }


def _message(student: Student, texts: SchoolTexts, values: Mapping[str, str]) -> ParentMessage:
    language = texts.language_of(student)
    text = texts.by_language[language]

    def filled(part: str) -> str:
        # In one pass: a name that looks like a field stays as it is.
        return _FIELD.sub(lambda found: values[found[1]], part)

    return ParentMessage(student, language, " ".join(filled(text.subject).split()), filled(text.body))
