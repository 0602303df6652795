"""Broken lists of many kinds: read, or refused in words; never a traceback, and the register stays as it was."""

import random
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from single_writes import each
from workbooks import MAIN, formats, packed, parts, row, sheet, text

from attendance_app.domain.errors import KnownError
from attendance_app.domain.people import tidy
from attendance_app.services.columns import propose_mapping
from attendance_app.services.roster import Action, plan_import
from attendance_app.services.tables.reading import read_table, refuse_unclear
from attendance_app.store.database import open_store

LINES = "".join(f"A{number},José Núñez {number},a{number}@example.org\n" for number in range(20))
CSV = f"ID,Name,E-mail\n{LINES}"
HEADER = row(text("ID"), text("Name"))
BOOK = parts(
    sheet(
        row(text("ID"), text("Name")), *(row(f"<c s='0'><v>{n}</v></c>", "<c t='s'><v>0</v></c>") for n in range(20))
    ),
    styles=formats('"A"0000'),
    strings=f"<sst xmlns='{MAIN}'><si><t>José</t></si></sst>",
)

TEXTS = {
    "only a header": "ID,Name\n",
    "only commas": ",,,,\n" * 5,
    "only quotation marks": '"' * 99,
    "only line ends": "\r\n\r\r\n\n",
    "no line end": "ID,Name\nA1,Ana",
    "mixed line ends": "ID,Name\r\nA1,Ana\rA2,Eva\nA3,Luis",
    "mixed separators": "ID;Name\nA1,Ana\nA2\tEva\n",
    "two headers": "ID,Name\nA1,Ana\nID,Name\nA2,Eva\n",
    "the same header twice": "ID,ID,Name,Name\nA1,A2,Ana,Eva\n",
    "thirty titles above": "Title\n" * 30 + "ID,Name\nA1,Ana\n",
    "a very long header": "ID,Name," + ",".join(f"Grade {n}" for n in range(900)) + "\nA1,Ana\n",
    "marks of direction": "ID,Name\n\u202eA1\u202c,\u200fمحمد\u200e\n",
    "control characters": "ID,Name\nA1,A\x01\x02na\x1b[31m\n",
    "separators of records": "ID,Name\x1eA1,Ana\x1eA2,Eva",
    "line separators of Unicode": "ID,Name\u2028A1,Ana\u2029A2,Eva\x85A3,Luis",
    "letters beyond the first plane": "ID,Name\nA1,𝓐𝓷𝓪 😀\n",
    "a byte order mark in the middle": "ID,Name\n\ufeffA1,\ufeffAna\n",
    "combining marks without end": "ID,Name\nA1,A" + "\u0301" * 3_000 + "\n",
    "numbers of 400 digits": "ID,Name\n" + "9" * 400 + ",Ana\n",
    "a number that is a formula": "ID,Name\n=1+1,=cmd|' /C calc'!A1\n",
    "percent and braces": "ID,Name\n{path},{0} %s %(x)s\n",
    "HTML": "<html><table><tr><td>ID</td><td>Name</td></tr></table></html>",
    "JSON": '[{"id": "A1", "name": "Ana"}]',
    "XML": "<?xml version='1.0'?><students><student id='A1'/></students>",
    "a script": "#!/bin/sh\nrm -rf /\n",
    "nested quotation marks": 'ID,Name\nA1,"""Ana"""\nA2,"""""""\n',
    "an empty quoted cell at the end": 'ID,Name\nA1,""',
    "a hint of no separator": "sep=\nID,Name\nA1,Ana\n",
}
RAW = {
    "UTF-16 cut in a letter": CSV.encode("utf-16")[:-1],
    "UTF-32": CSV.encode("utf-32"),
    "EBCDIC": CSV.encode("cp500"),
    "UTF-7": CSV.encode("utf-7"),
    "Shift JIS": "ID,Name\nA1,山田太郎\n".encode("shift_jis"),
    "GB 18030": "ID,Name\nA1,王小明\n".encode("gb18030"),
    "every byte": bytes(range(256)),
    "zeros": bytes(5_000),
    "noise": random.Random(1).randbytes(5_000),
    "a picture": b"\xff\xd8\xff\xe0" + random.Random(2).randbytes(3_000),
    "a gzip": b"\x1f\x8b\x08" + random.Random(3).randbytes(3_000),
    "a database": b"SQLite format 3\0" + bytes(4_000),
}
BOOKS = {
    "a text called XLSX": CSV.encode(),
    "an empty zip": packed({}),
    "a zip of a text": packed({"list.csv": CSV}),
    "a zip in a zip": packed({"list.xlsx": packed(BOOK)}),
    "parts outside": packed({**BOOK, "../../evil": "x"}),
    "a relation to the outside": packed(
        {k: v.replace("worksheets/sheet1.xml", "../../../../etc/passwd") for k, v in BOOK.items()}
    ),
    "a relation to an address": packed(
        {k: v.replace("worksheets/sheet1.xml", "http://127.0.0.1/x") for k, v in BOOK.items()}
    ),
    "relations in a circle": packed({k: v.replace("worksheets/sheet1.xml", "workbook.xml") for k, v in BOOK.items()}),
    "elements 100,000 deep": packed(parts("<a>" * 100_000)),
    "a sheet without a name": packed({k: v.replace("name='S1'", "") for k, v in BOOK.items()}),
    "a style that is not there": packed({k: v.replace("s='0'", "s='999999999999999999999'") for k, v in BOOK.items()}),
    "a style of no number": packed({k: v.replace("s='0'", "s='x'") for k, v in BOOK.items()}),
    "a format without end": packed({k: v.replace("0000", "0" * 9_000) for k, v in BOOK.items()}),
    "a format of quotation marks": packed({k: v.replace("&quot;A&quot;0000", '"' * 9) for k, v in BOOK.items()}),
    "numbers of no size": packed(
        parts(sheet(*(row(f"<c><v>{v}</v></c>") for v in ("1e999", "nan", "-1e308", "1e-300"))))
    ),
    "dates of no calendar": packed(
        parts(sheet(*(row(f"<c s='0'><v>{v}</v></c>") for v in ("-1e9", "1e12", "1e300"))), styles=formats("yyyy"))
    ),
    "cells of no kind": packed(
        parts(sheet(row("<c t='zzz'><v>1</v></c>", "<c t='b'><v>7</v></c>", "<c/>", "<c><v/></c>")))
    ),
    "the same cell twice": packed(parts(sheet(row(text("ID", "r='A1'"), text("Name", "r='A1'"))))),
}
ALL = {
    **{name: ("list.csv", content.encode()) for name, content in TEXTS.items()},
    **{name: ("list.csv", content) for name, content in RAW.items()},
    **{name: ("list.xlsx", content) for name, content in BOOKS.items()},
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """Plan the import of a file, as the command and the window do; says how many students it would make."""
    folder = tmp_path_factory.mktemp("hostile")
    with open_store(folder / "home") as store:
        course = each(store).courses.add("A", "A")

        def imported(name: str, content: bytes) -> int:
            path = folder / name
            path.write_bytes(content)
            table = read_table(path)
            refuse_unclear(table, path)
            plan = plan_import(store, course, table, propose_mapping(table))
            assert store.students.all() == ()
            assert all(line.entry.number == tidy(line.entry.number) for line in plan.lines)
            return plan.count(Action.ADD)

        yield imported


def read_or_refused(imported: Callable[[str, bytes], int], name: str, content: bytes) -> bool:
    started = time.process_time()
    try:
        imported(name, content)
    except KnownError:
        return False
    finally:
        assert time.process_time() - started < 5
    return True


def test_there_are_more_than_forty_kinds():
    assert len(ALL) > 40


@pytest.mark.parametrize(("name", "content"), ALL.values(), ids=ALL.keys())
def test_a_broken_list_is_read_or_refused_in_words(imported, name, content):
    read_or_refused(imported, name, content)


def changed(content: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes altered, taken out, doubled or cut off."""
    worse = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(worse) + 1)
        match chance.randrange(5):
            case 0:
                worse[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del worse[at : at + chance.randint(1, 30)]
            case 2:
                worse[at:at] = worse[at : at + chance.randint(1, 30)]
            case 3:
                worse[at:at] = chance.choice([b'"', b"\n", b"\0", b"<", b"&", b"=", b"\xff", b";", b"E+11"])
            case _:
                worse = worse[: max(at, 1)]
    return bytes(worse)


def _repacked(chance: random.Random) -> bytes:
    """A workbook one of whose parts is broken inside, so that the damage gets past the zip's checksums."""
    name = chance.choice(sorted(BOOK))
    return packed({**BOOK, name: changed(BOOK[name].encode(), chance)})


def _cases(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)
    makers = [
        lambda: ("list.csv", changed(CSV.encode(), chance)),
        lambda: ("list.csv", changed(CSV.encode("cp1252"), chance)),
        lambda: ("list.csv", changed(CSV.encode("utf-16"), chance)),
        lambda: ("list.xlsx", changed(packed(BOOK), chance)),
        lambda: ("list.xlsx", _repacked(chance)),
    ]
    for number in range(count):
        yield makers[number % len(makers)]()


def test_a_list_with_altered_bytes_is_read_or_refused_in_words(imported):
    """1,000 files of one seed. More: change the seed and the count here, or run it in a loop."""
    answers = [read_or_refused(imported, name, content) for name, content in _cases(seed=20, count=1_000)]
    assert any(answers)
    assert not all(answers)


names = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")),
    min_size=1,
    max_size=20,
).map(tidy)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**9), names), min_size=1, max_size=8, unique_by=lambda pair: pair[0]))
def test_what_a_workbook_says_is_what_is_read(tmp_path_factory, pairs):
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    try:
        for number, name in pairs:
            book.active.append([number, f"n{name}"])
    except IllegalCharacterError:
        return
    path = tmp_path_factory.mktemp("round") / "list.xlsx"
    book.save(path)
    assert read_table(path).rows == tuple((str(number), f"n{name}".strip()) for number, name in pairs)
