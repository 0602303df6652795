"""Texts with separators: every line is read as it stands in the file, or is named as damaged."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_app.services.tables import errors
from attendance_app.services.tables.safe_text import DELIMITERS, plain_cell, safe_cell
from attendance_app.services.tables.table import MAX_CHARACTERS, Problem

GOOD = {
    "a line break in quotes": ('id;name\r\n1;"O""Neil\r\nSean"\r\n2;Ana\r\n', ("1", 'O"Neil\r\nSean'), (1, 2, 4)),
    "Excel's hint": ("sep=;\nid;name\n1;Ana, Eva\n", ("1", "Ana, Eva"), (2, 3)),
    "old line ends": ("id,name\r1,Ana\r", ("1", "Ana"), (1, 2)),
    "blank lines": ("\n\nid,name\n\n1,Ana\n", ("1", "Ana"), (3, 5)),
    "a quotation mark inside": ('id,name\n1,O"Neil\n', ("1", 'O"Neil'), (1, 2)),
    "text behind the quotes": ('id,name\n1,"Ana" María\n', ("1", "Ana María"), (1, 2)),
    "rows of other lengths": ("id,name,x\n1,Ana\n", ("1", "Ana", ""), (1, 2)),
    "an escaped formula": ("id,name\n1,'=Ana\n", ("1", "=Ana"), (1, 2)),
}


@pytest.mark.parametrize(("content", "row", "lines"), GOOD.values(), ids=GOOD.keys())
def test_dialects_are_read_with_their_lines(read, content, row, lines):
    table = read(content)
    assert (table.rows[1], table.lines) == (row, lines)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param('ID,Name\nA1,"Ana\nA2,Luis\nA3,Eva\n', 2, id="to the end"),
        pytest.param('ID,Name\nA0,Ben\nA1,"Ana\nA2,"Luis"\nA3,Eva\n', 3, id="to the next quotation mark"),
        pytest.param('ID,Name\nA1,"Ana\nA2,Luis\nA3,Eva"\n', 2, id="to a closing one"),
        pytest.param('ID,Name\nA1,Ana\nA3,"Eva', 3, id="in the last line"),
        pytest.param('"ID,Name\nA1,Ana\n', 1, id="in the header"),
        pytest.param('sep=;\nID;Name\nA1;"Ana\nA2;Luis\n', 3, id="under Excel's hint"),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line(read, content, line):
    with pytest.raises(errors.UnclosedQuote) as refused:
        read(content)
    assert refused.value.details["line"] == line


def test_a_field_that_is_too_long_is_named_with_its_line(read):
    for length in (MAX_CHARACTERS + 1, 131_073, 1_000_000):
        with pytest.raises(errors.CellTooLong) as refused:
            read(f"id,name\n1,{'x' * length}\n")
        assert refused.value.details["line"] == 2


def test_a_line_of_millions_of_fields_is_refused_at_once(read):
    started = time.monotonic()
    with pytest.raises(errors.TooManyColumns):
        read("id;name;" + "x;" * 3_000_000)
    assert time.monotonic() - started < 20  # a fraction of a second on a quiet machine
    assert read("id;name" + ";" * 5_000 + "\n1;Ana\n").rows[1] == ("1", "Ana")


def test_a_file_without_any_separator_is_one_column(read):
    assert read("id\n1\n").rows == (("id",), ("1",))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.NoRows),
        (b"\xef\xbb\xbf", errors.NoRows),
        (b",,,\n , ,\n", errors.NoRows),
        (b"%PDF-1.7\n", errors.NotATable),
        (b"PK\x03\x04rest", errors.NotATable),
        (b"\xef\xbb\xbf <table><tr><td>id</td></tr></table>", errors.NotATable),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20, errors.NotATable),
        (b"id,name\n1,A\x00na\n" * 3, errors.NotATable),
        (b"a," * 1_500, errors.TooManyColumns),
        (b"1\n" * 100_001, errors.TooManyRows),
        ((b"1," * 900 + b"\n") * 400, errors.TooManyCells),
        (b"x" * 32_000_001, errors.TableTooLarge),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_list_is_refused(read, content, error):
    with pytest.raises(error):
        read(content)


def test_a_sheet_is_asked_of_workbooks_only(read):
    with pytest.raises(errors.NoSheets):
        read("id,name\n1,Ana\n", sheet="1")


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        *((text, Problem.SHORTENED) for text in ("2.02512E+11", "2,02512E+11", "1E+12", "-1.5E-05")),
        *((text, Problem.SHORTENED) for text in ("2.02512e+11", "2.02512E11", "2,02512e11")),
        *((text, Problem.DATE) for text in ("01-mar", "1-Mar-25", "mar-25", "3/1/2025", "2025-03-01 00:00:00")),
        ("Err:502", Problem.ERROR),
        *((text, Problem.ERROR) for text in ("#N/A", "#N/D", "#REF!", "#¡REF!", "#DIV/0!", "#¿NOMBRE?", "#####")),
        *((text, Problem.GARBLED) for text in ("JosÃ©", "MuÃ±oz", "Nâº Ã‘")),
        ("Pe\ufffda", Problem.BYTES),
        *(
            (text, None)
            for text in (
                "3E10",
                "12E3",
                "3-12",
                "2025-03-01",
                "2025-03",
                "Mar 7B",
                "A/1/2025",
                "E+11",
                "#12",
                "JOÃO",
                "Â",
                "A#N/A",
                "",
                "-",
                "José Núñez",
            )
        ),
    ],
)
def test_a_text_that_a_program_has_changed_is_marked(read, cell, problem):
    assert read(f'id,name\n"{cell}",Ana\n').problems.get((1, 0)) is problem


texts = st.text(alphabet="'=+-@;,|\t \"\nab", max_size=8) | st.text(max_size=8)


@given(texts)
def test_what_is_made_safe_is_had_back(text):
    assert plain_cell(safe_cell(text)) == text


@given(texts)
def test_no_part_of_a_safe_cell_is_a_formula_whichever_sign_separates(text):
    for delimiter in f"{DELIMITERS}:":
        for part in safe_cell(text).split(delimiter):
            assert part.lstrip(' "\r\n')[:1] not in {*"=+-@＝＋－＠"}
    for part in safe_cell(text).split(" "):
        assert not re.match('"*[=+\\-@＝＋－＠]\\S', part)


@pytest.mark.parametrize("text", ["Pérez - Ana", "María-José", "ana@x.es", "10:05 - bus", "O'Neill", "van 't Hoff"])
def test_what_no_spreadsheet_takes_for_a_formula_stays_as_it_is(text):
    assert safe_cell(text) == plain_cell(text) == text


def test_the_handed_texts(case, read):
    table = read(case("apellidos-nombre.csv").read_bytes())
    assert table.rows[1] == ("001", "García, Ana", "a@x.es")
    assert set(read(case("scientific-ids.csv").read_bytes()).problems.values()) == {Problem.SHORTENED}
    with pytest.raises(errors.UnclosedQuote) as refused:
        read(case("unclosed-quote.csv").read_bytes())
    assert refused.value.details["line"] == 2
    assert safe_cell(read(case("semicolon-formula.csv").read_bytes()).rows[1][1]) == "x;'=1+1;y"
