"""Print beside a code: what it proposes, and what stops."""

from __future__ import annotations

from datetime import date

import pytest

from backend.domain.labels import LabelReading, read_label
from backend.domain.print_check import Comparison, answered, compare, fold, stops
from backend.domain.printed_dates import find_date
from backend.domain.printed_fields import Line, Proposal, propose

TODAY = date(2026, 11, 23)
CODE = "(01)09506000134352(11)260315(17)290314(10)B2107-A1(21)SN0042"
LABEL = read_label(CODE, today=TODAY)

DATES = [
    ("2029-03-14", ["2029-03-14"]),
    ("2029/3/14", ["2029-03-14"]),
    ("2029.03.14", ["2029-03-14"]),
    ("20290314", ["2029-03-14"]),
    ("2029 03 14", ["2029-03-14"]),
    ("2029年3月14日", ["2029-03-14"]),
    ("2029年03月14日", ["2029-03-14"]),
    ("14 MAR 2029", ["2029-03-14"]),
    ("14MAR29", ["2029-03-14"]),
    ("2029-MAR-14", ["2029-03-14"]),
    ("March 14, 2029", ["2029-03-14"]),
    ("2029-03-00", ["2029-03-31"]),
    ("290300", ["2029-03-31"]),
    ("2028-02-00", ["2028-02-29"]),
    ("290314", ["2029-03-14"]),
    ("2029-03", ["2029-03-01..2029-03-31"]),
    ("2029年3月", ["2029-03-01..2029-03-31"]),
    ("03/2029", ["2029-03-01..2029-03-31"]),
    ("MAR 2029", ["2029-03-01..2029-03-31"]),
    ("202903", ["2029-03-01..2029-03-31"]),
    ("201103", ["2011-03-01..2011-03-31", "2020-11-03"]),
    ("14/03/2029", ["2029-03-14"]),
    ("03/04/2029", ["2029-04-03", "2029-03-04"]),
    ("29-03-14", ["2029-03-14", "2014-03-29"]),
    ("2029-02-30", []),
    ("24个月", []),
    ("B2107", []),
    ("ISO 13485:2016", []),
]


@pytest.mark.proves("LBL-3")
@pytest.mark.parametrize(("printed", "days"), DATES)
def test_a_printed_date_and_every_day_that_it_may_mean(printed: str, days: list[str]) -> None:
    found = find_date(printed, TODAY)
    spans = found.spans if found else []
    assert [one.first if one.first == one.last else f"{one.first}..{one.last}" for one in spans] == days
    assert found is None or not found.doubtful


def test_letters_for_digits_make_a_date_doubtful() -> None:
    found = find_date("2O29-O3-I4", TODAY)
    assert found is not None and (found.doubtful, found.spans[0].first) == (True, "2029-03-14")


def lines(*rows: str | tuple[str, int, int]) -> list[Line]:
    """Lines one under the other, or (text, x, y), 20 pixels high."""
    placed = [(row, 0, 40 * at) if isinstance(row, str) else row for at, row in enumerate(rows)]
    return [
        Line(text, ((x, y), (x + 12 * len(text), y), (x + 12 * len(text), y + 20), (x, y + 20)), 980)
        for text, x, y in placed
    ]


def proposed(*rows: str | tuple[str, int, int]) -> set[tuple[str, str, str]]:
    return {(one.field, one.text, one.how) for one in propose(lines(*rows), TODAY)}


PRINTS: list[tuple[tuple[str | tuple[str, int, int], ...], set[tuple[str, str, str]]]] = [
    (("批号：B2107",), {("lot", "B2107", "after_word")}),
    (("批号LOT:B2107",), {("lot", "B2107", "after_word")}),
    (
        ("生产批号: B2107 生产日期: 2026-03-15",),
        {("lot", "B2107", "after_word"), ("production_date", "2026-03-15", "after_word")},
    ),
    (
        ("生产日期/批号：20260315",),
        {("lot", "20260315", "after_word"), ("production_date", "20260315", "after_word")},
    ),
    (("LOTB2107",), {("lot", "B2107", "after_word"), ("lot", "LOTB2107", "after_word")}),
    (("LOT B2107 EXP 2029-03",), {("lot", "B2107", "after_word"), ("expiry", "2029-03", "after_word")}),
    (("有效期至2029年3月14日",), {("expiry", "2029年3月14日", "after_word")}),
    (("失效日期: 2029.03.14",), {("expiry", "2029.03.14", "after_word")}),
    (("有效期：24个月",), set()),
    (("灭菌批号 M77", "灭菌日期 2026-03-20"), set()),
    (("序列号 S/N: 0042",), {("serial", "0042", "after_word")}),
    (("REF 123-45", "Manufacturer: ACME 2026", "Lotion 50 ml"), set()),
    (("LOT", ("B2107", 60, 0), ("REF", 0, 40), ("123", 60, 40)), {("lot", "B2107", "beside_word")}),
    (
        (("LOT", 0, 0), ("EXP", 120, 0), ("B2107", 0, 30), ("2029-03", 120, 30)),
        {("lot", "B2107", "under_word"), ("expiry", "2029-03", "under_word")},
    ),
    (
        ("(01)09506000134352(17)290300(10)B2107(21)S9",),
        {
            ("device_identifier", "09506000134352", "in_brackets"),
            ("expiry", "290300", "in_brackets"),
            ("lot", "B2107", "in_brackets"),
            ("serial", "S9", "in_brackets"),
        },
    ),
    (
        ("2026-03-15", "2029-03-14"),
        {("production_date", "2026-03-15", "date_alone"), ("expiry", "2029-03-14", "date_alone")},
    ),
    (("2029-03-14",), {("expiry", "2029-03-14", "date_alone")}),
]


@pytest.mark.parametrize(("rows", "expected"), PRINTS)
def test_what_print_proposes(
    rows: tuple[str | tuple[str, int, int], ...], expected: set[tuple[str, str, str]]
) -> None:
    assert proposed(*rows) == expected


def verdicts(*rows: str | tuple[str, int, int], label: LabelReading = LABEL) -> dict[str, str]:
    compared = compare(label, propose(lines(*rows), TODAY))
    return {row.field: row.verdict for row in compared if row.verdict != "not_printed"}


COMPARED = [
    ("LOT B2107-A1", {"lot": "agree"}),
    ("LOT B2107 - A1", {"lot": "agree"}),
    ("批号:B2107—A1", {"lot": "agree"}),
    ("LOT B2107-A2", {"lot": "disagree"}),
    ("LOT B2107-A1B", {"lot": "disagree"}),
    ("LOT 82107-A1", {"lot": "unsure"}),
    ("LOT BZIO7-Al", {"lot": "unsure"}),
    ("LOT b2107-a1", {"lot": "disagree"}),
    ("LOT B2107A1", {"lot": "unsure"}),
    ("LOT B2107-A1 STERILE EO", {"lot": "agree"}),
    ("LOT B2107-A1 7", {"lot": "unsure"}),
    ("LOT SEE BOTTOM", {"lot": "unsure"}),
    ("EXP 2029-03-14", {"expiry": "agree"}),
    ("EXP 2029-03-15", {"expiry": "disagree"}),
    ("EXP 14/03/2029", {"expiry": "agree"}),
    ("EXP 2O29-03-14", {"expiry": "unsure"}),
    ("EXP 2029-03", {"expiry": "unsure"}),
    ("EXP 2029-04", {"expiry": "disagree"}),
    ("MFG 2026-03", {"production_date": "agree"}),
    ("MFG 2026-04", {"production_date": "disagree"}),
    ("SN SN0042", {"serial": "agree"}),
    ("SN SNO042", {"serial": "unsure"}),
    ("(10)B2107-A1", {"lot": "agree"}),
    ("(10)B21", {"lot": "unsure"}),
    ("(01)09506000134352", {"device_identifier": "agree"}),
    ("(01)09506000134369", {"device_identifier": "disagree"}),
    ("(01)09506000134353", {"device_identifier": "unsure"}),
    ("nothing of ours", {}),
]


@pytest.mark.parametrize(("printed", "expected"), COMPARED)
def test_print_and_code_side_by_side(printed: str, expected: dict[str, str]) -> None:
    assert verdicts(printed) == expected


def test_the_worst_of_several_prints_counts() -> None:
    assert verdicts("LOT B2107-A1", "(10)B2107-A9") == {"lot": "disagree"}


def test_a_code_that_is_silent_lets_print_propose() -> None:
    silent = read_label("09506000134352", today=TODAY)
    assert verdicts("LOT B2107", "EXP 2029-03-14", label=silent) == {
        "lot": "only_printed",
        "expiry": "only_printed",
    }


def test_a_line_read_with_doubt_contradicts_nobody() -> None:
    [line] = lines("LOT B9999-A1")
    faint = Line(line.text, line.box, 700)
    assert [row.verdict for row in compare(LABEL, propose([faint], TODAY)) if row.field == "lot"] == [
        "unsure"
    ]


CONFUSED = ["0Oo", "1Ili", "5Ss", "8B", "2Zz", "cC", "kK", "pP", "uU", "vV", "wW", "xX"]


def test_what_readers_of_print_confuse_is_neither_agreement_nor_contradiction() -> None:
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    together = {frozenset((a, b)) for group in CONFUSED for a in group for b in group if a != b}
    for a in signs:
        for b in signs:
            label = LabelReading("gs1", lot=f"1A{a}4", valid=True)
            [row] = compare(label, propose(lines(f"批号:1A{b}4"), TODAY))
            expected = "agree" if a == b else "unsure" if frozenset((a, b)) in together else "disagree"
            assert row.verdict == expected, (a, b)
    assert fold("O0-Il1") == "00111"


def test_a_difference_needs_a_reason_and_a_doubt_a_look() -> None:
    rows = compare(LABEL, propose(lines("LOT X9", "SN SNO042"), TODAY))
    assert [one.code for one in stops(rows)] == ["print_differs", "print_unsure"]
    assert [one.code for one in answered(rows, None, looked=False)] == ["print_differs", "print_unsure"]
    assert [one.code for one in answered(rows, " ", looked=True)] == ["print_differs"]
    assert answered(rows, "label torn, compared with the packing list", looked=False) == []


def contains(label: LabelReading, proposals: list[Proposal]) -> list[Comparison]:
    """The naive version: whatever the code says and is printed anywhere is confirmed by it."""
    return [
        Comparison(one.field, one.text, one.text, "agree")
        for one in proposals
        if one.text in (label.lot, label.serial, label.expiry, label.production_date)
    ]


def test_a_check_that_looks_only_for_agreement_lets_the_difference_through() -> None:
    proposals = propose(lines("LOT X9", "EXP 2029-03-14"), TODAY)
    assert [row.verdict for row in contains(LABEL, proposals)] == ["agree"]
    assert stops(compare(LABEL, proposals))
