"""Forty signers press at once on a hundred lots, several on the same one: one decision a lot (REL-4).

The twin reads whether a decision is there and then writes one, each in a transaction of its own, as is
easily written; the same assertion catches it.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from backend.domain.errors import Refused, Stale
from backend.domain.people import Who
from backend.domain.signatures import Release
from backend.store.door import Store
from backend.store.tables import TableOf, table_of
from tests.faults.decisions import begin, give_passkey, sign
from tests.faults.factory import SITE, Factory, open_factory, order_lines, receive, record
from tests.software_passkey import SoftwarePasskey

SIGNERS, LOTS, TOGETHER = 40, 100, 5
DECIDED = 'select 1 from "release" where receipt_id = $1 and superseded_at is null'
LOST_RACE = {"decided_already", "record_changed", "changed_meanwhile", "conflict"}


async def lots_to_decide(store: Store) -> tuple[Factory, list[str]]:
    """A factory whose lots are all inspected and wait for a decision; the receipts."""
    factory = await open_factory(store, LOTS, SIGNERS)

    async def inspected(place: int, line: object) -> str:
        received = await receive(store, factory["wei"], line)  # type: ignore[arg-type]
        await record(store, factory["ina"], received, "1.25")
        return received.receipt_id

    lines = await order_lines(store)
    return factory, list(await asyncio.gather(*(inspected(place, line) for place, line in enumerate(lines))))


def shuffled(receipts: list[str], number: int) -> list[str]:
    """All lots, in an order that some signers share, so that they meet at each."""
    order = list(receipts)
    random.Random(number % (SIGNERS // TOGETHER)).shuffle(order)
    return order


async def decided_once(store: Store, receipts: list[str], told: list[str]) -> None:
    """Each receipt has one decision in force, and one signer was told so."""
    rows = await store.read.rows(
        'select receipt_id, count(*) from "release" where superseded_at is null group by receipt_id'
    )
    assert {receipt: int(count) for receipt, count in rows} == dict.fromkeys(receipts, 1)
    assert Counter(told) == Counter(receipts)


@pytest.mark.proves("REL-4")
async def test_forty_signers_on_a_hundred_lots_give_a_hundred_decisions(store: Store) -> None:
    factory, receipts = await lots_to_decide(store)
    signers = [factory[f"supervisor{number}"] for number in range(SIGNERS)]
    passkeys = await asyncio.gather(*(give_passkey(store, who) for who in signers))
    told: list[str] = []
    lost = 0

    async def press(who: Who, passkey: SoftwarePasskey, number: int) -> None:
        nonlocal lost
        for receipt in shuffled(receipts, number):
            if await store.read.rows(DECIDED, receipt):
                continue  # the screen says so before anything is signed
            try:
                begun = await begin(store, who, receipt)
                await sign(store, who, passkey, receipt, begun)
                told.append(receipt)
            except (Refused, Stale) as refusal:
                lost += 1
                assert {reason.code for reason in refusal.reasons} <= LOST_RACE

    await asyncio.gather(
        *(press(*pair, number) for number, pair in enumerate(zip(signers, passkeys, strict=True)))
    )
    await decided_once(store, receipts, told)
    assert lost > LOTS
    [(signatures, events, released)] = await store.read.rows(
        "select (select count(*) from signature), "
        "(select count(*) from event where type = 'release_signed'), "
        "(select count(*) from lot where status = 'released')"
    )
    assert (signatures, events, released) == (LOTS, LOTS, LOTS)


async def test_reading_first_and_writing_then_releases_lots_twice(store: Store) -> None:
    receipts = [store.new_id() for _ in range(LOTS)]
    await store.database.script(["drop index release_in_force"])
    passkey, told = SoftwarePasskey(), []
    table: TableOf[Release] = table_of(Release, store.database.dialect)

    async def press(number: int) -> None:
        for receipt in shuffled(receipts, number):
            if await store.database.fetch(DECIDED, receipt):
                continue
            await asyncio.to_thread(passkey.sign, receipt.encode())
            release = Release(
                store.new_id(), SITE, "", receipt, "release", "", f"supervisor{number}", store.clock()
            )
            async with store.database.writing() as writer:
                await writer.insert_many(table.insert, [table.encode(release)])
            told.append(receipt)

    await asyncio.gather(*(press(number) for number in range(SIGNERS)))
    with pytest.raises(AssertionError):
        await decided_once(store, receipts, told)
