"""Sensor values as loggers and their users write them: understood for sure, or named by their cell (IMP-1)."""

from __future__ import annotations

import pytest

from backend.domain.environment import read_values
from backend.domain.environment_csv import stated_of
from backend.domain.errors import Refused
from backend.domain.sheets import csv_table

HEAD = "place,quantity,unit,time,value\n"
AT = "2026-03-05T06:05:00.000000Z"
NOW = "2026-11-30T00:00:00.000000Z"


def outcome(text: str) -> list[str]:
    """The first value's instant and number, or each cell that is wrong."""
    try:
        stated = stated_of(csv_table(text.encode()))
    except Refused as refused:
        return [f"{each.field} {each.code}" for each in refused.reasons]
    values, reasons = read_values(stated.values, "Asia/Shanghai", NOW)
    wrong = [f"{each.field} {each.code}" for each in stated.placed(reasons)]
    return wrong or [values[0].place, values[0].at, str(values[0].value)]


TIMES = [
    *[
        (text, AT)
        for text in (
            "2026-03-05 14:05",
            "2026/3/5 14:05",
            "2026年3月5日 14:05:00",
            "2026-03-05T14:05:00+08:00",
        )
    ],
    ("2026-03-05T06:05:00Z", AT),
    ("２０２６/3/5 14:05", AT),
    ("2026/3/5 9:05:07", "2026-03-05T01:05:07.000000Z"),
    ("2026-03-05 14:05:00.250", "2026-03-05T06:05:00.250000Z"),
    *[
        (text, "")
        for text in (
            "2026-03-05",
            "20260305 1405",
            "2026-W10-4",
            "05.03.2026 14:05",
            "3/5/2026 2:05 PM",
            "46086.5",
            "1764417600",
            "2027-03-05 14:05",
            "2026-02-31 14:05",
            "2026-03-05 24:00",
            "0202-03-05 14:05",
        )
    ],
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("text", "instant"), TIMES)
def test_a_time_is_one_instant_or_asked_about(text: str, instant: str) -> None:
    said = outcome(f"{HEAD}L-A,RH,%,{text},41.5\n")
    assert said == (["L-A", instant, "41.5"] if instant else ["D2 environment_time"])


VALUES = [
    *[(text, text) for text in ("41.5", "-5.5", "+1", "0")],
    ("４１.５", "41.5"),
    ("\u22125.5", "-5.5"),
    *[(text, "E2 environment_value") for text in ('"41,5"', "41.5%", "", "#N/A", "故障", "٤١", "1e3", "<5")],
    ("41,5", "F2 csv_row_broken"),
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_a_value_is_one_number_or_asked_about(text: str, expected: str) -> None:
    assert outcome(f"{HEAD}L-A,RH,%,2026-03-05 14:05,{text}\n")[-1].lstrip("+") == expected.lstrip("+")


ROW = "L-A,RH,%,2026-03-05 14:05,41.5\n"
FILES = [
    (f"温湿度记录\n导出时间 2026\n\n设备,项目,单位,时间：,数值\n{ROW}", ["L-A", AT, "41.5"]),
    (f"place,,quantity,unit,time,value\n{ROW.replace('L-A,', 'L-A,,')}", ["L-A", AT, "41.5"]),
    ((HEAD + ROW).replace(",", "|"), ["L-A", AT, "41.5"]),
    (HEAD + ROW.replace("L-A", "\u3000Ｌ－Ａ\u00a0"), ["L-A", AT, "41.5"]),
    (f"\n{HEAD}{ROW}L-B,RH,%,x,y\n", ["D4 environment_time", "E4 environment_value"]),
    (HEAD + ROW.replace("L-A", ""), ["A2 environment_text"]),
    (HEAD + ROW.replace("L-A", "L\x07A"), ["A2 environment_text"]),
    ("", ["file csv_empty"]),
    (f"place,quantity,time,value\n{ROW}", ["file csv_columns_missing"]),
    (f"place,quantity,unit,time,value,reading\n{ROW}", ["file import_column_twice"]),
    (f"place,quantity,unit,date,time,value\n{ROW}", ["file import_column_twice"]),
]


@pytest.mark.proves("IMP-1")
@pytest.mark.parametrize(("text", "expected"), FILES)
def test_a_file_is_read_or_its_cells_are_named(text: str, expected: list[str]) -> None:
    assert outcome(text) == expected
