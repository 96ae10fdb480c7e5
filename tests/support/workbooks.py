"""Workbooks written byte by byte, good and hostile: no library writes what these tests need."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODS_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "style")
)
END = 0xFFFFFFFE
FREE = 0xFFFFFFFF
SECTOR = 512


def archive(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of these members, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def xlsx_members(rows: str, *, shared: Sequence[str] = (), name: str = "Feuil1") -> dict[str, str]:
    """The members of an XLSX of one sheet, whose `<row>` elements are given."""
    strings = "".join(f"<si><t>{text}</t></si>" for text in shared)
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
    }


def xlsx(rows: str, *, shared: Sequence[str] = (), name: str = "Feuil1") -> bytes:
    """An XLSX of one sheet."""
    return archive(xlsx_members(rows, shared=shared, name=name))


def ods(
    tables: Mapping[str, str], *, hidden: Sequence[str] = (), manifest: str = "", mime: str = ""
) -> bytes:
    """An ODS: by name of sheet, its `<table:table-row>` elements."""
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table">'
        f'<style:table-properties table:display="{str(name not in hidden).lower()}"/>'
        "</style:style>"
        for name in tables
    )
    body = "".join(
        f'<table:table table:name="{name}" table:style-name="{name}">{rows}</table:table>'
        for name, rows in tables.items()
    )
    return archive(
        {
            "mimetype": mime or SPREADSHEET,
            "META-INF/manifest.xml": f"<manifest:manifest>{manifest}</manifest:manifest>",
            "content.xml": f"<office:document-content {ODS_NAMESPACES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{body}</office:spreadsheet></office:body>"
            "</office:document-content>",
        }
    )


def ods_cell(text: str) -> str:
    """A cell that holds a text."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def ods_row(*texts: str) -> str:
    """A row of texts."""
    return f"<table:table-row>{''.join(map(ods_cell, texts))}</table:table-row>"


Cell = tuple[int, int, str | float]


def xls_stream(cells: Sequence[Cell], *, encrypted: bool = False) -> bytes:
    """The stream of a BIFF8 workbook of one sheet; cells: row and column from 0, value."""
    name = b"Feuil1"
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    start += _record(0x002F, struct.pack("<H", 1) + bytes(52)) if encrypted else b""
    sheet = struct.pack("<IBBBB", len(start) + 4 + 8 + len(name) + 4, 0, 0, len(name), 0) + name
    start += _record(0x0085, sheet) + _record(0x000A, b"")
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    body += b"".join(_cell(*cell) for cell in cells)
    return start + body + _record(0x000A, b"")


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x0203, place + struct.pack("<d", value))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(cells: Sequence[Cell], *, encrypted: bool = False) -> bytes:
    """An XLS of one sheet."""
    return ole({"Workbook": xls_stream(cells, encrypted=encrypted)})


def ole(streams: Mapping[str, bytes], *, endless: bool = False) -> bytes:
    """A Compound File Binary of up to three streams; endless: its directory never ends."""
    table: list[int] = [END if not endless else 0]  # sector 0: the directory
    entries, sectors = [_entry("Root Entry", 5, END, 0)], [b""]
    for name, content in streams.items():
        data = content.ljust(4096, b"\0")  # shorter ones go elsewhere
        parts = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        entries.append(_entry(name, 2, len(sectors), len(data)))
        table += [len(sectors) + n + 1 for n in range(len(parts) - 1)] + [END]
        sectors += parts
    sectors[0] = b"".join(entries).ljust(SECTOR, b"\0")
    per_sector = SECTOR // 4
    tables = -(-(len(table) + 1) // (per_sector - 1))
    places = range(len(table), len(table) + tables)
    table += [0xFFFFFFFD] * tables
    table += [FREE] * (tables * per_sector - len(table))
    listed = [*places, *[FREE] * (109 - tables)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, tables, 0, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *listed)
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBB3I16xI8x8xII4x", text, len(text) + 2, kind, 1, FREE, FREE, FREE, 0, start, size
    )
