"""What a phone's camera offers is offered, and nothing else: lens, light, zoom."""

from __future__ import annotations

from typing import Any

from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.views import enter

RICH = """() => {
  window.asked = [];
  const track = MediaStreamTrack.prototype;
  const { getCapabilities, applyConstraints } = track;
  track.getCapabilities = function () {
    return { ...getCapabilities.call(this), torch: true, zoom: { min: 1, max: 5, step: 0.5 } };
  };
  track.applyConstraints = function (constraints) {
    const [wish] = constraints.advanced ?? [];
    if (wish && ("zoom" in wish || "torch" in wish)) return Promise.resolve(void window.asked.push(wish));
    return applyConstraints.call(this, constraints);
  };
  const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () => {
    const found = await list();
    return [...found, { kind: "videoinput", deviceId: "tele", label: "Back Telephoto Camera", groupId: "" }];
  };
}"""
"""A phone with more than Chromium's own fake camera has: a second lens, a lamp, a zoom of five."""


async def test_a_plain_camera_shows_no_tools(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("camera")).to_have_js_property("readyState", 4)
        for tool in ("zoom", "torch", "lens"):
            await expect(phone.at(tool)).to_have_count(0)


async def test_a_rich_camera_is_zoomed_lit_and_its_lens_remembered(house: House) -> None:
    async with house.phone() as phone:
        await phone.page.add_init_script(f"({RICH})()")
        await enter(phone, "wang", "en")
        await phone.go("/scan")
        await expect(phone.at("zoom")).to_be_visible()
        await phone.at("zoom").fill("2.5")
        await phone.tap("torch")
        await expect(phone.at("torch")).to_have_attribute("aria-pressed", "true")
        asked: list[dict[str, Any]] = await phone.page.evaluate("window.asked")
        assert asked == [{"zoom": 2.5}, {"torch": True}]

        first = await phone.at("lens").input_value()
        assert first not in ("", "tele")
        await phone.at("lens").select_option(label="Back Telephoto Camera")
        # This lens does not answer here: the page takes any rear camera, and says which one it has.
        await expect(phone.at("lens")).to_have_value(first)
        await expect(phone.at("torch")).to_have_attribute("aria-pressed", "false")
        await phone.at("lens").select_option(first)
        await phone.page.reload()
        await expect(phone.at("lens")).to_have_value(first)
