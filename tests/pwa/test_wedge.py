"""Hand scanners: whatever layout, separator, prefix and suffix they send, the label's text arrives (LBL-9)."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from playwright.async_api import expect

from tests.pwa.house import House, Phone
from tests.pwa.rules import Ask
from tests.pwa.scanner_keys import Fnc1, Key, System, pressed
from tests.pwa.views import enter

GTIN = "07612345678900"
LABEL = f"01{GTIN}17281130\x1d10Zy-7/Qm_a\x1d21AW+2"
TEST = "010950600013435210Zy-7/Qm_a\x1d21AW+2"
SEND = """([keys, suffix, pauses]) => {
  const at = document.activeElement ?? document.body;
  let now = performance.now();
  const press = ({ key, code, shift, ctrl, alt, caps }, place) => {
    const event = new KeyboardEvent("keydown", {
      key, code, shiftKey: shift, ctrlKey: ctrl, altKey: alt, modifierCapsLock: caps, bubbles: true, cancelable: true,
    });
    now += pauses[place] ?? 5;
    Object.defineProperty(event, "timeStamp", { value: now });
    at.dispatchEvent(event);
  };
  keys.forEach(press);
  if (suffix) press({ key: suffix, code: suffix }, keys.length);
}"""


async def scan(
    phone: Phone, keys: list[Key], suffix: str = "Enter", pauses: dict[int, int] | None = None
) -> None:
    """A key each 5 ms, and the suffix; `pauses`: ms before a key, by its place."""
    await phone.page.evaluate(SEND, [keys, suffix, pauses or {}])


@pytest.mark.proves("LBL-9")
def test_the_label_arrives_from_every_scanner_on_every_system(ask: Ask) -> None:
    table = [
        (system, fnc1, text)
        for system, fnc1, text in product(get_args(System), get_args(Fnc1), (LABEL, f"]d2{LABEL}"))
        if fnc1
    ]
    # Once the self-test has found it out, keys are read as they are.
    answers = ask(*(("scannedText", pressed(text, system, fnc1), "us") for system, fnc1, text in table))
    for (system, fnc1, text), answer in zip(table, answers, strict=True):
        assert answer == text.replace("\x1d", fnc1 if fnc1 in ("{GS}", "\u241d") else "\x1d"), (system, fnc1)


@pytest.mark.proves("LBL-9")
def test_without_a_self_test_a_text_that_is_no_label_is_read_by_its_keys(ask: Ask) -> None:
    for system in ("us", "fr", "chinese_input", "caps_lock"):
        keys = pressed(LABEL, system, "ctrl")
        assert ask(("scannedText", keys, "as_typed")) == [LABEL], system
    # A scanner that is set to the device's own layout: what the system makes of the keys is right.
    own = [{**key, "code": "KeyZ" if key["key"] == "y" else key["code"]} for key in pressed(LABEL)]
    assert ask(("scannedText", own, "as_typed")) == [LABEL]


FINDINGS = [
    # system, FNC1, prefix -> layout, separator, advice that must be among what is said
    ("us", "ctrl", "]d2", "as_typed", "ctrl", set()),
    ("us", "character", "", "as_typed", "character", {"prefix_wanted"}),
    ("us", "alt", "]d2", "as_typed", "alt", set()),
    ("us", "f8", "]d2", "as_typed", "f8", set()),
    ("us", "{GS}", "]d2", "as_typed", "text", set()),
    ("us", "", "", "as_typed", "none", {"separator_missing"}),
    ("us", "ctrl", "AB", "as_typed", "ctrl", {"prefix_unknown"}),
    ("de", "ctrl", "]d2", "us", "ctrl", {"layout_us"}),
    ("fr", "ctrl", "]d2", "us", "ctrl", {"layout_us"}),
    ("chinese_input", "ctrl", "]d2", "us", "ctrl", {"input_method"}),
    ("caps_lock", "ctrl", "]d2", "us", "ctrl", {"caps_lock"}),
]


@pytest.mark.proves("LBL-9")
def test_the_self_test_says_what_the_scanner_sends(ask: Ask) -> None:
    for system, fnc1, prefix, layout, separator, advice in FINDINGS:
        typed = ask(("typed", pressed(prefix + TEST, system, fnc1), "enter"))[0]  # type: ignore[arg-type]
        found = ask(("diagnose", typed))[0]
        case = (system, fnc1, prefix)
        assert (found["layout"], found["scan"]["separator"]) == (layout, separator), case
        assert found["prefix"] == prefix, case
        assert advice <= set(found["advice"]), case
        assert found["ok"] == (prefix != "AB" and separator != "none"), case
    other = ask(("typed", pressed("5901234123457"), "enter"))[0]
    assert ask(("diagnose", other))[0]["advice"][0] == "text_differs"


async def test_a_scanner_is_heard_with_any_suffix_and_its_test_is_remembered(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scanner")
        await expect(phone.page.get_by_role("img", name="Test code")).to_be_visible()
        await scan(phone, pressed(f"]d2{TEST}", "de"), "Tab")
        await expect(phone.at("scanner-finding")).to_have_attribute("data-ok", "true")
        await expect(phone.at("scanner-layout")).to_contain_text("US keyboard")
        await expect(phone.at("scanner-suffix")).to_have_text("Tab")
        # On another screen, in a field, without any suffix: the same scanner, a lot that a German system would garble.
        await phone.go("/lots")
        field = phone.page.locator("input").first
        await field.fill("kept")
        await field.focus()
        await scan(phone, pressed("(01)09506000134352(17)281130(10)ZYX-1", "de"), "")
        await expect(phone.at("scan-answer")).to_contain_text("ZYX-1")


@pytest.mark.proves("LBL-2", "LBL-9")
async def test_a_scanner_that_is_known_to_hand_every_separator_on_is_believed(house: House) -> None:
    """In another text (10)AB17281130 may be two fields between which one was lost."""
    label = pressed("010950600013435210AB17281130\x1d21S1", "us")
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        for known in (False, True):
            await phone.go("/lots")
            await scan(phone, label)
            card = phone.at("scan-answer")
            await expect(card).to_contain_text("09506000134352")
            await expect(card.get_by_test_id("choose-reading")).to_have_count(0 if known else 2)
            if known:
                await expect(card).to_contain_text("AB17281130")
                break
            await phone.go("/scanner")
            await scan(phone, pressed(TEST, "us"))
            await expect(phone.at("scanner-finding")).to_have_attribute("data-ok", "true")


async def test_a_scanner_that_pauses_is_heard_to_its_end(house: House) -> None:
    """Radio, or a busy phone: what comes after a pause is no label of its own, without its beginning."""
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/lots")
        await phone.page.locator("input").first.focus()
        keys = pressed("(01)09506000134352(17)281130(10)PAUSED-1", "us")
        await scan(phone, keys, pauses={9: 120, 35: 240, len(keys): 200})
        await expect(phone.at("scan-answer")).to_contain_text("PAUSED-1")
        await expect(phone.at("scan-answer")).to_contain_text("09506000134352")


async def test_a_slow_hand_that_ends_in_a_burst_is_no_scan(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan?type")
        await phone.at("manual-product").focus()
        await scan(phone, pressed("59012", "us"), pauses=dict.fromkeys(range(3), 130) | {5: 100})
        await scan(phone, pressed("34123457", "us"), pauses=dict.fromkeys(range(9), 110))
        await phone.page.wait_for_timeout(400)
        await expect(phone.at("scan-answer")).to_have_count(0)


async def test_a_person_who_types_fast_is_no_scanner(house: House) -> None:
    async with house.phone() as phone:
        await enter(phone, "wang", "en")
        await phone.go("/scan?type")
        await phone.at("manual-product").focus()
        await phone.page.keyboard.type("5901234123457", delay=60)
        await expect(phone.at("manual-product")).to_have_value("5901234123457")
        await expect(phone.at("scan-answer")).to_have_count(0)


async def test_the_drawn_code_says_what_the_test_expects(house: House) -> None:
    """Photographed from the screen and read, as soon as the page has stopped moving under the camera."""
    import cv2
    import numpy as np

    from scanner.reader import read

    async with house.phone() as phone:
        await enter(phone, "wang", "zh")
        await phone.go("/scanner")
        drawn = phone.page.locator("svg.code")
        place, shot = None, b""
        while place is None or place != await drawn.bounding_box():
            place = await drawn.bounding_box()
            shot = await drawn.screenshot()
            await phone.page.wait_for_timeout(300)
        grey = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert grey is not None
        codes = read(grey)
    assert [(code.text, code.symbology_id) for code in codes] == [(TEST, "]d2")]
