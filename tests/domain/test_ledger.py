"""The quantity ledger, naming parts of stock, and the one function that reads tables of steps."""

from decimal import Decimal
from typing import get_args

import pytest

from backend.domain.errors import Refused
from backend.domain.ledger import COLUMN_OF, HEAP_OF, Ledger, ledger
from backend.domain.lots import MovementKind, Portion, PortionStatus
from backend.domain.shares import Share, take_shares
from backend.domain.steps import Step, take

ARRIVED: tuple[MovementKind, ...] = ("received", "produced", "split_in", "merged_in", "returned_in")
WITHIN: tuple[MovementKind, ...] = ("moved", "rejected")


def portion(name: str, quantity: str) -> Portion:
    return Portion(name, "site", "lot", "receipt", Decimal(quantity), "released", "bin")


@pytest.mark.proves("LOT-9")
def test_every_movement_and_every_status_has_its_column() -> None:
    assert set(COLUMN_OF) == set(get_args(MovementKind))
    assert set(HEAP_OF) == set(get_args(PortionStatus))
    assert {*COLUMN_OF.values(), *HEAP_OF.values()} - {None} == set(Ledger.__struct_fields__)


@pytest.mark.proves("LOT-9")
@pytest.mark.parametrize("kind", get_args(MovementKind))
def test_what_came_in_is_missing_until_it_lies_there_and_what_went_out_until_it_came(
    kind: MovementKind,
) -> None:
    five = Decimal(5)
    expected = five if kind in ARRIVED else 0 if kind in WITHIN else -five
    assert ledger({}, {kind: five}).difference == expected


@pytest.mark.proves("LOT-9")
@pytest.mark.parametrize("status", get_args(PortionStatus))
def test_what_lies_there_counts_whatever_its_status(status: PortionStatus) -> None:
    kept = ledger({status: Decimal(7)}, {"received": Decimal(4), "split_in": Decimal(3)})
    assert kept.difference == 0
    assert kept.received == 7
    assert sorted((kept.undecided, kept.released, kept.held, kept.rejected)) == [0, 0, 0, 7]


def test_statuses_of_one_heap_and_movements_of_one_column_add_up() -> None:
    lying: dict[PortionStatus, Decimal] = {"held": Decimal(1), "recalled": Decimal(2), "conceded": Decimal(4)}
    moved: dict[MovementKind, Decimal] = {"shipped": Decimal(8), "returned_out": Decimal(16)}
    kept = ledger(lying, moved)
    assert (kept.held, kept.released, kept.shipped) == (3, 4, 24)


SHARES = [
    (("a", "0"), "quantity_not_positive", "shares.0.quantity"),
    (("a", "-1"), "quantity_not_positive", "shares.0.quantity"),
    (("a", "ten"), "quantity_not_positive", "shares.0.quantity"),
    (("a", "NaN"), "quantity_not_positive", "shares.0.quantity"),
    (("a", "Infinity"), "quantity_not_positive", "shares.0.quantity"),
    (("a", "10.01"), "quantity_over_portion", "shares.0.quantity"),
    (("x", "1"), "portion_unknown", "shares.0"),
    (("empty", "1"), "portion_unknown", "shares.0"),
    (("whole", "4.9"), "portion_at_risk_whole", "shares.0.quantity"),
    (("whole", "none"), "portion_at_risk_whole", "shares.0.quantity"),
]
THERE = [portion("a", "1E+1"), portion("empty", "0"), portion("whole", "5"), portion("gone", "0")]


@pytest.mark.proves("LOT-11")
@pytest.mark.parametrize(("share", "code", "field"), SHARES)
def test_a_share_that_does_not_fit_is_refused_at_its_field(
    share: tuple[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        take_shares(THERE, [Share(*share)], whole=("whole", "gone"))
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == (code, field)


def test_shares_that_fit_are_taken_in_their_order() -> None:
    shares = [Share("whole", "5.0"), Share("a", " 0.5 "), Share("gone", "0")]
    taken = take_shares(THERE, shares, whole=("whole", "gone"))
    assert [(each.portion.id, each.quantity) for each in taken] == [
        ("whole", 5),
        ("a", Decimal("0.5")),
        ("gone", 0),
    ]


def test_what_is_wrong_with_shares_is_said_at_once_and_with_its_facts() -> None:
    shares = [Share("a", "3"), Share("a", "2"), Share("y", "1"), Share("a", "99")]
    with pytest.raises(Refused) as refused:
        take_shares(THERE, shares, unknown="portion_not_released")
    assert [(each.code, each.field, each.facts) for each in refused.value.reasons] == [
        ("portion_twice", "shares.1", {"portion": "a"}),
        ("portion_not_released", "shares.2", {"portion": "y"}),
        ("portion_twice", "shares.3", {"portion": "a"}),
    ]
    with pytest.raises(Refused) as refused:
        take_shares(THERE, [Share("a", "11"), Share("whole", "6")], whole=("whole",))
    assert [(each.code, each.facts) for each in refused.value.reasons] == [
        ("quantity_over_portion", {"quantity": "11", "there": "10"}),
        ("portion_at_risk_whole", {"there": "5"}),
    ]
    with pytest.raises(Refused) as refused:
        take_shares(THERE, [Share("a", "-2")])
    assert refused.value.reasons[0].facts == {"quantity": "-2"}


@pytest.mark.proves("REL-1")
def test_a_step_is_in_the_table_or_refused_with_what_would_be_allowed() -> None:
    table = (
        Step("lift", ("held",), "released"),
        Step("hold", ("open", "released"), "held"),
        Step("burn", ("held",), "gone"),
    )
    assert take(table, "hold", "open") == take(table, "hold", "released") == "held"
    assert take(table, "burn", "held") == "gone"
    with pytest.raises(Refused) as refused:
        take(table, "hold", "held")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.facts) == (
        "step_not_allowed",
        {"step": "hold", "state": "held", "allowed": ["burn", "lift"]},
    )
