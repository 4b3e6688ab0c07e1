"""What arrived is not what was expected: each difference is a card with its two or three ways out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from backend.domain.receiving import EXPIRY_NEAR, expiry_near
from tests.pwa.house import House
from tests.pwa.rules import Ask
from tests.pwa.views import enter

TODAY = date(2026, 11, 29)
GTIN = "09527101000018"
LINE = {
    "id": "l1", "purchase_order": "PO-1", "line": 1, "open": "3000.000", "status": "open",
    "item": {"unit": "pcs"}, "identifiers": [{"scheme": "gtin", "value": GTIN}],
}  # fmt: skip
OTHER = LINE | {"id": "l2", "open": "1200"}

CASES: list[tuple[str, str, list[dict[str, Any]], list[tuple[str, list[str]]]]] = [
    ("as ordered", "(30)3000", [LINE], []),
    ("more", "(30)3001", [LINE], [("over", ["take_open", "count_again", "aside"])]),
    ("less", "(30)2999", [LINE], [("short", ["take_short", "count_again"])]),
    ("less than one of two", "(30)1200", [LINE, OTHER], []),
    ("more than each of two", "(30)3001", [OTHER, LINE], [("over", ["take_open", "count_again", "aside"])]),
    ("of nothing ordered", "(30)3000", [LINE | {"status": "closed"}], [("not_expected", ["expected", "aside"])]),
    ("of no item of ours", "(30)3000", [], [("wrong_item", ["expected", "aside"])]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "lines", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_each_difference_has_its_ways_out(
    ask: Ask, amount: str, lines: list[dict[str, Any]], expected: list[tuple[str, list[str]]]
) -> None:
    code = {"text": f"(01){GTIN}(17)281130{amount}(10)A1", "symbology_id": ""}
    scan = ask(("recognise", [code], lines, [], TODAY.isoformat()))[0]
    found = ask(("differences", scan))[0]
    assert [(one["code"], one["ways"]) for one in found] == expected


def test_phone_and_server_say_alike_what_expires_soon(ask: Ask) -> None:
    days = [TODAY + timedelta(by) for by in (-1, 0, 1, EXPIRY_NEAR.days - 1, EXPIRY_NEAR.days, 400)]
    labels = [[{"text": f"(01){GTIN}(17){day:%y%m%d}(10)A1", "symbology_id": ""}] for day in days]
    scans = ask(*(("recognise", label, [LINE], [], TODAY.isoformat()) for label in labels))
    on_phone = [
        [(one["code"], one["facts"]) for one in scan["warnings"] if one["code"] == "expiry_near"]
        for scan in scans
    ]
    on_server = [[(one.code, one.facts) for one in expiry_near(day.isoformat(), TODAY)] for day in days]
    assert on_phone == on_server
    assert [len(one) for one in on_phone] == [0, 1, 1, 1, 0, 0]


async def lone_line(phone: Any) -> dict[str, Any]:
    """An open delivery that is the only one of its code."""
    lines = [one for one in await phone.api("/api/deliveries") if one["status"] == "open"]
    codes = [line["identifiers"][0]["value"] for line in lines]
    line: dict[str, Any] = next(one for one in lines if codes.count(one["identifiers"][0]["value"]) == 1)
    return line


async def test_too_much_is_taken_up_to_the_order_and_a_missing_paper_holds_it(house: House) -> None:
    """Without a network: over by one, papers missing; what arrives later is the ordered quantity, held."""
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        line = await lone_line(phone)
        await phone.ready_for_offline()
        await phone.network(False)
        amount = f"(30){int(float(line['open'])) + 1}"
        await phone.scan(f"(01){line['identifiers'][0]['value']}(17)281130{amount}(10)DIFF-1")
        card = phone.at("difference")
        await expect(card).to_have_attribute("data-code", "over")
        await expect(phone.at("scan-answer")).to_have_attribute("data-tint", "amber")
        await phone.tap("trouble")
        await phone.at("trouble-papers_missing").check()
        await phone.tap("way-take_open")
        await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "waiting")
        await phone.network(True)
        await phone.go("/waiting")
        await expect(phone.at("waiting-entry")).to_have_count(0)
        await phone.arrived("DIFF-1")
        found = (await phone.api("/api/lots?search=DIFF-1"))["lots"]
        assert [(one["quantity"].split(".")[0], one["status"]) for one in found] == [
            (line["open"].split(".")[0], "held")
        ]
        card = await phone.api(f"/api/lots/{found[0]['number']}/card")
        assert [hold["code"] for hold in card["holds"]] == ["papers_missing"]


async def test_goods_that_expire_soon_or_have_expired(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "zh")
        line = await lone_line(phone)
        start = f"(01){line['identifiers'][0]['value']}"
        soon = date.today() + timedelta(days=30)
        await phone.scan(f"{start}(17){soon:%y%m%d}(10)DIFF-2")
        await expect(phone.page.locator("[data-testid=difference][data-code=expiry_near]")).to_be_visible()
        await expect(phone.at("receive")).to_be_visible()
        await phone.tap("way-aside")
        await phone.scan(f"{start}(17)200131(10)DIFF-3")
        await expect(phone.page.locator("[data-testid=difference][data-code=expired]")).to_be_visible()
        await expect(phone.at("receive")).to_have_count(0)
        assert (await phone.api("/api/lots?search=DIFF-2"))["lots"] == []
