"""Spreadsheets of other makers become one table of text, with what can't be trusted named."""

from __future__ import annotations

import io
import zipfile

import pytest

from backend.domain.errors import Refused
from backend.outside import workbook as reading
from backend.outside.workbook import read_table
from tests.outside.workbooks import workbook


def test_cells_come_in_one_form_and_computed_and_merged_ones_are_named() -> None:
    rows = [["编码", "数量", "备注"], ["A-1", 12.5, "x < y"], ["007", 10, ""], ["A-3", 2, "both"]]
    table = read_table(workbook(rows, formulas={"B4": "1+1"}, merged=["A2:A3", "C3:C4"]))
    assert [line for line, _ in table.rows] == [1, 2, 3, 4]
    assert [cells for _, cells in table.rows][1:] == [
        ["A-1", "12.5", "x < y"],
        ["007", "10", ""],
        ["A-3", "2", "both"],
    ]
    assert table.formulas == {"B4"}
    assert table.merged == {"A2", "A3", "C3", "C4"}


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_of_any_encoding_and_separator_is_the_same_table(codec: str, sign: str) -> None:
    data = f"编码{sign}名称\nA-1{sign}输液管\n".encode(codec)
    assert [cells for _, cells in read_table(data).rows] == [["编码", "名称"], ["A-1", "输液管"]]


def test_what_is_no_table_is_refused_and_a_bomb_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 3_000_000)
    monkeypatch.setattr(reading, "MOST_UNPACKED", 2_000_000)
    for data, code in (
        (b"PK\x03\x04 torn", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "workbook_unreadable"),
        (bomb.getvalue(), "file_too_large"),
        (b"\x00\x01\x02", "csv_not_text"),
    ):
        with pytest.raises(Refused, match=code):
            read_table(data)
