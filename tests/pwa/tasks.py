"""The core tasks of the phone as a hurried person does them, with what they cost: taps, characters, scans, seconds.

| task | begins | ends |
|---|---|---|
| receive | the scan screen opens, a label before the camera | received, or stored for the network |
| inspect | the work list | the last of ten items is answered |
| release | the list of notices, a session that has signed before | signed |
| row | the scan screen, continuous mode | the last of the lots is in the list |
| resume | the page is opened anew | the first open question of the inspection that was begun |

A tap is a trusted click: a keypad's own "done" is one too, since it submits the form.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from playwright.async_api import expect

from backend.demo.deliveries import DemoLabel
from backend.demo.people import BY_LOGIN
from tests.pwa.house import Phone

TAPS = """() => {
  window.taps = 0;
  addEventListener("click", event => { if (event.isTrusted) window.taps += 1; }, true);
}"""
A_TAP, A_CHARACTER, A_SCAN = 1.1, 0.4, 1.5
"""Seconds of a person: the rule of the budget table."""


async def taps(phone: Phone) -> int:
    """How often this page was touched since the counting began."""
    return int(await phone.page.evaluate("window.taps"))


class Cost(NamedTuple):
    """What a task took; `machine`: seconds by the clock from its first to its last moment."""

    taps: int
    characters: int
    scans: int
    machine: float

    @property
    def seconds(self) -> float:
        """By the rule of the table."""
        return self.machine + self.taps * A_TAP + self.characters * A_CHARACTER + self.scans * A_SCAN


class Counted:
    """Counts on one phone from now on."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.characters, self.scans = phone, 0, 0
        self.begun = time.perf_counter()

    @classmethod
    async def begin(cls, phone: Phone) -> Counted:
        """From zero."""
        await phone.page.evaluate(TAPS)
        return cls(phone)

    async def end(self) -> Cost:
        """What it came to."""
        machine = time.perf_counter() - self.begun
        return Cost(await taps(self.phone), self.characters, self.scans, machine)


async def receive(phone: Phone) -> Cost:
    """The camera reads a label that is expected; one tap."""
    counted = await Counted.begin(phone)
    await phone.go("/scan")
    answer = phone.at("scan-answer")
    await expect(answer).to_be_visible(timeout=60_000)
    counted.scans += 1
    await phone.tap("receive")
    await expect(phone.page.locator(RECEIVED)).to_be_visible()
    return await counted.end()


RECEIVED = "[data-testid=scan-answer]:is([data-outcome=done], [data-outcome=waiting])"


async def untouched(phone: Phone, attributes: int = 6, measured: int = 4) -> dict[str, Any]:
    """The sheet of an inspection with so many questions of each kind that nobody has begun."""
    for one in (await phone.api("/api/worklist"))["inspections"]:
        if one["answered"]:
            continue
        sheet: dict[str, Any] = await phone.api(f"/api/inspections/{one['id']}")
        kinds = [item["characteristic"]["kind"] for item in sheet["items"]]
        if (kinds.count("attribute"), kinds.count("numeric"), len(kinds)) == (attributes, measured, 10):
            return sheet
    raise LookupError("no inspection of six counted and four measured items waits")


async def inspect(phone: Phone, sheet: dict[str, Any]) -> Cost:
    """From the work list: a button, or digits and the keypad's own "done"."""
    line = phone.page.locator(f'[data-testid=work-inspection][href$="{sheet["id"]}"]')
    await expect(line).to_be_visible()
    counted = await Counted.begin(phone)
    await phone.touch(line)
    for item in sheet["items"]:
        question = phone.page.locator(f'[data-testid=question][data-item="{item["key"]}"]')
        await expect(question).to_be_visible()
        if item["characteristic"]["kind"] == "attribute":
            await phone.tap("all-conform")
            continue
        field, value = phone.at("answer"), reading(item["characteristic"])
        await expect(field).to_be_focused()
        counted.characters += len(value)
        await field.fill(value)
        await field.press("Enter")
    await expect(phone.at("inspection-done")).to_be_visible()
    return await counted.end()


async def resume(phone: Phone, sheet: dict[str, Any], answered: int = 4) -> Cost:
    """The page went away in the middle: opened again, one tap leads to the question where it stood."""
    await phone.go(f"/inspections/{sheet['id']}")
    for item in sheet["items"][:answered]:
        question = phone.page.locator(f'[data-testid=question][data-item="{item["key"]}"]')
        await expect(question).to_be_visible()
        await phone.tap("all-conform")
    following = sheet["items"][answered]["key"]
    question = phone.page.locator(f'[data-testid=question][data-item="{following}"]')
    await expect(question).to_be_visible()
    await phone.go("/")
    await phone.page.add_init_script(f"({TAPS})()")
    begun = time.perf_counter()
    await phone.page.reload(wait_until="commit")
    line = phone.page.locator(f'[data-testid=work-inspection][href$="{sheet["id"]}"]')
    await phone.touch(line)
    await expect(question).to_be_visible()
    return Cost(await taps(phone), 0, 0, time.perf_counter() - begun)


def reading(characteristic: dict[str, Any]) -> str:
    """A value within the limits, as few digits as the resolution allows."""
    value = characteristic["target"] or characteristic["lower"] or characteristic["upper"]
    return format(Decimal(value), "f")


async def first_signature(phone: Phone, receipt_id: str, login: str = "sun") -> None:
    """The one with the password; the phone has this person's passkey."""
    await phone.go(f"/receipts/{receipt_id}/release")
    await phone.tap("meaning-release")
    await phone.write("sign-password", BY_LOGIN[login].password)
    await phone.accept()
    await phone.tap("sign")
    await expect(phone.at("released")).to_be_visible()


async def release(phone: Phone, receipt_id: str) -> Cost:
    """From the notice; the finger on the passkey is no tap."""
    await phone.go("/notices")
    notice = phone.page.locator(f'[data-testid=notice][href*="{receipt_id}"]').first
    await expect(notice).to_be_visible()
    counted = await Counted.begin(phone)
    await phone.touch(notice)
    await phone.tap("meaning-release")
    await expect(phone.at("digest")).to_be_visible()
    await phone.tap("sign")
    await expect(phone.at("released")).to_be_visible()
    return await counted.end()


async def row(phone: Phone, labels: Sequence[DemoLabel]) -> Cost:
    """Labels one after the other by hand scanner; where several deliveries fit, a person says which."""
    await phone.go("/scan")
    await expect(phone.at("continuous")).to_be_visible()
    counted = await Counted.begin(phone)
    await phone.at("continuous").check()
    for label in labels:
        before = await phone.at("run-lot").count()
        await phone.scan(label.text)
        counted.scans += 1
        card = phone.at("scan-answer")
        await expect(phone.at("run-lot").nth(before).or_(card).first).to_be_visible()
        if await card.count() == 0:
            continue
        fitting = card.get_by_text(label.order).first
        if await fitting.count() == 0:
            raise LookupError(f"{label.text}: {await card.inner_text()}")
        await phone.touch(fitting)
        await expect(phone.page.locator(RECEIVED)).to_be_visible()
        await phone.tap("scan-next")
    return await counted.end()
