"""Switching rules: how hard the next lot of a series is inspected (SMP-4).

A series is the lots of one material from one supplier at one stage, and one severity class of its
characteristics. Only original inspections count, and a lot counts for the rules of the severity that it was
inspected under: a lot that was still under way when its series switched changes nothing.

    ISO 2859-1:1999   what                                                    where
    9.3.1             normal to tightened                                     SWITCHES
    9.3.3.1           reduced: with the responsible authority's leave only    Standing.may_reduce, acted
    9.3.2             tightened to normal                                     SWITCHES
    9.3.3.2           switching score, single and double sampling             points_of_single, points_of_double
    9.3.4             reduced to normal                                       SWITCHES
    9.4               discontinuation                                         SWITCHES
    9.4               tightened when the supplier has improved                acted
    9.3.4 b, c        reduced ended by irregular production or another        acted
                      condition
    -                 of two series that become one, the harder one's         harder
                      severity, as the responsible authority may ask for

ANSI/ASQ Z1.4 switches to reduced after ten accepted lots; its limit numbers (table VIII), optional since 2003,
are not held. Z1.9 has the same rules, without a gap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from backend.domain.sampling import SamplingSeverity, Standard, column_of, single_plan, table
from backend.domain.sampling_rules import Edition

SeriesSeverity = Literal["normal", "tightened", "reduced", "discontinued"]
SCORE_TO_REDUCE = 30
_WINDOW = 5


class SeriesLot(msgspec.Struct, frozen=True):
    """What one lot says to its series.

    `points` is what it adds to the switching score of normal inspection; 0 sets the score back.
    `in_gap`: under reduced inspection of Z1.4 the count lay between Ac and Re.
    """

    severity: SamplingSeverity
    accepted: bool
    points: int = 0
    original: bool = True
    in_gap: bool = False


class Standing(msgspec.Struct, frozen=True):
    """Where a series stands: the severity for its next lot, and what counts since it began."""

    severity: SeriesSeverity = "normal"
    score: int = 0
    lately: tuple[bool, ...] = ()
    """Accepted or not, the last five."""
    in_row: int = 0
    """Accepted in a row."""
    rejected: int = 0
    in_gap: bool = False
    may_reduce: bool = False
    """The lots would allow reduced inspection: it begins when the responsible authority gives leave."""


class Switch(NamedTuple):
    """One rule: from a severity, under a condition, to another."""

    source: SeriesSeverity
    condition: str
    target: SeriesSeverity
    clause: str


CONDITIONS: dict[str, Callable[[Standing], bool]] = {
    "two_of_five_rejected": lambda standing: standing.lately.count(False) >= 2,
    "five_accepted": lambda standing: standing.in_row >= _WINDOW,
    "score_of_thirty": lambda standing: standing.score >= SCORE_TO_REDUCE,
    "ten_accepted": lambda standing: standing.in_row >= 10,
    "one_rejected": lambda standing: standing.rejected >= 1,
    "count_in_gap": lambda standing: standing.in_gap,
    "five_rejected": lambda standing: standing.rejected >= 5,
}

_ISO = (
    Switch("normal", "two_of_five_rejected", "tightened", "9.3.1"),
    Switch("normal", "score_of_thirty", "reduced", "9.3.3"),
    Switch("reduced", "one_rejected", "normal", "9.3.4 a"),
    Switch("tightened", "five_accepted", "normal", "9.3.2"),
    Switch("tightened", "five_rejected", "discontinued", "9.4"),
)
_Z14 = (
    Switch("normal", "two_of_five_rejected", "tightened", "8.3.1"),
    Switch("normal", "ten_accepted", "reduced", "8.3.3"),
    Switch("reduced", "one_rejected", "normal", "8.3.4 a"),
    Switch("reduced", "count_in_gap", "normal", "8.3.4 b"),
    Switch("tightened", "five_accepted", "normal", "8.3.2"),
    Switch("tightened", "five_rejected", "discontinued", "8.4"),
)
SWITCHES: dict[Edition, tuple[Switch, ...]] = {
    "iso2859-1": _ISO,
    "gb-t2828.1": _ISO,
    "z1.4": _Z14,
    "z1.9": _Z14,
}
Act = Literal["allow_reduced", "end_reduced", "resume"]

Joined = Literal["joined_tightened", "joined_normal"]
"""What the joining of two series does to the one that they become: inspected so hard at least from then on."""

# What a person does to a series: from where, to where. Reduced inspection is allowed only to lots that may be.
ACTS: dict[Act, tuple[SeriesSeverity, SeriesSeverity]] = {
    "allow_reduced": ("normal", "reduced"),
    "end_reduced": ("reduced", "normal"),
    "resume": ("discontinued", "tightened"),
}


def may_act(standing: Standing, act: Act) -> bool:
    """Whether a series stands so that this can be done to it."""
    return standing.severity == ACTS[act][0] and (act != "allow_reduced" or standing.may_reduce)


_HARDNESS: tuple[SeriesSeverity, ...] = ("reduced", "normal", "tightened", "discontinued")


def harder(severities: Sequence[SeriesSeverity]) -> Joined | None:
    """What is to be done to the series that series of these become, so that joining eases nothing: the lots of both,
    counted as one history, may come to less than either stands at. None: there is but one, or both are reduced."""
    hardest = max(severities, key=_HARDNESS.index, default="reduced")
    if len(severities) < 2 or hardest == "reduced":
        return None
    return "joined_normal" if hardest == "normal" else "joined_tightened"


def acted(standing: Standing, act: Act | Joined) -> Standing:
    """Where a series stands after a person's act; where it can't be done, it changes nothing."""
    if act == "joined_tightened":
        return standing if standing.severity in ("tightened", "discontinued") else Standing("tightened")
    if act == "joined_normal":
        return Standing() if standing.severity == "reduced" else standing
    return Standing(ACTS[act][1]) if may_act(standing, act) else standing


def after(
    standing: Standing, lot: SeriesLot, standard: Edition = "iso2859-1", leave: bool = False
) -> Standing:
    """Where the series stands after a lot; `leave`: reduced inspection needs no further word."""
    if not lot.original or lot.severity != standing.severity:
        return standing
    now = Standing(
        severity=standing.severity,
        score=standing.score + lot.points if lot.accepted and lot.points else 0,
        lately=(*standing.lately, lot.accepted)[-_WINDOW:],
        in_row=standing.in_row + 1 if lot.accepted else 0,
        rejected=standing.rejected + (not lot.accepted),
        in_gap=lot.in_gap,
    )
    for switch in SWITCHES[standard]:
        if switch.source == now.severity and CONDITIONS[switch.condition](now):
            if switch.target == "reduced" and not leave:
                return msgspec.structs.replace(now, may_reduce=True)
            return Standing(switch.target)
    return now


def standing_after(
    lots: Iterable[SeriesLot], standard: Edition = "iso2859-1", leave: bool = False
) -> Standing:
    """Where a series stands after its lots, in the order in which they were decided."""
    standing = Standing()
    for lot in lots:
        standing = after(standing, lot, standard, leave)
    return standing


def points_of_single(accept: int, tighter: int, nonconforming: int) -> int:
    """What a lot of normal inspection adds to the score (9.3.3.2 a); `tighter`: Ac at the next smaller AQL.

    Ac of 2 or more: three, if it would have been accepted at an AQL one step tighter. Ac of 0 or 1: two, if
    it was accepted. Otherwise 0, which sets the score back.
    """
    if accept >= 2:
        return 3 if nonconforming <= tighter else 0
    return 2 if nonconforming <= accept else 0


def points_of_double(accepted_at_first: bool) -> int:
    """Double sampling (9.3.3.2 b): three, if the first sample accepted the lot."""
    return 3 if accepted_at_first else 0


def tighter_accept(lot_size: int, level: str, aql: str, standard: Standard = "iso2859-1") -> int:
    """Ac of the same sample at the next smaller AQL of normal inspection; -1 where Ac is 0 or 1 already."""
    plan = single_plan(lot_size, level, aql, "normal", standard)
    if plan.accept < 2:
        return -1
    printed = table("normal", standard)
    return printed.numbers(printed.letters.index(plan.code_letter), column_of(aql) - 1)[0]
