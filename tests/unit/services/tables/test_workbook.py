"""Workbooks: what stands in the visible sheet, as a person sees it, or a clear word at once."""

import subprocess
import sys

import pytest
from workbooks import MAIN, formats, packed, parts, row, sheet, text

from attendance_app.services.tables import errors
from attendance_app.services.tables.table import MAX_CHARACTERS, Problem, Sheet

HEADER = row(text("ID"), text("Name"))
ANA = row(text("A1"), text("Ana García"))


@pytest.fixture
def book(read):
    """Read a workbook out of its parts."""
    return lambda contents, **options: read(packed(contents), "list.xlsx", **options)


def test_styles_that_make_no_sense_do_not_matter(book):
    fills = "<fills><fill/><fill><patternFill patternType='no such'/></fill></fills>"
    styles = f"<styleSheet xmlns='{MAIN}'>{fills}</styleSheet>"
    assert book(parts(sheet(HEADER, ANA), styles=styles)).rows[1] == ("A1", "Ana García")


@pytest.mark.parametrize("declared", ["A1", "A1:XFD1048576", "Z9:A1", "", "nonsense", "A1:B999999999999"])
def test_the_declared_dimension_is_not_believed(book, declared):
    table = book(parts(sheet(HEADER, ANA, before=f"<dimension ref='{declared}'/>")))
    assert table.rows == (("ID", "Name"), ("A1", "Ana García"))


def test_cells_stand_where_their_references_say(book):
    rows = (row(text("ID", "r='B1'"), text("Name", "r='D1'")), row(text("A1", "r='B900000'"), attributes="r='900000'"))
    table = book(parts(sheet(*rows)))
    assert table.rows == (("", "ID", "", "Name"), ("", "A1", "", ""))
    assert table.lines == (1, 900_000)


@pytest.mark.parametrize("value", ["NaN", "INF", "1e999", "-inf", "9" * 400])
def test_what_is_no_finite_number_is_an_error_of_the_cell(book, value):
    table = book(parts(sheet(HEADER, row(f"<c><v>{value}</v></c>", text("Ana")))))
    assert table.problems[1, 0] is Problem.ERROR


def test_the_visible_sheet_with_most_rows_is_read_and_any_other_on_demand(book):
    contents = parts(
        sheet(HEADER), sheet(HEADER, ANA), sheet(HEADER, ANA, ANA), states=("visible", "visible", "veryHidden")
    )
    table = book(contents)
    assert (table.sheet, len(table.rows)) == ("S2", 2)
    assert table.sheets == (Sheet("S1"), Sheet("S2"), Sheet("S3", hidden=True))
    for wanted in ("S3", "s3", "3"):
        assert len(book(contents, sheet=wanted).rows) == 3
    with pytest.raises(errors.NoSuchSheet):
        book(contents, sheet="S4")


def test_a_workbook_with_hidden_sheets_only_is_read(book):
    assert book(parts(sheet(HEADER), states=("hidden",))).sheet == "S1"


SHOWN = [
    ("General", "20240001", "20240001"),
    ("General", "7.0", "7"),
    ("General", "7.25", "7.25"),
    ("0000", "42", "0042"),
    ('"A"0000', "42", "A0042"),
    ("\\A0000", "42", "A0042"),
    ("000-00-0000", "123456789", "123-45-6789"),
    ('0000"/"00', "202401", "2024/01"),
    ("#,##0", "12345", "12345"),
    ("0.00", "7.5", "7.50"),
    ('"S-"General', "42", "S-42"),
    ("@", "42", "42"),
    ("[Red]0000;[Blue]-0000", "42", "0042"),
    ("0_);(0)", "-5", "-(5)"),
    ("0;;", "5", "5"),
    ("00000 ", "7", "00007 "),
]


@pytest.mark.parametrize(("code", "stored", "shown"), SHOWN)
def test_numbers_are_shown_as_the_spreadsheet_shows_them(book, code, stored, shown):
    table = book(parts(sheet(HEADER, row(f"<c s='0'><v>{stored}</v></c>", text("Ana"))), styles=formats(code)))
    assert table.rows[1] == (shown.strip(), "Ana")
    assert dict(table.problems) == {}


REFUSED = [
    ("yyyy-mm-dd", "<c s='0'><v>45717</v></c>", Problem.DATE),
    ("[$-409]d-mmm", "<c s='0'><v>45717</v></c>", Problem.DATE),
    ("[hh]:mm", "<c s='0'><v>1.5</v></c>", Problem.DATE),
    ("General", "<c t='d'><v>2025-03-01T00:00:00</v></c>", Problem.DATE),
    ("General", "<c t='e'><v>#N/A</v></c>", Problem.ERROR),
    ("General", "<c t='str'><f>A9</f><v>#REF!</v></c>", Problem.ERROR),
    ("General", "<c><f>A9*2</f></c>", Problem.FORMULA),
    ("General", "<c><v>2025120001234567</v></c>", Problem.SHORTENED),
    ("# ?/?", "<c s='0'><v>1.5</v></c>", Problem.FORMAT),
    ("0.0E+00", "<c s='0'><v>202512000001</v></c>", Problem.FORMAT),
    ("0" * 1_001, "<c s='0'><v>5</v></c>", Problem.FORMAT),
    ("[<100]0;General", "<c s='0'><v>5</v></c>", Problem.FORMAT),
    ("General", "<c t='str'><v>2.02512E+11</v></c>", Problem.SHORTENED),
    ("General", "<c t='str'><v>JosÃ©</v></c>", Problem.GARBLED),
]


@pytest.mark.parametrize(("code", "cell", "problem"), REFUSED)
def test_what_is_not_what_a_person_wrote_is_marked(book, code, cell, problem):
    table = book(parts(sheet(HEADER, row(cell, text("Ana"))), styles=formats(code)))
    assert dict(table.problems) == {(1, 0): problem}


def test_texts_are_shared_rich_escaped_and_without_reading_aids(book):
    strings = (
        f"<sst xmlns='{MAIN}'><si><t>ID</t></si><si><r><t>Jo</t></r><r><t>sé</t></r><rPh><t>aid</t></rPh></si>"
        "<si><t>A_x0009_B _x005F_x0041_</t></si></sst>"
    )
    table = book(parts(sheet(row(*(f"<c t='s'><v>{n}</v></c>" for n in range(3)))), strings=strings))
    assert table.rows == (("ID", "José", "A\tB _x0041_"),)


def test_other_names_for_the_same_elements_are_read(book):
    contents = parts(
        f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert book(contents).rows == (("7",),)


def without(name: str) -> dict[str, str]:
    contents = parts(sheet(HEADER, ANA), strings=f"<sst xmlns='{MAIN}'/>")
    del contents[name]
    return contents


DAMAGED = {
    "cut XML": parts(sheet(HEADER)[:-30]),
    "no XML": parts("id,name"),
    "empty part": parts(""),
    "an entity": parts("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + sheet(row(text("&e;")))),
    "a billion laughs": parts(
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>" + sheet(row(text("&b;")))
    ),
    "an undeclared entity": parts(sheet(row(text("&e;")))),
    "no root relations": without("_rels/.rels"),
    "no workbook": without("xl/workbook.xml"),
    "no relations": without("xl/_rels/workbook.xml.rels"),
    "no sheet": without("xl/worksheets/sheet1.xml"),
    "no shared texts though a cell has one": {
        **without("xl/sharedStrings.xml"),
        "xl/worksheets/sheet1.xml": sheet(row("<c t='s'><v>0</v></c>")),
    },
    "no sheets": parts(),
    "a shared text too many": parts(sheet(row("<c t='s'><v>5</v></c>")), strings=f"<sst xmlns='{MAIN}'/>"),
    "a shared text of no number": parts(sheet(row("<c t='s'><v>x</v></c>")), strings=f"<sst xmlns='{MAIN}'/>"),
    "row 0": parts(sheet(row(text("ID"), attributes="r='0'"))),
    "row beyond the last": parts(sheet(row(text("ID"), attributes="r='1048577'"))),
    "a row of no number": parts(sheet(row(text("ID"), attributes="r='x'"))),
    "a cell of no place": parts(sheet(row(text("ID", "r='1A'")))),
    "letters that are not UTF-8": {
        **parts(sheet()),
        "xl/worksheets/sheet1.xml": b"<worksheet>\xff\xfe\x00</worksheet>",
    },
}


@pytest.mark.parametrize("left_out", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_part_that_is_named_and_left_out_is_missed_only_by_a_cell_that_needs_it(book, left_out):
    contents = parts(sheet(HEADER, ANA), strings=f"<sst xmlns='{MAIN}'/>", styles=f"<styleSheet xmlns='{MAIN}'/>")
    del contents[left_out]
    assert len(book(contents).rows) == 2


@pytest.mark.parametrize("contents", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_workbook_is_said_to_be_one(book, contents):
    with pytest.raises(errors.WorkbookDamaged) as refused:
        book(contents)
    assert refused.value.details["reason"]


def test_a_corrupt_stream_is_said_to_be_damaged(read):
    content = bytearray(packed(parts(sheet(HEADER, *[ANA] * 200))))
    middle = content.find(b"sheet1.xml") + 40
    content[middle : middle + 20] = bytes(20)
    with pytest.raises(errors.WorkbookDamaged):
        read(bytes(content), "list.xlsx")


@pytest.mark.parametrize("length", [0, 4, 40, 400])
def test_a_workbook_that_is_cut_off_is_said_to_be_damaged(read, length):
    with pytest.raises(errors.WorkbookDamaged):
        read(packed(parts(sheet(HEADER, ANA)))[:length], "list.xlsx")


def test_an_old_or_locked_workbook_is_named_as_such(read):
    for name in ("list.xlsx", "list.csv"):
        with pytest.raises(errors.OldOrLockedWorkbook):
            read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), name)


LIMITS = {
    "one cell far to the right in every row": (
        parts(sheet(*(f"<row><c r='ALL{n}'><v>1</v></c></row>" for n in range(1, 90_001)))),
        errors.TooManyCells,
    ),
    "a long cell": (parts(sheet(HEADER, row(text("A1"), text("x" * (MAX_CHARACTERS + 1))))), errors.CellTooLong),
    "a far column": (parts(sheet(HEADER, row(text("x", "r='XFD1'")))), errors.TooManyColumns),
    "many rows": (parts(sheet(HEADER, row("<c><v>1</v></c>") * 100_001)), errors.TooManyRows),
    "many cells": (parts(sheet(HEADER, row("<c><v>1</v></c>" * 900) * 400)), errors.TooManyCells),
    "a wide table of few cells": (
        parts(sheet(*(row(f"<c r='ALL{n}'><v>1</v></c>") for n in range(1, 1_000)))),
        errors.TooManyCells,
    ),
    "a bomb of spaces": (parts(sheet(HEADER, " " * 33_000_000)), errors.TableTooLarge),
    "a bomb of shared texts": (
        parts(sheet(HEADER), strings=f"<sst xmlns='{MAIN}'>{'<si/>' * 300_001}</sst>"),
        errors.TooManyCells,
    ),
}


@pytest.mark.parametrize(("contents", "error"), LIMITS.values(), ids=LIMITS.keys())
def test_what_no_class_list_has_is_refused(book, contents, error):
    with pytest.raises(error):
        book(contents)


READ_IN_LITTLE = """
import resource, sys, time
from pathlib import Path
from attendance_app.domain.errors import KnownError
from attendance_app.services.tables.reading import read_table
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 200_000_000, used + 200_000_000))
for path in sys.argv[1:]:
    started = time.process_time()
    try:
        read_table(Path(path))
    except KnownError as error:
        print(type(error).__name__, time.process_time() - started)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits and tells the memory this way")
def test_refusing_takes_little_time_and_memory(tmp_path):
    paths = []
    for number, (contents, _) in enumerate(LIMITS.values()):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(packed(contents))
    done = subprocess.run([sys.executable, "-c", READ_IN_LITTLE, *paths], capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert [name for name, _ in answers] == [error.__name__ for _, error in LIMITS.values()]
    assert max(float(seconds) for _, seconds in answers) < 5  # 2 on a quiet machine


def test_the_handed_workbooks(case, read):
    assert read(case("emptyfill.xlsx").read_bytes(), "a.xlsx").rows[1] == ("A1", "Ana García")
    assert read(case("dimension-too-small.xlsx").read_bytes(), "a.xlsx").rows[1] == ("A1", "Ana García")
    assert read(case("dimension-lies.xlsx").read_bytes(), "a.xlsx").lines == (1, 2, 20_000)
    assert read(case("hidden-sheet.xlsx").read_bytes(), "a.xlsx").sheet == "2026"
    for name in ("badxml.xlsx", "entity.xlsx"):
        with pytest.raises(errors.WorkbookDamaged):
            read(case(name).read_bytes(), "a.xlsx")
