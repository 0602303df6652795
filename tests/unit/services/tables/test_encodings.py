"""Encodings: names are read right, or the user is asked; no name is read wrong in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_app.services.tables import errors
from attendance_app.services.tables.encodings import decode
from attendance_app.services.tables.reading import refuse_unclear
from attendance_app.services.tables.table import Problem

SPANISH = [
    "José Muñoz",
    "María Núñez Ibáñez",
    "ÍÑIGO ÁLVAREZ",
    "Begoña Güell",
    "NÚÑEZ, ÓSCAR",
    "Íker Etxebarría",
    "N.º 3",
]
OTHERS = [
    "François Hélène",
    "Jürgen Groß",
    "João Conceição",
    "Åse Sørensen",
    "Gal·la Puigvalldosera",
    "O’Neill, Seán",
    "“O’Neill”, José",
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman", "cp850"]
)
@pytest.mark.parametrize("name", [*SPANISH, *OTHERS])
def test_one_name_is_enough_or_somebody_is_asked(encoding, name):
    try:
        content = f"id;name\n1;{name}\n".encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("the encoding has not all letters of this name")
    decoded = decode(content)
    assert decoded.unclear or name in decoded.text
    assert not decoded.unclear or any(name in decode(content, other).text for other in decoded.unclear)


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "cp850"])
def test_a_class_of_spanish_names_is_recognised(encoding):
    content = "\n".join(SPANISH).encode(encoding)
    decoded = decode(content)
    assert decoded.text == "\n".join(SPANISH)
    assert not decoded.unclear


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Łukasz Wałęsa\nZofia Dąbrowska\nJiří Dvořák\n"),
        ("cp1251", "Иван Петров\nАнна Смирнова\n"),
        ("cp1253", "Γιώργος Παπαδόπουλος\nΜαρία Νικολάου\n"),
    ],
)
def test_other_scripts_are_recognised_or_asked(encoding, names):
    decoded = decode(names.encode(encoding))
    assert decoded.text == names or decoded.unclear


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "shift_jis", "euc_kr", "koi8-r"])
def test_an_encoding_that_is_not_guessed_is_asked_for(encoding):
    names = "Иван Петров\nАнна Смирнова\n" if encoding == "koi8-r" else "王小明\n李美玲\n"
    assert decode(f"id,name\n{names}".encode(encoding, errors="ignore")).unclear


def test_lines_with_other_bytes_are_named_and_the_others_are_right(read):
    table = read("ID,Name\nB1,José\nB2,Muñoz\nB3,Pe".encode() + b"\xf1a\n")
    assert [row[1] for row in table.rows[:3]] == ["Name", "José", "Muñoz"]
    assert dict(table.problems) == {(3, 1): Problem.BYTES}


def test_a_chosen_encoding_is_used(read):
    assert read("id,name\n1,Peña\n".encode("cp850"), encoding="cp850").rows[1][1] == "Peña"
    assert read("id,name\n1,Peña\n".encode(), encoding="UTF8").rows[1][1] == "Peña"
    garbled = read("id,name\n1,Peña\n".encode(), encoding="cp1252")
    assert dict(garbled.problems) == {(1, 1): Problem.GARBLED}


@pytest.mark.parametrize("encoding", ["klingon", "", "base64", "utf-8\0", "ü", "x" * 1_000])
def test_an_encoding_that_is_none_is_refused(read, encoding):
    with pytest.raises(errors.EncodingUnknown):
        read("id,name\n1,Ana\n", encoding=encoding)


def test_an_encoding_that_cannot_be_told_is_asked_for(read, tmp_path):
    table = read(b"id,name\n1,N\x92guessan\n")
    with pytest.raises(errors.EncodingUnclear) as refused:
        refuse_unclear(table, tmp_path / "list.csv")
    assert refused.value.details["encodings"] == table.unclear


@given(st.binary(max_size=300))
def test_any_bytes_become_text(content):
    assert isinstance(decode(content).text, str)


def test_the_handed_texts(case, read):
    assert read(case("macroman.csv").read_bytes()).rows[1][1] == "José Muñoz"
    assert dict(read(case("utf8-one-bad-byte.csv").read_bytes()).problems) == {(3, 1): Problem.BYTES}
