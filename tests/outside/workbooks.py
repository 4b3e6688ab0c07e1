"""Workbooks for tests, written by hand: a sheet of rows, with formulas and merged ranges where asked for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from backend.domain.sheets import address

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(
    rows: Sequence[Sequence[str | int | float]],
    formulas: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
) -> bytes:
    """An .xlsx file of one sheet; `formulas`: by address, its cell keeps the value in `rows`."""
    body = "".join(
        f'<row r="{line}">'
        + "".join(_cell(address(line, place), cell, formulas or {}) for place, cell in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    ranges = (
        f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{each}{chr(34)}/>' for each in merged)}</mergeCells>"
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Tab &amp; 1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>'
        f"{ranges if merged else ''}</worksheet>",
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return kept.getvalue()


def _cell(at: str, value: str | int | float, formulas: Mapping[str, str]) -> str:
    formula = f"<f>{escape(formulas[at])}</f>" if at in formulas else ""
    if isinstance(value, str):
        return f'<c r="{at}" t="str">{formula}<v>{escape(value)}</v></c>'
    return f'<c r="{at}">{formula}<v>{value}</v></c>'
