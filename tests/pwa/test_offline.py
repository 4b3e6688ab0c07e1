"""Without a network: deliveries and answers wait on the phone, and each arrives exactly once (DUP-1, DUP-2)."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Playwright, expect

from backend.demo.deliveries import DemoLabel
from backend.domain.labels import read_label
from tests.pwa.deliveries import expected, pieces
from tests.pwa.house import House, Phone, film_of, running_house
from tests.pwa.network import BadNetwork
from tests.pwa.views import enter

LOTS = 20
RELOAD_AFTER = 11
RECEIPTS = "/api/receipts"
KINDS = re.compile("new_lot|known_lot")


async def receive(
    phone: Phone, label: DemoLabel, quantity: str | None = None, *, camera: bool = False
) -> None:
    """Scan a label and receive it against its own order line; the network is off."""
    if camera:
        await phone.tap("nav-scan")
    else:
        await phone.scan(label.text)
    answer = phone.at("scan-answer")
    await expect(answer).to_have_attribute("data-kind", KINDS, timeout=30_000)
    if quantity is not None:
        await phone.tap("change")
        await phone.write("change-quantity", quantity)
    order, line = label.order.split("/")
    await phone.at("receive").filter(has_text=order).filter(has_text=line).first.click()
    await expect(answer).to_have_attribute("data-outcome", "waiting")
    await phone.go("/")


async def received(house: House) -> Counter[str]:
    """How many receipts the log has of each order line."""
    async with house.asked_by("zhou") as client:
        events = (await client.get("/api/log", params={"type": "lot_received"})).json()
    return Counter(f"{event['facts'].get('order')}/{event['facts'].get('line')}" for event in events)


async def send_all(phone: Phone) -> None:
    """Press "send now" until nothing waits: an answer that got lost ends each try."""
    await phone.go("/waiting")
    for _ in range(LOTS * 20):
        if not await held(phone, "waiting"):
            return
        await phone.page.evaluate(PRESS)
        await phone.page.wait_for_timeout(100)
    raise AssertionError("something still waits")


async def held(phone: Phone, state: str) -> int:
    """How many commands this phone holds that wait, or that need a person."""
    return int(await phone.page.evaluate(COUNT, state))


async def measured(phone: Phone) -> tuple[str, str, str, str]:
    """An open question about a length or a force: its screen, its key and two answers within its limits."""
    work = await phone.api("/api/worklist")
    for inspection in work["inspections"]:
        address = f"/inspections/{inspection['id']}"
        for item in (await phone.api(f"/api{address}"))["items"]:
            lower, upper = item["characteristic"]["lower"], item["characteristic"]["upper"]
            if item["reading"] is None and lower is not None and upper is not None:
                return address, item["key"], lower, upper
    raise AssertionError("nothing to measure")


async def answer(phone: Phone, key: str, entered: str) -> None:
    """Walk on to this question and answer it."""
    here = phone.page.locator(f'[data-testid=question][data-item="{key}"]')
    await expect(phone.at("question").or_(phone.at("answered"))).to_be_visible()
    while await here.count() == 0:
        await phone.tap("following")
    await phone.write("answer", entered)
    await phone.tap("record")
    await expect(phone.at("last-answer")).to_contain_text(entered)


async def collide(hers: Phone, his: Phone) -> tuple[str, str, str, str]:
    """She answers without a network, he is faster: the screen, the key, her answer and his, which is on record."""
    address, key, first, second = await measured(hers)
    await hers.ready_for_offline()
    await hers.go(address)
    await expect(hers.at("question")).to_be_visible()
    await hers.network(False)
    await hers.page.reload()
    await answer(hers, key, first)
    await his.go(address)
    await answer(his, key, second)
    await hers.network(True)
    await send_all(hers)
    return address, key, first, second


PRESS = "() => document.querySelector('[data-testid=send-now]')?.click()"
COUNT = """state => new Promise(done => {
  const opening = indexedDB.open("lotgate");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("outbox").objectStore("outbox").getAll();
    asking.onsuccess = () => { opening.result.close(); done(asking.result.filter(one => one.state === state).length); };
  };
})"""


@pytest.mark.proves("DUP-1")
async def test_twenty_lots_scanned_offline_arrive_once_each(house: House, tmp_path: Path) -> None:
    before = await received(house)
    labels = (await house.labels())[: LOTS + 1]
    too_much = labels.pop()
    film = film_of(labels[0], tmp_path / "label.y4m")
    async with house.phone(camera=film) as phone:
        await phone.sign_in("wang", "en")
        await phone.ready_for_offline()
        await phone.network(False)
        await receive(phone, labels[0], camera=True)
        for number, label in enumerate(labels[1:], start=2):
            await receive(phone, label, "10" if number % 5 == 0 else None)
            if number == RELOAD_AFTER:
                await phone.page.reload()
            await expect(phone.at("waiting-strip")).to_contain_text(f"{number} waiting")
        await receive(phone, too_much, "999999")
        await phone.page.reload()
        await expect(phone.at("waiting-strip")).to_contain_text(f"{LOTS + 1} waiting")
        assert await received(house) == before

        bad = BadNetwork(phone.page, RECEIPTS)
        await bad.begin()
        await phone.network(True)
        await send_all(phone)
        await bad.deliver_late(random.Random(7))

        assert await received(house) - before == Counter({label.order: 1 for label in labels})
        assert len(bad.sent) == LOTS + 1
        assert min(bad.sent.values()) >= 3
        assert bad.lost >= LOTS // 2, "answers were lost on the way"
        assert sorted(len(statuses) for statuses in bad.answers.values()) == [1] * (LOTS + 1), bad.answers
        refused = phone.at("needs-you")
        await expect(refused).to_have_count(1)
        await expect(refused).to_contain_text("999999")
        await phone.page.reload()
        await expect(refused).to_have_count(1)
        await expect(phone.at("waiting-strip")).to_contain_text("1 needs you")
        assert (await held(phone, "waiting"), await held(phone, "needs_you")) == (0, 1)
    assert await house.lotgate("log", "verify") == (0, "")


def is_exact(text: str) -> bool:
    """Whether a hand scanner's text can be read in one way only, wherever it may have lost a separator (LBL-2)."""
    return read_label(text, "", today=date.today()).error is None


async def test_a_phone_that_names_each_attempt_anew_is_caught(house: House) -> None:
    """The broken twin: the same network, but a repetition is a new command. The count shows the double."""
    before = await received(house)
    label = next(each for each in reversed(await house.labels()) if is_exact(each.text))

    def renamed(body: str) -> str:
        return json.dumps({**json.loads(body), "id": str(uuid4())})

    async with house.phone() as phone:
        await phone.sign_in("wang", "en")
        await phone.ready_for_offline()
        await phone.network(False)
        await receive(phone, label, "10")
        bad = BadNetwork(phone.page, RECEIPTS, renamed)
        await bad.begin()
        await phone.network(True)
        await send_all(phone)
        await bad.deliver_late(random.Random(7))
    assert (await received(house) - before)[label.order] > 1


@pytest.mark.proves("DUP-2")
async def test_two_offline_answers_to_one_item_are_both_kept(house: House) -> None:
    async with house.phone() as hers, house.phone() as his:
        await hers.sign_in("garcia", "en")
        await his.sign_in("li", "zh")
        address, key, first, second = await collide(hers, his)
        refused = hers.at("needs-you")
        await expect(refused).to_have_count(1)
        await expect(refused).to_contain_text("李娜")
        await expect(refused).to_contain_text(first)
        await expect(refused).to_contain_text(second)
        await hers.page.reload()
        await expect(refused).to_have_count(1)
    async with house.asked_by("zhou") as client:
        events = (await client.get("/api/log")).json()
        stored = (await client.get(f"/api{address}")).json()
    item = next(item for item in stored["items"] if item["key"] == key)
    assert (item["reading"]["entered"], item["reading"]["by"]) == (second, "李娜")
    conflicts = [
        reason["facts"]
        for event in events
        if event["type"] == "refused" and event["person"] == "Elena Garcia"
        for reason in event["facts"]["reasons"]
        if reason["code"] == "item_answered"
    ]
    assert [(one["item"], one["offered"], one["entered"]) for one in conflicts] == [(key, first, second)]


@pytest.mark.proves("DUP-2", "RES-5")
@pytest.mark.parametrize("holds", ["theirs", "mine"])
async def test_of_two_answers_side_by_side_a_person_says_which_one_holds(house: House, holds: str) -> None:
    async with house.phone() as hers, house.phone() as his:
        await enter(hers, "garcia", "en")
        await enter(his, "li", "zh")
        address, key, first, second = await collide(hers, his)
        card = hers.at("conflict")
        await expect(card.get_by_test_id("theirs")).to_have_text(second)
        await expect(card.get_by_test_id("mine")).to_have_text(first)
        if holds == "theirs":
            await hers.tap("keep-theirs")
        else:
            await hers.tap("mine-is-right")
            await hers.write("conflict-reason", "He read the wrong end")
            await hers.tap("conflict-correct")
        await expect(hers.at("needs-you")).to_have_count(0)
        await hers.page.get_by_text("Discarded on this phone").click()
        said = "the answer on record holds" if holds == "theirs" else "the record was corrected to it"
        await expect(hers.page.get_by_text(said)).to_be_visible()
        stored = await hers.api(f"/api{address}")
    reading = next(item for item in stored["items"] if item["key"] == key)["reading"]
    assert (reading["entered"], bool(reading["corrected"])) == (
        (second, False) if holds == "theirs" else (first, True)
    )


async def test_what_was_corrected_while_a_person_chose_is_shown_before_it_is_replaced(house: House) -> None:
    async with house.phone() as hers, house.phone() as his:
        await enter(hers, "garcia", "en")
        await enter(his, "li", "zh")
        address, key, first, second = await collide(hers, his)
        await expect(hers.at("theirs")).to_have_text(second)
        stored = next(
            item["reading"] for item in (await his.api(f"/api{address}"))["items"] if item["key"] == key
        )
        third = f"{stored['entered']}0"
        async with house.asked_by("li") as client:
            body = {"id": str(uuid4()), "entered": third, "reason": "read again", "confirmed": True}
            answer = await client.post(f"/api/readings/{stored['id']}/correction", json=body)
            assert answer.is_success, answer.text
        await hers.tap("mine-is-right")
        await hers.write("conflict-reason", "He read the wrong end")
        await hers.tap("conflict-correct")
        await expect(hers.at("theirs")).to_have_text(third)
        await expect(hers.at("mine")).to_have_text(first)
        reading = next(item for item in (await hers.api(f"/api{address}"))["items"] if item["key"] == key)[
            "reading"
        ]
        assert reading["entered"] == third, "nothing is replaced that nobody has seen"
        await hers.tap("keep-theirs")
        await expect(hers.at("needs-you")).to_have_count(0)


FORGETS = """id => new Promise(done => {
  const opening = indexedDB.open("lotgate");
  opening.onsuccess = () => {
    const db = opening.result;
    const writing = db.transaction("kept", "readwrite");
    const kept = writing.objectStore("kept");
    kept.getAllKeys().onsuccess = asked =>
      asked.target.result.filter(key => key.endsWith(id)).forEach(key => kept.delete(key));
    writing.oncomplete = () => { db.close(); done(null); };
  };
})"""
"""A phone that had no room, or no time, for this inspection's sheet."""


async def test_what_does_not_open_without_a_network_says_so_in_the_list(house: House) -> None:
    async with house.phone() as phone:
        await phone.sign_in("li", "en")
        await phone.ready_for_offline()
        first, second = (await phone.api("/api/worklist"))["inspections"][:2]
        await phone.network(False)
        await phone.page.reload()  # so that nothing is under way that would keep it again
        await expect(phone.at("work-inspection").first).to_be_visible()
        await phone.page.evaluate(FORGETS, first["id"])
        await phone.page.reload()
        line = phone.page.locator(f'[href$="{first["id"]}"]')
        await expect(line.get_by_test_id("not-on-this-phone")).to_be_visible()
        await expect(phone.at("not-on-this-phone")).to_have_count(1)
        await phone.touch(phone.page.locator(f'[href$="{second["id"]}"]'))
        await expect(phone.at("question")).to_be_visible()


async def test_a_list_that_loses_its_network_says_what_opens_and_what_is_missing_comes_by_itself(
    house: House,
) -> None:
    async with house.phone() as phone:
        await phone.sign_in("li", "en")
        await phone.ready_for_offline()
        missing = (await phone.api("/api/worklist"))["inspections"][0]["id"]
        await phone.go("/")
        line = phone.page.locator(f'[data-testid=work-inspection][href$="{missing}"]')
        await expect(line).to_be_visible()
        await expect(phone.at("not-on-this-phone")).to_have_count(0)
        await phone.page.evaluate(FORGETS, missing)
        await phone.network(False)  # while the list is being read
        await expect(line.get_by_test_id("not-on-this-phone")).to_be_visible()
        await expect(phone.at("not-on-this-phone")).to_have_count(1)
        await phone.touch(line)
        await expect(phone.at("error-summary")).to_contain_text("opens as soon as there is a network")
        await phone.network(True)
        await expect(phone.at("question")).to_be_visible()
        await expect(phone.at("error-summary")).to_have_count(0)


@pytest.fixture
async def busy_house(playwright: Playwright, tmp_path: Path) -> AsyncIterator[House]:
    """A house of its own: what lies there afterwards would crowd the lists of others."""
    async with running_house(tmp_path / "data", playwright) as running:
        yield running


async def test_every_inspection_of_a_long_list_opens_without_a_network(busy_house: House) -> None:
    """More than a shift's work: the phone keeps them all, mine first; what the list leaves out it counts."""
    labels = await expected(busy_house, pieces(16) * 7, received=True)
    assert len(labels) > 100
    async with busy_house.phone() as phone:
        await phone.sign_in("li", "en")
        await phone.ready_for_offline()
        work = await phone.api("/api/worklist")
        assert (len(work["inspections"]), work["inspections_more"] > 0) == (100, True)
        await phone.network(False)
        await phone.page.reload()
        await expect(phone.at("work-inspection")).to_have_count(100)
        await expect(phone.at("not-on-this-phone")).to_have_count(0)
        await expect(phone.at("more-inspections")).to_contain_text(f"{work['inspections_more']} more")
        await phone.touch(phone.at("work-inspection").last)
        await expect(phone.at("question")).to_be_visible()
