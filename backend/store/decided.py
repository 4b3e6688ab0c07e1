"""A decision as it is written once it is signed: the decision, its stock, who is told (LOT-14, REL-5, REL-6, REL-8)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.lots import DECIDED, PORTION_STEPS, Lot, Portion
from backend.domain.ncrs import Ncr
from backend.domain.part_decisions import Part, quantity_of
from backend.domain.people import Person, Who
from backend.domain.signatures import Release, Signature
from backend.domain.sites import Location
from backend.domain.steps import take
from backend.store.change import Change
from backend.store.deciding import Asked, Dossier
from backend.store.descent import hold_descendants
from backend.store.escalating import UNDECIDED
from backend.store.retesting import move_on
from backend.store.stock import divide, follow_portions, move
from backend.store.superseding import end_unused

# Where decided stock stands; what is used at risk stays where it is.
PLACES: dict[str, str] = {
    "release": "released",
    "concession": "released",
    "reject": "rejected",
    "take_over": "released",
}


async def decide(tx: Change, who: Who, file: Dossier, asked: Asked, signature: Signature) -> Release:
    """Write what was signed over these parts; the gate has been asked before."""
    person = await tx.get(Person, who.person_id)
    release = tx.insert(
        Release(
            tx.new_id(),
            who.site_id,
            file.lot.id,
            file.receipt.id,
            asked.meaning,
            signature.id,
            person.id,
            tx.now,
            number=await _next_number(tx, file.receipt.id),
            quantity=quantity_of(asked.parts),
            condition=asked.terms.condition,
            ends_on=asked.terms.ends_on,
            delegation_id=file.lent.id if file.lent is not None else None,
        )
    )
    lot = await _step(tx, file, asked.parts, release)
    await _tell(tx, file.contributors, lot, release, person, file.ncrs)
    tx.due("issue_certificate", release.id, tx.now)
    tx.record(
        "release_signed",
        "lot",
        lot.id,
        lot=lot.number,
        decision=release.decision,
        quantity=format(quantity_of(asked.parts), "f"),
        digest=signature.digest,
    )
    return release


async def _next_number(tx: Change, receipt_id: str) -> int:
    """Decisions of a receipt count on, those superseded included."""
    decisions = await tx.all(Release, "receipt_id = $1 order by id", receipt_id)
    return 1 + max((decision.number or 1 for decision in decisions), default=0)


async def _step(tx: Change, file: Dossier, parts: Sequence[Part], release: Release) -> Lot:
    """The parts take the decision and stand where such stock stands (LOT-14)."""
    before = {part.portion.release_id for part in parts if part.portion.release_id is not None}
    place = await _place(tx, file, release)
    for part in parts:
        portion = divide(tx, part.portion, part.quantity)
        again = file.renewing and release.decision == "release" and portion.status in ("held", "released")
        status = take(PORTION_STEPS, "renew" if again else release.decision, portion.status)
        portion = tx.update(portion, status=status, release_id=release.id)
        if place and portion.quantity > 0 and portion.location_id != place.id:
            move(tx, portion, "moved", portion.quantity, portion.location_id, place.id)
            tx.update(portion, location_id=place.id)
    await end_unused(tx, before)
    await _settle_sent_back(tx, file)
    await _supersede_whole(tx, file)
    if release.decision == "reject":
        await hold_descendants(tx, file.lot, [part.portion.id for part in parts if part.used])
    lot = await follow_portions(tx, file.lot)
    return await move_on(tx, lot) if file.renewing and release.decision != "reject" else lot


async def _place(tx: Change, file: Dossier, release: Release) -> Location | None:
    """Where such stock stands; what is taken over stands where it has always lain."""
    kind, taken = PLACES.get(release.decision), file.taken_over
    if kind is None:
        return None
    if release.decision == "take_over" and taken is not None and taken.location_id is not None:
        return await tx.get(Location, taken.location_id)
    return await tx.first(Location, "site_id = $1 and kind = $2 order by code", file.lot.site_id, kind)


async def _settle_sent_back(tx: Change, file: Dossier) -> None:
    """What was missing for a decision is asked for no more once nothing of the receipt is left to decide."""
    waiting = [each for each in file.sent_back if each.done_at is None and each.subject_id == file.receipt.id]
    split_off = "receipt_id in (select id from receipt where origin_id = $1)"
    lying = [await tx.get(Portion, portion.id) for portion in file.portions]
    lying += await tx.all(Portion, f"{split_off} order by id", file.receipt.id) if waiting else []
    if all(each.status not in UNDECIDED for each in lying if each.quantity):
        for asked in waiting:
            tx.update(asked, done_at=tx.now)


async def _supersede_whole(tx: Change, file: Dossier) -> None:
    """A decision from before decisions named their parts ends when nothing is left that it could be about."""
    lying = [await tx.get(Portion, portion.id) for portion in file.portions]
    if any(
        each.release_id is None and each.status in (*DECIDED, "rejected") for each in lying if each.quantity
    ):
        return
    for old in file.decisions:
        if old.number is None:
            tx.update(await tx.get(Release, old.id), superseded_at=tx.now)


async def _tell(
    tx: Change, contributors: list[str], lot: Lot, release: Release, person: Person, ncrs: list[Ncr]
) -> None:
    """Those who inspected learn what was decided; warehouse and production learn what they may use."""
    facts = {"lot": lot.number, "by": person.printed_name, "at": release.decided_at}
    code = "lot_rejected" if release.decision == "reject" else "lot_released"
    owners = {ncr.owner_id for ncr in ncrs if ncr.owner_id is not None}
    for person_id in sorted({*contributors, *owners} - {person.id}):
        tx.tell(person_id, code, "lot", lot.number, **facts)
