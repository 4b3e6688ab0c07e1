"""Single sampling by attributes: how many units, how many of them may be nonconforming (SMP-2, SMP-3).

    clause  what                              where
    10.1    code letter from lot and level    code_letter
    10.3    arrows: take the pointed plan     Table.follow
    10.3    sample as large as the lot        SamplingPlan.inspect_all
    9.3     switching between severities      not here: the severity is given

Clauses of ISO 2859-1:1999, which GB/T 2828.1-2012 repeats. Where ANSI/ASQ Z1.4 (MIL-STD-105E) prints another
plan, `standard` says whose is meant; `sampling_tables` names the places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

import msgspec

from backend.domain.errors import refuse
from backend.domain.sampling_tables import (
    CODE_LETTERS,
    NORMAL,
    OTHER_CELLS,
    REDUCED,
    REDUCED_GAP,
    TIGHTENED,
)

Level = Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]
SamplingSeverity = Literal["normal", "tightened", "reduced"]
Standard = Literal["iso2859-1", "gb-t2828.1", "z1.4"]

_PRINTED: dict[SamplingSeverity, str] = {"normal": NORMAL, "tightened": TIGHTENED, "reduced": REDUCED}
SEVERITIES: tuple[SamplingSeverity, ...] = ("normal", "tightened", "reduced")
STANDARDS: tuple[Standard, ...] = ("iso2859-1", "gb-t2828.1", "z1.4")
LEVELS: tuple[Level, ...] = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
# fmt: off
AQLS = (
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5",
    "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250", "400", "650", "1000",
)
# fmt: on
_NUMBER = re.compile(r"[0-9]{0,9}\.?[0-9]{1,9}")  # and not all that Decimal takes: 1_5 is no AQL
_COLUMNS = {Decimal(aql): column for column, aql in enumerate(AQLS)}


class SamplingPlan(msgspec.Struct, frozen=True):
    """A single plan. `code_letter` and `sample_size` are those of the row that the arrows end at.

    `inspect_all`: the sample is as large as the lot or larger, so every unit is inspected;
    `sample_size` stays as tabulated. `reject` is `accept` + 1 but in reduced plans of Z1.4: a count between
    the two accepts the lot and ends reduced inspection (Z1.4 10.1.4).
    """

    code_letter: str
    sample_size: int
    accept: int
    reject: int
    inspect_all: bool


class Table(msgspec.Struct, frozen=True):
    """One printed master table: per row its code letter, sample size and 26 cells."""

    letters: tuple[str, ...]
    sizes: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]

    def follow(self, letter: str, column: int) -> int:
        """The row whose plan holds for this letter and AQL column, arrows followed to their end."""
        row = self.letters.index(letter)
        while (cell := self.cells[row][column]) in ("v", "^"):
            row += 1 if cell == "v" else -1
        return row

    def numbers(self, row: int, column: int) -> tuple[int, int]:
        """Ac and Re of a cell that holds a plan."""
        accept, _, reject = self.cells[row][column].partition("/")
        return int(accept), int(reject) if reject else int(accept) + 1


@cache
def table(severity: SamplingSeverity, standard: Standard = "iso2859-1") -> Table:
    """The printed table of one severity in one edition, read once."""
    printed = REDUCED_GAP if (severity, standard) == ("reduced", "z1.4") else _PRINTED[severity]
    rows = [line.split() for line in printed.strip().splitlines()[1:]]
    others = OTHER_CELLS.get((standard, severity), {})
    return Table(
        letters=tuple(row[0] for row in rows),
        sizes=tuple(int(row[1]) for row in rows),
        cells=tuple(
            tuple(others.get((row[0], aql), cell) for aql, cell in zip(AQLS, row[2:], strict=True))
            for row in rows
        ),
    )


@cache
def _letters() -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    rows = [line.split() for line in CODE_LETTERS.strip().splitlines()[1:]]
    return tuple(int(row[0]) for row in rows), tuple(tuple(row[1:]) for row in rows)


def code_letter(lot_size: int, level: str) -> str:
    """Table 1. Refuses an unknown level and a lot of fewer than 2 units (a lot of 1 has no letter)."""
    if level not in LEVELS:
        raise refuse("level_unsupported", field="level", level=level, supported=list(LEVELS))
    starts, rows = _letters()
    if lot_size < starts[0]:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    return rows[bisect_right(starts, lot_size) - 1][LEVELS.index(level)]


def single_plan(
    lot_size: int,
    level: str,
    aql: str,
    severity: str = "normal",
    standard: str = "iso2859-1",
) -> SamplingPlan:
    """The single sampling plan for a lot of `lot_size` units; `aql` as printed, for example "0.65".

    Refuses (`level_unsupported`, `aql_unsupported`, `severity_unsupported`, `standard_unsupported`,
    `lot_size_invalid`): what the standard does not print is never replaced by the nearest that it does.
    """
    edition = edition_of(severity, standard)
    column = column_of(aql)
    letter = code_letter(2 if lot_size == 1 else lot_size, level)
    if lot_size == 1:
        return SamplingPlan(letter, 1, 0, 1, inspect_all=True)
    found, size, accept, reject = _plan(letter, column, *edition)
    return SamplingPlan(found, size, accept, reject, inspect_all=size >= lot_size)


@cache
def _plan(
    letter: str, column: int, severity: SamplingSeverity, standard: Standard
) -> tuple[str, int, int, int]:
    printed = table(severity, standard)
    row = printed.follow(letter, column)
    return printed.letters[row], printed.sizes[row], *printed.numbers(row, column)


def edition_of(severity: str, standard: str) -> tuple[SamplingSeverity, Standard]:
    """Both as the tables know them; refuses `severity_unsupported` and `standard_unsupported`."""
    for known_standard in STANDARDS:
        for known in SEVERITIES:
            if (severity, standard) == (known, known_standard):
                return known, known_standard
    if severity not in SEVERITIES:
        raise refuse("severity_unsupported", field="severity", severity=severity, supported=list(SEVERITIES))
    raise refuse("standard_unsupported", field="standard", standard=standard, supported=list(STANDARDS))


@lru_cache(maxsize=256)
def column_of(aql: str) -> int:
    """The column of the master tables that an AQL stands in; refuses `aql_unsupported`."""
    column = _COLUMNS.get(Decimal(aql)) if _NUMBER.fullmatch(aql) else None
    if column is None:
        raise refuse("aql_unsupported", field="aql", aql=aql, supported=list(AQLS))
    return column
