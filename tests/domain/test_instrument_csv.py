"""Files of instruments: whatever bytes, separators and headers, each cell is read exactly or named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import LotgateError, Refused
from backend.domain.instrument_csv import DecimalSign, plain_number, read_sheet
from backend.domain.plans import Characteristic, Method, PlanDocument, items
from backend.domain.result_imports import Ground, ImportTrial, to_record, try_import
from backend.domain.result_kinds import DefectKind, Detection, Formula, Replicates
from backend.domain.sampling_rules import Fixed
from backend.domain.words import Words

METHOD = Method("WI-1", "A")
PLAN = PlanDocument(
    [
        Characteristic(
            code="OD", name=Words("Outer diameter", "外径"), kind="numeric", severity="major", method=METHOD,
            sampling=Fixed(3), unit="mm", lower=Decimal("3.1"), upper=Decimal("3.3"),
        ),
        Characteristic(
            code="PB", name=Words("Lead", "铅"), kind="numeric", severity="major", method=METHOD, sampling=Fixed(1),
            unit="mg/L", upper=Decimal("0.05"), detection=Detection(lod=Decimal("0.01")),
        ),
        Characteristic(
            code="W", name=Words("Weight", "重量"), kind="numeric", severity="major", method=METHOD, sampling=Fixed(1),
            unit="g", lower=Decimal(1), upper=Decimal(2), replicates=Replicates(2, "mean"),
        ),
        Characteristic(
            code="APP", name=Words("Appearance", "外观"), kind="attribute", severity="major", method=METHOD,
            sampling=Fixed(20), defects=(DefectKind("SC", Words("Scratch", "划痕"), "minor"),),
        ),
        Characteristic(
            code="MOD", name=Words("Mean", "平均"), kind="numeric", severity="major", method=METHOD, sampling=Fixed(1),
            unit="mm", lower=Decimal("3.1"), upper=Decimal("3.3"), formula=Formula("mean", ("OD",), "all"),
        ),
    ]
)  # fmt: skip
ENGLISH = (
    "Item,Sample,Value,Unit\nOD,1,3.2,mm\nOD,2,0.32,cm\nOD,3,3.25,\n"
    "PB,,<LOD,\nW,1,1.5,g\nW,1,1.52,g\nAPP,,SC=1,\n"
)
CHINESE = (
    "检验项目;样品号;实测值（mm）;单位\n外径;1;3,2;毫米\n外径;2;0,32;厘米\n外径;3;3,25;\n铅;;未检出;\n"
    "重量;1;1,5;g\n重量;1;1,52;g\n外观;;SC=1;\n"
)
RESULTS = {
    "OD-1": ("conforming", Decimal("3.2")),
    "OD-2": ("conforming", Decimal("3.2")),
    "OD-3": ("conforming", Decimal("3.25")),
    "PB-1": ("conforming", None),
    "W-1": ("conforming", None),
    "APP-0": ("nonconforming", None),
}


def ground(*answered: str) -> Ground:
    return Ground(PLAN, items(PLAN, 100), frozenset(answered), {}, {}, "2026-11-28")


def tried(data: str | bytes, decimal: DecimalSign = "", *answered: str) -> ImportTrial:
    body = data.encode() if isinstance(data, str) else data
    return try_import(read_sheet(body), ground(*answered), decimal)


BYTES = [
    (ENGLISH.encode(), "UTF-8", ","),
    (b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode(), "UTF-8", ","),
    (ENGLISH.replace(",", "\t").encode("utf-16"), "UTF-16", "\t"),
    (CHINESE.encode(), "UTF-8", ";"),
    (CHINESE.encode("gb18030"), "GB18030", ";"),
    (b"CMM 7, 2026-11-28\nOperator,Li Na\n\n" + ENGLISH.encode(), "UTF-8", ","),
    (('"Item";"Sample No.";"Result"\n' + '"OD";"1";"3,2"\n').encode(), "UTF-8", ";"),
]


@pytest.mark.proves("RES-9", "RES-4", "RES-2")
@pytest.mark.parametrize(("data", "encoding", "separator"), BYTES)
def test_a_file_is_read_in_whatever_form_it_comes(data: bytes, encoding: str, separator: str) -> None:
    trial = tried(data)
    assert (trial.encoding, trial.separator, trial.errors) == (encoding, separator, [])
    for found in trial.results:
        assert found.verdict == RESULTS[found.item_key][0]
    if len(trial.results) > 1:
        assert {found.item_key for found in trial.results} == set(RESULTS)
        assert [(cell.item_key, cell.reason.code) for cell in trial.doubts] == [("OD-2", "unit_converted")]


def test_a_sheet_of_another_codec_is_the_same_sheet() -> None:
    assert read_sheet(CHINESE.encode()).rows == read_sheet(CHINESE.encode("gb18030")).rows


WRONG = [
    ("XX,1,3.2,mm", "Item", "csv_item_unknown"),
    ("OD,4,3.2,mm", "Sample", "csv_sample_unknown"),
    ("OD,,3.2,mm", "Sample", "csv_sample_unknown"),
    ("OD,one,3.2,mm", "Sample", "csv_sample_unknown"),
    ("OD,1,,mm", "Value", "reading_missing"),
    ("OD,1,abc,mm", "Value", "number_expected"),
    ('OD,1,"1,234",mm', "Value", "number_ambiguous"),
    ("OD,1,3.2,N", "Value", "unit_other_dimension"),
    ("OD,1,<LOD,mm", "Value", "detection_limit_expected"),
    ("OD,1,3.2,mm\nOD,1,3.3,mm", "Sample", "item_twice"),
    ("W,1,1.5,g", "Value", "readings_expected"),
    ("APP,,XX=1,", "Value", "defect_unknown"),
    ("MOD,1,3.2,mm", "Item", "item_computed"),
    ("PB,1,0.02,mg/L", "Item", "csv_answered"),
]


@pytest.mark.proves("RES-9", "RES-1")
@pytest.mark.parametrize(("line", "column", "code"), WRONG)
def test_what_is_wrong_is_named_by_its_cell_and_nothing_is_recorded(
    line: str, column: str, code: str
) -> None:
    trial = tried(f"Item,Sample,Value,Unit\nOD,2,3.2,mm\n{line}\n", "", "PB-1")
    (cell,) = trial.errors
    assert (cell.line, cell.column, cell.reason.code) == (3 + line.count("\n"), column, code)
    assert cell.reason.field == f"{cell.line}.{column}"
    assert [found.item_key for found in trial.results] == ["OD-2"]
    with pytest.raises(Refused, match=code):
        to_record(trial, ["OD-2", "OD-1"])


def test_every_wrong_cell_is_named_at_once() -> None:
    lines = "\n".join(line for line, _, code in WRONG if code != "item_twice")
    trial = tried(f"Item,Sample,Value,Unit\n{lines}\n", "", "PB-1")
    assert len(trial.errors) >= 6


@pytest.mark.proves("RES-4")
def test_what_is_doubtful_is_recorded_only_when_confirmed_by_its_key() -> None:
    trial = tried("Item,Sample,Value\nOD,1,3.4\nOD,2,32\nOD,3,3.2\n")
    assert [(cell.item_key, cell.reason.code) for cell in trial.doubts] == [
        ("OD-1", "value_out_of_limits"),
        ("OD-2", "value_implausible"),
    ]
    for confirmed in ([], ["OD-1"], ["OD-3", "OD-2"]):
        with pytest.raises(Refused):
            to_record(trial, confirmed)
    assert [found.verdict for found in to_record(trial, ["OD-1", "OD-2"])] == [
        "nonconforming",
        "nonconforming",
        "conforming",
    ]
    with pytest.raises(Refused, match="csv_empty"):
        to_record(tried("Item,Value\n"), [])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "csv_columns_missing"),
        (b"a,b\n1,2\n", "csv_columns_missing"),
        (b"\xff\xfe\x00", "csv_not_text"),
        (b"Item,Value\nOD,\x81\xff\n", "csv_not_text"),
        (b"PK\x03\x04\x00\x00", "csv_not_text"),
        (b"Item,Value\nOD,3,2\n", "csv_row_broken"),
        (b'Item,Value\nOD,"3.2\n', "csv_row_broken"),
        (b"Item,Value\n" + b"OD,1\n" * 20_001, "csv_too_large"),
        (b" " * 2_000_001, "csv_too_large"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        read_sheet(data)


def test_other_headers_are_told() -> None:
    data = "Prüfmerkmal;Teil;Messwert\nOD;2;3,2\n".encode()
    with pytest.raises(Refused, match="csv_columns_missing"):
        read_sheet(data)
    sheet = read_sheet(data, {"item": "Prüfmerkmal", "sample": "Teil", "value": "Messwert"})
    assert sheet.rows[0].cells == {"item": "OD", "sample": "2", "value": "3,2"}


@pytest.mark.proves("RES-4")
@pytest.mark.parametrize(
    ("text", "decimal", "plain"),
    [
        ("3,214", ",", "3.214"),
        ("1.234,5", ",", "1234.5"),
        ("1,234.5", ".", "1234.5"),
        ("3.214", ".", "3.214"),
        ("3,214", "", "3,214"),
        ("n.d.", ",", "n.d."),
    ],
)
def test_the_decimal_sign_of_a_file_may_be_said(text: str, decimal: DecimalSign, plain: str) -> None:
    assert plain_number(text, decimal) == plain


HEADS = [b"", b"Item,Value\n", b"Item;Sample;Value\n", "项目,值\n".encode("gb18030")]


@given(st.binary(max_size=300), st.sampled_from(HEADS))
def test_no_bytes_break_it(body: bytes, head: bytes) -> None:
    try:
        trial = try_import(read_sheet(head + body), ground())
        to_record(trial, [])
    except LotgateError:
        pass
