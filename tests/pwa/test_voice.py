"""A reading that is said: one number or none, shown and read back, recorded by the person only."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.pwa.house import House
from tests.pwa.rules import Ask
from tests.pwa.views import enter, inspection, to_question

SAID = [
    ("4.11", "4.11"),
    ("four point one one", "4.11"),
    ("four point one one millimetres", "4.11"),
    ("minus two point five", "-2.5"),
    ("oh point zero three", "0.03"),
    ("四点一一", "4.11"),
    ("四点一一毫米", "4.11"),
    ("负零点五", "-0.5"),
    ("二十五点三", "25.3"),
    ("十二", "12"),
    ("二十", "20"),
    ("１２．５", "12.5"),
    ("conforming", None),
    ("", None),
    ("four ten", None),
    ("4 and then 5", None),
    ("三百", None),
    ("point", None),
]
RECOGNISER = """() => {
  window.webkitSpeechRecognition = class extends EventTarget {
    start() {
      const event = new Event("result");
      event.results = [[{ transcript: "well" }, { transcript: window.toSay }]];
      setTimeout(() => { this.dispatchEvent(event); this.dispatchEvent(new Event("end")); });
    }
    abort() {}
  };
  window.readBack = [];
  speechSynthesis.speak = said => window.readBack.push(said.text);
}"""
"""In the place of the browser's own, which sends the sound to its maker."""


@pytest.mark.parametrize(("heard", "number"), SAID, ids=[said or "silence" for said, _ in SAID])
def test_a_number_is_heard_or_nothing(ask: Ask, heard: str, number: str | None) -> None:
    assert ask(("numberIn", heard)) == [number]


async def test_what_was_said_is_shown_and_read_back_and_not_recorded(house: House) -> None:
    async with house.phone() as phone:
        await phone.page.add_init_script(f"({RECOGNISER})()")
        await phone.page.add_init_script("localStorage.setItem('lotgate.voice', 'yes')")
        await enter(phone, "li", "en")
        await phone.go(await inspection(phone))
        await to_question("numeric")(phone)
        item = await phone.at("question").get_attribute("data-item")
        await phone.page.evaluate("window.toSay = 'I cannot see it'")
        await phone.tap("voice")
        await expect(phone.at("voice-said")).to_contain_text("No number")
        await phone.page.evaluate("window.toSay = 'four point one one'")
        await phone.tap("voice")
        await expect(phone.at("answer")).to_have_value("4.11")
        await expect(phone.at("voice-said")).to_contain_text("Heard: 4.11")
        assert (await phone.page.evaluate("readBack"))[0].startswith("4.11")
        assert await phone.at("question").get_attribute("data-item") == item, "nothing was recorded"
