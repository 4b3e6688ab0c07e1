"""The changing door itself: groups, refusals, failures, callers that go away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import msgspec
import pytest

from backend.domain.errors import Stale, refuse
from backend.domain.items import OrderLine, Supplier
from backend.domain.people import Who
from backend.domain.security import Plain, system
from backend.store.change import Change
from backend.store.door import Store
from tests.actions.floor import last_event, refusal

SITE = "0190-site"
Work = Callable[[Change], Awaitable[None]]


def supplier(code: str, id: str | None = None) -> Supplier:
    return Supplier(id or f"id-{code}", SITE, code, "Name", "approved")


def adding(*suppliers: Supplier) -> Work:
    async def work(tx: Change) -> None:
        for each in suppliers:
            tx.insert(each)
        tx.record("suppliers_added", "site", SITE)

    return work


async def broken(tx: Change) -> None:
    tx.insert(supplier("BROKEN"))
    raise ZeroDivisionError


async def unwilling(tx: Change) -> None:
    tx.insert(supplier("UNWILLING"))
    raise refuse("no_reason")


async def silent(tx: Change) -> None:
    tx.insert(supplier("SILENT"))


def doing(store: Store, work: Work, who: Who | None = None) -> Awaitable[None]:
    return store.change(who or system(SITE), "test", Plain(store.new_id()), work, None)


async def suppliers(store: Store) -> list[str]:
    return [row[0] for row in await store.read.rows("select code from supplier order by code")]


@pytest.mark.parametrize("spoiler", [broken, unwilling, silent, adding(supplier("A", "other"))])
async def test_one_that_fails_spoils_none_of_its_group(store: Store, spoiler: Work) -> None:
    works = [adding(supplier("A")), spoiler, adding(supplier("B")), adding(supplier("C"))]
    results = await asyncio.gather(*(doing(store, work) for work in works), return_exceptions=True)
    assert [isinstance(each, BaseException) for each in results] == [False, True, False, False]
    assert await suppliers(store) == ["A", "B", "C"]


async def naive_group(store: Store, works: list[Work]) -> bool:
    """The broken twin: one transaction, and whoever fails takes all along."""
    try:
        async with store.database.writing() as writer:
            for work in works:
                change = Change(store.database.dialect, writer, system(SITE), store.clock(), store.new_id)
                await work(change)
                await change.write(0, None, None, None)
    except ZeroDivisionError:
        return False
    return True


async def test_the_twin_loses_the_whole_group(store: Store) -> None:
    assert not await naive_group(store, [adding(supplier("A")), broken])
    assert await suppliers(store) == []


@pytest.mark.proves("REL-10", "AUD-1")
async def test_a_refused_attempt_and_a_conflict_stay_in_the_log(store: Store) -> None:
    assert (await refusal(doing(store, unwilling))).reasons[0].code == "no_reason"
    assert (await last_event(store))["facts"]["kind"] == "Refused"
    await doing(store, adding(supplier("A")))
    assert isinstance(await refusal(doing(store, adding(supplier("A", "other")))), Stale)
    event = await last_event(store)
    assert (event["type"], event["facts"]["kind"]) == ("refused", "Stale")
    assert [row[0] for row in await store.read.rows("select type from event order by seq")] == [
        "refused", "suppliers_added", "refused",
    ]  # fmt: skip


async def test_rows_without_an_event_are_not_written(store: Store) -> None:
    with pytest.raises(RuntimeError, match="without an event"):
        await doing(store, silent)
    assert await suppliers(store) == []


async def test_a_change_of_something_changed_meanwhile_leaves_nothing_half_done(store: Store) -> None:
    """The second update rests on a version that is gone: the first one goes back too."""
    line = OrderLine("l1", SITE, "PO", 1, "i", "s", Decimal(5), Decimal(0), "c", "t", "2026-12-01")

    async def add(tx: Change) -> None:
        tx.insert(supplier("A"))
        tx.insert(line)
        tx.record("line_added", "site", SITE)

    async def late(tx: Change) -> None:
        tx.update(await tx.get(Supplier, "id-A"), status="blocked")
        tx.update(msgspec.structs.replace(line, version=7), received=Decimal(5))
        tx.record("line_received", "site", SITE)

    await doing(store, add)
    assert isinstance(await refusal(doing(store, late)), Stale)
    assert (await store.read.get(Supplier, "id-A")).status == "approved"
    assert (await store.read.get(OrderLine, "l1")).received == 0


async def test_a_caller_that_goes_away_leaves_nothing_half_done(store: Store) -> None:
    gate = asyncio.Event()

    async def slow(tx: Change) -> None:
        tx.insert(supplier("SLOW"))
        tx.record("suppliers_added", "site", SITE)
        gate.set()
        await asyncio.sleep(0.05)

    caller = asyncio.ensure_future(doing(store, slow))
    await gate.wait()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    await doing(store, adding(supplier("NEXT")))
    assert await suppliers(store) == ["NEXT", "SLOW"]
    assert [row[0] for row in await store.read.rows("select seq from event order by seq")] == [0, 1]


async def test_two_hundred_commands_at_once_are_in_one_order(store: Store) -> None:
    works = [adding(supplier(f"S{place:03}")) for place in range(200)]
    await asyncio.gather(*(doing(store, work) for work in works))
    assert len(await suppliers(store)) == 200
    assert [row[0] for row in await store.read.rows("select seq from event order by seq")] == list(range(200))
