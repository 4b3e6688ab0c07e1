"""How many there are, counted by scanning: one label after the other, each piece once, no other lot among them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Playwright, expect

from tests.pwa.deliveries import expected
from tests.pwa.house import House, running_house
from tests.pwa.rules import Ask
from tests.pwa.views import enter

BOX = {
    "device_identifier": "09527101000018",
    "lot": "A1",
    "serial": None,
    "quantity": "250",
    "expiry": "2028-11-30",
}
PIECE = BOX | {"quantity": None}


@pytest.mark.proves("LBL-4")
def test_each_label_of_the_lot_adds_what_stands_on_it_and_nothing_else_counts(ask: Ask) -> None:
    boxes = [BOX, BOX, BOX | {"quantity": "12.5"}, BOX | {"lot": "A2"}, BOX | {"device_identifier": "1"}, BOX]
    assert ask(("counts", boxes)) == [[["counted", "counted", "other", "other", "counted"], "762.5"]]
    days = [BOX, BOX | {"expiry": "2028-10-31"}, BOX | {"expiry": None}]
    assert ask(("counts", days)) == [[["other", "counted"], "500"]], "one lot has one expiry"
    pieces = [PIECE | {"serial": serial} for serial in ("S1", "S2", "S1", "S3", "S2")]
    assert ask(("counts", pieces)) == [[["counted", "again", "counted", "again"], "3"]]
    assert ask(("counts", [PIECE, PIECE])) == [[["counted"], "2"]], "without a serial each label is one more"


def test_a_counter_that_adds_whatever_is_scanned_is_caught(ask: Ask) -> None:
    labels = [BOX, BOX | {"lot": "A2"}, PIECE | {"serial": "S1"}, PIECE | {"serial": "S1"}]
    assert ask(("countsAnything", labels)) != ask(("counts", labels))


@pytest.fixture(scope="module")
async def dock(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of its own: these tests leave deliveries half received."""
    async with running_house(tmp_path_factory.mktemp("dock") / "data", playwright) as running:
        yield running


@pytest.mark.parametrize("online", [True, False], ids=["online", "no network"])
async def test_boxes_are_counted_by_hand_scanner_and_received_as_counted(dock: House, online: bool) -> None:
    label, other = await expected(dock, [("SPK-02", "QH"), ("CAP-04", "QH")])
    box = label.text.replace(f"(30){label.quantity}", "(30)250")
    assert box != label.text
    async with dock.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.ready_for_offline()
        await phone.network(online)
        await phone.scan(box)
        await phone.tap("change")
        await phone.tap("count-by-scan")
        await expect(phone.at("count-sum")).to_have_text("250")
        for boxes in (2, 3, 4):
            await phone.scan(box)
            await expect(phone.at("count-sum")).to_have_text(str(boxes * 250))
        await phone.scan(other.text)
        await expect(phone.at("count-said")).to_have_attribute("data-how", "other")
        await phone.tap("count-back")
        await expect(phone.at("count-sum")).to_have_text("750")
        await phone.tap("count-take")
        await expect(phone.at("change-quantity")).to_have_value("750")
        await phone.at("receive").filter(has_text=label.order.split("/")[0]).first.click()
        await expect(phone.at("scan-answer")).to_have_attribute(
            "data-outcome", "done" if online else "waiting"
        )
        await phone.network(True)
        await phone.arrived(label.lot)
        found = (await phone.api(f"/api/lots?search={label.lot}"))["lots"]
    assert [one["quantity"].split(".")[0] for one in found] == ["750"]
