"""Broken twins of the stock's rules: each must be caught by the stock walk, on each database.

`./run fuzz stock-twins` plays all of them; the tests play the first of each kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, NamedTuple
from unittest.mock import patch

from backend.actions import do_job, merge_lots, split_lot, take_out
from backend.domain import dividing, material_units, releases
from backend.domain.errors import Reason
from backend.domain.lots import Lot, Portion
from backend.domain.part_decisions import undecided
from backend.store import lifting, measuring, revoking, stock
from backend.store.change import Change
from backend.store.deciding import Dossier

SEED = 20261128
STEPS = 1500


class Twin(NamedTuple):
    """`rule`: what the walk must say; (module, name, what stands there instead) of each change; `seed` of the walk."""

    rule: str
    what: str
    changes: tuple[tuple[Any, str, Any], ...]
    seed: int = SEED
    slow: bool = False
    """Caught after many commands: played by the campaign, not by the tests."""


def naive_move(tx: Change, portion: Any, kind: Any, quantity: Decimal, *places: Any) -> None:
    """Stock goes, and the ledger does not hear of it."""
    if kind not in ("split_off", "sampled", "scrapped", "returned_out", "merged_away"):
        stock.move(tx, portion, kind, quantity, *places)


async def nothing(*_: object) -> None:
    """Nothing is done."""


async def no(*_: object) -> bool:
    """Never."""
    return False


def naive_merging(lots: Sequence[Lot], portions: Sequence[Any]) -> list[Reason]:
    """A lot that is named twice is merged twice."""
    return [
        reason for reason in dividing.against_merging(lots, portions) if reason.code != "merge_names_twice"
    ]


def float_quantity(
    text: str, stock_unit: str, factors: Sequence[Any], at: str, field: str = "quantity"
) -> Any:
    """The factor as a binary fraction."""
    exact = material_units.read_quantity(text, stock_unit, factors, at, field)
    floated = Decimal(str(float(exact.entered) * (exact.numerator / exact.denominator)))
    return material_units.Converted(exact.entered, exact.unit, floated, exact.numerator, exact.denominator)


def naive_undecided(file: Dossier, meaning: Any = "release") -> list[Portion]:
    """Whatever no decision is about, at either gate."""
    return undecided(file.portions, file.decisions, meaning, file.renewing)


def none(*_: object) -> None:
    """Not asked for."""


def no_reasons(*_: object) -> list[Reason]:
    """Nothing stands against it."""
    return []


TWINS = (
    Twin(
        "LOT-9",
        "the ledger is not told",
        tuple((m, "move", naive_move) for m in (split_lot, take_out, merge_lots)),
    ),
    Twin("LOT-9", "a lot is merged twice", ((merge_lots, "against_merging", naive_merging),)),
    Twin("LOT-3", "a split leaves the holds behind", ((split_lot, "_inherit_holds", nothing),)),
    Twin("LOT-8", "factors are floats", ((measuring, "read_quantity", float_quantity),), slow=True),
    Twin("LOT-8", "pieces are broken", ((measuring, "against_fraction", no_reasons),), slow=True),
    Twin("LOT-5", "the first lift frees what others hold", ((lifting, "_is_held", no),), SEED + 8),
    Twin(
        "LOT-6", "reworked stock is used at risk", ((Dossier, "reworked", property(no_reasons)),), slow=True
    ),
    Twin(
        "REL-2",
        "who imported it takes it over, released on paper or not",
        ((releases, "_paper_reasons", no_reasons),),
        slow=True,
    ),
    Twin("REL-3", "who measured decides", ((Dossier, "contributors", property(no_reasons)),), slow=True),
    Twin("REL-7", "the first signature holds nothing", ((revoking, "_hold", nothing),)),
    Twin("REL-8", "nobody holds what is due", ((do_job, "hold_when_due", no),)),
    Twin(
        "REL-9",
        "one gate is enough",
        ((Dossier, "gates", none), (Dossier, "undecided", naive_undecided)),
        3,
        slow=True,
    ),
)
"""A seed that 3 divides has a contract maker in its factory."""


def broken_as(twin: Twin) -> ExitStack:
    """The program with this twin in it, until it is closed."""
    stack = ExitStack()
    for module, name, instead in twin.changes:
        stack.enter_context(patch.object(module, name, instead))
    return stack
