"""A person says that a lot's records stay: no time of keeping ends them until that is lifted."""

from __future__ import annotations

from typing import Any

import pytest

from backend.actions.lift_legal_hold import LiftLegalHold, lift_legal_hold
from backend.actions.set_legal_hold import SetLegalHold, set_legal_hold
from backend.domain.retention import LegalHold
from backend.store import retaining
from backend.views.retention import keeping
from tests.actions.floor import Floor, codes, last_event
from tests.actions.test_production import consumed, finished, released, started


async def hold(floor: Floor, number: str, reason: str = "court file 12/26") -> LegalHold:
    command = SetLegalHold(id=floor.new_id(), lot_number=number, reason=reason)
    return await set_legal_hold(floor.store, await floor.who("zhou"), command)


async def lift(floor: Floor, of: LegalHold, reason: str = "settled") -> LegalHold:
    command = LiftLegalHold(id=floor.new_id(), hold_id=of.id, reason=reason)
    return await lift_legal_hold(floor.store, await floor.who("zhou"), command)


async def kept_for_ever(floor: Floor) -> None:
    """A hold on a product keeps the material that it was made of, too, until the last one is lifted."""
    needles = await released(floor)
    lot = await started(floor)
    await consumed(floor, lot, needles.number, "500")
    product = await floor.lot(await finished(floor, lot, "50"))

    async def holds(number: str) -> list[str]:
        found = await keeping(floor.store.read, floor.site_id, number)
        assert found.until is None or not found.holds
        return [each.lot for each in found.holds]

    status = product.status
    assert await holds(needles.number) == []
    assert await codes(hold(floor, product.number, " ")) == ["reason_missing"]
    first, second = await hold(floor, product.number), await hold(floor, product.number, "inquiry 7")
    event: dict[str, Any] = await last_event(floor.store)
    assert (event["type"], event["reason"]) == ("legal_hold_set", "inquiry 7")
    for number in (product.number, needles.number):
        assert await holds(number) == [product.number] * 2
        found = await keeping(floor.store.read, floor.site_id, number)
        assert found.until is None and [each.code for each in found.open].count("legal_hold") == 2
    assert (await floor.store.read.get(type(product), product.id)).status == status, (
        "the stock is not touched"
    )
    await lift(floor, first)
    assert await codes(lift(floor, first, " ")) == ["reason_missing", "legal_hold_lifted"]
    assert await holds(needles.number) == [product.number]
    await lift(floor, second)
    assert await holds(needles.number) == []


@pytest.mark.proves("AUD-10")
async def test_a_legal_hold_keeps_a_lot_and_what_it_was_made_of_until_it_is_lifted(floor: Floor) -> None:
    await kept_for_ever(floor)


@pytest.mark.proves("AUD-10")
async def test_a_time_of_keeping_that_knows_no_legal_hold_is_caught(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "_HOLDS", retaining._HOLDS.replace("lifted_at is null", "1 = 0"))
    with pytest.raises(AssertionError):
        await kept_for_ever(floor)
