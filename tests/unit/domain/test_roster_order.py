"""The order of a course's students."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_app.domain.collation import collation_key
from attendance_app.domain.people import RosterOrder, Student
from attendance_app.domain.roster_order import in_order, listed_name, numbered_name


@pytest.mark.parametrize(
    "names",
    [
        # An accent counts only where the letters are the same, a capital only where the accents are.
        ["garcia", "Garcia", "García", "Garcia Ruiz", "García Ruiz", "Garciaz"],
        ["Nunez", "Núnez", "Nuno", "Nuñez", "Nzu", "Ñandú", "Obregón"],
        ["de la Cruz", "De la Cruz", "Delacruz"],
        ["Łukasz", "Lz", "O’Neil", "Oeste", "Œuvre", "Øre", "Oz"],
    ],
)
def test_names_are_sorted_as_spanish_lists_are(names):
    assert sorted(sorted(names, key=hash), key=collation_key) == names


@given(st.text(max_size=12))
def test_both_forms_of_unicode_have_one_place(name):
    keys = {collation_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert len(keys) == 1


ANA = Student(1, "10", "Ana García", family_name="García", given_name="Ana", list_number=12)
ZOE = Student(2, "11", "Zoe Garcia", family_name="Garcia", given_name="Zoe", list_number=2)
MONONYM = Student(3, "12", "Harun")
EVA = Student(4, "09", "Eva Ñáñez", family_name="Ñáñez", given_name="Eva", list_number=2)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (RosterOrder.FAMILY_NAME, [ANA, ZOE, MONONYM, EVA]),
        (RosterOrder.GIVEN_NAME, [ANA, EVA, MONONYM, ZOE]),
        (RosterOrder.LIST_NUMBER, [ZOE, EVA, ANA, MONONYM]),
    ],
)
def test_students_stand_in_the_order_of_their_course(order, expected):
    assert list(in_order([EVA, MONONYM, ZOE, ANA], order)) == expected


def test_names_alike_stand_by_student_number():
    twins = [Student(1, "2", "Ana"), Student(2, "1", "Ana")]
    assert [student.number for student in in_order(twins, RosterOrder.FAMILY_NAME)] == ["1", "2"]


def test_a_list_by_family_name_begins_with_it_where_it_is_known():
    assert listed_name(ANA, RosterOrder.FAMILY_NAME) == listed_name(ANA, RosterOrder.LIST_NUMBER) == "García, Ana"
    assert listed_name(ANA, RosterOrder.GIVEN_NAME) == "Ana García"
    assert listed_name(MONONYM, RosterOrder.FAMILY_NAME) == "Harun"


def test_a_list_by_number_shows_the_number_where_there_is_one():
    shown = [numbered_name(student, RosterOrder.LIST_NUMBER) for student in (ANA, MONONYM)]
    assert shown == ["12. García, Ana", "Harun"]
    assert numbered_name(ANA, RosterOrder.FAMILY_NAME) == "García, Ana"
