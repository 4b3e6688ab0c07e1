"""Take over a list of lots by one signature: each lot gets a decision and a signature of its own, by the same gate.

The list is signed in one change. Each lot then follows in a change of its own: the gate is asked again, its record must
be the very one in the list, and it has an event of its own. Broken off in between, the same command goes on where it
stopped; a lot that has changed meanwhile stays as it is and is named.
"""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid5

import msgspec

from backend.domain.canonical import canonical
from backend.domain.certificates import ListRecord
from backend.domain.errors import LotgateError, Reason, Stale, refuse
from backend.domain.merkle import leaf_hash, verify_inclusion
from backend.domain.people import Who
from backend.domain.proofs import Listed
from backend.domain.signatures import Signature
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.decided import decide
from backend.store.door import Store
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import base64_of, release_record, take_request, write_listed
from backend.store.taken_lists import asked_about, taken_list

LOTS = UUID("c4f6f3a2-5f0e-5a4b-8c1b-0a8d3f0f6b38")
"""Name space: a lot of a list is one command."""


class SignTakeOver(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature on the list's record; the receipts in the order in which they were shown."""

    receipt_ids: list[str]


class ListSigned(msgspec.Struct, frozen=True):
    """The list's signature, and what proves each lot's place in it."""

    signature_id: str
    places: list[Listed]


class NotTaken(msgspec.Struct, frozen=True):
    """A lot of a signed list that is not taken over after all, and why."""

    receipt_id: str
    reasons: list[Reason]


class TakenOverList(msgspec.Struct, frozen=True):
    """How many lots are taken over now, and which are not."""

    taken: int
    signed_at: str
    printed_name: str
    left: list[NotTaken]


class TakeOverLot(msgspec.Struct, frozen=True, kw_only=True):
    """One lot of a signed list."""

    id: str
    receipt_id: str
    signature_id: str
    place: Listed
    device_at: str | None = None


async def sign_take_over(store: Store, who: Who, command: SignTakeOver, party: RelyingParty) -> TakenOverList:
    """Sign the list, then take over each of its lots."""

    async def sign(tx: Change, password_right: bool | None) -> ListSigned:
        return await _sign(tx, who, command, party, password_right)

    signed = await sign_act(store, who, "sign_take_over", command, sign, ListSigned)
    pairs = list(zip(command.receipt_ids, signed.places, strict=True))
    left = [
        each
        for each in await asyncio.gather(*(_follow(store, who, command, signed, *pair) for pair in pairs))
        if each is not None
    ]
    signature = await store.read.get(Signature, signed.signature_id)
    taken = len(pairs) - len(left)
    return TakenOverList(taken, signature.signed_at, signature.printed_name, left)


async def _sign(
    tx: Change, who: Who, command: SignTakeOver, party: RelyingParty, password_right: bool | None
) -> ListSigned:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.meaning) != ("opening_list", "take_over"):
        raise refuse("nonce_unknown", field="nonce")
    shown = msgspec.convert(request.record, ListRecord).signature
    now = await taken_list(tx, command.receipt_ids, who, shown.method == "passkey", shown.language)
    signature = await sign_record(tx, who, party, request, now.record, proof, password_right)
    count = len(now.records)
    tx.record("take_over_signed", "opening_list", request.subject_id, lots=count, digest=signature.digest)
    return ListSigned(signature.id, [now.listed(index) for index in range(count)])


async def _follow(
    store: Store, who: Who, command: SignTakeOver, signed: ListSigned, receipt_id: str, place: Listed
) -> NotTaken | None:
    one = TakeOverLot(
        id=str(uuid5(LOTS, f"{command.id}\n{receipt_id}")),
        receipt_id=receipt_id,
        signature_id=signed.signature_id,
        place=place,
    )
    try:
        await store.change(who, "sign_take_over", one, lambda tx: _take_over(tx, who, one), str)
    except LotgateError as error:
        return NotTaken(receipt_id, list(error.reasons))
    return None


async def _take_over(tx: Change, who: Who, command: TakeOverLot) -> str:
    """By the gate, and by a record that is in the list that this person has signed."""
    of_list = await tx.get(Signature, command.signature_id)
    if (of_list.subject_kind, of_list.person_id) != ("opening_list", who.person_id):
        raise refuse("signature_invalid", field="signature_id")
    signed = msgspec.convert(of_list.record, ListRecord)
    file, asked = await asked_about(tx, command.receipt_id, who)
    by_passkey = signed.signature.method == "passkey"
    record = await release_record(tx, file, who, asked, by_passkey, signed.signature.language)
    leaf, place = leaf_hash(canonical(record)), command.place
    path = [base64_of(step) for step in place.path]
    if not verify_inclusion(leaf, place.index, signed.count, path, base64_of(signed.root)):
        raise Stale(Reason("record_changed"))
    signature = write_listed(tx, of_list, command.receipt_id, record, place)
    return (await decide(tx, who, file, asked, signature)).id
