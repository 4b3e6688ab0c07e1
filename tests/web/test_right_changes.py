"""A change of the rights table is signed, over old beside new, and holds from the next command on (ROL-1)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from backend.domain.proofs import signing_challenge
from backend.domain.signatures import Signature
from backend.identity.passkeys import decode
from tests.stores import new_id
from tests.web.served import Phone, Served, codes
from tests.web.walk import by_password, digest_of, enrol_passkey


async def cell(phone: Phone, action: str, role: str) -> dict[str, Any]:
    """A cell of the table as the page shows it."""
    table = await phone.get("/api/rights")
    found: dict[str, Any] = next(c for c in table["rights"] if (c["action"], c["role"]) == (action, role))
    return found


def signed(phone: Phone, begun: Any, **fields: Any) -> dict[str, Any]:
    """The body of a signature by password and one-time code."""
    body = by_password(phone, "", begun) | {"id": new_id()} | fields
    return {name: value for name, value in body.items() if name not in ("receipt_id", "meaning")}


@pytest.mark.proves("ROL-1", "SIG-1", "SIG-2", "SIG-3")
async def test_a_right_is_given_by_signature_and_every_door_reads_it_at_once(served: Served) -> None:
    zhou, garcia = await served.by("zhou"), await served.by("garcia")
    contain = f"/api/ncrs/{new_id()}/containment"
    assert await garcia.refused(403, contain, containment="x") == ["not_allowed"]

    right = await cell(zhou, "contain_ncr", "inspector")
    begun = await zhou.post(f"/api/rights/{right['id']}/signing", allowed=True, language="en")
    assert (begun["record"]["old"]["allowed"], begun["record"]["new"]["allowed"]) == (False, True)
    assert "inspector" in begun["text"] and "contain_ncr" in begun["text"]
    table = await zhou.put(f"/api/rights/{right['id']}", **signed(zhou, begun))
    assert next(c for c in table["rights"] if c["id"] == right["id"])["allowed"] is True

    assert await garcia.refused(404, contain, containment="x") == ["not_found"]
    signature = await served.store.read.first(Signature, "subject_id = $1", right["id"])
    assert signature is not None and signature.meaning == "change_right"
    assert (signature.record, signature.digest) == (begun["record"], digest_of(begun["record"]))
    event = (await served.events(type="right_changed"))[0]
    assert (event["facts"]["old"], event["facts"]["new"], event["person"]) == (False, True, "周文")
    body = (await served.store.read.rows("select body from event where seq = $1", event["seq"]))[0][0]
    changes = [c for c in msgspec.json.decode(body)["changes"] if c["table"] == "action_right"]
    assert [(c["old"]["allowed"], c["new"]["allowed"]) for c in changes] == [(False, True)]


async def test_a_right_is_taken_by_passkey(served: Served) -> None:
    admin = await served.phone().sign_in("admin")
    passkey = await enrol_passkey(admin)
    right = await cell(admin, "receive_lot", "warehouse")
    begun = await admin.post(f"/api/rights/{right['id']}/signing", allowed=False)
    body = {
        "nonce": begun["nonce"],
        "digest": digest_of(begun["record"]),
        "password": "lotgate-demo-admin",
        "assertion": passkey.sign(signing_challenge(begun["record"], decode(begun["nonce"]))),
        "accountability_accepted": True,
    }
    await admin.put(f"/api/rights/{right['id']}", **body)
    wang = await served.by("wang")
    assert await wang.refused(403, "/api/receipts", codes=[]) == ["not_allowed"]


@pytest.mark.proves("ROL-1", "SIG-2", "SIG-8")
async def test_nothing_changes_a_right_but_a_right_signature(served: Served) -> None:
    zhou, admin = await served.by("zhou"), await served.by("admin")
    right = await cell(zhou, "contain_ncr", "inspector")
    other = await cell(zhou, "close_ncr", "inspector")
    path, begin = f"/api/rights/{right['id']}", f"/api/rights/{right['id']}/signing"

    async def refused(phone: Phone, to: str, body: dict[str, Any], expected: int = 409) -> list[str]:
        return codes(await phone.put(to, expected, **body))

    assert codes(await zhou.post(begin, 409, allowed=False)) == ["right_unchanged"]
    last = await cell(zhou, "change_right", "administrator")
    await zhou.post(f"/api/rights/{last['id']}/signing", allowed=False)  # the quality manager still may

    begun = await zhou.post(begin, allowed=True)
    good = signed(zhou, begun)
    assert await refused(zhou, path, good | {"id": new_id(), "digest": "0" * 64}, 412) == ["record_changed"]
    begun = await zhou.post(begin, allowed=True)
    assert await refused(zhou, path, signed(zhou, begun, totp="000000")) == ["totp_wrong"]
    begun = await zhou.post(begin, allowed=True)
    assert await refused(zhou, path, signed(zhou, begun, password="wrong")) == ["password_wrong"]
    begun = await zhou.post(begin, allowed=True)
    assert await refused(zhou, path, signed(zhou, begun, password=None)) == ["password_missing"]
    begun = await zhou.post(begin, allowed=True)
    assert await refused(zhou, f"/api/rights/{other['id']}", signed(zhou, begun)) == ["nonce_unknown"]
    begun = await zhou.post(begin, allowed=True)
    stolen = signed(zhou, begun, password="lotgate-demo-admin")
    assert await refused(admin, path, stolen) == ["nonce_unknown"]
    assert (await cell(zhou, "contain_ncr", "inspector"))["allowed"] is False

    done = signed(zhou, begun)
    await zhou.put(path, **done)
    await zhou.put(path, **done)  # the same command again gets its first answer
    assert await refused(zhou, path, done | {"id": new_id()}) == ["nonce_used"]
    assert len(await served.events(type="right_changed")) == 1


async def test_somebody_can_always_change_rights(served: Served) -> None:
    zhou = await served.by("zhou")
    admin = await cell(zhou, "change_right", "administrator")
    begun = await zhou.post(f"/api/rights/{admin['id']}/signing", allowed=False)
    await zhou.put(f"/api/rights/{admin['id']}", **signed(zhou, begun))
    manager = await cell(zhou, "change_right", "quality_manager")
    problem = await zhou.post(f"/api/rights/{manager['id']}/signing", 409, allowed=False)
    assert codes(problem) == ["right_last"]
