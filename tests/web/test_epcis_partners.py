"""What partners' systems send, each document with the outcome that was written down before (QUA-6)."""

from __future__ import annotations

import re
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from backend.domain import epcis_capture
from backend.domain.epcis_capture import content_text
from tests.web.epcis_partners import LINK, Sent, document, event, sixty, uuid
from tests.web.served import Phone, Served
from tests.web.test_epcis_capture import CAPTURE

TABLES = ("epcis_event", "epcis_mention")


async def post(phone: Phone, text: str | bytes) -> Any:
    return await phone.client.post(CAPTURE, content=text, headers={"content-type": "application/ld+json"})


async def rows(served: Served) -> list[int]:
    """How much is kept."""
    counts = [await served.store.read.rows(f"select count(*) from {table}") for table in TABLES]
    return [count[0][0] for count in counts]


def deviates(case: Sent, status: int, answer: Any, before: list[int], after: list[int]) -> str | None:
    """How the outcome differs from what was written down."""
    if case.new:
        said = (status, answer.get("new"), after[0] - before[0])
        return None if said == (200, case.new, case.new) else f"{said} {answer}"
    if after != before:
        return f"half done: {before} {after}"
    reasons = [(reason["code"], reason.get("field") or "") for reason in answer.get("reasons", [])]
    wanted = set(case.refused)
    right = {each for each in reasons if _listed(each, wanted)}
    missed = [each for each in wanted if not any(_listed(one, {each}) for one in reasons)]
    if status != case.status or missed or (case.refused and len(right) != len(set(reasons))):
        return f"{status} {reasons} wanted {sorted(wanted)}"
    return None


def _listed(reason: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    """A `*` in a place stands for any."""
    return any(
        reason[0] == code and re.fullmatch(re.escape(where).replace(r"\*", ".*"), reason[1])
        for code, where in wanted
    )


@pytest.mark.proves("QUA-6")
async def test_each_document_of_a_partner_ends_as_it_was_written_down(served: Served) -> None:
    zhou = await served.by("zhou")
    found = []
    for case in sixty():
        before = await rows(served)
        answer = await post(zhou, case.text)
        wrong = deviates(case, answer.status_code, answer.json(), before, await rows(served))
        if wrong is not None:
            found.append(f"{case.what}: {wrong[:600]}")
    assert not found, "\n".join(found)


@pytest.mark.proves("QUA-6")
async def test_a_step_by_its_web_address_is_listed_by_its_word(served: Served) -> None:
    zhou = await served.by("zhou")
    cbv = "https://ref.gs1.org/cbv"
    one = event(bizStep=f"{cbv}/BizStep-shipping", disposition=f"{cbv}/Disp-in_transit", epcList=[LINK])
    other = event(bizStep="https://partner.example/BizStep-own")
    assert (await post(zhou, document(one, other))).json()["new"] == 2
    lines = (await zhou.get("/api/epcis/events"))["events"]
    assert {(line["step"], line["disposition"]) for line in lines} == {
        ("shipping", "in_transit"),
        ("https://partner.example/BizStep-own", None),
    }


@pytest.mark.proves("QUA-6")
async def test_an_event_of_before_is_known_whatever_its_record_time_says(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events that were kept while `recordTime` still counted have another digest: their content decides."""
    zhou = await served.by("zhou")
    one = event(recordTime="2024-11-29T07:00:00Z", eventID=uuid(5_000_001))
    with monkeypatch.context() as before:
        before.setattr(
            epcis_capture, "digest_of", lambda said: sha256(content_text(said).encode()).hexdigest()
        )
        assert (await post(zhou, document(one))).json()["new"] == 1
    again = {**one, "recordTime": "2024-11-29T09:00:00Z"}
    assert (await post(zhou, document(again))).json() == {"new": 0, "known": 1, "event_ids": [one["eventID"]]}
    answer = (await post(zhou, document({**again, "action": "ADD"}))).json()
    assert [reason["code"] for reason in answer["reasons"]] == ["epcis_event_differs"]


def test_numbers_that_differ_in_their_last_digit_are_two_contents() -> None:
    long = "1234567890123456789012345678901234567890"
    assert content_text(Decimal(f"{long}.1")) != content_text(Decimal(f"{long}.2"))
    assert content_text(Decimal("1e999999999")) == content_text(Decimal("10e999999998"))
    assert content_text(Decimal("12.50")) == content_text(Decimal("12.5"))
