"""Move an open inspection to the version of its plan in force, by signature (SMP-8, SIG-2)."""

from __future__ import annotations

from typing import Any

import msgspec

from backend.domain.certificates import Signing
from backend.domain.errors import Refused, refuse
from backend.domain.inspections import Judgement, Reading
from backend.domain.people import Who
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from backend.store.inspecting import follow_verdict, pull_more
from backend.store.moving_inspections import Move, move_of, move_record
from backend.store.series import count_anew
from backend.store.signed_act import SignedCommand, proof_of, sign_act, sign_record
from backend.store.signing import take_request


class MoveInspection(SignedCommand, frozen=True, kw_only=True):
    """The signature, on exactly what was shown."""

    inspection_id: str


class Moved(msgspec.Struct, frozen=True):
    """What has come of it."""

    inspection_id: str
    status: str
    version: int
    ncrs: list[str]


async def move_inspection(store: Store, who: Who, command: MoveInspection, party: RelyingParty) -> Moved:
    """Sign; the readings that go along are judged anew, the others stay on record and are asked again."""

    async def sign(tx: Change, password_right: bool | None) -> Moved:
        return await _sign(tx, who, command, party, password_right)

    return await sign_act(store, who, "move_inspection", command, sign, Moved)


async def _sign(
    tx: Change, who: Who, command: MoveInspection, party: RelyingParty, password_right: bool | None
) -> Moved:
    proof = proof_of(command)
    request = await take_request(tx, who, proof)
    if (request.subject_kind, request.subject_id) != ("inspection", command.inspection_id):
        raise refuse("nonce_unknown", field="nonce")
    move = await move_of(tx, command.inspection_id)
    if move.against:
        raise Refused(*move.against)
    signing = msgspec.convert(request.record["signature"], Signing)
    record = await move_record(tx, move, who, signing.method == "passkey", signing.language)
    signature = await sign_record(tx, who, party, request, record, proof, password_right)
    case = move.case
    computed = [reading for reading in case.readings if reading.computed]
    carried = [moved for moved in (_reading(tx, move, each) for each in move.carried) if moved is not None]
    case.readings = [*carried, *computed]
    await count_anew(tx, move.lot, case.inspection.stage)
    case.inspection = tx.update(case.inspection, plan_version_id=move.new.id, sampling=move.sampling or None)
    case.document, case.asked = move.new.document, move.asked
    pull_more(tx, case)
    inspection, ncrs = await follow_verdict(tx, case) if case.readings else (case.inspection, [])
    tx.record(
        "inspection_moved",
        "inspection",
        inspection.id,
        inspection=inspection.number,
        plan=move.plan.code,
        old=move.old.number,
        new=move.new.number,
        digest=signature.digest,
    )
    await tx.tell_role(
        ("inspector",),
        "inspection_moved",
        "inspection",
        inspection.id,
        inspection=inspection.number,
        lot=move.lot.number,
        version=move.new.number,
        by=who.printed_name,
    )
    return Moved(inspection.id, inspection.status, move.new.number, [ncr.id for ncr in ncrs])


def _reading(tx: Change, move: Move, carried: tuple[Reading, Any]) -> Reading | None:
    """Both judgements on record; the reading in force shows the new one, or is superseded."""
    reading, verdict = carried
    inspection = move.case.inspection
    for version, said in ((move.old, reading.verdict), (move.new, verdict)):
        tx.insert(
            Judgement(tx.new_id(), inspection.site_id, inspection.id, reading.id, version.id, said, tx.now)
        )
    if verdict is None:
        tx.update(reading, status="superseded")
        return None
    return tx.update(reading, verdict=verdict)
