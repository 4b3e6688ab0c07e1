"""Notices of the browser on the phone: they come while the page is shut, lead to their matter, and end at sign-out."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import CDPSession, expect

from tests.pwa.house import House, Phone
from tests.pwa.views import enter

SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag }) => ({ title, body, tag }))"""
PRESS = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


async def workers(phone: Phone) -> tuple[CDPSession, str]:
    """Chromium's own way to hand a service worker what a push service has brought."""
    session = await phone.context.new_cdp_session(phone.page)
    found: list[str] = []
    session.on("ServiceWorker.workerRegistrationUpdated",
               lambda said: found.extend(one["registrationId"] for one in said["registrations"]))  # fmt: skip
    await session.send("ServiceWorker.enable")
    while not found:
        await phone.page.wait_for_timeout(50)
    return session, found[-1]


async def test_a_notice_is_shown_and_leads_to_its_matter(house: House) -> None:
    async with house.phone() as phone:
        await phone.context.grant_permissions(["notifications"], origin=house.url)
        await enter(phone, "li", "zh")
        await phone.ready_for_offline()
        notice = next(one for one in await phone.api("/api/notices") if one["subject_kind"] == "inspection")
        session, registration = await workers(phone)
        card = {
            "title": "🔎 待检验",
            "body": "致：李娜",
            "link": f"https://elsewhere.example/n/{notice['id']}",
        }
        said = {"origin": house.url, "registrationId": registration, "data": json.dumps(card)}
        await session.send("ServiceWorker.deliverPushMessage", said)
        await phone.until(f"({SHOWN})().then(shown => shown.length === 1)")
        shown: list[dict[str, Any]] = await phone.page.evaluate(SHOWN)
        assert shown == [{"title": card["title"], "body": card["body"], "tag": card["link"]}]
        await phone.go("/settings")
        await phone.context.service_workers[0].evaluate(PRESS)
        await phone.page.wait_for_url(f"{house.url}/#/inspections/{notice['subject_id']}")
        await expect(phone.at("question").or_(phone.at("inspection-done"))).to_be_visible()


async def test_the_link_of_a_card_leads_to_its_matter_from_the_phone_too(house: House) -> None:
    """With a network to what it is about; without one to the notices that are on the phone."""
    async with house.phone() as phone:
        await enter(phone, "li", "en")
        await phone.ready_for_offline()
        notice = next(one for one in await phone.api("/api/notices") if one["subject_kind"] == "inspection")
        await phone.page.goto(f"{house.url}/n/{notice['id']}")
        await phone.page.wait_for_url(f"{house.url}/#/inspections/{notice['subject_id']}")
        await phone.network(False)
        await phone.page.goto(f"{house.url}/n/{notice['id']}")
        await phone.page.wait_for_url(f"{house.url}/#/notices")


async def test_a_browser_that_cannot_be_told_says_why_and_what_else_there_is(house: House) -> None:
    """No push service answers in this test's browser; where notices are forbidden, the way out is named."""
    async with house.phone() as phone:
        await phone.context.grant_permissions(["notifications"], origin=house.url)
        await enter(phone, "li", "en")
        await phone.ready_for_offline()
        await phone.go("/telling")
        await phone.tap("push-here")
        await expect(phone.at("push-obstacle")).to_contain_text("push service")
        await expect(phone.at("channel")).to_have_count(0)
