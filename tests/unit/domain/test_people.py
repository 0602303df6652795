"""How names are stored and sorted."""

import pytest

from attendance_app.domain.people import sort_key, tidy


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
