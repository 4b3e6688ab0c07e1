"""Start a recall by signing; two different people do, and with the second signature all of it is blocked (QUA-6)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Refused, refuse
from backend.domain.people import Who
from backend.domain.recalls import Basis, Recall, RecallRecord, against_starting
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.recalling import reach, recall_record, sign_first, sign_second
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class StartRecall(SignedCommand, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signature, on exactly what was shown; `basis` as it was then, or the recall that waits for a second one."""

    recall_id: str | None = None
    basis: Basis | None = None


async def start_recall(store: Store, who: Who, command: StartRecall, party: RelyingParty) -> Recall:
    """Sign: the first of two asks for another one, the second starts it."""

    async def sign(tx: Change, password_right: bool | None) -> Recall:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "start_recall", command, sign, Recall)


async def _sign(
    tx: Change, who: Who, command: StartRecall, party: RelyingParty, password_right: bool | None
) -> Recall:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_id, request.meaning) != (command.recall_id or "", "start_recall"):
        raise refuse("nonce_unknown", field="nonce")
    shown = msgspec.convert(request.record, RecallRecord)
    first = await tx.get(Recall, command.recall_id) if command.recall_id is not None else None
    basis = first.basis if first is not None else command.basis
    if basis is None:
        raise refuse("basis_missing", field="value", kind="")
    reached = await reach(tx, who.site_id, basis)
    numbers = [lot.number for lot in reached.lots]
    if reasons := against_starting(numbers, reached.elsewhere, first, who.person_id, shown.reason):
        raise Refused(*reasons)
    by_passkey = shown.signature.method == "passkey"
    language = shown.signature.language
    record = await recall_record(tx, reached, basis, shown.reason, who, by_passkey, language, first)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    recall = (
        await sign_first(tx, basis, shown.reason, signature)
        if first is None
        else await sign_second(tx, first, reached, signature)
    )
    tx.record(
        "recall_signed" if first is None else "recall_started",
        "recall",
        recall.id,
        reason=shown.reason,
        recall=recall.number,
        basis=shown.basis,
        lots=len(reached.lots),
        consignees=len(reached.consignee_ids),
        digest=signature.digest,
    )
    return recall
