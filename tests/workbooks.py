"""Workbooks made part by part, so that a test can make one that no spreadsheet would write."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STUDENTS = "<row><c t='inlineStr'><is><t>ID</t></is></c><c t='inlineStr'><is><t>Name</t></is></c></row>"


def text(value: str, attributes: str = "") -> str:
    return f"<c t='inlineStr' {attributes}><is><t>{value}</t></is></c>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<row {attributes}>{''.join(cells)}</row>"


def sheet(*rows: str, before: str = "") -> str:
    return f"<worksheet xmlns='{MAIN}'>{before}<sheetData>{''.join(rows)}</sheetData></worksheet>"


def parts(*sheets: str, states: tuple[str, ...] = (), styles: str = "", strings: str = "") -> dict[str, str]:
    """The parts of a workbook with sheets named S1, S2 and so on."""
    named = "".join(
        f"<sheet name='S{n}' sheetId='{n}' r:id='rId{n}' state='{states[n - 1] if states else 'visible'}'/>"
        for n in range(1, len(sheets) + 1)
    )
    links = "".join(
        f"<Relationship Id='rId{n}' Type='{RELATIONS}/worksheet' Target='worksheets/sheet{n}.xml'/>"
        for n in range(1, len(sheets) + 1)
    )
    made = {
        "_rels/.rels": f"<Relationships xmlns='{PACKAGE}'><Relationship Id='r' Type='{RELATIONS}/officeDocument' "
        "Target='xl/workbook.xml'/></Relationships>",
        "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{RELATIONS}'><sheets>{named}</sheets></workbook>",
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets, start=1)},
    }
    for name, content in (("styles", styles), ("sharedStrings", strings)):
        if content:
            links += f"<Relationship Id='{name}' Type='{RELATIONS}/{name}' Target='{name}.xml'/>"
            made[f"xl/{name}.xml"] = content
    made["xl/_rels/workbook.xml.rels"] = f"<Relationships xmlns='{PACKAGE}'>{links}</Relationships>"
    return made


def packed(contents: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def formats(*codes: str) -> str:
    """Styles: the n-th style (from 0) shows numbers by the n-th code."""
    declared = "".join(
        f"<numFmt numFmtId='{164 + n}' formatCode='{escape(code, {chr(39): '&apos;'})}'/>"
        for n, code in enumerate(codes)
    )
    used = "".join(f"<xf numFmtId='{164 + n}'/>" for n in range(len(codes)))
    return f"<styleSheet xmlns='{MAIN}'><numFmts>{declared}</numFmts><cellXfs>{used}</cellXfs></styleSheet>"
