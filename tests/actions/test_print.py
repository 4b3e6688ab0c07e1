"""A photo whose print and code disagree stops receiving until a person answers; the answer stays on record."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec
import pytest

from backend.actions.add_attachment import AddAttachment, add_attachment
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.domain.lots import ScannedCode
from backend.domain.printed_fields import Line, Proposal, propose
from backend.views.scans import Scan, scan
from tests.actions.floor import Floor, codes, last_event, on_record

TODAY = date(2026, 11, 23)


def printed(*texts: str) -> list[Proposal]:
    rows = [
        Line(text, ((0, 40 * at), (200, 40 * at), (200, 40 * at + 20), (0, 40 * at + 20)), 990)
        for at, text in enumerate(texts)
    ]
    return propose(rows, TODAY)


async def photo(floor: Floor, proposals: list[Proposal] | None, body: bytes = b"photo") -> str:
    """The warehouse's photo, its print read as given."""
    sha256 = hashlib.sha256(body).hexdigest()
    command = AddAttachment(
        id=floor.new_id(), sha256=sha256, media_type="image/jpeg", size=len(body), printed=proposals
    )
    return (await add_attachment(floor.store, await floor.who("wang"), command)).id


def from_photo(floor: Floor, picture: str, **fields: object) -> ReceiveLot:
    command = floor.scan("0411/1", **fields)
    seen = [msgspec.structs.replace(code, picture=picture) for code in command.codes]
    return msgspec.structs.replace(command, codes=seen)


async def answer(floor: Floor, picture: str) -> Scan:
    label = floor.labels["0411/1"]
    code = ScannedCode(label.text, "]d2", picture)
    return await scan(floor.store.read.of_site(floor.site_id), floor.site_id, [code], TODAY)


async def test_a_difference_stops_receiving_until_a_reason_is_on_record(floor: Floor) -> None:
    label = floor.labels["0411/1"]
    picture = await photo(floor, printed("LOT X-999", f"EXP {label.expires_on}"))
    seen = await answer(floor, picture)
    assert {row.field: row.verdict for row in seen.print} == {"lot": "disagree", "expiry": "agree"}
    assert [one.code for one in seen.warnings][:1] == ["print_differs"]
    before, wang = await on_record(floor.store), await floor.who("wang")
    for fields in ({}, {"print_looked": True}, {"print_reason": "  "}):
        refused = receive_lot(floor.store, wang, from_photo(floor, picture, **fields))
        assert await codes(refused) == ["print_differs"]
    assert await on_record(floor.store) == before
    why = "old carton, relabelled by the supplier: note of 20 November"
    await receive_lot(floor.store, wang, from_photo(floor, picture, print_reason=why))
    event = await last_event(floor.store)
    assert (event["reason"], event["facts"]["print_doubts"]) == (why, ["lot X-999"])


async def test_a_doubt_asks_for_a_look_and_agreement_for_nothing(floor: Floor) -> None:
    label = floor.labels["0411/1"]
    lot = str((await answer(floor, await photo(floor, None))).reading.lot)
    doubtful = lot.replace("0", "O", 1).replace("1", "I", 1)
    assert doubtful != lot
    picture = await photo(floor, printed(f"批号：{doubtful}"), b"another")
    wang = await floor.who("wang")
    refused = receive_lot(floor.store, wang, from_photo(floor, picture, quantity="10"))
    assert await codes(refused) == ["print_unsure"]
    await receive_lot(floor.store, wang, from_photo(floor, picture, quantity="10", print_looked=True))
    same = await photo(floor, printed(f"批号：{lot}", f"有效期至 {label.expires_on}"), b"third")
    await receive_lot(floor.store, wang, from_photo(floor, same, quantity="10"))
    assert "print_doubts" not in (await last_event(floor.store))["facts"]


async def test_the_newest_reading_of_the_same_photo_counts(floor: Floor) -> None:
    picture = await photo(floor, None)
    assert (await answer(floor, picture)).print == []
    assert await photo(floor, printed("LOT X-999")) == picture
    assert [row.verdict for row in (await answer(floor, picture)).print] == ["disagree"]


async def test_a_difference_can_not_hide_behind_the_attachments(floor: Floor) -> None:
    """The photo is named as the receipt's picture only, and not as that of its code."""
    picture = await photo(floor, printed("LOT X-999"))
    command = floor.scan("0411/1", attachments=[picture])
    assert await codes(receive_lot(floor.store, await floor.who("wang"), command)) == ["print_differs"]


async def test_a_gate_that_trusts_the_screen_receives_the_difference(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broken twin: nothing is looked up when the receipt is made."""

    async def nothing(*_: object) -> list[Proposal]:
        return []

    picture = await photo(floor, printed("LOT X-999"))
    monkeypatch.setattr("backend.actions.receive_lot.printed_on", nothing)
    received = await receive_lot(floor.store, await floor.who("wang"), from_photo(floor, picture))
    assert received.lot_number
