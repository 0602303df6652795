"""How names are stored and sorted."""

from dataclasses import replace

import pytest

from attendance_app.domain.people import RosterEntry, Student, renamed, sort_key, tidy, with_list_entry

ANA = Student(1, "S1", "Ana Ruiz", email="ana@example.org", family_name="Ruiz", given_name="Ana")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        pytest.param("  Ana \t María\n", "Ana María", id="white space"),
        pytest.param("Jose\u0301", "José", id="a separate accent is joined"),
        pytest.param("\ufeffAna\u200e", "Ana", id="byte order and direction marks"),
        pytest.param("A\u200bna", "Ana", id="a space of no width"),
        pytest.param("A\x00n\x07a", "Ana", id="control characters"),
        pytest.param("a\ud800b", "ab", id="half of a surrogate pair"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners belong to scripts"),
        pytest.param("O'Neill-Ruiz, J.", "O'Neill-Ruiz, J.", id="marks of punctuation stay"),
    ],
)
def test_text_is_stored_tidily(text, stored):
    assert tidy(text) == stored


@pytest.mark.parametrize(
    ("one", "other"), [("ÁLVAREZ", "alvarez"), ("Straße", "STRASSE"), ("Ｆull", "full"), ("Çelik", "celik")]
)
def test_case_accents_and_width_do_not_count_in_searching(one, other):
    assert sort_key(one) == sort_key(other)


def test_names_sort_by_their_letters():
    assert sorted(["Zoe", "Óscar", "ana", "Pía"], key=sort_key) == ["ana", "Óscar", "Pía", "Zoe"]


def test_another_name_takes_the_parts_of_the_old_one_with_it():
    assert renamed(ANA, " Ana  Pérez ") == replace(ANA, name="Ana Pérez", family_name="", given_name="")
    assert renamed(ANA, "Ana Pérez", family="Pérez ", given=" Ana") == replace(
        ANA, name="Ana Pérez", family_name="Pérez", given_name="Ana"
    )


@pytest.mark.parametrize("name", ["", "  ", "Ana Ruiz", " Ana  Ruiz "])
def test_the_same_name_or_none_keeps_the_parts(name):
    assert renamed(ANA, name) == ANA


@pytest.mark.parametrize(
    ("family", "given"), [("Ruiz Gil", ""), ("", "Ana María")], ids=["the family's name", "the given name"]
)
def test_a_list_may_give_other_parts_of_the_same_name(family, given):
    assert renamed(ANA, "", family=family, given=given) == replace(ANA, family_name=family, given_name=given)


def test_a_list_brings_a_student_back_and_what_it_does_not_say_stays():
    archived = replace(ANA, archived=True)

    assert with_list_entry(archived, RosterEntry("S1", "")) == ANA
    assert with_list_entry(archived, RosterEntry("S1", "Ana Gil", " ana@gil.org ")) == replace(
        ANA, name="Ana Gil", email="ana@gil.org", family_name="", given_name=""
    )
    assert with_list_entry(ANA, RosterEntry("S1", "", family_name="Gil", given_name="Anita")) == replace(
        ANA, family_name="Gil", given_name="Anita"
    )
