"""The order of names is that of ICU, which Qt carries, for Spanish (docs/adr/0035)."""

from functools import cmp_to_key

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCollator, QLocale

from attendance_app.domain.collation import collation_key

LETTERS = "abcdeilmnñoruyz" + "áàâäãéèêëíìîïóòôöõúùûüçšžýå" + "æœøłđ" + "ß"
NAMES = st.text(st.sampled_from(LETTERS + LETTERS.upper().replace("SS", "") + "  '-."), min_size=1, max_size=6)


@given(st.lists(NAMES.filter(lambda name: name == name.strip()), min_size=2, max_size=8, unique=True))
def test_letters_are_sorted_as_icu_sorts_them(names: list[str]) -> None:
    collator = QCollator(QLocale("es"))
    expected = sorted(names, key=cmp_to_key(collator.compare))
    assert [collation_key(name)[0] for name in sorted(names, key=collation_key)] == [
        collation_key(name)[0] for name in expected
    ]
