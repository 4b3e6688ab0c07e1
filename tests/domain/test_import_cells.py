"""Spreadsheets as clerks of two continents write them: read as meant, or asked about at the cell that is meant (IMP-1).

Each line says what must come of it; nothing here was taken from what the program answered.
"""

from __future__ import annotations

import pytest

from backend.domain.errors import Reason, Refused
from backend.domain.import_cells import read_cell
from backend.domain.import_kinds import COLUMNS, IMPORT_KINDS, Column, ImportKind
from backend.domain.imports import read_import
from backend.domain.sheets import Table, Typed, csv_table

FORMS = {column.form: column for kind in IMPORT_KINDS for column in COLUMNS[kind]}


def typed(text: str, kind: str) -> Typed:
    held = Typed(text)
    held.kind = kind  # type: ignore[assignment]
    return held


NO_QUANTITY = (
    "1,250", "1，250", "1.250.000", "1 250", "1\u00a0250", "1\u202f250", "1'250", "12,5", "1.250,50", "1,250.50", "50%",
    "250 pcs", "250个", "2.5 kg", "1.2E+03", "一千", "1.5万", "-5", "+5", "(5)", "¥5", "-", "N/A", "=1+1", "约500",
    "100-200", "5x250", "12.", ".5", "Infinity", "NaN", "TRUE", "1.0123456789",
)  # fmt: skip
MARCH_5 = (
    "2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "2026 年 3 月 5 日", "20260305", "２０２６－０３－０５",
    "2026-03-05 00:00:00", "2026-03-05 00:00:00.000", "2026-03-05T00:00:00", "2026/3/5 0:00",
)  # fmt: skip
NO_DAY = (
    "05.03.2026", "05/03/2026", "12/25/2026", "3-5-26", "5-Mar-2026", "46086", "202-03-05", "2026-03", "2026年3月",
    "2026-03-05 14:30", "2026-03-05T00:00:00Z", "尽快", "TBD", "/", "2026-3/5", "260305", "115/03/05", "########",
)  # fmt: skip
CELLS = [
    # A quantity is a plain decimal; what two countries read as two numbers is asked about.
    *[("quantity", text, text) for text in ("1250", "12.5", "0.125", "1250.000", "1.2500", "1234.567")],
    ("quantity", "１２５０", "1250"),
    *[("quantity", text, "cell_number_unsure") for text in ("1.250", "5.000", "999.125", "１．２５０")],
    ("quantity", typed("1.125", "number"), "1.125"),
    *[("quantity", text, "cell_no_quantity") for text in NO_QUANTITY],
    # A day has its year first; midnight, as databases write it, is no time of day.
    *[("day", text, "2026-03-05") for text in MARCH_5],
    *[("day", text, "cell_no_day") for text in NO_DAY],
    *[("day", text, "cell_no_such_day") for text in ("2026-02-31", "2026-02-29", "0000-00-00", "20261301")],
    *[("day", text, "cell_day_far") for text in ("0202-03-05", "9999-12-31", "1900-01-01", "2206-03-05")],
    ("day", "2028-02-29", "2028-02-29"),
    # A code is what was typed, not what a spreadsheet has made of it.
    *[
        ("code", text, text)
        for text in ("=HYPERLINK(1)", "@SUM(A1)", "+C07", "<b>C08</b>", "C09😀", "1E5", "2E-3")
    ],
    *[("code", text, "cell_code_number") for text in ("6.94E+12", "6,94E+12", "1E+15", "2.60301e+11")],
    *[("code", typed(text, "number"), "cell_code_number") for text in ("1.1", "1.23456789012346e+18", "-5")],
    ("code", typed("123", "number"), "123"),
    ("code", typed("2026-03-05", "day"), "cell_code_day"),
    ("code", typed("TRUE", "truth"), "cell_code_number"),
    ("code", "'00123", "cell_apostrophe"),
    ("code", "C\t1", "cell_unprintable"),
    ("code", "C\u202e1", "cell_unprintable"),
    ("code", "C\u00a0 1", "C 1"),
    *[(form, "#N/A", "cell_error") for form in ("code", "text", "quantity", "day", "gtin")],
    ("code", "#12", "#12"),
    ("text", "#div/0!", "cell_error"),
    ("text", "一行\n二行", "一行 二行"),
    ("text", "甲　乙", "甲 乙"),
    ("text", "（甲）医疗", "（甲）医疗"),
    ("text", "1.38E+10", "cell_code_number"),
    ("text", typed("2026-03-05", "day"), "cell_code_day"),
    *[("text", text, "cell_unprintable") for text in ("A\x07B", "A\u202eB", "A\u200bB")],
    *[("gtin", text, "cell_no_gtin") for text in ("(01)06901234567892", "6.94E+12", "6901 2345 67892")],
    *[("count", text, "cell_no_count") for text in ("10.0", "第1行", "730天", "2年")],
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("form", "text", "expected"), CELLS)
def test_a_cell_is_read_as_meant_or_asked_about(form: str, text: str, expected: str) -> None:
    read = read_cell("orders", Column("x", FORMS[form].form, True, ""), text)  # type: ignore[index]
    assert (read.code if isinstance(read, Reason) else read) == expected


ZH = "编码,名称\nA-1,无锡医塑有限公司\n"
FILES = [
    *[(ZH.encode(codec), "无锡医塑有限公司") for codec in ("utf-8", "utf-8-sig", "utf-16", "gb18030")],
    (b"\xfe\xff" + ZH.encode("utf-16-be"), "无锡医塑有限公司"),
    (b"\xef\xbb\xbf" + ZH.encode("utf-8-sig"), "无锡医塑有限公司"),
    ("编码,名称\nA-1,堃玥医疗器械\n".encode("gb18030"), "堃玥医疗器械"),
    ("编码,名称\nA-1,𠮷田医疗器械有限公司\n".encode("gb18030"), "𠮷田医疗器械有限公司"),
    ("code;name\nA-1;Müller Größe Łódź\n".encode(), "Müller Größe Łódź"),
    (ZH.encode("utf-16-le"), "csv_not_text"),
    (b"code,name\nA-1,a\x00b\n", "csv_not_text"),
    ("code;name\nA-1;Müller GmbH\n".encode("cp1252"), "csv_encoding_unsure"),
    ("code;name\nA-1;Größenwerk AG\n".encode("cp1252"), "csv_encoding_unsure"),
    ("code,name\nA-1,無錫醫塑有限公司\n".encode("big5"), "csv_encoding_unsure"),
    ("code,name\nA-1,日本医療器株式会社\n".encode("shift_jis"), "csv_encoding_unsure"),
    ("code,name\nA-1,无锡医塑有限公司".encode()[:-1], "csv_not_text"),
    *[(ZH.replace(",", sign).encode(), "无锡医塑有限公司") for sign in ";\t|"],
    *[(ZH.replace("\n", end).encode(), "无锡医塑有限公司") for end in ("\r\n", "\r")],
    (b"code;name\nA-1;A, B, C, D Ltd.\nA-2;E, F, G, H Ltd.\n", "A, B, C, D Ltd."),
    (b"sep=;\ncode;name\nA-1;x\n", "x"),
    (b'code,name\nA-1,"Foo, Inc."\n', "Foo, Inc."),
    (b'code;name\nA-1;5" tube\n', '5" tube'),
    (b"code,name,,,\nA-1,x,,,\n", "x"),
    (b'code,name\nA-1,"Foo\n', "csv_row_broken"),
    (b'code,name\nA-1,"5" tube"\n', "csv_row_broken"),
    (b"", "import_empty"),
    (b"\n \n,,\n", "import_empty"),
    (b"code,name\n", "import_empty"),
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("data", "expected"), FILES)
def test_a_text_file_is_read_in_its_code_page_or_refused_and_never_guessed(
    data: bytes, expected: str
) -> None:
    try:
        sheet = read_import("suppliers", csv_table(data))
    except Refused as refused:
        assert refused.reasons[0].code == expected
    else:
        assert not sheet.faults
        assert sheet.rows[0].values["name"] == expected


O = "采购订单号,行号,料号,供应商,{},交货日期\nPO,1,I,S,12,2026-12-01"  # noqa: E741
L = "物料编码,物料名称,物料类别,单位,{}\nI,管,原料,pcs,24"
HEADS: list[tuple[ImportKind, str, dict[str, str], str]] = [
    ("suppliers", "供应商清单 2026\n制表人：张三\n\n编码,名称\nA,甲", {}, "A"),
    ("suppliers", "Vendor No.,Vendor Name\nA,x", {}, "A"),
    ("suppliers", "ＣＯＤＥ,ＮＡＭＥ\nＡ,甲", {}, "A"),
    ("suppliers", "*编码：,*名称（必填）：\nA,甲", {}, "A"),
    ("suppliers", '"供应商\n编码","供应商\n名称"\nA,甲', {}, "A"),
    ("suppliers", "基本信息,,状态\n编码,名称,状态\nA,甲,合格", {}, "A"),
    ("suppliers", "供应商,供应商编码\n甲,A", {}, "A"),
    ("suppliers", "编码,名称,备注,备注\nA,甲,x,y", {}, "A"),
    ("suppliers", "Lieferant-Nr;Bezeichnung\nA;x", {"code": "Lieferant-Nr", "name": "Bezeichnung"}, "A"),
    ("suppliers", "Lieferant-Nr;Bezeichnung\nA;x", {}, "import_columns_missing"),
    ("suppliers", "编码,状态\nA,合格", {}, "import_columns_missing"),
    ("suppliers", "code,name,Stand\nA,x,yes", {"status": "Zustand"}, "import_columns_missing"),
    ("suppliers", "编码，名称\nA，甲", {}, "import_columns_missing"),
    ("suppliers", "\n".join(["说明"] * 30) + "\n编码,名称\nA,甲", {}, "import_columns_missing"),
    ("suppliers", "供应商编码,编码,名称\nA,B,甲", {}, "import_column_twice"),
    ("suppliers", "供应商编码,编码,名称\nA,B,甲", {"code": "供应商编码"}, "A"),
    ("suppliers", "编码,名称,名称\nA,甲,乙", {}, "import_column_twice"),
    ("suppliers", "编码,名称,名称\nA,甲,乙", {"name": "名称 · C"}, "A"),
    ("suppliers", "编码,名称\nA,甲", {"code": "编码", "name": "编码"}, "import_column_shared"),
    ("suppliers", "编码,名称,状态\nA,甲,也许", {"status": ""}, "A"),
    ("suppliers", "编码,名称\nA,甲\n编码,名称\nB,乙", {}, "A3 row_is_header"),
    ("suppliers", "编码,名称\nA,甲\n合 计：,2", {}, "A3 row_is_total"),
    ("suppliers", "code,name\nA,Foo, Inc.", {}, "C2 row_too_wide"),
    ("suppliers", "code,name,status\nB,y,yes\nA,无锡", {}, "C3 row_cut_off"),
    ("suppliers", "code,name,status\nA,无锡\n", {}, "A"),
    ("suppliers", 'code,name\nA,"one\ntwo"\nB,', {}, "B3 cell_empty"),
    ("suppliers", "\n\n,,\n编码,名称\n\nA,甲\n,\n　, \nB,", {}, "B9 cell_empty"),
    ("suppliers", "code,name\na-1,x\nA－1,y", {}, "A3 row_twice"),
    ("materials", L.format("保质期（天）"), {}, "I"),
    ("materials", L.format("保质期（必填）"), {}, "I"),
    ("materials", L.format("保质期（月）"), {}, "E1 header_unit_differs"),
    ("materials", L.format("有效期(年)"), {}, "E1 header_unit_differs"),
    ("materials", L.format("Shelf life [months]"), {}, "E1 header_unit_differs"),
    ("orders", O.format("数量（必填）"), {}, "I"),
    ("orders", O.format("数量（千只）"), {}, "E1 header_unit_differs"),
    ("orders", O.format("Qty ('000)"), {}, "E1 header_unit_differs"),
    ("orders", O.format("数量").replace(",12,", ",1,250,"), {}, "G2 row_too_wide"),
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("kind", "text", "told", "expected"), HEADS)
def test_columns_are_found_or_asked_about(
    kind: ImportKind, text: str, told: dict[str, str], expected: str
) -> None:
    sheet = read_import(kind, csv_table(text.encode()), told)
    said = [each.code for each in sheet.wrong] or [f"{each.cell} {each.reason.code}" for each in sheet.faults]
    assert (said or [sheet.rows[0].values.get("item", sheet.rows[0].values.get("code"))])[0] == expected
    assert not (sheet.wrong and sheet.rows)


def test_two_sheets_with_such_columns_are_asked_about_and_one_behind_instructions_is_found() -> None:
    rows = [(1, ["编码", "名称"]), (2, ["A", "甲"])]
    said = Table([(1, ["请按模板填写"])], name="说明")
    one, other = Table(rows, name="一"), Table(rows, name="二")
    assert read_import("suppliers", Table(said.rows, name="说明", others=(one,))).name == "一"
    several = read_import("suppliers", Table(rows, name="一", others=(said, other)))
    assert [(each.code, each.facts) for each in several.wrong] == [
        ("sheets_several", {"sheets": ["一", "二"]})
    ]
    assert several.rows == []


def test_what_nobody_sees_is_not_read() -> None:
    rows = [(1, ["编码", "名称", "状态", "x"]), (2, ["A", "甲", "停用", ""]), (3, ["B", "乙", "", ""])]
    hidden = Table(rows, hidden_rows=frozenset({3}), hidden_columns=frozenset({2, 3}))
    faults = [(each.cell, each.reason.code) for each in read_import("suppliers", hidden).faults]
    assert faults == [("C1", "column_hidden"), ("A3", "row_hidden")]
    marked = Table(rows, errors=frozenset({"C2"}), shown=frozenset({"A3"}))
    faults = [(each.cell, each.reason.code) for each in read_import("suppliers", marked).faults]
    assert faults == [("C2", "cell_error"), ("A3", "cell_shown_otherwise")]
