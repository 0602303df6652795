"""The order of a course's students, the same in every list, sheet and command."""

from collections.abc import Iterable
from typing import Final

from attendance_app.domain.collation import collation_key
from attendance_app.domain.people import RosterOrder, Student

LIST_NUMBERS: Final = range(1, 10_000)
"""What a number in a class list can be."""

PlaceKey = tuple[int, tuple[str, ...], str]


def in_order(students: Iterable[Student], order: RosterOrder) -> tuple[Student, ...]:
    return tuple(sorted(students, key=lambda student: place_key(student, order)))


def place_key(student: Student, order: RosterOrder) -> PlaceKey:
    """Return the key that sorts students; those without a list number stand last, equal names by student number.

    Where family and given name are not told apart, the name that is shown stands for both.
    """
    names = [student.family_name or student.name, student.given_name]
    if order is RosterOrder.GIVEN_NAME:
        names = [student.given_name or student.name, student.family_name]
    by_number = order is RosterOrder.LIST_NUMBER
    number = (student.list_number or LIST_NUMBERS.stop) if by_number else 0
    # Level by level over both names: the accent of a family name must not matter before the given name.
    levels = zip(*map(collation_key, names), strict=True)
    return number, tuple(text for level in levels for text in level), student.number


def listed_name(student: Student, order: RosterOrder) -> str:
    """Return the name as a list in this order has it: "García, Ana" where the family name leads and is known."""
    apart = student.family_name and student.given_name
    if order is RosterOrder.GIVEN_NAME or not apart:
        return student.name
    return f"{student.family_name}, {student.given_name}"


def numbered_name(student: Student, order: RosterOrder) -> str:
    """Return the listed name, behind the list number where that leads: "12. García, Ana"."""
    name = listed_name(student, order)
    return f"{student.list_number}. {name}" if order is RosterOrder.LIST_NUMBER and student.list_number else name
