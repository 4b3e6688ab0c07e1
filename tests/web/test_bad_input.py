"""What a program or a person sends wrong: a problem with a code and facts that say what to do, nothing half done."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from backend.domain.gs1 import FNC1
from backend.web.problems import MEDIA_TYPE
from tests.actions.floor import on_record
from tests.stores import new_id
from tests.web.served import Phone, Served, codes, scanned

KEYS = {"status", "title", "detail", "code", "reasons", "instance", "type"}
BODIES = [
    ("no JSON", b"{", 400, "malformed"),
    ("no UTF-8", b'{"login": "\xff"}', 400, "malformed"),
    ("half a surrogate", b'{"login":"\\ud800","password":"x"}', 400, "malformed"),
    ("a list", b"[]", 400, "malformed"),
    ("nothing", b"", 400, "malformed"),
    ("a number for text", b'{"login":1,"password":"x"}', 400, "malformed"),
    ("a field missing", b'{"login":"li"}', 400, "malformed"),
    ("a field more", b'{"login":"li","password":"x","role":"administrator"}', 400, "malformed"),
    ("brackets within brackets", b"[" * 100_000, 400, "malformed"),
    ("two megabytes of JSON", b'{"login":"' + b"a" * 2_000_000 + b'"}', 413, "too_large"),
    ("a stranger", b'{"login":"nobody","password":"x"}', 403, "sign_in_failed"),
]


@pytest.mark.parametrize(
    ("body", "status", "code"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
async def test_a_malformed_body_is_a_problem(shared: Served, body: bytes, status: int, code: str) -> None:
    answer = await shared.phone().client.post("/api/session", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    problem = answer.json()
    assert set(problem) == KEYS and (problem["status"], problem["code"]) == (status, code)
    assert problem["instance"] == "/api/session" and problem["detail"]


ADDRESSES = [
    ("GET", "/api/nothing", 404, "page_unknown"),
    ("PATCH", "/api/session", 405, "method_wrong"),
    ("GET", "/api/lots/L99-000001", 404, "lot_unknown"),
    ("GET", "/api/lots/no-number", 404, "lot_unknown"),
    ("GET", "/api/inspections/no-uuid", 404, "not_found"),
    ("GET", "/api/ncrs/no-uuid", 404, "not_found"),
    ("GET", "/api/receipts/no-uuid/release", 404, "not_found"),
    ("GET", "/api/releases/no-uuid/proof", 404, "not_found"),
    ("GET", "/api/attachments/no-hash", 404, "not_found"),
    ("GET", "/api/attachments/..%2f..%2fmaker.key", 404, "page_unknown"),
    ("GET", "/api/lots/%00", 400, "malformed"),
    ("GET", "/api/lots?search=%00", 400, "malformed"),
    ("GET", "/api/lots/x/trace?direction=sideways", 400, "malformed"),
    ("GET", "/api/log/checkpoint?from=-1", 400, "malformed"),
    ("GET", "/api/log/checkpoint?from=99999999999999999999", 400, "malformed"),
    ("GET", "/api/log/checkpoint?from=999999999", 409, "log_shorter_than_checkpoint"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), ADDRESSES, ids=[row[1] for row in ADDRESSES])
async def test_an_address_that_leads_nowhere_says_so(
    shared: Served, method: str, path: str, status: int, code: str
) -> None:
    answer = await (await shared.by("li")).client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE), answer.text
    assert (answer.json()["code"], set(answer.json())) == (code, KEYS)


Change = Callable[[str], str]
NUL = "text_unreadable"
LABELS: list[tuple[str, Change, dict[str, Any], list[str]]] = [
    ("no label", lambda _: "hello", {}, ["ai_unknown"]),
    ("wrong check digit", lambda t: t[:15] + str((int(t[15]) + 1) % 10) + t[16:], {}, ["check_digit_wrong"]),
    ("separator lost", lambda t: t.replace(FNC1, ""), {}, ["label_ambiguous"]),
    ("expired", lambda t: t[:26] + "200131" + t[32:], {}, ["lot_expired"]),
    ("text for a number", str, {"quantity": "many"}, ["number_expected"]),
    ("an exponent", str, {"quantity": "1e999"}, ["number_out_of_range"]),
    ("nothing at all", str, {"quantity": "０"}, ["quantity_not_positive"]),
    ("a NUL in a text", str, {"supplier_lot": "A\0B"}, [NUL]),
    ("an order line of nowhere", str, {"order_line_id": new_id()}, ["not_found"]),
    ("a file that nobody sent", str, {"attachments": ["ab" * 32]}, ["attachment_unknown"]),
    ("a day that is none", lambda t: t[:26] + "281350" + t[32:], {}, ["date_impossible"]),
    ("no device time", str, {"device_at": "yesterday"}, ["device_time_malformed"]),
    ("a device time without a zone", str, {"device_at": "2026-11-23T18:18:00"}, ["device_time_malformed"]),
    ("an id that is no UUID", str, {"id": "1"}, ["command_id_malformed"]),
]  # fmt: skip


@pytest.mark.proves("REL-1", "LBL-2", "LBL-7", "AUD-6")
@pytest.mark.parametrize(("change", "fields", "expected"), [row[1:] for row in LABELS],
                         ids=[row[0] for row in LABELS])  # fmt: skip
async def test_a_delivery_that_cannot_be_received_gives_every_reason_and_writes_nothing(
    shared: Served, change: Change, fields: dict[str, Any], expected: list[str]
) -> None:
    label = await shared.label("0412/2")
    wang = await shared.by("wang")
    before = await on_record(shared.store)
    body = {"id": new_id(), "codes": [scanned(change(label.text))], "order_line_id": label.order_line_id}
    answer = await wang.client.post("/api/receipts", json=body | fields)
    assert answer.status_code in (404, 409), answer.text
    assert codes(answer.json()) == expected
    assert await on_record(shared.store) == before


async def test_a_full_width_digit_is_read_as_the_digit_it_is(served: Served) -> None:
    received = await served.receive("0412/2", quantity="１２００")
    assert received["received"]["quantity"] == "1200"
    li = await served.by("li")
    path = f"/api/inspections/{received['received']['inspection']['id']}"
    sheet = await li.get(path)
    length = next(item for item in sheet["items"] if item["characteristic"]["kind"] == "numeric")
    recorded = await li.post(f"{path}/results", item_key=length["key"], entered="２５．０")
    assert (recorded["reading"]["entered"], recorded["reading"]["value"]) == ("２５．０", "25.0")
    assert await li.refused(412, f"{path}/results", item_key=length["key"], entered="25.1") == [
        "item_answered"
    ]


@pytest.mark.proves("RES-4")
async def test_a_reading_that_is_no_number_is_asked_about(served: Served) -> None:
    received = await served.receive("0412/2")
    li = await served.by("li")
    path = f"/api/inspections/{received['received']['inspection']['id']}"
    items = (await li.get(path))["items"]
    key = next(item["key"] for item in items if item["characteristic"]["kind"] == "numeric")
    asked = {
        "": "reading_missing",
        "good": "number_expected",
        "25.0 kg": "unit_other_dimension",
        "1,234": "number_ambiguous",
    }
    for entered, code in asked.items():
        assert await li.refused(409, f"{path}/results", item_key=key, entered=entered) == [code]
    assert await li.refused(409, f"{path}/results", item_key="NO-1", entered="1") == ["item_unknown"]
    assert (await li.get(path))["answered"] == 0


def png(width: int, height: int, rows: int) -> bytes:
    """A grey PNG that says how large it is, with so many rows of zeros in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(width + 1) * rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


PICTURES = [
    ("no picture", b"hello", 409),
    ("half a picture", png(64, 64, 64)[:60], 409),
    ("a decompression bomb", png(60_000, 60_000, 300), 409),
    ("a picture without a code", png(64, 64, 64), 200),
]


@pytest.mark.parametrize(("body", "status"), [row[1:] for row in PICTURES], ids=[row[0] for row in PICTURES])
async def test_a_picture_that_holds_no_label_gets_a_clear_answer(
    shared: Served, body: bytes, status: int
) -> None:
    wang = await shared.by("wang")
    answer = await wang.client.post("/api/scan/picture", content=body, headers={"content-type": "image/png"})
    assert answer.status_code == status, answer.text
    if status == 409:
        assert answer.json()["code"].startswith("picture_") or answer.json()["code"] == "not_a_picture"
    else:
        assert (answer.json()["codes"], answer.json()["scan"]) == ([], None)


async def test_a_photo_of_several_megabytes_is_kept(served: Served) -> None:
    li: Phone = await served.by("li")
    photo = png(2000, 1500, 1500) + bytes(3_000_000)
    kept = await li.client.post("/api/attachments", content=photo, headers={"content-type": "image/png"})
    assert kept.status_code == 201, kept.text
    back = await li.client.get(f"/api/attachments/{kept.json()['id']}")
    assert (back.content, back.headers["content-type"]) == (photo, "image/png")


async def test_what_a_browser_could_run_is_sent_as_a_download(served: Served) -> None:
    li = await served.by("li")
    page = b"<script>alert(1)</script>"
    kept = await li.client.post("/api/attachments", content=page, headers={"content-type": "text/html"})
    back = await li.client.get(f"/api/attachments/{kept.json()['id']}")
    assert (back.headers["content-type"], back.headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )
