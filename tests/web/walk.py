"""A person's steps over HTTP that several tests take: answer an inspection, enrol a passkey, sign a decision."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from backend.demo.people import BY_LOGIN
from backend.domain.canonical import canonical
from backend.domain.proofs import signing_challenge
from backend.identity.passkeys import decode
from tests.software_passkey import SoftwarePasskey
from tests.web.served import ORIGIN, Phone


def conforming(item: dict[str, Any]) -> str:
    """An answer within the limits of a sheet's item, as a person types it."""
    asked = item["characteristic"]
    if asked["kind"] == "attribute":
        return "0"
    if asked["kind"] == "text":
        return f"{asked['code']}-{item['sample_number']:02}"
    return _middle(asked)


def failing(item: dict[str, Any]) -> str:
    """A number out of limits, yet plausible."""
    asked = item["characteristic"]
    step = Decimal(asked["resolution"] or "0.1")
    if asked["upper"] is not None:
        return format(Decimal(asked["upper"]) + step, "f")
    return format(Decimal(asked["lower"]) - step, "f")


def _middle(asked: dict[str, Any]) -> str:
    step = Decimal(asked["resolution"] or "0.1")
    lower, upper = (Decimal(asked[name]) if asked[name] is not None else None for name in ("lower", "upper"))
    if asked["target"] is not None:
        middle = Decimal(asked["target"])
    elif lower is not None and upper is not None:
        middle = (lower + upper) / 2
    else:
        middle = lower + 3 * step if lower is not None else (upper or Decimal(0)) - 3 * step
    return format(middle.quantize(step), "f")


async def answer(phone: Phone, inspection_id: str, item: dict[str, Any], entered: str, **fields: Any) -> Any:
    """One answer; asked whether it is meant, it is."""
    path = f"/api/inspections/{inspection_id}/results"
    return await phone.post(path, item_key=item["key"], entered=entered, confirmed=True, **fields)


async def inspect(phone: Phone, inspection_id: str, fail: str | None = None) -> Any:
    """Answer one item after the other as the screen asks them; `fail` is the key of one that fails."""
    sheet = await phone.get(f"/api/inspections/{inspection_id}")
    recorded: Any = None
    while sheet["next"] is not None:
        item = next(each for each in sheet["items"] if each["key"] == sheet["next"])
        entered = failing(item) if item["key"] == fail else conforming(item)
        recorded = await answer(phone, inspection_id, item, entered)
        sheet = recorded["sheet"]
    return recorded


async def enrol_passkey(phone: Phone) -> SoftwarePasskey:
    """A passkey for this person, made for the challenge that the server gave out."""
    options = await phone.post("/api/me/passkeys/options", password=BY_LOGIN[phone.login].password)
    assert options["authenticatorSelection"]["userVerification"] == "required"
    passkey = SoftwarePasskey("localhost", ORIGIN, credential_id=f"key of {phone.login}".encode())
    credential = passkey.register(decode(options["challenge"]))
    keys = await phone.post("/api/me/passkeys", name="phone", credential=credential)
    assert [key["name"] for key in keys["passkeys"]] == ["phone"]
    return passkey


async def begin(phone: Phone, receipt_id: str, meaning: str = "release", **fields: Any) -> Any:
    """What is shown to be signed."""
    return await phone.post("/api/signing", subject_id=receipt_id, meaning=meaning, **fields)


def by_passkey(passkey: SoftwarePasskey, receipt_id: str, begun: Any, **fields: Any) -> dict[str, Any]:
    """The body of a signature by passkey: digest and challenge made of what was rendered."""
    right = {
        "receipt_id": receipt_id,
        "meaning": begun["record"]["signature"]["meaning"],
        "nonce": begun["nonce"],
        "digest": digest_of(begun["record"]),
        "assertion": passkey.sign(signing_challenge(begun["record"], decode(begun["nonce"]))),
        "accountability_accepted": True,
    }
    return right | fields


def by_password(phone: Phone, receipt_id: str, begun: Any, **fields: Any) -> dict[str, Any]:
    """The body of a signature by password and one-time code."""
    right = {
        "receipt_id": receipt_id,
        "meaning": begun["record"]["signature"]["meaning"],
        "nonce": begun["nonce"],
        "digest": digest_of(begun["record"]),
        "password": BY_LOGIN[phone.login].password,
        "totp": phone.totp(),
        "accountability_accepted": True,
    }
    return right | fields


def digest_of(record: Any) -> str:
    """What the phone computes of what it rendered (hex)."""
    return hashlib.sha256(canonical(record)).hexdigest()
