"""Promises that people make in a report, a CAPA or a change, or that a release waits for (QUA-1..3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from backend.domain.capas import Capa
from backend.domain.change_requests import ChangeRequest
from backend.domain.days import is_day_from
from backend.domain.errors import Reason
from backend.domain.lots import Lot, Receipt
from backend.domain.ncrs import FollowUp, Matter, Ncr, PlannedFollowUp
from backend.domain.people import Person
from backend.store.change import Change
from backend.store.reader import Reader

NOUNS: dict[Matter, type[Ncr] | type[Capa] | type[ChangeRequest]] = {
    "ncr": Ncr,
    "capa": Capa,
    "change_request": ChangeRequest,
}


async def against_promises(
    tx: Change, planned: Sequence[PlannedFollowUp], field: str = "follow_ups"
) -> list[Reason]:
    """What each lacks: something to do, an owner who works here, a day that is not past."""
    found = []
    for place, each in enumerate(planned):
        at = f"{field}.{place}"
        if not each.what.strip():
            found.append(Reason("follow_up_empty", field=f"{at}.what"))
        owner = await tx.first(Person, "id = $1 and site_id = $2", each.owner_id, tx.who.site_id)
        if owner is None or not owner.active:
            found.append(Reason("owner_unknown", field=f"{at}.owner_id"))
        if not is_day_from(each.due_on, tx.today):
            found.append(Reason("due_day_wrong", {"due_on": each.due_on}, f"{at}.due_on"))
    return found


def promise(tx: Change, kind: Matter, id: str, number: str, planned: PlannedFollowUp) -> FollowUp:
    """Write it, tell its owner, and have it asked for on its day.

    The fact that names the matter is called `ncr` whatever it is: notices on record call it so.
    """
    made = tx.insert(
        FollowUp(
            tx.new_id(),
            tx.who.site_id,
            id if kind == "ncr" else None,
            planned.what.strip(),
            planned.owner_id,
            planned.due_on,
            subject_kind=None if kind == "ncr" else kind,
            subject_id=None if kind == "ncr" else id,
        )
    )
    facts = {"ncr": number, "what": made.what, "due_on": made.due_on, "follow_up": made.id}
    tx.tell(planned.owner_id, "follow_up_assigned", kind, id, **facts)
    tx.due("follow_up_reminder", made.id, f"{planned.due_on}T00:00:00.000000Z")
    return made


class About(NamedTuple):
    """What a promise belongs to: the number that people know it by, and who hears when it is kept."""

    number: str
    owner_id: str | None


async def matter_of(read: Reader, follow_up: FollowUp) -> About:
    """A release that was sent back is known by its lot, and is waited for by whom it was sent back by."""
    kind, id = follow_up.matter
    if kind == "receipt":
        lot = await read.get(Lot, (await read.get(Receipt, id)).lot_id)
        return About(lot.number, follow_up.asked_by)
    matter = await read.get(NOUNS[kind], id)
    return About(matter.number, matter.owner_id)


async def promises_of(read: Reader, kind: Matter, id: str) -> list[FollowUp]:
    """By due day."""
    return await read.all(FollowUp, "subject_kind = $1 and subject_id = $2 order by due_on, id", kind, id)
