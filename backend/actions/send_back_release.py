"""Send a release back to whoever can say what it lacks: no decision on the stock, which waits as it is (REL-2)."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.ncrs import FollowUp
from backend.domain.people import Person, Who
from backend.domain.signing import later
from backend.domain.telling import REMINDED_AFTER
from backend.store.change import Change
from backend.store.deciding import Dossier, dossier
from backend.store.escalating import about_release
from backend.store.verb import verb

LONGEST = 400
"""Characters of what is missing: it is read in a chat and on a phone."""


class SendBackRelease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is missing, and who is to answer; nobody named: who recorded a result last, or who received it."""

    id: str
    receipt_id: str
    what: str
    owner_id: str | msgspec.UnsetType = msgspec.UNSET
    device_at: str | None = None


@verb
async def send_back_release(tx: Change, who: Who, command: SendBackRelease) -> FollowUp:
    """It blocks the release until its owner has answered; asked again each day."""
    today = tx.today.isoformat()
    file = await dossier(tx, command.receipt_id, who.person_id, today)
    what = command.what.strip()
    owner = await _owner(tx, file, command.owner_id or None)
    reasons = []
    if file.case(who.person_id, today).decided:
        reasons.append(Reason("decided_already"))
    if not what or len(what) > LONGEST:
        reasons.append(Reason("missing_unsaid", {"most": LONGEST}, "what"))
    if owner is None:
        reasons.append(Reason("owner_unknown", field="owner_id"))
    elif owner.id == who.person_id:
        reasons.append(Reason("sent_back_to_self", field="owner_id"))
    if owner is None or reasons:
        raise Refused(*reasons)
    asked = tx.insert(
        FollowUp(
            tx.new_id(),
            who.site_id,
            None,
            what,
            owner.id,
            today,
            subject_kind="receipt",
            subject_id=file.receipt.id,
            asked_by=who.person_id,
        )
    )
    facts = await about_release(tx, file.receipt.id)
    said = {**facts, "what": what, "by": who.printed_name}
    tx.tell(owner.id, "release_sent_back", "receipt", file.receipt.id, follow_up=asked.id, **said)
    tx.due("follow_up_reminder", asked.id, later(tx.now, REMINDED_AFTER))
    tx.record(
        "release_sent_back", "lot", file.lot.id, reason=what, lot=file.lot.number, owner=owner.printed_name
    )
    return asked


async def _owner(tx: Change, file: Dossier, named: str | None) -> Person | None:
    """Who works here: the one named, or the first who knows the stock and is not the one who asks."""
    others = [each for each in file.answerers if each != tx.who.person_id]
    for chosen in [named] if named else others:
        person = await tx.first(Person, "id = $1 and site_id = $2 and active", chosen, tx.who.site_id)
        if person is not None:
            return person
    return None
