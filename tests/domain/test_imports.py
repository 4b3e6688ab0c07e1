"""Spreadsheets on their way in: headers found, cells read or asked about, each fault at its cell."""

from __future__ import annotations

import pytest

from backend.domain.errors import Reason, Refused
from backend.domain.import_cells import read_cell
from backend.domain.import_kinds import CHOICES, COLUMNS, IMPORT_KINDS, KEY, Column
from backend.domain.imports import read_import
from backend.domain.sheets import Table, address, header_name

ORDERS = ["采购订单号", "行号", "料号", "供应商编码", "数量（件）", "交货日期"]


def table(*rows: list[str], **marks: frozenset[str]) -> Table:
    return Table(list(enumerate(rows, start=1)), **marks)


def test_no_header_of_a_kind_names_two_columns_and_every_key_is_needed() -> None:
    for kind in IMPORT_KINDS:
        headers = [header for column in COLUMNS[kind] for header in column.headers.split()]
        assert len(headers) == len(set(headers)), kind
        assert all(header == header_name(header) or header == "udi-di" for header in headers)
        # Of one lot what lies at one place is one row; where no place is named there is one row.
        assert {column.field for column in COLUMNS[kind] if column.needed} >= {*KEY[kind]} - {"location"}
    assert set(CHOICES) == {
        (kind, column.field) for kind in IMPORT_KINDS for column in COLUMNS[kind] if column.form == "choice"
    }


ADDRESSES = [(1, 0, "A1"), (17, 2, "C17"), (2, 25, "Z2"), (3, 26, "AA3"), (9, 701, "ZZ9"), (9, 702, "AAA9")]


@pytest.mark.parametrize(("line", "place", "name"), ADDRESSES)
def test_a_cell_is_named_as_a_spreadsheet_names_it(line: int, place: int, name: str) -> None:
    assert address(line, place) == name


@pytest.mark.proves("IMP-1")
def test_headers_are_found_below_a_title_in_either_language_or_as_told() -> None:
    row = ["PO-1", "1", "TUB-08", "SH", "1200", "2026年11月28日"]
    sheet = read_import("orders", table(["采购清单"], [], ORDERS, row))
    assert sheet.columns["quantity"] == "数量（件）"
    assert sheet.rows[0].line == 4
    assert sheet.rows[0].values["expected_on"] == "2026-11-28"
    odd = [*ORDERS[:4], "Menge", ORDERS[5]]
    unclear = read_import("orders", table(odd, row))
    assert ([each.facts for each in unclear.wrong], unclear.rows) == ([{"columns": ["quantity"]}], [])
    assert "Menge" in unclear.headers, "it is there to be chosen"
    assert read_import("orders", table(odd, row), {"quantity": "Menge"}).rows[0].values["quantity"] == "1200"
    told = {"qty": "Menge"}
    assert read_import("orders", table(ORDERS, row), told).wrong[0].facts == {"columns": ["qty"]}


FORMS = {column.form: column for kind in IMPORT_KINDS for column in COLUMNS[kind]}
CELLS = [
    ("code", "Ａ－１", "A-1"),
    ("code", "A\u200b1", "cell_unprintable"),
    ("text", "x" * 201, "cell_too_long"),
    ("text", "bent\nand blunt", "bent and blunt"),
    ("prose", "bent\r\nand  blunt\n", "bent\nand blunt"),
    ("prose", "x" * 4_000, "x" * 4_000),
    ("prose", "x" * 4_001, "cell_too_long"),
    ("prose", "a\n\u200b", "cell_unprintable"),
    ("count", "0730", "730"),
    ("count", "7.5", "cell_no_count"),
    ("count", "-1", "cell_no_count"),
    ("quantity", "1200.50", "1200.50"),
    ("quantity", "1,200", "cell_no_quantity"),
    ("quantity", "10 kg", "cell_no_quantity"),
    ("quantity", "1e3", "cell_no_quantity"),
    ("quantity", "0", "quantity_not_positive"),
    ("day", "2026/1/5", "2026-01-05"),
    ("day", "20260105", "2026-01-05"),
    ("day", "2026.01.05", "2026-01-05"),
    ("day", "01/02/2026", "cell_no_day"),
    ("day", "2026-02-30", "cell_no_such_day"),
    ("day", "2026-11-28 14:00:00", "cell_no_day"),
    ("day", "45990", "cell_no_day"),
    ("gtin", "6901234567892", "06901234567892"),
    ("gtin", "6901234567893", "check_digit_wrong"),
    ("gtin", "690123456789", "check_digit_wrong"),
    ("gtin", "12345", "cell_no_gtin"),
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("form", "text", "expected"), CELLS)
def test_a_cell_is_read_or_asked_about(form: str, text: str, expected: str) -> None:
    read = read_cell("orders", Column("x", FORMS[form].form, True, ""), text)  # type: ignore[index]
    assert (read.code if isinstance(read, Reason) else read) == expected


def test_a_choice_is_read_in_either_language() -> None:
    kind = next(column for column in COLUMNS["materials"] if column.field == "kind")
    assert read_cell("materials", kind, "成品") == read_cell("materials", kind, "Finished good") == "finished"
    refused = read_cell("materials", kind, "半成品")
    assert isinstance(refused, Reason)
    assert refused.facts == {"text": "半成品", "choices": "finished 成品, raw 原料"}


@pytest.mark.proves("IMP-1")
def test_every_fault_of_a_file_is_named_by_its_cell() -> None:
    rows = [
        ["PO-1", "1", "TUB-08", "SH", "12", "2026-12-01"],
        ["PO-1", "2", "", "SH", "1,5", "2026-12-01"],
        ["PO-1", "1", "TUB-08", "SH", "12", "2026-12-01"],
        ["PO-1", "4", "TUB-08", "SH", "12", "2026-12-01"],
    ]
    sheet = read_import("orders", table(ORDERS, *rows, formulas=frozenset({"E5"}), merged=frozenset({"F5"})))
    assert [(each.cell, each.reason.code, each.text) for each in sheet.faults] == [
        ("C3", "cell_empty", ""),
        ("E3", "cell_no_quantity", "1,5"),
        ("E5", "cell_formula", "12"),
        ("F5", "cell_merged", "2026-12-01"),
        ("B4", "row_twice", "1"),
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([ORDERS], "import_empty"),
        ([], "import_empty"),
        ([[" ", "\u3000"]], "import_empty"),
        ([ORDERS, *[["PO", str(line), "x", "y", "1", "2026-01-01"] for line in range(3)]], "import_too_long"),
    ],
)
def test_what_is_no_list_of_the_kind_is_refused(rows: list[list[str]], code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_import("orders", table(*rows), most=2)
