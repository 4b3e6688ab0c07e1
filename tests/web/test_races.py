"""Many at once and again and again: one effect, the first answer, and everybody told (DUP-1, REL-4, SIG-8)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from backend.domain.proofs import signing_challenge
from backend.domain.signatures import Release, Signature
from backend.identity.passkeys import RelyingParty, asserted, decode
from tests.software_passkey import SoftwarePasskey, base64url
from tests.stores import new_id
from tests.web.served import ORIGIN, Served, codes, scanned
from tests.web.walk import begin, by_passkey, by_password, conforming, enrol_passkey, inspect


async def count(served: Served, table: str) -> int:
    return int((await served.store.read.rows(f"select count(*) from {table}"))[0][0])


@pytest.mark.proves("DUP-1")
async def test_a_double_tap_receives_once_and_gets_the_same_answer(served: Served) -> None:
    wang, label = await served.by("wang"), await served.label("0412/2")
    body = {
        "id": new_id(),
        "codes": [scanned(label.text)],
        "order_line_id": label.order_line_id,
        "quantity": "100",
    }
    before = await count(served, "receipt")
    first, second = await asyncio.gather(*(wang.post("/api/receipts", **body) for _ in range(2)))
    later = await wang.post("/api/receipts", **body)
    assert first == second == later
    assert await count(served, "receipt") == before + 1
    assert await wang.refused(409, "/api/receipts", **body | {"quantity": "200"}) == ["command_id_reused"]
    li = await served.by("li")
    path = f"/api/inspections/{first['received']['inspection']['id']}/results"
    reused = {"id": body["id"], "item_key": "LBL-0", "entered": "0"}
    assert await li.refused(409, path, **reused) == ["command_id_reused"]
    assert await count(served, "receipt") == before + 1


@pytest.mark.proves("DUP-2", "RES-9")
async def test_two_phones_at_one_item_are_both_seen_and_one_is_kept(served: Served) -> None:
    received = await served.receive("0412/2")
    li, garcia = await served.by("li"), await served.by("garcia")
    path = f"/api/inspections/{received['received']['inspection']['id']}"
    item = (await li.get(path))["items"][0]
    body = {"item_key": item["key"], "entered": conforming(item)}
    answers = await asyncio.gather(
        *(phone.client.post(f"{path}/results", json={"id": new_id()} | body) for phone in (li, garcia))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    loser = next(answer.json() for answer in answers if answer.status_code == 412)
    assert codes(loser) == ["item_answered"] and loser["reasons"][0]["facts"]["entered"] == body["entered"]
    [kept] = await served.events(type="results_recorded", subject=received["received"]["inspection"]["id"])
    [late] = await served.events(type="refused")
    assert {kept["person"], late["person"]} == {"李娜", "Elena Garcia"}
    assert late["facts"]["reasons"][0]["code"] == "item_answered"


async def _ready(served: Served) -> str:
    received = await served.receive("0412/2")
    await inspect(await served.by("li"), received["received"]["inspection"]["id"])
    return str(received["received"]["receipt_id"])


@pytest.mark.proves("SIG-8", "REL-4")
async def test_two_hundred_replays_of_a_signature_release_nothing_more(served: Served) -> None:
    receipt, sun = await _ready(served), await served.by("sun")
    passkey = await enrol_passkey(sun)
    first = next(each["receipt_id"] for each in (await sun.get("/api/worklist"))["releases"]
                 if each["ready"] and each["receipt_id"] != receipt)  # fmt: skip
    first_begun = await begin(sun, first)
    await sun.post("/api/releases", **by_passkey(passkey, first, first_begun, password="lotgate-demo-sun"))
    begun = await begin(sun, receipt)
    body = by_passkey(passkey, receipt, begun)
    signatures = await count(served, "signature")
    answers = await asyncio.gather(
        *(sun.client.post("/api/releases", json=body | {"id": new_id()}) for _ in range(200))
    )
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert await count(served, "signature") == signatures + 1
    assert len(await served.store.read.all(Release, "receipt_id = $1", receipt)) == 1
    assert sum(holds_by_itself(passkey, begun, body) for _ in range(200)) == 200, "the twin takes them all"


def holds_by_itself(passkey: SoftwarePasskey, begun: Any, body: dict[str, Any]) -> bool:
    """The broken twin: the assertion is right, and nobody remembers that its nonce was used."""
    challenge = signing_challenge(begun["record"], decode(begun["nonce"]))
    party = RelyingParty("localhost", (ORIGIN,))
    return asserted(party, challenge, base64url(passkey.cose_key()), body["assertion"]) is not None


@pytest.mark.proves("SIG-8", "SIG-2", "SIG-4")
async def test_a_signature_is_worth_nothing_elsewhere(served: Served) -> None:
    receipt, sun, zhou = await _ready(served), await served.by("sun"), await served.by("zhou")
    passkey = await enrol_passkey(sun)
    waiting = (await sun.get("/api/worklist"))["releases"]
    other = next(each["receipt_id"] for each in waiting if each["receipt_id"] != receipt and each["ready"])
    password = {"password": "lotgate-demo-sun"}

    begun = await begin(sun, receipt)
    good = by_passkey(passkey, receipt, begun, **password)
    elsewhere = await begin(sun, other)
    moved = good | {"receipt_id": other}
    grafted = by_passkey(passkey, other, elsewhere, **password) | {"assertion": good["assertion"]}
    rejecting = good | {"meaning": "reject"}
    unseen = good | {"digest": "0" * 64}
    unverified = good | {"assertion": passkey.sign(b"x" * 32, user_verified=False)}
    foreign = good | {"assertion": passkey.sign(b"x" * 32, origin="https://evil.example")}
    wrong: list[tuple[Any, dict[str, Any], int, str]] = [
        (sun, moved, 409, "nonce_unknown"),
        (sun, grafted, 409, "signature_invalid"),
        (sun, rejecting, 409, "nonce_unknown"),
        (sun, unseen, 412, "record_changed"),
        (sun, unverified, 409, "signature_invalid"),
        (sun, foreign, 409, "signature_invalid"),
        (zhou, good | {"password": "lotgate-demo-zhou"}, 409, "nonce_unknown"),
    ]
    for phone, body, status, code in wrong:
        assert await phone.refused(status, "/api/releases", **body) == [code]
    assert await served.store.read.first(Signature, "subject_id = $1", receipt) is None
    assert (await sun.post("/api/releases", **good))["decision"] == "release"


@pytest.mark.proves("SIG-2")
async def test_what_changed_after_it_was_shown_is_not_signed(served: Served) -> None:
    receipt, sun = await _ready(served), await served.by("sun")
    begun = await begin(sun, receipt, passkey=False)
    sheet = await sun.get(f"/api/receipts/{receipt}/release")
    readings = await served.store.read.rows(
        "select reading.id, reading.entered from reading join inspection on inspection.id = reading.inspection_id "
        "where inspection.number = $1 and value is not null and characteristic <> 'LBL'",
        sheet["inspections"][0]["number"],
    )
    garcia = await served.by("garcia")
    reading = next(id for id, entered in readings if "." in entered)
    await garcia.post(f"/api/readings/{reading}/correction", entered="25.1", reason="misread", confirmed=True)
    assert await sun.refused(412, "/api/releases", **by_password(sun, receipt, begun)) == ["record_changed"]


@pytest.mark.proves("SIG-6")
async def test_five_failed_signings_lock_and_a_sixth_right_one_does_not_open(served: Served) -> None:
    receipt, sun = await _ready(served), await served.by("sun")
    begun = await begin(sun, receipt)
    for _ in range(5):
        wrong = by_password(sun, receipt, begun, password="wrong")
        assert await sun.refused(409, "/api/releases", **wrong) == ["password_wrong"]
    right = by_password(sun, receipt, begun)
    assert await sun.refused(409, "/api/releases", **right) == ["signing_locked"]
    told = [notice["code"] for notice in await (await served.by("zhou")).get("/api/notices")]
    assert "signing_locked" in told
