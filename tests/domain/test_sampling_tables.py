"""The printed tables, cell by cell, by two routes that share nothing with them.

Structure: a plan depends on sample size times AQL alone, so each number runs down one diagonal of its table.
Facts: MIL-STD-105E's reduced plans as another reader resolved them, arrows followed (n/Ac/Re).
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from backend.domain.sampling import AQLS, STANDARDS, SamplingSeverity, Standard, Table, single_plan, table

LETTERS = "ABCDEFGHJKLMNPQR"
SIZES = {"normal": "2 3 5 8 13 20 32 50 80 125 200 315 500 800 1250 2000"} | {
    "tightened": "2 3 5 8 13 20 32 50 80 125 200 315 500 800 1250 2000",
    "reduced": "2 2 2 3 5 8 13 20 32 50 80 125 200 315 500 800",
}


class Diagonals(NamedTuple):
    """The cells of the diagonals from that of Ac = 0 on; how many of them rows A to E and the others have."""

    cells: str
    zero: int
    short_rows: int
    long_rows: int
    first_rows: tuple[str, ...] = ()


STRUCTURE: dict[tuple[Standard, SamplingSeverity], Diagonals] = {
    ("iso2859-1", "normal"): Diagonals("0 ^ v 1 2 3 5 7 10 14 21 30 44", 14, 13, 11),
    ("iso2859-1", "tightened"): Diagonals(
        "0 v v 1 2 3 5 8 12 18 27 41",
        15,
        12,
        10,
        ("v v v v v v v v v v v v v v v v v v 1 2 3 5 8 12 18 27",),
    ),
    ("iso2859-1", "reduced"): Diagonals(
        "0 ^ v v 1 2 3 5 6 8 10 14 21",
        14,
        13,
        11,
        (
            "v v v v v v v v v v v v v v 0 v v 1 2 3 5 7 10 14 21 30",
            "v v v v v v v v v v v v v 0 ^ v v 1 2 3 5 7 10 14 21 30",
        ),
    ),
    ("z1.4", "reduced"): Diagonals(
        "0 ^ v 0/2 1/3 1/4 2/5 3/6 5/8 7/10 10/13 14/17 21/24",
        14,
        13,
        11,
        (
            "v v v v v v v v v v v v v v 0 v v 1 2 3 5 7 10 14 21 30",
            "v v v v v v v v v v v v v 0 ^ v 0/2 1/3 2/4 3/5 5 7 10 14 21 30",
        ),
    ),
}


def expected_cells(structure: Diagonals) -> list[list[str]]:
    """The table that the diagonals make; an arrow that would lead to no plan points the other way."""
    run = structure.cells.split()
    rows = []
    for place in range(len(LETTERS)):
        has = structure.short_rows if place < 5 else structure.long_rows
        row = []
        for column in range(len(AQLS)):
            step = place + column - structure.zero
            row.append("v" if step < 0 else run[step] if step < has else "^")
        rows.append(row)
    rows[: len(structure.first_rows)] = [row.split() for row in structure.first_rows]
    for column in range(len(AQLS)):
        plans = [place for place in range(len(rows)) if rows[place][column] not in ("v", "^")]
        for place, row in enumerate(rows):
            if row[column] == "v" and place > plans[-1]:
                row[column] = "^"
            elif row[column] == "^" and place < plans[0]:
                row[column] = "v"
    return rows


def differences(printed: Table, structure: Diagonals) -> list[tuple[str, str]]:
    """Letter and AQL of each cell that is not where its diagonal puts it."""
    return [
        (letter, aql)
        for letter, row, wanted in zip(LETTERS, printed.cells, expected_cells(structure), strict=False)
        for aql, cell, want in zip(AQLS, row, wanted, strict=True)
        if cell != want
    ]


S_ROW = [("Q", "0.025"), ("R", "0.025")]  # tightened inspection has a row S below: no turn there


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("standard", "severity"), STRUCTURE)
def test_every_cell_lies_on_its_diagonal(standard: Standard, severity: SamplingSeverity) -> None:
    printed = table(severity, standard)
    apart = differences(printed, STRUCTURE[standard, severity])
    assert apart == (S_ROW if severity == "tightened" else [])
    assert printed.letters[:16] == tuple(LETTERS)
    assert printed.sizes[:16] == tuple(int(size) for size in SIZES[severity].split())


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("standard", "severity"), STRUCTURE)
def test_one_mistyped_cell_is_seen(standard: Standard, severity: SamplingSeverity) -> None:
    printed = table(severity, standard)
    seen = len(differences(printed, STRUCTURE[standard, severity]))
    for row in range(16):
        for column, cell in enumerate(printed.cells[row]):
            wrong = [list(cells) for cells in printed.cells]
            wrong[row][column] = "v" if cell == "^" else "^" if cell == "v" else f"{cell}0"
            twin = Table(printed.letters, printed.sizes, tuple(tuple(cells) for cells in wrong))
            apart = differences(twin, STRUCTURE[standard, severity])
            assert len(apart) != seen, (LETTERS[row], AQLS[column])


@pytest.mark.proves("SMP-2")
def test_reduced_plans_of_mil_std_105e_leave_their_gap() -> None:
    facts = Path(__file__).with_name("reduced_gap_facts.txt").read_text().splitlines()
    printed = table("reduced", "z1.4")
    checked = count()
    for line in facts[1:]:
        letter, *plans = line.split()
        for column, plan in enumerate(plans):
            row = printed.follow(letter, column)
            accept, reject = printed.numbers(row, column)
            assert f"{printed.sizes[row]}/{accept}/{reject}" == plan, (letter, AQLS[column])
            next(checked)
    assert next(checked) == 416


EDITIONS = [
    # lot, level, AQL, severity, then n/Ac/Re of ISO 2859-1, GB/T 2828.1 and Z1.4
    (8, "II", "10", "tightened", "8/1/2", "2/0/1", "8/1/2"),
    (8, "II", "15", "tightened", "5/1/2", "5/1/2", "5/1/2"),
    (15, "II", "10", "tightened", "8/1/2", "8/1/2", "8/1/2"),
    (1000, "II", "1.0", "reduced", "32/1/2", "32/1/2", "32/1/3"),
    (1000, "II", "2.5", "reduced", "32/3/4", "32/3/4", "32/2/5"),
    (1000, "II", "6.5", "reduced", "32/6/7", "32/6/7", "32/5/8"),
    (1000, "II", "0.65", "reduced", "50/1/2", "50/1/2", "32/0/2"),
    (1000, "II", "1.0", "normal", "80/2/3", "80/2/3", "80/2/3"),
]


@pytest.mark.proves("SMP-2")
@pytest.mark.parametrize(("lot_size", "level", "aql", "severity", "iso", "gb", "z14"), EDITIONS)
def test_editions_differ_where_they_do(
    lot_size: int, level: str, aql: str, severity: SamplingSeverity, iso: str, gb: str, z14: str
) -> None:
    plans = [single_plan(lot_size, level, aql, severity, standard) for standard in STANDARDS]
    assert [f"{plan.sample_size}/{plan.accept}/{plan.reject}" for plan in plans] == [iso, gb, z14]
