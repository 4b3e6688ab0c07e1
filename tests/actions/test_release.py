"""Deciding on a receipt: what stands in the way, who may sign, that one decision comes of it (REL-1..4)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.sign_release import Released
from backend.domain.errors import NotAllowed
from backend.domain.lots import Portion, Receipt
from backend.domain.notices import Job, Notice
from backend.domain.signatures import Release, Signature
from backend.domain.sites import Location
from backend.store.inspecting import case_of
from tests.actions.floor import Floor, codes, on_record, refusal


@pytest.mark.proves("REL-2", "REL-1")
@pytest.mark.parametrize(
    ("odd", "until", "expected"),
    [
        ({}, 0, ["items_missing"]),
        ({}, 3, ["items_missing"]),
        ({"TIP-0": "1"}, 4, ["inspection_failed", "ncr_open"]),
        ({"TIP-0": "1"}, 3, ["items_missing", "ncr_open"]),
        ({"LEN-1": ">24.0"}, 4, ["items_undecidable"]),
    ],
)
async def test_every_reason_is_said_at_once_before_and_at_the_button(
    floor: Floor, odd: dict[str, str], until: int, expected: list[str]
) -> None:
    received = await floor.receive("0412/2")
    assert received.inspection is not None
    if until:
        await floor.shift.inspect(received.inspection.id, "li", odd, until)
    sun = (await floor.sign_in("sun")).who
    before = await on_record(floor.store)
    assert await codes(floor.begin(sun, received.receipt_id)) == expected
    assert await on_record(floor.store) == before


@pytest.mark.proves("REL-2")
async def test_an_expired_lot_can_only_be_rejected(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    floor.clock.forward(floor.clock.now + timedelta(days=3 * 366))
    sun = (await floor.sign_in("sun")).who
    assert await codes(floor.begin(sun, received.receipt_id)) == ["lot_expired"]
    begun = await floor.begin(sun, received.receipt_id, "reject")
    done = await floor.sign(sun, floor.by_password(sun, received.receipt_id, begun))
    assert done.decision == "reject"


async def test_what_was_released_is_on_record_and_stands_with_released_stock(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    done = await floor.shift.sign(received.receipt_id)
    read = floor.store.read
    portion = await read.first(Portion, "lot_id = $1", received.lot_id)
    assert portion is not None and portion.status == "released"
    assert (await read.get(Location, portion.location_id)).kind == "released"
    release = await read.get(Release, done.release_id)
    signature = await read.get(Signature, release.signature_id)
    assert (release.decision, release.receipt_id) == ("release", received.receipt_id)
    assert (signature.printed_name, signature.meaning, signature.method) == (
        "孙梅",
        "release",
        "password_totp",
    )
    assert await read.first(Job, "kind = 'issue_certificate' and subject_id = $1", release.id) is not None
    li = await floor.who("li")
    told = await read.all(
        Notice, "person_id = $1 and code = 'lot_released' order by created_at", li.person_id
    )
    assert told[-1].subject_id == received.lot_number


def naive_may_release(signer: str, last_reader: str) -> bool:
    """The broken twin of REL-3: looks at whoever answered last."""
    return signer != last_reader


@pytest.mark.proves("REL-3")
async def test_who_contributed_a_result_does_not_release_it(floor: Floor) -> None:
    """The quality manager is made an inspector too and answers one item; a later one is another's."""
    zhou = (await floor.sign_in("zhou")).who
    await grant(floor, zhou.person_id, "inspector")
    received = await floor.receive("0412/2")
    assert received.inspection is not None
    await floor.shift.inspect(received.inspection.id, "zhou", until=1)
    rest = await remaining(floor, received.inspection.id)
    assert rest == ["TIP-0", "LEN-1", "COA-1"]
    li = await floor.who("li")
    await answer_rest(floor, received.inspection.id, "li")
    assert await codes(floor.begin(zhou, received.receipt_id)) == ["own_result"]
    assert await codes(floor.begin(zhou, received.receipt_id, "reject")) == ["own_result"]
    assert naive_may_release(zhou.person_id, li.person_id), "the twin lets the first contributor sign"
    assert (await floor.shift.sign(received.receipt_id, login="sun")).decision == "release"


async def grant(floor: Floor, person_id: str, role: str) -> None:
    """One more role, straight into the table: there is no action for it yet."""
    async with floor.store.database.writing() as writer:
        await writer.fetch(
            "insert into role_grant (id, site_id, person_id, role) values ($1, $2, $3, $4)",
            floor.new_id(), floor.site_id, person_id, role,
        )  # fmt: skip


async def remaining(floor: Floor, inspection_id: str) -> list[str]:
    case = await case_of(floor.store.read, inspection_id)
    answered = {reading.item_key for reading in case.readings}
    return [item.key for item in case.asked if item.key not in answered]


async def answer_rest(floor: Floor, inspection_id: str, login: str) -> None:
    values = {"LEN-1": "25.0", "COA-1": "CoA 77"}
    entries = [
        Entry(item_key=key, entered=values.get(key, "0")) for key in await remaining(floor, inspection_id)
    ]
    command = RecordResults(id=floor.new_id(), inspection_id=inspection_id, entries=entries)
    await record_results(floor.store, await floor.who(login), command)


@pytest.mark.proves("REL-10", "REL-3")
async def test_who_may_not_release_is_refused_at_the_button(floor: Floor) -> None:
    received = await floor.inspected("0412/2", "garcia")
    for login in ("wang", "li", "zhao", "novak", "admin"):
        who = (await floor.sign_in(login)).who
        begun = await floor.begin(who, received.receipt_id)
        error = await refusal(floor.sign(who, floor.by_password(who, received.receipt_id, begun)))
        assert isinstance(error, NotAllowed) and error.reasons[0].code == "not_allowed", login
    assert await floor.count("signature where subject_id = $1", received.receipt_id) == 0


async def naive_release(row: dict[str, int]) -> None:
    """The broken twin of REL-4: reads, checks, writes."""
    decided = row["decisions"]
    await asyncio.sleep(0)
    if decided == 0:
        row["decisions"] += 1


@pytest.mark.proves("REL-4")
async def test_however_many_press_at_once_one_decision_comes_of_it(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    presses = []
    for login in ("sun", "zhou") * 3:
        who = (await floor.sign_in(login)).who
        begun = await floor.begin(who, received.receipt_id)
        presses.append((who, floor.by_password(who, received.receipt_id, begun)))
    results = await asyncio.gather(*(floor.sign(*each) for each in presses), return_exceptions=True)
    assert len([each for each in results if isinstance(each, Released)]) == 1
    assert await floor.count("release where receipt_id = $1", received.receipt_id) == 1
    assert await floor.count("signature where subject_id = $1", received.receipt_id) == 1
    twin = {"decisions": 0}
    await asyncio.gather(*(naive_release(twin) for _ in presses))
    assert twin["decisions"] == len(presses), "the twin decides as often as it was pressed"


async def test_a_decided_receipt_is_not_decided_again(floor: Floor) -> None:
    received = await floor.inspected("0412/2")
    await floor.shift.sign(received.receipt_id)
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(floor.begin(zhou, received.receipt_id)) == ["decided_already"]
    receipt = await floor.store.read.get(Receipt, received.receipt_id)
    assert receipt.version == 1
