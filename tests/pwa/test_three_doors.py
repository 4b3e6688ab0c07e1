"""The same inspection by chat, by the phone's page and by API: the records agree field by field (Shows 6).

Whatever may differ is named here, by table; every other column of every row must be the same.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pyotp
import pytest
from playwright.async_api import Playwright, expect

from backend.demo.people import BY_LOGIN
from backend.domain.inspections import Inspection, Reading
from backend.domain.lots import Hold, Portion
from backend.domain.ncrs import Ncr
from backend.store.reader import Reader
from backend.store.sqlite import SqliteDatabase
from backend.store.tables import Noun
from tests.pwa.house import House, Phone, running_house
from tests.pwa.test_plans_page import receive_needles
from tests.pwa.views import enter
from tests.stores import new_id
from tests.web.walk import digest_of

IDS = {"id", "site_id"}
MAY_DIFFER: dict[type[msgspec.Struct], set[str]] = {
    # ids, times of the server and of the device, and through which door it came: `source`
    Reading: IDS | {"inspection_id", "sample_id", "corrects", "at", "device_at", "source"},
    # ids, number, the seed of this lot's sample, when it was opened and finished
    Inspection: IDS | {"number", "lot_id", "receipt_id", "seed", "opened_at", "finished_at"},
    Ncr: IDS | {"number", "lot_id", "receipt_id", "inspection_id", "reading_id", "opened_at"},
    Hold: IDS | {"lot_id", "receipt_id", "ncr_id", "opened_at"},
    Portion: IDS | {"lot_id", "receipt_id"},
}
ID_IN_A_BASIS = "reading_id"
"""The readings that a formula took, named by their ids."""
TIME_OF_A_SERIES = "decided_at"
"""When the lot's samples of a series were decided on."""

WORDS = {"en": "Name", "zh": "名称"}


def line(code: str, kind: str, **fields: Any) -> dict[str, Any]:
    """A characteristic, one sample each."""
    right = {
        "code": code,
        "name": {"en": f"{code} name", "zh": f"{code} 名称"},
        "kind": kind,
        "severity": "major",
        "method": {"document": "WI-900", "version": "A"},
        "sampling": {"rule": "fixed", "n": 1},
    }
    return right | fields


SHARED: dict[str, Any] = {"unit": "mm", "resolution": "0.01", "rounding": "half_even"}
PLAN = [
    line("LEN", "numeric", lower="24.5", upper="25.5", **SHARED),
    line("WID", "numeric", lower="2", upper="4", **SHARED),
    line("PB", "numeric", unit="mg/L", upper="0.05", detection={"lod": "0.01", "loq": "0.03"}),
    line("APP", "attribute", sampling={"rule": "fixed", "n": 20}, defects=[
        {"code": "CR", "name": WORDS, "severity": "critical"},
        {"code": "SC", "name": WORDS, "severity": "minor"},
        {"code": "ST", "name": WORDS, "severity": "minor"},
    ]),
    line("CRT", "text"),
    line("VIS", "attribute", sampling={"rule": "double", "level": "II", "aql": "4.0"}),
    line("FLO", "numeric", unit="mL/min", lower="5.0", upper="9.0"),
    line("OD", "numeric", lower="1.20", upper="1.30", replicates={"count": 3, "rule": "mean"}, **SHARED),
    line("DIF", "numeric", lower="23", upper="24.5", formula={"rule": "difference", "of": ["LEN", "OD"]}, **SHARED),
]  # fmt: skip
TYPED = {
    "LEN": "25,05",
    "WID": "0.32 cm",
    "PB": "<LOD",
    "APP": "SC=2; ST=1; 2",
    "CRT": "CoA 77/26",
    "VIS": "1",  # of 13, between Ac 0 and Re 3
    "VIS-0.2": "1",  # of 13 more: 2 are not more than 3
    "FLO": "4.8",
    "OD": "1.21; 1.24; 1.22",
}
WHY = "Burr at the tip"
CORRECTED, BECAUSE = "1.21; 1.24; 1.29", "Two digits were swapped"
EXPECTED = {
    # entered, value, qualifier, verdict, reason, rule of the basis
    "LEN-1": ("25,05", "25.05", None, "conforming", None, None),
    "WID-1": ("0.32 cm", "3.2", None, "conforming", None, "converted"),
    "PB-1": ("<LOD", "0.01", "<", "conforming", None, "interval"),
    "APP-0": ("SC=2; ST=1; 2", "2", None, "nonconforming", WHY, "kinds"),
    "CRT-1": ("CoA 77/26", None, None, "conforming", None, None),
    "VIS-0": ("1", "1", None, "undecidable", None, None),
    "VIS-0.2": ("1", "1", None, "conforming", None, None),
    "FLO-1": ("4.8", "4.8", None, "nonconforming", WHY, None),
    "OD-1": (CORRECTED, None, None, "conforming", BECAUSE, "mean"),
    "DIF-1": ("23.80", None, None, "conforming", BECAUSE, "difference"),
}


@pytest.fixture
async def own_house(playwright: Playwright, tmp_path: Path) -> AsyncIterator[House]:
    """A factory whose plan this test changes."""
    async with running_house(tmp_path / "data", playwright) as running:
        yield running


class Api:
    """A program that speaks HTTP as one person."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def post(self, path: str, expected: int = 201, **body: Any) -> Any:
        answer = await self.client.post(path, json={"id": new_id()} | body)
        assert answer.status_code == expected, answer.text
        return answer.json()


async def put_in_force(house: House) -> None:
    """Version 2 of the needles' plan asks for every kind of result."""
    async with house.asked_by("novak") as client, house.asked_by("zhou") as manager:
        novak, zhou = Api(client), Api(manager)
        plans = (await client.get("/api/plans")).json()
        plan = next(each for each in plans if each["code"] == "II-NDL-21")
        draft = await novak.post(f"/api/plans/{plan['id']}/drafts", number=2)
        path = f"/api/plan-versions/{draft['version_id']}"
        body = {"id": new_id(), "version": draft["version"], "document": {"characteristics": PLAN}}
        kept = await client.put(f"{path}/document", json=body)
        assert kept.status_code == 200, kept.text
        tried = await novak.post(f"{path}/trial", version=kept.json()["version"])
        await novak.post(f"{path}/submission", version=tried["version"], change="Every kind of result")
        begun = await zhou.post(f"{path}/signing", language="en")
        person = BY_LOGIN["zhou"]
        await zhou.post(
            f"{path}/approval",
            nonce=begun["nonce"],
            digest=digest_of(begun["record"]),
            password=person.password,
            totp=pyotp.TOTP(person.totp_secret or "").now(),
            accountability_accepted=True,
        )


# --- by API


async def by_api(house: House, inspection: str) -> None:
    """Asked whether something is meant, it says so; a failure has its reason."""
    async with house.asked_by("li") as client:
        api = Api(client)
        recorded: Any = None
        for code, entered in TYPED.items():
            key = code if code in EXPECTED else f"{code}-0" if code in ("APP", "VIS") else f"{code}-1"
            body: dict[str, Any] = {"item_key": key, "entered": entered}
            if code in ("WID", "FLO"):
                refused = await api.post(f"/api/inspections/{inspection}/results", 409, **body)
                assert refused["reasons"][0]["code"] in ("unit_converted", "value_out_of_limits")
                body["confirmed"] = True
            if code in ("APP", "FLO"):
                body |= {"note": WHY, "confirmed": True}
            recorded = await api.post(f"/api/inspections/{inspection}/results", **body)
        reading = recorded["reading"]["id"]
        await api.post(f"/api/readings/{reading}/correction", entered=CORRECTED, reason=BECAUSE)


# --- by the page


async def by_page(phone: Phone, inspection: str) -> None:
    """As an inspector taps it."""
    await phone.go(f"/inspections/{inspection}")
    await question(phone, "LEN-1", TYPED["LEN"])
    await question(phone, "WID-1", TYPED["WID"])
    await expect(phone.at("confirm-value")).to_contain_text("0.32 cm = 3.2 mm")
    await phone.tap("is-right")
    await asked(phone, "PB-1")
    await phone.page.get_by_role("button", name="<LOD").click()
    await phone.tap("record")
    await asked(phone, "APP-0")
    await phone.tap("some-do-not")
    await phone.write("defect-SC", "2")
    await phone.write("defect-ST", "1")
    await phone.write("answer", "2")
    await phone.tap("record")
    await evidence(phone)
    await question(phone, "CRT-1", TYPED["CRT"])
    for key in ("VIS-0", "VIS-0.2"):
        await asked(phone, key)
        await phone.tap("some-do-not")
        await phone.write("answer", "1")
        await phone.tap("record")
    await question(phone, "FLO-1", TYPED["FLO"])
    await phone.tap("is-right")
    await evidence(phone)
    await asked(phone, "OD-1")
    for place, text in enumerate(TYPED["OD"].split("; "), start=1):
        await expect(phone.page.locator("label.ask")).to_contain_text(f"{place} of 3")
        await phone.write("answer", text)
        await phone.tap("record")
    await expect(phone.at("inspection-done")).to_be_visible()
    await expect(phone.at("computed")).to_contain_text("23.83")
    await phone.at("answered-item").filter(has_text="OD name").click()
    await phone.tap("correct")
    await phone.write("correct-entered", CORRECTED)
    await phone.write("correct-reason", BECAUSE)
    await phone.tap("correct-save")
    await expect(phone.at("computed")).to_contain_text("23.80")


async def asked(phone: Phone, key: str) -> None:
    """This question is on screen."""
    await expect(phone.page.locator(f'[data-testid=question][data-item="{key}"]')).to_be_visible()


async def question(phone: Phone, key: str, text: str) -> None:
    """Typed, and sent."""
    await asked(phone, key)
    await phone.write("answer", text)
    await phone.tap("record")


async def evidence(phone: Phone) -> None:
    """Why it fails."""
    await phone.write("evidence-reason", WHY)
    await phone.tap("record-failing")


# --- by chat

OPEN_CHAT = """() => new Promise(done => {
  window.said = new Map();
  window.socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/chat`);
  window.socket.onmessage = event => {
    const message = JSON.parse(event.data);
    if (message.message_id !== undefined) window.said.set(message.message_id, message);
  };
  window.socket.onopen = () => done(null);
})"""
NEWEST = """() => [...window.said.values()].map(({ message_id, text, buttons }) => ({ message_id, text, buttons }))"""


class Chat:
    """A person's dialogue with the dispatcher, over the socket of the page."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    async def send(self, **said: Any) -> None:
        await self.phone.page.evaluate("said => window.socket.send(JSON.stringify(said))", said)

    async def until(self, words: str) -> dict[str, Any]:
        """The newest message that says this, with its buttons."""
        for _ in range(2000):  # a first chat loads the bot
            messages: list[dict[str, Any]] = await self.phone.page.evaluate(NEWEST)
            for message in sorted(messages, key=lambda one: -int(one["message_id"])):
                if words in re.sub("<[^>]*>", "", message["text"]) and message["buttons"]:
                    return message
            await self.phone.page.wait_for_timeout(50)
        raise AssertionError(f"never said {words!r}: {messages}")

    async def say(self, text: str, then: str) -> dict[str, Any]:
        await self.send(text=text)
        return await self.until(then)

    async def press(self, message: dict[str, Any], words: str, then: str) -> dict[str, Any]:
        """Press a button of a message by its words."""
        buttons = [button for row in message["buttons"] for button in row]
        data = next((one["data"] for one in buttons if words in one["text"]), None)
        assert data is not None, (words, buttons)
        await self.send(press=data, message_id=message["message_id"])
        return await self.until(then)


async def by_chat(phone: Phone, inspection: str) -> None:
    """As an inspector types it."""
    number = (await phone.api(f"/api/inspections/{inspection}"))["number"]
    await phone.page.evaluate(OPEN_CHAT)
    chat = Chat(phone)
    shown = await chat.press(await chat.until(f"To inspect: {number}"), "Inspect", "LEN name")
    shown = await chat.say(TYPED["LEN"], "WID name (mm)")
    shown = await chat.say(TYPED["WID"], "0.32 cm = 3.2 mm")
    shown = await chat.press(shown, "Confirm", "<LOD (0.01), <LOQ (0.03)".replace("<", "&lt;"))
    shown = await chat.say(TYPED["PB"], "Look at all 20 pieces")
    shown = await chat.press(shown, "Some do not", "How many of the 20 pieces show each?")
    shown = await chat.say(TYPED["APP"], "does not conform")
    shown = await chat.say(WHY, "CRT name")
    shown = await chat.say(TYPED["CRT"], "📝")
    shown = await chat.press(shown, "Conforms", "Look at all 13 pieces")
    shown = await chat.press(shown, "Some do not", "How many of the 13")
    shown = await chat.say(TYPED["VIS"], "pull 13 further pieces")
    shown = await chat.press(shown, "Some do not", "How many of the 13")
    shown = await chat.say(TYPED["VIS-0.2"], "FLO name")
    shown = await chat.say(TYPED["FLO"], "is outside")
    shown = await chat.press(shown, "Confirm", "does not conform")
    shown = await chat.say(WHY, "Type the 3 readings")
    shown = await chat.say(TYPED["OD"], "DIF name: 23.83")
    shown = await chat.press(shown, "Back", "was recorded as")
    shown = await chat.say(BECAUSE, BECAUSE)
    await chat.say(CORRECTED, "DIF name: 23.80")


# --- the records


async def rows(read: Reader, noun: type[Noun], inspection: Inspection) -> list[Noun]:
    """All of this inspection, or of its receipt, in the order in which they were made."""
    key, value = (
        ("inspection_id", inspection.id)
        if noun is Reading or noun is Ncr
        else ("receipt_id", inspection.receipt_id)
    )
    return await read.all(noun, f"{key} = $1 order by id", value)


def compared(noun: msgspec.Struct) -> dict[str, Any]:
    """A row without what may differ."""
    fields: dict[str, Any] = msgspec.to_builtins(noun)
    for name in MAY_DIFFER[type(noun)]:
        del fields[name]
    for taken in (fields.get("basis") or {}).get("inputs", []):
        del taken[ID_IN_A_BASIS]
    for series in fields.get("sampling") or []:
        del series[TIME_OF_A_SERIES]
    return fields


@pytest.mark.proves("RES-9", "RES-2", "RES-4", "RES-5", "RES-10", "SMP-2", "SMP-5")
async def test_one_inspection_is_the_same_on_record_by_chat_page_and_api(own_house: House) -> None:
    house = own_house
    await put_in_force(house)
    async with house.phone() as warehouse, house.phone() as inspector:
        await enter(warehouse, "wang", "en")
        inspections = [await receive_needles(warehouse, f"DOOR-{door}") for door in ("chat", "page", "api")]
        await enter(inspector, "li", "en")
        await by_chat(inspector, inspections[0])
        await by_page(inspector, inspections[1])
        await by_api(house, inspections[2])
    database = SqliteDatabase(house.data / "lotgate.sqlite3")
    await database.open()
    try:
        read = Reader(database.dialect, database.fetch)
        records = [await record(read, inspection) for inspection in inspections]
    finally:
        await database.close()
    chat, page, api = records
    for other in (page, api):
        for noun, found in chat.items():
            assert [compared(each) for each in found] == [compared(each) for each in other[noun]], noun
    assert [{each.source for each in one[Reading] if not each.computed} for one in records] == [
        {"chat"},
        {"phone"},
        {"phone"},
    ]
    current = {each.item_key: each for each in api[Reading] if each.status == "current"}
    for key, (entered, value, qualifier, verdict, reason, rule) in EXPECTED.items():
        reading = current[key]
        assert (reading.entered, reading.qualifier, reading.verdict, reading.reason) == (
            entered,
            qualifier,
            verdict,
            reason,
        ), key
        assert value is None or str(reading.value) == value
        assert (reading.basis.rule if reading.basis else None) == rule
    superseded = [each.item_key for each in api[Reading] if each.status == "superseded"]
    assert sorted(superseded) == ["DIF-1", "OD-1"], (
        "what was corrected stays, and so does what was made of it"
    )
    assert [each.characteristic for each in api[Ncr]] == ["APP", "FLO"]


async def record(read: Reader, inspection_id: str) -> dict[type, list[Any]]:
    """Every row that the inspection made or changed."""
    inspection = await read.get(Inspection, inspection_id)
    found: dict[type, list[Any]] = {Inspection: [inspection]}
    for noun in (Reading, Ncr, Hold, Portion):
        found[noun] = list(await rows(read, noun, inspection))  # type: ignore[type-var]
    return found
