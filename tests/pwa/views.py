"""Every screen of the page, and the states of it that look different: who opens it, where, and what is done there."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import cv2
import uuid_utils
from playwright.async_api import FilePayload, expect

from backend.demo.deliveries import SYMBOLOGY
from backend.demo.loop import play_loop
from backend.demo.series import play_series
from backend.demo.shift import PastClock, Shift
from scanner.draw import draw_label
from tests.actions.opening import DELIVERED, RELEASED, file_of, import_stock
from tests.pwa.document_scene import play_documents
from tests.pwa.house import Phone
from tests.pwa.recall_scene import play_recalls
from tests.pwa.supplier_scene import play_suppliers

NOWHERE = "/nowhere"
Do = Callable[[Phone], Awaitable[None]]
Find = Callable[[Phone], Awaitable[str]]
UNKNOWN = "(01)09506000134352(17)281130(10)A7"
TWO_WAYS = "https://example.com/"
OUT = "-1"  # outside of any limits: the question is asked back and nothing recorded


class View(NamedTuple):
    """`at`: an address, or how to find one; `route`: its pattern in the page's own table, where `at` is found."""

    name: str
    login: str
    at: str | Find
    route: str = ""
    do: Do | None = None


async def lot(phone: Phone, status: str) -> str:
    """The newest lot of a status."""
    lots = (await phone.api(f"/api/lots?status={status}"))["lots"]
    return str(lots[0]["number"])


def of_lot(status: str, rest: str = "") -> Find:
    """The address of a lot."""

    async def find(phone: Phone) -> str:
        return f"/lots/{await lot(phone, status)}{rest}"

    return find


async def finished(phone: Phone) -> str:
    """The trace of a finished product: materials on its left."""
    lots = (await phone.api("/api/lots?status=released"))["lots"]
    return f"/lots/{next(one['number'] for one in lots if one['item']['kind'] == 'finished')}/trace"


async def ncr(phone: Phone) -> str:
    """A nonconformity that is not closed yet."""
    ncrs = await phone.api("/api/ncrs")
    return f"/ncrs/{next((one['id'] for one in ncrs if one['status'] != 'closed'), ncrs[0]['id'])}"


async def decided(phone: Phone) -> str:
    """A nonconformity that went its whole way."""
    ncrs = await phone.api("/api/ncrs")
    return f"/ncrs/{next(one['id'] for one in ncrs if one['status'] == 'closed')}"


async def right(phone: Phone) -> str:
    """A cell of the rights table that could be changed."""
    return f"/rights/{(await phone.api('/api/rights'))['rights'][0]['id']}"


async def ceremony(phone: Phone) -> None:
    """What is signed is shown."""
    await expect(phone.at("digest")).to_be_visible()


async def in_parts(phone: Phone) -> None:
    """A part is chosen, and how much of it."""
    await phone.tap("meaning-release")
    await phone.tap("in-parts")
    await expect(phone.at("part-quantity").first).to_be_visible()


async def totp_begun(phone: Phone) -> None:
    """The secret as a picture."""
    await phone.page.locator("details:has([data-testid=totp-begin]) summary").click()
    await phone.write("totp-password", "lotgate-demo-li")
    await phone.tap("totp-begin")
    await expect(phone.at("totp-qr")).to_be_visible()


async def run(phone: Phone) -> str:
    """A lot in production."""
    return f"/production/{(await phone.api('/api/production'))[0]['lot']['number']}"


async def inspection(phone: Phone) -> str:
    """One that waits for its first answer."""
    work = await phone.api("/api/worklist")
    fresh = [one for one in work["inspections"] if one["answered"] == 0] or work["inspections"]
    return f"/inspections/{fresh[0]['id']}"


async def a_release(phone: Phone) -> str:
    """A release that stands."""
    lots = (await phone.api("/api/lots?status=released"))["lots"]
    card = await phone.api(f"/api/lots/{lots[0]['number']}/card")
    return f"/releases/{next(one['id'] for each in card['receipts'] for one in each['releases'])}"


async def captured_events(phone: Phone) -> None:
    """What a partner sent is listed with the lots that it names."""
    lot = (await phone.api("/api/lots?status=released"))["lots"][0]["number"]
    await phone.at("epcis-file").set_input_files(epcis_file(f"{phone.house.url}/lots/{lot}", "receiving"))
    await expect(phone.at("epcis-done")).to_be_visible()
    await expect(phone.at("epcis-events")).to_contain_text(lot)


async def faulty_events(phone: Phone) -> None:
    """A document with a fault is refused with its place."""
    await phone.at("epcis-file").set_input_files(epcis_file("no address", "recieving"))
    await expect(phone.at("error-summary")).to_contain_text("$.epcisBody.eventList[0].bizStep")


def epcis_file(epc_class: str, step: str) -> FilePayload:
    """A document with one event."""
    event = {
        "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-11-28T09:30:00Z", "bizStep": step,
        "eventTimeZoneOffset": "+01:00", "quantityList": [{"epcClass": epc_class, "quantity": 12, "uom": "KGM"}],
    }  # fmt: skip
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument",
        "schemaVersion": "2.0", "creationDate": "2026-11-29T08:00:00Z", "epcisBody": {"eventList": [event]},
    }  # fmt: skip
    return {
        "name": "events.jsonld",
        "mimeType": "application/ld+json",
        "buffer": json.dumps(document).encode(),
    }


async def faulty_sheet(phone: Phone) -> None:
    """Suppliers of which one cell is empty, chosen to be imported."""
    file = FilePayload(
        name="suppliers.csv", mimeType="text/csv", buffer="编码,名称,状态\nNEW-1,,合格\n".encode()
    )
    await phone.at("import-file").set_input_files(file)
    await phone.at("import-faults").wait_for()


async def opening_list(phone: Phone) -> str:
    """Two lots that wait to be taken over, one of them expired; the same rows again change nothing."""

    async def play(shift: Shift) -> None:
        item, supplier, unit = (await shift.store.read.rows(DELIVERED))[0]
        rows = [
            f"{item},VIEW-{place},{supplier},VV-{place},120,{unit},2025-01-10,{expires},,{RELEASED},"
            for place, expires in enumerate(("2029-01-09", "2026-01-09"))
        ]
        await import_stock(shift, file_of(*rows), "novak")

    await phone.house.play(play)
    return "/opening"


def first_tapped(testid: str) -> Do:
    """The first of several."""

    async def do(phone: Phone) -> None:
        await phone.at(testid).first.click()

    return do


async def finished_inspection(phone: Phone) -> str:
    """All results of an inspection that is done."""
    lots = (await phone.api("/api/lots?status=released"))["lots"]
    card = await phone.api(f"/api/lots/{lots[0]['number']}/card")
    return f"/inspections/{card['receipts'][0]['inspection']['id']}/second-look"


async def gauge(phone: Phone) -> str:
    """One with a history."""
    gauges = await phone.api("/api/gauges")
    return f"/gauges/{next(one['id'] for one in gauges if one['code'] == 'G-CAL-01')}"


async def machine(phone: Phone) -> str:
    """One that stands still."""
    every = await phone.api("/api/equipment")
    return f"/equipment/{next(one['id'] for one in every if one['code'] == 'LEAK-01')}"


async def assessment(phone: Phone) -> str:
    """What a gauge found out of tolerance leaves to a person; the gauge was set right at once."""
    async with phone.house.asked_by("novak") as novak:
        listed = (await novak.get("/api/assessments")).json()
        if not listed:
            gauge_id = (await gauge(phone)).rsplit("/", 1)[-1]
            body = {
                "id": str(uuid_utils.uuid7()),
                "done_on": datetime.now(UTC).date().isoformat(),
                "as_found": "out_of_tolerance",
                "as_left": "in_tolerance",
                "certificate": "CNAS-V",
            }
            (await novak.post(f"/api/gauges/{gauge_id}/calibrations", json=body)).raise_for_status()
            listed = (await novak.get("/api/assessments")).json()
    return f"/assessments/{listed[0]['id']}"


async def measured(phone: Phone) -> str:
    """An inspection that asks for a gauge; its delivery is received where none has been yet."""
    work = await phone.api("/api/worklist")
    measured = [one for one in work["inspections"] if one["item"]["code"] in ("LUR-06", "FLT-15")]
    waiting = [one for one in measured if one["answered"] == 0]
    if waiting:
        return f"/inspections/{waiting[0]['id']}"
    label = next(one for one in await phone.house.labels() if one.item == "FLT-15")
    async with phone.house.asked_by("wang") as wang:
        codes = [{"text": label.text, "symbology_id": SYMBOLOGY}]
        body = {"id": str(uuid_utils.uuid7()), "codes": codes, "order_line_id": label.order_line_id}
        answer = (await wang.post("/api/receipts", json=body)).raise_for_status().json()
    return f"/inspections/{answer['received']['inspection']['id']}"


async def to_gauge(phone: Phone) -> None:
    """The question that a gauge comes before, and one that must not measure there."""
    while await phone.at("gauge-choice").count() == 0:
        await phone.tap("following")
    await expect(phone.at("gauge-choice")).to_be_visible()


async def signal(phone: Phone) -> str:
    """An early warning: a lot far from the four before it. Their inspections stay open: nobody is asked to release."""
    values = [{"BUB-1": value} for value in ("3.4", "3.5", "3.4", "3.6", "4.4")]
    found = await bubbles(phone)
    if not found:
        await phone.house.play(lambda shift: play_series(shift, "FLT-15", "QH", values, until=3))
    for _ in range(100):
        if found:
            break
        await phone.page.wait_for_timeout(300)
        found = await bubbles(phone)
    return f"/signals/{found[0]['id']}"


async def bubbles(phone: Phone) -> list[dict[str, Any]]:
    """Signals of the bubble point, whatever else others' tests have set off."""
    signals = (await phone.api("/api/charts"))["signals"]
    return [each for each in signals if (each["item"], each["characteristic"]) == ("FLT-15", "BUB")]


async def chart(phone: Phone) -> str:
    """The chart that it was seen on: of the supplier with most lots, whoever delivers meanwhile."""
    await signal(phone)
    sheet = await phone.api("/api/charts/FLT-15/incoming/BUB")
    most = max(sheet["suppliers"], key=lambda one: int(one["lots"]))
    return f"/charts/FLT-15/incoming/BUB?supplier={most['supplier']['id']}"


async def factors(phone: Phone) -> str:
    """What goes with it."""
    await signal(phone)
    return "/charts/FLT-15/incoming/BUB/factors"


async def table_opened_of_factors(phone: Phone) -> None:
    """The factors as a table, or why there are none."""
    await expect(phone.at("factors").or_(phone.at("factors-wait"))).to_be_visible()


async def table_opened(phone: Phone) -> None:
    """The chart's lots as a table."""
    await phone.tap("chart-table-open")
    await expect(phone.at("chart-table")).to_be_visible()


def release(ready: bool, rest: str = "/release") -> Find:
    """A receipt that may be released, or one that may not."""

    async def find(phone: Phone) -> str:
        work = await phone.api("/api/worklist")
        one = next(one for one in work["releases"] if one["ready"] == ready)
        return f"/receipts/{one['receipt_id']}{rest}"

    return find


def to_question(kind: str, text: str = "", *taps: str) -> Do:
    """Walk to the first question of a kind, answer it without recording, tap on."""

    async def do(phone: Phone) -> None:
        question = phone.at("question")
        await expect(question).to_be_visible()
        while await question.get_attribute("data-kind") != kind:
            await phone.tap("following")
        if text:
            await phone.write("answer", text)
        for testid in taps:
            await phone.tap(testid)

    return do


def scanned(text: str) -> Do:
    """A label by hand scanner."""

    async def do(phone: Phone) -> None:
        await phone.scan(text)
        await expect(phone.at("scan-answer")).to_be_visible()

    return do


async def a_label(phone: Phone) -> str:
    """The label of a delivery that is expected."""
    line = next(one for one in await phone.api("/api/deliveries") if one["status"] == "open")
    return f"(01){line['identifiers'][0]['value']}(17)281130(10)V-1"


async def counting(phone: Phone) -> None:
    """Boxes counted by scan; the last was of another product."""
    label = (await a_label(phone)).replace("(10)V-1", "(30)25(10)V-3")
    await phone.at("continuous").uncheck()
    await scanned(label)(phone)
    await phone.tap("change")
    await phone.tap("count-by-scan")
    await phone.scan(label)
    await expect(phone.at("count-sum")).to_have_text("50")
    await phone.scan(UNKNOWN)
    await expect(phone.at("count-said")).to_be_visible()


async def two_answers(phone: Phone) -> None:
    """Somebody was faster at the question on the screen: both answers, side by side."""
    await to_question("numeric")(phone)
    key = await phone.at("question").get_attribute("data-item")
    within = await phone.at("question").get_by_test_id("limits").inner_text()
    value = re.findall(r"[\d.]+", within)[0]
    async with phone.house.asked_by("garcia") as garcia:
        path = f"/api{await phone.page.evaluate('location.hash.slice(1)')}/results"
        body = {"id": str(uuid_utils.uuid7()), "item_key": key, "entered": value, "confirmed": True}
        (await garcia.post(path, json=body)).raise_for_status()
    await phone.write("answer", value)
    await phone.tap("record")
    await expect(phone.at("refused")).to_be_visible()
    await phone.go("/waiting")
    await expect(phone.at("conflict").first).to_be_visible()


async def too_much(phone: Phone) -> None:
    """More than was ordered, damaged, and soon to expire."""
    soon = datetime.now(UTC).date() + timedelta(days=40)
    label = (await a_label(phone)).replace("281130", f"{soon:%y%m%d}") + "(30)999999"
    await scanned(label.replace("(10)V-1(30)999999", "(30)999999(10)V-1"))(phone)
    await phone.tap("trouble")
    await phone.at("trouble-goods_damaged").check()


async def expected(phone: Phone) -> None:
    """It is scanned."""
    await scanned(await a_label(phone))(phone)


def photographed(code_lot: str, printed_lot: str) -> Do:
    """A photo of a label, sent to the server, whose print and code may differ."""

    async def do(phone: Phone) -> None:
        label = (await a_label(phone)).replace("(10)V-1", f"(10){code_lot}")
        drawn = draw_label(
            [f"批号 LOT: {printed_lot}"], label.replace("(", "").replace(")", ""), "DataMatrix"
        )
        body = bytes(cv2.imencode(".png", drawn)[1])
        photo = FilePayload(name="label.png", mimeType="image/png", buffer=body)
        await phone.at("photo-upload").set_input_files(photo)
        await expect(phone.at("scan-answer")).to_be_visible(timeout=90_000)

    return do


SEND = """async ([path, body]) => {
  const session = await (await fetch("/api/session")).json();
  const answer = await fetch(path, {
    method: "POST", body: JSON.stringify({ id: crypto.randomUUID(), ...body }),
    headers: { "Content-Type": "application/json", "X-Lotgate-CSRF": session.csrf },
  });
  return await answer.json();
}"""
"""A command of the person who is signed in on this page."""


def plan(code: str) -> Find:
    """A plan with its versions."""

    async def find(phone: Phone) -> str:
        return f"/plans/{next(one['id'] for one in await phone.api('/api/plans') if one['code'] == code)}"

    return find


def plan_version(code: str, status: str) -> Find:
    """The version of a plan that is in force, being written (begun, where none is), or under review."""

    async def find(phone: Phone) -> str:
        line = next(one for one in await phone.api("/api/plans") if one["code"] == code)
        version = line["effective"] if status == "effective" else line["draft"]
        if version is None:
            begun = {"number": line["effective"]["number"] + 1}
            draft = await phone.page.evaluate(SEND, [f"/api/plans/{line['id']}/drafts", begun])
            version = {"id": draft["version_id"]}
            if status == "review":
                path = f"/api/plan-versions/{version['id']}"
                tried = await phone.page.evaluate(SEND, [f"{path}/trial", {"version": 1}])
                submission = {"version": tried["version"], "change": "Nothing but its number"}
                await phone.page.evaluate(SEND, [f"{path}/submission", submission])
        return f"/plan-versions/{version['id']}"

    return find


async def to_move(phone: Phone) -> str:
    """An inspection that somebody thinks of moving."""
    return f"{await inspection(phone)}/move"


async def card_opened(phone: Phone) -> None:
    """The form of a measured characteristic, its rule drawn, and the trial's table."""
    await phone.page.locator('[data-testid=characteristic][data-code="LEN"] [data-testid=open-card]').click()
    await expect(phone.at("curve")).to_be_visible()
    await phone.tap("trial-run")
    await expect(phone.at("trial-counts")).to_be_visible()
    await expect(phone.at("trial-stop")).to_have_count(0)


async def rule_drawn(phone: Phone) -> None:
    """What the first characteristic's rule lets pass."""
    await phone.page.locator("[data-testid=characteristic] summary").first.click()
    await expect(phone.at("curve").first).to_be_visible()


def tapped(*testids: str) -> Do:
    """Tap one after the other."""

    async def do(phone: Phone) -> None:
        for testid in testids:
            await phone.tap(testid)

    return do


async def meaning(phone: Phone) -> None:
    """The form with what is signed."""
    await phone.tap("meaning-release")
    await expect(phone.at("digest")).to_be_visible()


async def wrong_password(phone: Phone) -> None:
    """What a failed sign-in says."""
    await phone.write("login", "nobody")
    await phone.write("password", "wrong")
    await phone.tap("sign-in")
    await expect(phone.at("error-summary")).to_be_visible()


async def offline(phone: Phone) -> None:
    """Without a network, one thing waiting."""
    await phone.ready_for_offline()
    label = await a_label(phone)
    await phone.network(False)
    await scanned(label)(phone)
    await phone.tap("receive")
    await expect(phone.at("scan-answer")).to_have_attribute("data-outcome", "waiting")
    await phone.go("/waiting")
    await expect(phone.at("waiting-entry")).to_be_visible()


async def one_of_a_run(phone: Phone) -> None:
    """Continuous mode and a lot of it, taken back: later views find its delivery still expected."""
    lines = [one for one in await phone.api("/api/deliveries") if one["status"] == "open"]
    named = [line["identifiers"][0]["value"] for line in lines]
    gtin = next(value for value in named if named.count(value) == 1)
    await phone.at("continuous").check()
    await phone.scan(f"(01){gtin}(17)281130(30)1(10)V-2")
    await phone.tap("run-undo")
    await expect(phone.at("flash")).to_have_count(0)


async def scanner_tested(phone: Phone) -> None:
    """What a scanner without FNC1 is told."""
    await phone.scan("010950600013435210Zy-7/Qm_a21AW+2")
    await expect(phone.at("scanner-advice")).to_be_visible()


async def bot_answered(phone: Phone) -> None:
    """A greeting in the chat."""
    await phone.write("chat-input", "/start")
    await phone.tap("chat-send")
    await expect(phone.at("heard").first).to_be_visible(timeout=30_000)


async def two_compared(phone: Phone) -> None:
    """The first two suppliers side by side; nothing is merged."""
    for place, which in enumerate(("first", "second"), 1):
        value = await phone.at(f"double-{which}").locator("option").nth(place).get_attribute("value")
        await phone.at(f"double-{which}").select_option(value)
    await phone.tap("double-choose")
    await expect(phone.at("double-side")).to_have_count(2)


async def a_webhook(phone: Phone) -> None:
    """An endpoint whose name leads nowhere, with what waits for it."""
    if await phone.at("webhook").count() == 0:
        await phone.tap("webhook-new")
        await phone.write("webhook-name", "MES")
        await phone.write("webhook-address", "https://mes.example.invalid/lotgate")
        await phone.tap("webhook-all")
        await phone.at("webhook-type").last.check()
        await phone.tap("webhook-add")
        await expect(phone.at("webhook-secret")).to_be_visible()
        await phone.tap("webhook-try")
    await phone.at("webhook-sent").first.click()
    await expect(phone.at("webhook-sent").first).to_have_attribute("aria-expanded", "true")


async def a_channel(phone: Phone) -> None:
    """A mail address is added; the house has no mail server, so that nothing leaves it."""
    if await phone.at("channel").count() == 0:
        await phone.at("channel-kind").select_option("email")
        await phone.write("channel-name", "QA")
        await phone.write("channel-address", "sun@maker.example")
        await phone.tap("add-channel")
    await expect(phone.at("channel").first).to_be_visible()


def of_recalls(kind: str, then: str = "") -> Find:
    """A recall that is in force or waits, an exercise, or what was shipped."""

    async def find(phone: Phone) -> str:
        if not await phone.api("/api/recalls"):
            await play_recalls(phone.house)
        if kind == "shipment":
            return f"/shipments/{(await phone.api('/api/shipments'))[0]['id']}"
        rows = await phone.api("/api/recalls")
        found = next(one for one in rows if one["status"] == kind)
        if then == "trace":
            return "/trace"
        return f"/{'mock-recalls' if found['mock'] else 'recalls'}/{found['id']}"

    return find


def of_document(number: str, status: str = "", page: str = "document-versions") -> Find:
    """A document, or its version with this status, to be worked on or to be read for training."""

    async def find(phone: Phone) -> str:
        await play_documents(phone.house)
        if not number:
            return f"/{page}"
        line = next(one for one in await phone.api("/api/documents") if one["number"] == number)
        if not status:
            return f"/documents/{line['id']}"
        versions = (await phone.api(f"/api/documents/{line['id']}"))["versions"]
        return f"/{page}/{next(one['id'] for one in versions if one['status'] == status)}"

    return find


async def answered_wrongly(phone: Phone) -> None:
    """The first choice, which is wrong; said, and kept as an attempt."""
    await phone.at("choice").first.check()
    await phone.at("understood").check()
    await phone.tap("training-confirm")
    await expect(phone.at("quiz-wrong")).to_be_visible()


async def suppliers(phone: Phone) -> str:
    """With what each is qualified for."""
    await play_suppliers(phone.house)
    return "/suppliers"


async def supplier(phone: Phone) -> str:
    """The one with a certificate and a change that waits."""
    await play_suppliers(phone.house)
    rows = (await phone.api("/api/suppliers"))["suppliers"]
    return f"/suppliers/{next(one['id'] for one in rows if one['open_changes'])}"


async def evaluated(phone: Phone) -> None:
    """What not being qualified any more would mean, and a figure with its records."""
    await phone.tap("open-evaluate")
    await phone.at("result-not_qualified").check()
    await phone.tap("figure-ppm")


async def traced_by_operator(phone: Phone) -> None:
    """All that an operator made, drawn, and what it has in common."""
    await phone.at("basis-kind").select_option("operator")
    await phone.write("basis-value", "zhao")
    await phone.tap("basis-ask")
    await expect(phone.at("trace-table")).to_be_visible()
    await phone.tap("causes-ask")
    await expect(phone.page.locator("[data-testid=causes], [data-testid=no-cause]")).to_be_visible()


async def previewed(phone: Phone) -> None:
    """What a recall of a finished lot would reach, and what is signed first."""
    lots = (await phone.api("/api/lots?status=released"))["lots"]
    await phone.write("basis-value", next(one["number"] for one in lots if one["item"]["kind"] == "finished"))
    await phone.tap("basis-ask")
    await expect(phone.at("reach")).to_be_visible()
    await phone.write("recall-reason", "the connector may come off")


def of_loop(place: str, status: str = "") -> Find:
    """CAPAs, changes or complaints; with a status, the first that stands so."""

    async def find(phone: Phone) -> str:
        await phone.house.play(play_loop, PastClock(datetime.now(UTC) - timedelta(hours=2)))
        if not status:
            return f"/{place}"
        rows = await phone.api(f"/api/{place}")
        return f"/{place}/{next(one['id'] for one in rows if one['status'] == status)}"

    return find


async def opened_behind(phone: Phone) -> None:
    """The records that a bar was counted from."""
    await phone.tap("behind-ncr_pareto")
    await expect(phone.at("behind")).to_be_visible()


async def causes_found(phone: Phone) -> None:
    """A why and a bone of the fishbone, before they are kept."""
    await phone.write("why", "the seal is bonded too briefly")
    await phone.tap("cause-add")
    await phone.write("cause-text", "bonding time")
    await expect(phone.at("fishbone")).to_be_visible()


VIEWS = (
    View("sign-in", "", "/"),
    View("sign-in-failed", "", "/", do=wrong_password),
    View("home-quality", "zhou", "/"),
    View("lots", "zhou", "/lots"),
    View("lots-filtered", "zhou", "/lots?status=released&item=TUB-30", "/lots"),
    View("lots-found", "zhou", "/lots?search=26-0", "/lots"),
    View("lot-released", "zhou", of_lot("released"), "/lots/:number"),
    View("lot-held", "zhou", of_lot("held"), "/lots/:number"),
    View("trace", "zhou", finished, "/lots/:number/trace"),
    View("trace-from", "zhou", of_recalls("in_force", "trace"), "/trace", do=traced_by_operator),
    View("reports", "zhou", "/reports?report=audit_extract", "/reports"),
    View("reports-ordered", "zhou", "/reports/none", "/reports/:id", do=tapped("schedule-new")),
    View("suppliers", "zhou", suppliers, "/suppliers"),
    View("supplier", "zhou", supplier, "/suppliers/:id", do=evaluated),
    View("supplier-qualify", "zhou", supplier, "/suppliers/:id", do=tapped("open-qualify")),
    View("recalls", "zhou", "/recalls", do=previewed),
    View("recall", "zhou", of_recalls("in_force"), "/recalls/:id", do=tapped("letter-sent", "answer-open")),
    View("recall-waiting", "zhou", of_recalls("signed_once"), "/recalls/:id", do=tapped("recall-second")),
    View("mock-recall", "zhou", of_recalls("running"), "/mock-recalls/:id"),
    View("numbers-quality", "zhou", "/numbers/quality", "/numbers/:page", do=opened_behind),
    View("numbers-production", "sun", "/numbers/production", "/numbers/:page"),
    View("numbers-compliance", "zhou", "/numbers/compliance", "/numbers/:page"),
    View("numbers", "zhou", "/numbers"),
    View("complaints", "novak", of_loop("complaints"), "/complaints", do=tapped("complaint-new")),
    View(
        "complaint", "novak", of_loop("complaints", "assessed"), "/complaints/:id", do=tapped("justified-yes")
    ),
    View("complaint-answered", "novak", of_loop("complaints", "answered"), "/complaints/:id"),
    View("capas", "novak", of_loop("capas"), "/capas", do=tapped("capa-new")),
    View("capa-open", "novak", of_loop("capas", "open"), "/capas/:id", do=causes_found),
    View(
        "capa-planned", "zhou", of_loop("capas", "planned"), "/capas/:id", do=tapped("plan-again", "capa-end")
    ),
    View("changes", "novak", of_loop("changes"), "/changes", do=tapped("change-new")),
    View("change-draft", "novak", of_loop("changes", "draft"), "/changes/:id", do=tapped("follow-up-add")),
    View("change-review", "zhou", of_loop("changes", "review"), "/changes/:id", do=tapped("change-sign")),
    View("report", "wang", of_lot("released", "/report"), "/lots/:number/report"),
    View("certificates", "zhou", of_lot("released", "/certificates"), "/lots/:number/certificates"),
    View("ncrs", "zhou", "/ncrs"),
    View("ncr-closed", "zhou", decided, "/ncrs/:id"),
    View("log", "zhou", "/log"),
    View("log-filtered", "zhou", "/log?person=wang&type=lot_received", "/log"),
    View("rights", "zhou", "/rights"),
    View("right-change", "zhou", right, "/rights/:id", do=ceremony),
    View("release-standing", "zhou", a_release, "/releases/:id"),
    View("delegations", "zhou", "/delegations"),
    View("partners", "zhou", "/partners", do=first_tapped("rule-change")),
    View("imports", "zhou", "/imports", do=faulty_sheet),
    View("opening", "sun", opening_list, "/opening"),
    View("epcis", "zhou", "/epcis", do=captured_events),
    View("epcis-refused", "zhou", "/epcis", do=faulty_events),
    View(
        "document-review", "zhou", of_document("WI-902", "in_review"), "/document-versions/:id", do=ceremony
    ),
    View("missing", "zhou", NOWHERE),
    View("home-engineer", "novak", "/"),
    View("ncr-open", "novak", ncr, "/ncrs/:id"),
    View("gauges", "novak", "/gauges", do=tapped("gauge-add")),
    View("gauge", "novak", gauge, "/gauges/:id", do=tapped("calibrate", "found-out_of_tolerance")),
    View("equipment", "sun", "/equipment", do=tapped("equipment-add")),
    View("machine", "zhao", machine, "/equipment/:id", do=tapped("serve", "service-repair")),
    View("assessment", "novak", assessment, "/assessments/:id"),
    View("chat", "novak", "/chat", do=bot_answered),
    View("plans", "novak", "/plans", do=tapped("plan-new")),
    View("plan", "novak", plan("II-TUB-30"), "/plans/:id"),
    View("plan-draft", "novak", plan_version("II-RLC-01", "draft"), "/plan-versions/:id"),
    View(
        "plan-draft-card", "novak", plan_version("II-NDL-21", "draft"), "/plan-versions/:id", do=card_opened
    ),
    View("plan-review", "novak", plan_version("II-FLT-15", "review"), "/plan-versions/:id"),
    View(
        "plan-effective", "novak", plan_version("FI-SET-20", "effective"), "/plan-versions/:id", do=rule_drawn
    ),
    View("documents", "novak", of_document("", page="documents"), "/documents", do=tapped("document-new")),
    View("training-matrix", "novak", of_document("", page="training-matrix"), "/training-matrix"),
    View("document", "novak", of_document("WI-900"), "/documents/:id"),
    View("document-draft", "novak", of_document("WI-901", "draft"), "/document-versions/:id"),
    View("document-obsolete", "novak", of_document("WI-900", "obsolete"), "/document-versions/:id"),
    View("second-look", "novak", finished_inspection, "/inspections/:id/second-look", do=tapped("resample")),
    View("signal", "novak", signal, "/signals/:id", do=tapped("answer-refer")),
    View("charts", "novak", "/charts"),
    View("charts-material", "novak", "/charts/FLT-15", "/charts/:item"),
    View("chart", "novak", chart, "/charts/:item/:stage/:characteristic", do=table_opened),
    View(
        "factors",
        "novak",
        factors,
        "/charts/:item/:stage/:characteristic/factors",
        do=table_opened_of_factors,
    ),
    View("chart-empty", "novak", "/charts/CAP-04/incoming/PUL", "/charts/:item/:stage/:characteristic"),
    View("notices", "novak", "/notices"),
    View("people", "admin", "/people"),
    View("doubles", "zhou", "/doubles", do=two_compared),
    View("webhooks", "admin", "/webhooks", do=a_webhook),
    View("home-supervisor", "sun", "/"),
    View("release-ready", "sun", release(True), "/receipts/:id/release", do=meaning),
    View("release-send-back", "sun", release(True, ""), "/receipts/:id", do=tapped("send-back")),
    View("release-blocked", "sun", release(False), "/receipts/:id/release"),
    View("keys", "sun", "/keys"),
    View("settings", "sun", "/settings"),
    View("telling", "sun", "/telling", do=a_channel),
    View("messages", "sun", "/messages"),
    View("more", "sun", "/more"),
    View("lot-stock", "novak", of_lot("released", "/stock"), "/lots/:number/stock", do=tapped("work-out")),
    View("release-parts", "sun", release(True), "/receipts/:id/release", do=in_parts),
    View("lot-labels", "zhao", of_lot("released", "/labels"), "/lots/:number/labels"),
    View("production", "zhao", "/production", do=tapped("production-new")),
    View("production-run", "zhao", run, "/production/:number", do=tapped("production-finish")),
    View("home-inspector", "li", "/"),
    View("question-count", "li", inspection, "/inspections/:id", do=to_question("attribute")),
    View("question-number", "li", inspection, "/inspections/:id", do=to_question("numeric", OUT, "record")),
    View(
        "question-evidence",
        "li",
        inspection,
        "/inspections/:id",
        do=to_question("numeric", OUT, "record", "is-right"),
    ),
    View("question-words", "li", inspection, "/inspections/:id", do=to_question("text", "Q-1")),
    View("two-answers", "li", inspection, "/inspections/:id", do=two_answers),
    View("inspection-move", "li", to_move, "/inspections/:id/move"),
    View("question-gauge", "li", measured, "/inspections/:id", do=to_gauge),
    View("keys-totp", "li", "/keys", do=totp_begun),
    View("training", "li", of_document("", page="training"), "/training"),
    View(
        "lesson", "li", of_document("WI-900", "effective", "training"), "/training/:id", do=answered_wrongly
    ),
    View("home-warehouse", "wang", "/"),
    View("shipments", "wang", "/shipments", do=tapped("ship-new")),
    View("shipment", "wang", of_recalls("shipment"), "/shipments/:id", do=tapped("return-open")),
    View("consignees", "wang", "/consignees", do=tapped("consignee-new")),
    View("scanner", "wang", "/scanner", do=scanner_tested),
    View("deliveries", "wang", "/deliveries"),
    View("tour", "wang", "/tour", do=tapped("tour-next")),
    View("scan", "wang", "/scan"),
    View("scan-typed", "wang", "/scan?type", "/scan"),
    View("scan-continuous", "wang", "/scan", do=one_of_a_run),
    View("scan-print-differs", "wang", "/scan", do=photographed("V-77X", "V-99X")),
    View("scan-expected", "wang", "/", do=expected),
    View("scan-counting", "wang", "/scan", do=counting),
    View("scan-too-much", "wang", "/", do=too_much),
    View("scan-unknown", "wang", "/", do=scanned(UNKNOWN)),
    View("scan-ambiguous", "wang", "/", do=scanned("10ABC17261130")),
    View("scan-no-label", "wang", "/", do=scanned(TWO_WAYS)),
    View("waiting", "wang", "/waiting"),
    View("waiting-offline", "wang", "/", do=offline),
)


async def open_view(phone: Phone, view: View) -> None:
    """Show it, and wait until nothing more is being fetched."""
    address = view.at if isinstance(view.at, str) else await view.at(phone)
    heading = phone.page.locator("h1").first
    if view.login:
        await phone.go(NOWHERE)  # so that each view begins anew
        await expect(phone.page).to_have_url(re.compile(NOWHERE))
        await expect(phone.page.get_by_test_id("missing")).to_be_visible()
    await phone.go(address)
    if view.login and address != NOWHERE:
        await expect(phone.page.get_by_test_id("missing")).to_have_count(0)
    await expect(heading).to_be_visible()
    await settled(phone)
    if view.do is not None:
        await view.do(phone)
        await settled(phone)


async def settled(phone: Phone) -> None:
    """No skeleton on the screen, and everything drawn."""
    await expect(phone.page.locator(".bone")).to_have_count(0)
    await phone.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def enter(phone: Phone, login: str, language: str) -> dict[str, Any]:
    """Be this person, by the API: quicker than typing."""
    await phone.page.goto(f"{phone.house.url}/healthz")
    session: dict[str, Any] = await phone.page.evaluate(ENTER, [login, f"lotgate-demo-{login}", language])
    await phone.page.goto(f"{phone.house.url}/#/")
    await expect(phone.at("nav-scan")).to_be_visible()
    return session


ENTER = """async ([login, password, language]) => {
  const send = (method, path, body, csrf) => fetch(path, {
    method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Lotgate-CSRF": csrf },
  });
  const session = await (await send("POST", "/api/session", { login, password }, "")).json();
  await send("PUT", "/api/session/language", { language }, session.csrf);
  return session;
}"""
