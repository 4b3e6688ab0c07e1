"""Recalls through the HTTP doors: over split, merger and return, of what is under recall already, to a consignee under
two names; and an exercise that changes nothing (QUA-6, QUA-7)."""

from __future__ import annotations

import io
import json
from typing import Any

import pypdf
import pytest

from backend.demo.people import BY_LOGIN
from backend.domain.lots import Lot, Portion
from backend.due import run_due
from backend.store.tables import LOGGED, table_of
from tests.actions.floor import on_record
from tests.web.served import Phone, Served, codes
from tests.web.walk import digest_of

TOUCHED = (
    "recall", "recall_lot", "recall_consignee", "recall_line", "hold", "lot", "portion", "movement", "signature",
)  # fmt: skip
"""What a recall writes; due work goes on beside it."""


class Scene:
    """A released lot P of which A was split off, of A the part B; B and a part C of P became M. Some of A and M is with
    two consignees, some of A came back."""

    names: dict[str, str]
    near: str
    far: str


async def split(served: Served, number: str, quantity: str) -> str:
    lot = await served.store.read.first(Lot, "number = $1", number)
    assert lot is not None
    portions = await served.store.read.all(Portion, "lot_id = $1 and status = 'released' order by id", lot.id)
    chosen = max(portions, key=lambda each: each.quantity)
    wang = await served.by("wang")
    shares = [{"portion_id": chosen.id, "quantity": quantity}]
    done = await wang.post("/api/lot-splits", lot_number=number, shares=shares, reason="two shelves")
    return str(done["child"]["number"])


async def consignee(phone: Phone, code: str, name: str, language: str) -> str:
    listed = await phone.post(
        "/api/consignees", consignee_id=None, code=code, name=name, address="1 Nanjing Road\nShanghai", country="CN",
        language=language, contacts=[{"name": "陈医生", "email": "chen@hospital.example", "phone": "+86 21 5550 0100"}],
    )  # fmt: skip
    return str(next(each["id"] for each in listed if each["code"] == code))


async def shipped(phone: Phone, to: str, number: str, quantity: str) -> Any:
    lines = [{"lot_number": number, "quantity": quantity}]
    return await phone.post("/api/shipments", consignee_id=to, lines=lines, carrier="SF", waybill="SF1")


async def scene(served: Served) -> Scene:
    made, wang = Scene(), await served.by("wang")
    released = await served.store.read.all(
        Lot,
        "status = 'released' and item_id in (select id from item where kind = 'finished') order by number",
    )
    parent = released[0].number
    a = await split(served, parent, "60")
    b = await split(served, a, "20")
    c = await split(served, parent, "10")
    merged = await (await served.by("sun")).post("/api/lot-mergers", numbers=[b, c], reason="one pallet")
    made.names = {"P": parent, "A": a, "B": b, "C": c, "M": merged["number"]}
    made.near = await consignee(wang, "H-91", "人民医院", "zh")
    made.far = await consignee(wang, "H-92", "Nordic Med", "en")
    sent = await shipped(wang, made.near, a, "8")
    await shipped(wang, made.far, a, "5")
    await shipped(wang, made.far, made.names["M"], "7")
    await wang.post(
        f"/api/shipment-lines/{sent['lines'][0]['id']}/returns", quantity="3", reason="wrong size"
    )
    return made


def basis(*numbers: str) -> dict[str, Any]:
    return {"kind": "lot", "value": ", ".join(numbers)}


async def signed(served: Served, login: str, wish: dict[str, Any], expected: int = 201) -> Any:
    """One of two signatures, by password and one-time code; what `begin` refuses is the answer."""
    served.clock.ahead += 120  # a code signs once
    phone = await served.phone().sign_in(login)
    begun = await phone.post(
        "/api/recalls/signing", expected, reason="needles may break\nsee C-7", passkey=False, **wish
    )
    if expected != 201:
        return begun
    return await phone.post(
        "/api/recalls", nonce=begun["nonce"], digest=digest_of(begun["record"]), accountability_accepted=True,
        password=BY_LOGIN[login].password, totp=phone.totp(), **wish,
    )  # fmt: skip


async def recalled(served: Served, *numbers: str) -> Any:
    first = await signed(served, "sun", {"basis": basis(*numbers)})
    return await signed(served, "zhou", {"recall_id": first["id"]})


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


async def paper(phone: Phone, path: str, **params: Any) -> str:
    answer = await phone.client.get(path, params=params)
    assert answer.status_code == 200, answer.text[:300]
    return text_of(answer.content)


@pytest.mark.proves("QUA-6")
async def test_a_recall_goes_over_split_merger_and_return(served: Served) -> None:
    made = await scene(served)
    names = made.names
    recall = await recalled(served, names["A"])
    reached = {each["number"] for each in recall["lots"]}
    assert reached == {names["A"], names["B"], names["M"]}, (
        "down alone: neither the parent nor its other part"
    )
    zhou = await served.phone().sign_in("zhou")
    for name, status in (("A", "recalled"), ("M", "recalled"), ("P", "released")):
        assert (await zhou.get(f"/api/lots/{names[name]}"))["lot"]["status"] == status, name
    there = {
        (party["code"], line["lot_number"]): line["quantity"]
        for party in recall["parties"]
        for line in party["lots"]
    }
    assert there == {
        ("H-91", names["A"]): "5", ("H-92", names["A"]): "5", ("H-92", names["M"]): "7",
    }, "what came back before is not asked for again"  # fmt: skip
    before = await on_record(served.store)
    for numbers in ([names["A"]], [names["M"]], [names["A"], names["M"]]):
        answer = await signed(served, "sun", {"basis": basis(*numbers)}, 409)
        assert codes(answer) == ["recalled_already"]
        assert answer["reasons"][0]["facts"]["recalls"] == [recall["number"]]
    after = await on_record(served.store)
    assert {name for name in TOUCHED if after[name] != before[name]} == set(), "nothing half done"
    wider = await recalled(served, names["P"])
    assert {each["number"] for each in wider["lots"]} == {names["P"], names["C"]}, "one lot, one recall"
    assert codes(await signed(served, "novak", {"recall_id": wider["id"]}, 409)) == ["recall_not_waiting"]


@pytest.mark.proves("QUA-6")
async def test_a_letter_to_a_consignee_that_was_known_under_two_names(served: Served) -> None:
    made = await scene(served)
    zhou = await served.by("zhou")
    await zhou.post(
        "/api/doubles", kind="consignee", kept_id=made.near, alias_id=made.far, reason="one hospital"
    )
    recall = await recalled(served, made.names["A"])
    zhou = await served.phone().sign_in("zhou")
    (party,) = recall["parties"]
    assert party["code"] == "H-91"
    for language in ("en", "zh"):
        letter = await paper(
            zhou, f"/api/recalls/{recall['id']}/consignees/{made.near}/letter.pdf", language=language
        )
        for number in (made.names["A"], made.names["M"]):
            assert number in letter
        assert letter.count("S26-") >= 3, "each shipment, whatever the name that it went to"
        assert "1NanjingRoadShanghai" in letter and "[U+" not in letter
        report = await paper(zhou, f"/api/recalls/{recall['id']}/report.pdf", language=language)
        assert made.names["M"] in report and "[U+" not in report


async def everything(served: Served) -> dict[str, list[Any]]:
    """Each row on record, and the log."""
    state: dict[str, list[Any]] = dict(await on_record(served.store))
    state["event"] = list(await served.store.read.rows("select seq, body from event order by seq"))
    assert len(state) == len(LOGGED) + 1 and {table_of(noun, "sqlite").name for noun in LOGGED} < set(state)
    return state


@pytest.mark.proves("QUA-7")
async def test_an_exercise_changes_nothing_but_its_own_row_and_the_log(served: Served) -> None:
    made = await scene(served)
    novak = await served.by("novak")
    while await run_due(served.parts, served.clock()):
        pass
    before = await everything(served)
    mock = await novak.post("/api/mock-recalls", basis=basis(made.names["A"]), reason="yearly\nexercise")
    number = mock["mock"]["number"]
    counted = [{"lot": each["lot"], "found": each["on_hand"]} for each in mock["mock"]["lots"]]
    path = f"/api/mock-recalls/{mock['mock']['id']}/finish"
    assert await novak.refused(409, path, counted=[{"lot": "L0", "found": "1"}], reached=[], note="n") == [
        "lot_not_of_recall"
    ]
    await novak.post(path, counted=counted, reached=["H-91"], note="good")
    for language in ("en", "zh"):
        said = await paper(novak, f"/api/recalls/{mock['mock']['id']}/report.pdf", language=language)
        assert number in said and "[U+" not in said
        assert ("本次演练未改变任何库存" if language == "zh" else "Thisexercisehaschangednostock") in said
    after = await everything(served)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"mock_recall", "event"}
    assert len(after["mock_recall"]) == len(before["mock_recall"]) + 1
    assert after["event"][: len(before["event"])] == before["event"]
    types = [json.loads(body)["type"] for _, body in after["event"][len(before["event"]) :]]
    assert types == ["mock_recall_started", "refused", "mock_recall_finished"]


async def statuses(served: Served, number: str) -> set[str]:
    """Of what of a lot lies here."""
    lot = await served.store.read.first(Lot, "number = $1", number)
    assert lot is not None
    portions = await served.store.read.all(Portion, "lot_id = $1 and quantity > 0", lot.id)
    return {lot.status, *(each.status for each in portions)}


@pytest.mark.proves("QUA-6", "LOT-6")
@pytest.mark.parametrize("disposition", ["use_as_is", "rework", "scrap", "return_to_supplier"])
async def test_nothing_frees_what_is_recalled(served: Served, disposition: str) -> None:
    """A report that was open before: disposed of, reworked, inspected again, lifted, split, shipped afterwards."""
    made = await scene(served)
    number, wang = made.names["A"], await served.by("wang")
    lot = await served.store.read.first(Lot, "number = $1", number)
    assert lot is not None
    part = await served.store.read.first(
        Portion, "lot_id = $1 and status = 'released' and quantity > 0", lot.id
    )
    assert part is not None
    ncr = await wang.post(
        "/api/ncrs", lot_number=number, what="bent tips", severity="major", receipt_id=part.receipt_id
    )
    await recalled(served, number)
    novak, sun = [await served.phone().sign_in(login) for login in ("novak", "sun")]
    wang = await served.phone().sign_in("wang")
    unusable = {"recalled", "rejected"}
    assert await statuses(served, number) <= unusable
    path = f"/api/ncrs/{ncr['id']}/disposition"
    body = {"id": served.store.new_id(), "disposition": disposition, "justification": "looked at"}
    answer = await novak.client.post(path, json=body)
    assert answer.status_code in (201, 409), answer.text
    assert await statuses(served, number) <= unusable, disposition
    if answer.status_code == 201 and disposition == "rework":
        rework = answer.json()["rework"]
        await novak.post(
            f"/api/reworks/{rework['id']}/finish", done="straightened", quantity=rework["quantity"]
        )
        assert await statuses(served, number) <= unusable
    for code in ("recall", "ncr", "by_hand"):
        lift = {"id": served.store.new_id(), "lot_number": number, "code": code, "reason": "all is well"}
        await novak.client.post("/api/lot-hold-lifts", json=lift)
        assert await statuses(served, number) <= unusable, code
    for phone, door, wish in (
        (
            wang,
            "/api/shipments",
            {"consignee_id": made.near, "lines": [{"lot_number": number, "quantity": "1"}]},
        ),
        (sun, "/api/signing", {"subject_id": part.receipt_id, "meaning": "release"}),
        (sun, "/api/lot-mergers", {"numbers": [number, made.names["P"]], "reason": "one pallet"}),
    ):
        refused = await phone.client.post(door, json={"id": served.store.new_id(), **wish})
        assert refused.status_code == 409, (door, refused.text[:200])
        assert await statuses(served, number) <= unusable, door
