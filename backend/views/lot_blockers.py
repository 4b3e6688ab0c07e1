"""What stands between a lot and its release, and who can see to each: for a question in chat."""

from __future__ import annotations

import msgspec

from backend.domain.errors import LotgateError, Reason
from backend.domain.people import Who
from backend.domain.releases import blockers
from backend.store.deciding import dossier
from backend.store.reader import Reader
from backend.views.lot_cards import LotCard
from backend.views.release_help import unblockers


class Blocker(msgspec.Struct, frozen=True):
    """A reason, and the people who can remove it."""

    reason: Reason
    people: list[str]


async def blockers_of(read: Reader, card: LotCard, who: Who, today: str) -> list[Blocker]:
    """Of all receipts of the lot that are undecided, each reason once; none: it may be decided, or is."""
    reasons: list[Reason] = []
    for receipt in card.receipts:
        if receipt.undecided > 0:
            try:
                file = await dossier(read, receipt.id, who.person_id, today)
                found = blockers(file.case(who.person_id, today))
            except LotgateError as error:
                found = list(error.reasons)
            reasons += [each for each in found if each not in reasons]
    helpers = await unblockers(read, who.site_id, today, [each.code for each in reasons])
    people = {each.code: each.people for each in helpers}
    return [Blocker(each, people.get(each.code, [])) for each in reasons]
