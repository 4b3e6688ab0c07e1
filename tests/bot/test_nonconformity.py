"""A nonconformity in chat: told, contained, decided, followed up, kept, closed (QUA-1)."""

from __future__ import annotations

import pytest

from tests.bot.conftest import ChatHouse
from tests.bot.floor import fail_tubing
from tests.stores import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
async def test_from_the_notice_to_the_follow_up_that_is_kept(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    number = await fail_tubing(house, garcia)
    await house.courier.once()
    assert number in novak.read()
    assert "What was done at once" in await novak.press("Contain")
    assert "on record" in await novak.say("roll 2 locked away")
    await novak.press("Decide")
    await novak.press("Use as is")
    await novak.say("0.15 mm over; joints hold 21 N <tested>")
    await novak.press("Yes")
    await novak.say("ask the supplier for the extrusion record")
    await novak.press("Elena Garcia")
    assert "Is there something" in await novak.press("7 days")
    said = await novak.press("No, decide now")
    assert "Decided: Use as is" in said and "ask the supplier" in said
    await house.courier.once()
    assert "For you, by" in garcia.read()
    await garcia.press("Done")
    assert "on record as done" in await garcia.say("record received, fits")
    rows = await house.rows(
        "select ncr.status, disposition, justification, outcome from ncr "
        "join follow_up on ncr_id = ncr.id where number = $1",
        number,
    )
    assert rows == [
        ("disposed", "use_as_is", "0.15 mm over; joints hold 21 N <tested>", "record received, fits")
    ]
    await novak.press("Close it")
    assert await house.rows("select status from ncr where number = $1", number) == [("closed",)]


async def test_notices_say_when_their_matter_is_done(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    number = await fail_tubing(house, garcia)
    await house.courier.once()
    await novak.press("Decide")
    await novak.press("Scrap")
    await novak.say("cut open")
    await novak.press("No, decide now")
    await house.courier.once()
    notice = next(text for text in novak.texts() if text.startswith("❗ NCR"))
    assert number in notice and "decided, Anna Novak" in notice
    assert "Contain" not in novak.buttons()
    assert any("🛑 failed" in text for text in garcia.texts())


async def test_a_report_that_changed_meanwhile_is_not_overwritten(house: ChatHouse) -> None:
    garcia, novak = await house.phone("garcia"), await house.phone("novak")
    zhou = await house.phone("zhou")
    number = await fail_tubing(house, garcia)
    await house.courier.once()
    await novak.press("Contain")
    ncr = (await house.rows("select id from ncr where number = $1", number))[0][0]
    await zhou.say("/worklist")
    await zhou.press(number)
    await zhou.press("遏制")
    await zhou.say("隔离")
    said = await novak.say("locked away")
    assert "changed this meanwhile" in said
    assert await house.rows("select containment from ncr where id = $1", ncr) == [("隔离",)]


async def test_an_inspector_has_no_say_in_it(house: ChatHouse) -> None:
    garcia = await house.phone("garcia")
    number = await fail_tubing(house, garcia)
    assert "❗" not in "".join(garcia.buttons())
    assert await house.rows("select status from ncr where number = $1", number) == [("open",)]
