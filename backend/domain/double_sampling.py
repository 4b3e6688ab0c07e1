"""Double sampling by attributes: a first sample, and a second one where the first does not decide.

    clause    what                                     where
    10.1.2    accept, reject, or draw the second       Stage, in operating_characteristic
    10.1.4    reduced: between Ac and Re of the end    DoublePlan.stages, last one
    table III arrows, and `*` for the single plan      double_plan

Clauses of ANSI/ASQ Z1.4 (MIL-STD-105E 4.10). ISO 2859-1:1999 and GB/T 2828.1-2012 print other double plans,
which are not held here: `not_offered`.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import msgspec

from backend.domain.double_sampling_tables import DOUBLE_NORMAL, DOUBLE_REDUCED, DOUBLE_TIGHTENED
from backend.domain.errors import refuse
from backend.domain.operating_characteristic import Stage
from backend.domain.sampling import SamplingSeverity, code_letter, column_of, edition_of, single_plan, table

_PRINTED: dict[SamplingSeverity, str] = {
    "normal": DOUBLE_NORMAL,
    "tightened": DOUBLE_TIGHTENED,
    "reduced": DOUBLE_REDUCED,
}


class DoublePlan(msgspec.Struct, frozen=True):
    """One or two stages; Ac and Re of the second count both samples.

    One stage where the standard prints `*`: the single plan. `inspect_all`: both samples together are as
    large as the lot or larger. The last Re is Ac + 1 but in reduced plans, as in `SamplingPlan`.
    """

    code_letter: str
    stages: tuple[Stage, ...]
    inspect_all: bool


class DoubleTable(msgspec.Struct, frozen=True):
    """One printed table: per letter the size of each sample, and the first and second line of its cells."""

    letters: tuple[str, ...]
    sizes: tuple[int, ...]
    firsts: tuple[tuple[str, ...], ...]
    seconds: tuple[tuple[str, ...], ...]


@cache
def double_table(severity: SamplingSeverity) -> DoubleTable:
    """The printed table of one severity, read once. A letter without double plans has size 0."""
    rows = [line.split() for line in _PRINTED[severity].strip().splitlines()[1:]]
    firsts = [row for row in rows if row[0] != "+"]
    below = {above[0]: row[2:] for above, row in pairwise(rows) if row[0] == "+"}
    return DoubleTable(
        letters=tuple(row[0] for row in firsts),
        sizes=tuple(0 if row[1] == "-" else int(row[1]) for row in firsts),
        firsts=tuple(tuple(row[2:]) for row in firsts),
        seconds=tuple(tuple(below.get(row[0], ["."] * len(row[2:]))) for row in firsts),
    )


def double_plan(
    lot_size: int, level: str, aql: str, severity: str = "normal", standard: str = "z1.4"
) -> DoublePlan:
    """The double sampling plan for a lot of `lot_size` units.

    Refuses what `single_plan` refuses, and `not_offered` for an edition whose double tables are not held.
    """
    known, edition = edition_of(severity, standard)
    if edition != "z1.4":
        raise refuse("not_offered", field="standard", standard=standard, supported=["z1.4"])
    if lot_size == 1:
        single = single_plan(1, level, aql)
        return DoublePlan(single.code_letter, (Stage(1, 0, 1),), inspect_all=True)
    letter, stages = _stages(code_letter(lot_size, level), column_of(aql), known)
    return DoublePlan(letter, stages, inspect_all=sum(stage.n for stage in stages) >= lot_size)


@cache
def _stages(letter: str, column: int, severity: SamplingSeverity) -> tuple[str, tuple[Stage, ...]]:
    printed = double_table(severity)
    row = printed.letters.index(letter)
    while (cell := printed.firsts[row][column]) in ("v", "^"):
        row += 1 if cell == "v" else -1
    found = printed.letters[row]
    if cell == "*":
        single = table(severity, "z1.4")
        place = single.follow(found, column)
        return single.letters[place], (Stage(single.sizes[place], *single.numbers(place, column)),)
    numbers = (tuple(int(part) for part in text.split("/")) for text in (cell, printed.seconds[row][column]))
    return found, tuple(Stage(printed.sizes[row], accept, reject) for accept, reject in numbers)
