"""Stock that was taken over lives as all stock does: two gates where another makes it, shipped, recalled, taken back
(REL-7, REL-9, LOT-5, QUA-6)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from backend.actions.begin_right_change import BeginRightChange, begin_right_change
from backend.actions.change_right import ChangeRight, change_right
from backend.actions.close_revocation import CloseRevocation, close_revocation
from backend.actions.lift_hold import LiftHold, lift_hold
from backend.actions.sign_take_over import sign_take_over
from backend.demo.people import BY_LOGIN
from backend.domain.lots import Hold, Lot, Portion
from backend.domain.recalls import Basis, RecallLine
from backend.domain.rights import ActionRight
from backend.domain.signatures import Release
from backend.store import deciding
from backend.views.lot_cards import lot_card
from tests.actions.floor import PARTY, Floor, codes, digest_of
from tests.actions.opening import Stock, stock_of
from tests.actions.shipping import consignee, recalled, shipped
from tests.actions.test_gates import contracted
from tests.actions.test_opening_stock import by_password, list_begun, put_by
from tests.actions.test_production import consumed, started
from tests.actions.test_revocations import signed as revoked


async def lot_of(stock: Stock, old: str) -> Lot:
    return await stock.floor.store.read.get(Lot, (await stock.taken(old)).lot_id)


async def through_two_gates(floor: Floor) -> None:
    stock = await stock_of(floor)
    await contracted(floor, stock.item)
    await stock.take(stock.row("G-1"))
    receipt = (await stock.taken("G-1")).receipt_id
    assert await codes(put_by(stock, "G-1", "zhou")) == ["production_release_missing"]
    assert await codes(list_begun(stock, ["G-1"], "zhou")) == ["production_release_missing"], "nor in a list"
    made = await floor.shift.sign(receipt, "production")
    assert (made.decision, (await stock.portion("G-1")).status) == ("production", "production_released")
    number = (await lot_of(stock, "G-1")).number
    assert await codes(consumed(floor, await started(floor), number, "1")) == ["not_enough_released"]
    assert await codes(put_by(stock, "G-1", "sun")) == ["gate_of_market", "gate_same"]
    taken = await put_by(stock, "G-1", "zhou")
    assert (taken.decision, (await stock.portion("G-1")).status) == ("take_over", "released")
    decisions = await floor.store.read.all(Release, "receipt_id = $1 order by decided_at", receipt)
    assert [(each.decision, each.superseded_at is None) for each in decisions] == [
        ("production", False),
        ("take_over", True),
    ]
    assert len({each.person_id for each in decisions}) == 2
    await consumed(floor, await started(floor), number, "1")


@pytest.mark.proves("REL-2", "REL-9")
async def test_what_another_makes_is_taken_over_by_two_people_of_two_organisations(floor: Floor) -> None:
    await through_two_gates(floor)


@pytest.mark.proves("REL-9")
async def test_one_gate_where_two_are_due_is_caught(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: a release on paper opens both gates."""
    monkeypatch.setattr(deciding.Dossier, "gates", lambda *_: None)
    with pytest.raises(AssertionError):
        await through_two_gates(floor)


@pytest.mark.proves("LOT-5", "QUA-6", "LOT-12")
async def test_it_is_recalled_by_two_signatures_where_it_lies_and_where_it_went(floor: Floor) -> None:
    stock = await stock_of(floor)
    await stock.take(stock.row("R-1"), stock.row("R-2", lot="V-R-1", quantity="30"), stock.row("R-3"))
    who, receipts, begun = await list_begun(stock, ["R-1", "R-3"])
    await sign_take_over(floor.store, who, by_password(floor, who, receipts, begun), PARTY)
    floor.clock.forward(floor.clock.now + timedelta(minutes=2))  # a code signs once
    lot, other = await lot_of(stock, "R-1"), await lot_of(stock, "R-3")
    product = await started(floor)
    await consumed(floor, product, lot.number, "20")
    far = await consignee(floor)
    await shipped(floor, far, (lot.number, "50"))

    recall = await recalled(floor, Basis("supplier_lot", "V-R-1"))

    assert recall.status == "in_force"
    lying = await floor.store.read.all(Portion, "lot_id = $1 and quantity > 0 order by id", lot.id)
    assert [(each.quantity, each.status) for each in lying] == [
        (Decimal(50), "recalled"),
        (Decimal(30), "recalled"),
    ], "what nobody has taken over yet lies in the same lot, and is blocked with it"
    assert await floor.store.read.all(Hold, "lot_id = $1 and code = 'recall'", product.id), "being made of it"
    assert (await lot_of(stock, "R-3")).status == "released", "another lot of the same list stays as it is"
    lines = await floor.store.read.all(RecallLine, "recall_id = $1", recall.id)
    assert [(each.consignee_id, each.quantity) for each in lines] == [(far.id, Decimal(50))]
    assert "on_hold" in await codes(put_by(stock, "R-2"))
    assert await codes(shipped(floor, far, (lot.number, "1"))) == ["not_enough_shippable"]
    await shipped(floor, far, (other.number, "1"))
    card = await lot_card(floor.store.read, floor.site_id, lot.number)
    assert all(each.taken_over is not None for each in card.receipts)
    assert (card.ledger.held, card.ledger.shipped, card.ledger.difference) == (80, 50, 0)


@pytest.mark.proves("REL-7", "REL-2")
async def test_a_taking_over_is_taken_back_by_two_people_and_the_lot_is_decided_anew(floor: Floor) -> None:
    stock = await stock_of(floor)
    await stock.take(stock.row("T-1"))
    release = await put_by(stock, "T-1")
    floor.clock.forward(floor.clock.now + timedelta(minutes=2))
    sun, zhou = (await floor.sign_in("sun")).who, (await floor.sign_in("zhou")).who
    await revoked(floor, release.id, sun, "the paper names another lot")
    assert (await stock.portion("T-1")).status == "held", "from the first signature on"
    done = await revoked(floor, release.id, zhou, "")
    assert done.status == "in_force"
    again = await floor.store.read.get(Release, release.id)
    assert (again.decision, again.superseded_at is None) == ("take_over", False)
    number = (await lot_of(stock, "T-1")).number
    assert await codes(consumed(floor, await started(floor), number, "1")) == ["not_enough_released"]
    assert await codes(put_by(stock, "T-1")) == ["on_hold"]
    close = CloseRevocation(
        id=floor.new_id(), revocation_id=done.id, conclusion="no_recall", reason="found it"
    )
    await close_revocation(floor.store, await floor.who("zhou"), close)
    lift = LiftHold(id=floor.new_id(), lot_number=number, code="release_revoked", reason="the right paper")
    await lift_hold(floor.store, await floor.who("novak"), lift)
    second = await put_by(stock, "T-1")
    assert (second.number, (await stock.portion("T-1")).status) == (2, "released")


@pytest.mark.proves("ROL-1")
async def test_who_is_told_that_a_signature_is_waited_for_follows_the_rights_in_force(floor: Floor) -> None:
    async def turn(role: str, allowed: bool) -> None:
        where = "site_id = $1 and action = 'sign_take_over' and role = $2"
        right = await floor.store.read.first(ActionRight, where, floor.site_id, role)
        assert right is not None
        zhou = (await floor.sign_in("zhou")).who
        wish = BeginRightChange(id=floor.new_id(), right_id=right.id, allowed=allowed, passkey=False)
        begun = await begin_right_change(floor.store, zhou, wish)
        command = ChangeRight(
            id=floor.new_id(),
            right_id=right.id,
            nonce=begun.nonce,
            digest=digest_of(begun.record),
            password=BY_LOGIN["zhou"].password,
            totp=floor.totp("zhou"),
            accountability_accepted=True,
        )
        await change_right(floor.store, zhou, command, PARTY)
        floor.clock.forward(floor.clock.now + timedelta(minutes=2))

    async def told(old: str) -> set[str]:
        """Who has a notice more than before."""
        before = Counter(await logins())
        await stock.take(stock.row(old))
        return {*(Counter(await logins()) - before)}

    async def logins() -> list[str]:
        rows = await floor.store.read.rows(
            "select login from notice join person on person.id = person_id where code = 'opening_waits'"
        )
        return [login for (login,) in rows]

    stock = await stock_of(floor)
    assert {"sun", "zhou"} <= await told("N-1")
    await turn("supervisor", False)
    await turn("inspector", True)
    now = await told("N-2")
    assert {"li", "zhou"} <= now and "sun" not in now
