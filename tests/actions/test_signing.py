"""Signing with password and one-time code, and with passkeys: what must be right, and what never counts (SIG-1..8)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backend.actions.add_passkey import AddPasskey, add_passkey
from backend.actions.begin_passkey import BeginPasskey, begin_passkey
from backend.actions.begin_signing import SigningBegun
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.revoke_passkey import RevokePasskey, revoke_passkey
from backend.actions.sign_release import Released, SignRelease
from backend.demo.people import BY_LOGIN
from backend.domain.errors import Stale
from backend.domain.inspections import Reading
from backend.domain.notices import Notice
from backend.domain.people import Credential, Person, Who
from backend.domain.proofs import signing_challenge
from backend.domain.signatures import Signature
from backend.domain.signing import ACCOUNTABILITY
from backend.identity.passkeys import asserted, decode
from tests.actions.floor import PARTY, Floor, codes, digest_of, on_record, refusal
from tests.software_passkey import SoftwarePasskey

WRONG = "not the password"


async def shown(floor: Floor, login: str = "sun", order: str = "0412/2") -> tuple[Who, str, SigningBegun]:
    """A signer in a session of their own, looking at a receipt that nothing stands against."""
    received = await floor.inspected(order)
    who = (await floor.sign_in(login)).who
    return who, received.receipt_id, await floor.begin(who, received.receipt_id)


@pytest.mark.proves("SIG-1", "SIG-2")
async def test_a_signature_holds_what_was_shown_by_whom_when_and_what_it_means(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    assert begun.record["signature"]["signer"] == {"person_id": sun.person_id, "name": "孙梅", "login": "sun"}
    assert begun.record["decision"] == {"disposition": "release", "quantity": "4000", "unit": "pcs"}
    assert begun.text == begun.record["signature"]["statement"] and "4000 pcs" in begun.text
    done = await floor.sign(sun, floor.by_password(sun, receipt, begun))
    signature = await floor.store.read.first(Signature, "subject_id = $1", receipt)
    assert signature is not None
    assert (signature.record, signature.digest) == (begun.record, digest_of(begun.record))
    assert (done.printed_name, done.signed_at) == (signature.printed_name, signature.signed_at)


ONE_PART_WRONG: list[tuple[dict[str, Any], str]] = [
    ({"password": WRONG}, "password_wrong"),
    ({"password": None}, "password_missing"),
    ({"totp": "000000"}, "totp_wrong"),
    ({"totp": "０００００００"}, "totp_wrong"),
    ({"totp": None}, "totp_wrong"),
    ({"digest": "0" * 64}, "record_changed"),
    ({"meaning": "reject"}, "nonce_unknown"),
    ({"nonce": "bm90aGluZw"}, "nonce_unknown"),
]


@pytest.mark.proves("SIG-2", "SIG-3", "SIG-7")
async def test_one_part_wrong_and_nothing_is_signed(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    for fields, expected in ONE_PART_WRONG:
        wrong = floor.by_password(sun, receipt, begun, **fields)
        assert await codes(floor.sign(sun, wrong)) == [expected], fields
    assert await floor.count("signature where subject_id = $1", receipt) == 0
    done = await floor.sign(sun, floor.by_password(sun, receipt, begun))
    assert done.decision == "release", "a failed attempt uses nothing up"


async def corrected_meanwhile(floor: Floor, receipt: str) -> None:
    reading = await floor.store.read.first(
        Reading,
        "item_key = 'LEN-1' and inspection_id in (select id from inspection where receipt_id = $1)",
        receipt,
    )
    assert reading is not None
    command = CorrectResult(id=floor.new_id(), reading_id=reading.id, entered="25.3", reason="second look")
    await correct_result(floor.store, await floor.who("garcia"), command)


def naive_unchanged(shown_version: int, version: int) -> bool:
    """The broken twin of SIG-2: compares the receipt's version, which a correction does not touch."""
    return shown_version == version


@pytest.mark.proves("SIG-2")
async def test_shown_one_thing_and_signed_another_is_stale(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    await corrected_meanwhile(floor, receipt)
    command = floor.by_password(sun, receipt, begun)
    error = await refusal(floor.sign(sun, command))
    assert isinstance(error, Stale) and error.reasons[0].code == "record_changed"
    assert await floor.count("signature where subject_id = $1", receipt) == 0
    version = (await floor.store.read.rows("select version from receipt where id = $1", receipt))[0][0]
    assert naive_unchanged(1, version), "the twin sees no change"
    fresh = await floor.begin(sun, receipt)
    assert fresh.record["corrections"] == {"changed_since_first_entry": True, "count": 1}


@pytest.mark.proves("SIG-4", "SIG-7")
async def test_what_was_shown_to_one_is_signed_by_nobody_else_and_in_no_other_session(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    zhou = (await floor.sign_in("zhou")).who
    assert await codes(floor.sign(zhou, floor.by_password(zhou, receipt, begun))) == ["nonce_unknown"]
    again = (await floor.sign_in("sun")).who
    assert await codes(floor.sign(again, floor.by_password(sun, receipt, begun))) == ["nonce_unknown"]
    chat = msgspec.structs.replace(sun, session_id="", source="chat")
    in_chat = await floor.begin(chat, receipt)
    assert await codes(floor.sign(chat, floor.by_password(chat, receipt, in_chat))) == ["session_needed"]


async def test_an_old_request_is_not_signed(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    floor.clock.forward(floor.clock.now + timedelta(minutes=6))
    assert await codes(floor.sign(sun, floor.by_password(sun, receipt, begun))) == ["nonce_expired"]


@pytest.mark.proves("SIG-8")
async def test_a_one_time_code_signs_once(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    second = await floor.inspected("0415/1")
    then = await floor.begin(sun, second.receipt_id)
    code = floor.totp("sun")
    await floor.sign(sun, floor.by_password(sun, receipt, begun, totp=code))
    late = floor.by_password(sun, second.receipt_id, then, totp=code)
    assert await codes(floor.sign(sun, late)) == ["totp_wrong"]


@pytest.mark.proves("SIG-5")
async def test_the_first_signature_needs_the_accountability_statement_and_it_is_kept(floor: Floor) -> None:
    zhou, receipt, begun = await shown(floor, "zhou")
    assert begun.accountability_needed and begun.accountability == ACCOUNTABILITY.zh
    without = floor.by_password(zhou, receipt, begun, accountability_accepted=False)
    assert await codes(floor.sign(zhou, without)) == ["accountability_needed"]
    await floor.sign(zhou, floor.by_password(zhou, receipt, begun))
    person = await floor.store.read.get(Person, zhou.person_id)
    assert person.accountability_accepted_at is not None
    second = await floor.inspected("0415/1")
    assert not (await floor.begin(zhou, second.receipt_id)).accountability_needed


@pytest.mark.proves("SIG-6")
async def test_five_failures_lock_signing_for_a_while_and_quality_hears_of_it(floor: Floor) -> None:
    sun, receipt, begun = await shown(floor)
    for _ in range(5):
        wrong = floor.by_password(sun, receipt, begun, totp="000000")
        assert await codes(floor.sign(sun, wrong)) == ["totp_wrong"]
    assert await codes(floor.sign(sun, floor.by_password(sun, receipt, begun))) == ["signing_locked"]
    zhou = await floor.who("zhou")
    told = await floor.store.read.all(Notice, "person_id = $1 and code = 'signing_locked'", zhou.person_id)
    assert [each.facts["name"] for each in told] == ["孙梅"]
    assert await floor.count("event where type = 'signing_failed' and person_id = $1", sun.person_id) == 5
    floor.clock.forward(floor.clock.now + timedelta(minutes=16))
    later = await floor.begin(sun, receipt)
    assert (await floor.sign(sun, floor.by_password(sun, receipt, later))).decision == "release"
    assert (await floor.store.read.get(Person, sun.person_id)).failed_signings == 0


async def passkey(floor: Floor, login: str, key: SoftwarePasskey | None = None) -> SoftwarePasskey:
    """A passkey of this person's, enrolled through the actions."""
    who, key = await floor.who(login), key or SoftwarePasskey(credential_id=login.encode())
    begin = BeginPasskey(id=floor.new_id(), password=BY_LOGIN[login].password)
    options = (await begin_passkey(floor.store, who, begin, PARTY)).options
    answer = key.register(decode(options["challenge"]))
    await add_passkey(floor.store, who, AddPasskey(id=floor.new_id(), name="phone", credential=answer), PARTY)
    return key


def by_passkey(
    floor: Floor, key: SoftwarePasskey, receipt: str, begun: SigningBegun, password: str | None, **how: Any
) -> SignRelease:
    challenge = how.pop("challenge", None) or signing_challenge(begun.record, decode(begun.nonce))
    return SignRelease(
        id=floor.new_id(),
        receipt_id=receipt,
        meaning=begun.record["decision"]["disposition"],
        nonce=begun.nonce,
        digest=digest_of(begun.record),
        password=password,
        assertion=key.sign(challenge, **how),
        accountability_accepted=True,
    )


@pytest.mark.proves("SIG-3")
async def test_the_first_signature_of_a_session_asks_for_both_later_ones_for_the_key(floor: Floor) -> None:
    key = await passkey(floor, "sun")
    orders = ("0412/2", "0415/1", "0416/1")
    receipts = [(await floor.inspected(order)).receipt_id for order in orders]
    sun = (await floor.sign_in("sun")).who
    password = BY_LOGIN["sun"].password
    first = await floor.begin(sun, receipts[0])
    assert first.password_needed and first.credential_ids
    assert await codes(floor.sign(sun, by_passkey(floor, key, receipts[0], first, None))) == [
        "password_missing"
    ]
    assert await codes(floor.sign(sun, by_passkey(floor, key, receipts[0], first, WRONG))) == [
        "password_wrong"
    ]
    await floor.sign(sun, by_passkey(floor, key, receipts[0], first, password))
    second = await floor.begin(sun, receipts[1])
    assert not second.password_needed
    await floor.sign(sun, by_passkey(floor, key, receipts[1], second, None))
    floor.clock.forward(floor.clock.now + timedelta(minutes=16))
    third = await floor.begin(sun, receipts[2])
    assert third.password_needed, "after a pause both again"
    assert await codes(floor.sign(sun, by_passkey(floor, key, receipts[2], third, None))) == [
        "password_missing"
    ]


SPOILT: list[dict[str, Any]] = [
    {"user_verified": False},
    {"origin": "http://localhost.example:8000"},
    {"kind": "webauthn.create"},
    {"challenge": bytes(32)},
]


@pytest.mark.proves("SIG-2", "SIG-4", "SIG-8")
async def test_an_assertion_that_is_not_exactly_right_signs_nothing(floor: Floor) -> None:
    key = await passkey(floor, "sun")
    sun, receipt, begun = await shown(floor)
    for how in SPOILT:
        command = by_passkey(floor, key, receipt, begun, BY_LOGIN["sun"].password, **how)
        assert await codes(floor.sign(sun, command)) == ["signature_invalid"], how
    assert await floor.count("signature where subject_id = $1", receipt) == 0


@pytest.mark.proves("SIG-4")
async def test_the_passkey_of_another_signs_nothing_and_one_key_has_one_owner(floor: Floor) -> None:
    await passkey(floor, "sun")
    other = await passkey(floor, "zhou")
    sun, receipt, begun = await shown(floor)
    command = by_passkey(floor, other, receipt, begun, BY_LOGIN["sun"].password)
    assert await codes(floor.sign(sun, command)) == ["signature_invalid"]
    assert await codes(passkey(floor, "sun", other)) == ["passkey_known_already"]


@pytest.mark.proves("SIG-6")
async def test_a_lost_key_is_worth_nothing_at_once(floor: Floor) -> None:
    key = await passkey(floor, "sun")
    sun, receipt, begun = await shown(floor)
    credential = await floor.store.read.first(Credential, "person_id = $1", sun.person_id)
    assert credential is not None
    await revoke_passkey(floor.store, sun, RevokePasskey(id=floor.new_id(), passkey_id=credential.id))
    command = by_passkey(floor, key, receipt, begun, BY_LOGIN["sun"].password)
    assert await codes(floor.sign(sun, command)) == ["signature_invalid"]


@pytest.mark.proves("SIG-8")
async def test_a_thousand_parallel_replays_are_all_refused(floor: Floor) -> None:
    """The same assertion, nonce and digest: for the same receipt, for another, from another's session."""
    key = await passkey(floor, "sun")
    sun, receipt, begun = await shown(floor)
    other = (await floor.inspected("0415/1")).receipt_id
    zhou = (await floor.sign_in("zhou")).who
    good = by_passkey(floor, key, receipt, begun, BY_LOGIN["sun"].password)
    assert (await floor.sign(sun, good)).decision == "release"
    public_key = (await floor.store.read.all(Credential, "person_id = $1", sun.person_id))[0].public_key
    assert good.assertion is not None
    challenge = signing_challenge(begun.record, decode(begun.nonce))
    assert asserted(PARTY, challenge, public_key, good.assertion), (
        "a twin without the nonce's use takes a replay"
    )
    before = await on_record(floor.store)
    replays = [
        floor.sign(
            zhou if place % 3 == 2 else sun,
            msgspec.structs.replace(
                good, id=floor.new_id(), password=None, receipt_id=other if place % 3 else receipt
            ),
        )
        for place in range(1000)
    ]
    results = await asyncio.gather(*replays, return_exceptions=True)
    assert not [each for each in results if isinstance(each, Released)]
    found = {reason.code for each in results for reason in each.reasons}  # type: ignore[union-attr]
    assert found == {"decided_already", "nonce_used", "nonce_unknown"}
    assert await on_record(floor.store) == before
    assert await floor.count("event where type = 'refused'") >= 1000, "each attempt stays in the log"
