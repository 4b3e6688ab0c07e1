"""Who may see a report: asked when it is ordered, when it is sent and when it is opened (REL-10)."""

from __future__ import annotations

from collections.abc import Sequence

from backend.domain.people import Person
from backend.domain.record_exports import Kind
from backend.domain.reports import REPORTS
from backend.domain.rights import ActionRight
from backend.store.many import among
from backend.store.people import holders
from backend.store.reader import Reader


async def may_see(read: Reader, site_id: str, kind: Kind, people: Sequence[str], now: str) -> list[str]:
    """Those of these people, in their order, who are active here and hold the right that the report asks for."""
    chosen = among(read, "id", people, 2)
    found = await read.all(Person, f"active and site_id = $1 and {chosen.where}", site_id, chosen.argument)
    allowed = {each.id for each in found}
    right = REPORTS[kind].right
    if right is not None:
        rights = await read.all(ActionRight, "site_id = $1 and action = $2 and allowed", site_id, right)
        roles = tuple(str(each.role) for each in rights)
        asked = holders(site_id, now, roles) if roles else None
        holding = await read.all(Person, asked.where, *asked.args) if asked else []
        allowed &= {each.id for each in holding}
    return [each for each in dict.fromkeys(people) if each in allowed]
