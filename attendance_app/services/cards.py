"""QR cards: made for a course's students, kept until they are replaced."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from attendance_app.domain.people import Course, tidy
from attendance_app.domain.roster_order import listed_name
from attendance_app.services.errors import NoStudentsForCards
from attendance_app.store.errors import NotOnRoster
from attendance_app.store.unit import Transaction

TOKEN_BYTES = 10


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed on a student's card. ``modules``: the QR code, row by row, True for a dark square."""

    name: str
    list_number: int | None
    course: str
    token: str
    modules: tuple[tuple[bool, ...], ...]


def course_cards(tx: Transaction, course: Course, at: datetime, *, replace: Collection[str] = ()) -> tuple[Card, ...]:
    """Return the cards of a course's students in its order, making those that are not there yet.

    A student has one card for all courses. ``replace``: numbers of students who get another card; then only theirs are
    returned, and the old ones mark nobody any more. Raises NotOnRoster, NoStudentsForCards.
    """
    students = tx.students.of_course(course.id)
    wanted = {tidy(number) for number in replace}
    unknown = sorted(wanted - {student.number for student in students})
    if unknown:
        raise NotOnRoster(number=unknown[0], course=course.code)
    chosen = [student for student in students if not wanted or student.number in wanted]
    if not chosen:
        raise NoStudentsForCards(course=course.code)
    tokens = {student_id: token for token, student_id in tx.cards.of_course(course.id).items()}
    cards = []
    for student in chosen:
        token = None if wanted else tokens.get(student.id)
        if token is None:
            token = base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode()
            tx.cards.put(student.id, token, at)
        name = listed_name(student, course.roster_order)
        cards.append(Card(name, student.list_number, course.title or course.code, token, qr_modules(token)))
    return tuple(cards)


def qr_modules(token: str) -> tuple[tuple[bool, ...], ...]:
    """Return the squares of a token's QR code, without the white border that it needs."""
    import segno

    # Level Q: a quarter of the code may be covered, by a finger or a fold, and it stays the smallest one.
    code = segno.make_qr(token, error="q", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)
