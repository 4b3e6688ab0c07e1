"""Spreadsheets of other makers become one table of text, with what can't be trusted named."""

from __future__ import annotations

import io
import zipfile

import pytest

from backend.domain.errors import Refused
from backend.outside import workbook as reading
from backend.outside.workbook import read_table
from tests.outside.workbooks import XLS, edited, ods, with_styles, workbook


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


S = [["编码", "名称", "状态"], ["A", "甲", "合格"], ["B", 7, "合格"]]
B2 = '<c r="B2" t="str"><v>甲</v></c>'
FORMULAS = [
    '<c t="str" r="B2"><f>1</f><v>x</v></c>',
    "<c r='B2' t='str'><f>1</f><v>x</v></c>",
    '<c r="B2" t="str"><f t="shared" si="0"/><v>x</v></c>',
    '<c r="B2">\n<f>1</f></c>',
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_found_however_it_is_written(cell: str) -> None:
    assert read_table(edited(workbook(S), B2, cell)).formulas == {"B2"}


@pytest.mark.proves("IMP-1")
def test_what_nobody_sees_and_what_is_an_error_is_named() -> None:
    seen = edited(workbook(S), '<row r="2">', '<row r="2" spans="1:3" hidden="1">')
    seen = edited(seen, "<sheetData>", '<cols><col min="3" max="16384" hidden="true"/></cols><sheetData>')
    table = read_table(edited(seen, B2, '<c r="B2" t="e"><v>#N/A</v></c>'))
    assert (table.hidden_rows, min(table.hidden_columns), table.errors) == ({2}, 2, {"B2"})


@pytest.mark.parametrize(
    ("code", "otherwise"),
    [
        ("000000", True),
        ("0%", True),
        ('0"箱"', True),
        ("0.00\\k\\g", True),
        ("0件", True),
        ("General", False),
        ("#,##0.00", False),
        ("0_ ", False),
        ("0.00_);[Red]\\(0.00\\)", False),
        ("0.00E+00", False),
        ('yyyy"年"m"月"d"日"', False),
        ("@", False),
    ],
)
def test_a_number_that_is_shown_as_another_is_named(code: str, otherwise: bool) -> None:
    table = read_table(with_styles(edited(workbook(S), '<c r="B3">', '<c r="B3" s="1">'), code))
    assert table.shown == ({"B3"} if otherwise else set())


@pytest.mark.proves("IMP-1")
def test_old_and_open_workbooks_name_the_same() -> None:
    old = read_table(XLS)
    assert (old.name, old.formulas, old.errors, old.hidden_rows, old.hidden_columns, old.merged) == (
        "数据", {"B2"}, {"C2"}, {3}, {3}, {"B4", "B5"},
    )  # fmt: skip

    def row(*cells: str, more: str = "") -> str:
        return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        return (
            f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'
        )

    open_ = read_table(
        ods(
            '<table:table-column table:number-columns-repeated="3"/>'
            '<table:table-column table:visibility="collapse"/>'
            + row(*map(cell, ("编码", "名称", "状态", "x")))
            + row(cell("A"), cell("ab", 'table:formula=\'of:=IF(1>0;"a";"b")\''), cell("合格"))
            + row(cell("B"), cell("乙"), more=' table:visibility="filter"')
            + row(cell("C"), cell("丙", 'table:number-rows-spanned="2"'))
            + row(cell("D"), "<table:covered-table-cell/>")
        )
    )
    assert (open_.formulas, open_.hidden_rows, open_.hidden_columns, open_.merged) == (
        {"B2"}, {3}, {3}, {"B4", "B5"},
    )  # fmt: skip
    assert open_.rows[3][1][:2] == ["C", "丙"]


@pytest.mark.proves("IMP-1")
def test_a_cell_at_the_far_end_and_a_range_over_everything_cost_nothing() -> None:
    end = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(Refused, match="file_too_large"):
        read_table(edited(workbook(S), "</sheetData>", end))
    assert read_table(workbook(S, merged=["C2:XFD1048576"])).merged == {"C2", "C3"}
    assert len(read_table(edited(workbook(S), "</sheetData>", '<row r="99999"/></sheetData>')).rows) == 3


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("\ufeff<html><table><tr><td>编码</td></tr></table></html>".encode(), "workbook_unreadable"),
        (b'<?xml version="1.0"?><Workbook/>', "workbook_unreadable"),
        (b"%PDF-1.7\ncode,name\nA,x\n", "workbook_unreadable"),
        (workbook(S)[:-300], "workbook_unreadable"),
        (XLS[:3000], "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook_locked"),
        (edited(workbook(S), "</sheetData>", "</sheetData>" + " " * 30_000_000), "file_too_large"),
    ],
)
def test_what_only_bears_the_name_of_a_workbook_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_table(data)


def test_numbers_have_the_digits_that_are_shown() -> None:
    rows = [[0.1 + 0.2, 1250.0000000000002, 1.125, 6901234567892.0, 1e-7]]
    assert read_table(workbook(rows)).rows[0][1] == ["0.3", "1250", "1.125", "6901234567892", "1e-07"]
