"""Open a corrective or preventive action: what the problem is, what it answers, whose it is (QUA-2)."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from backend.domain.capas import DAYS, Capa, Origin
from backend.domain.complaints import Complaint
from backend.domain.days import is_day_from
from backend.domain.errors import Reason, Refused
from backend.domain.ncrs import Ncr
from backend.domain.people import Person, Who
from backend.store.change import Change
from backend.store.numbering import number
from backend.store.verb import verb


class OpenCapa(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`owner_id` None: whoever opens it; `due_on` None: in thirty days."""

    id: str
    title: str
    problem: str
    sources: list[Origin] = []
    owner_id: str | None = None
    due_on: str | None = None
    device_at: str | None = None


@verb
async def open_capa(tx: Change, who: Who, command: OpenCapa) -> Capa:
    """Open it, and ask its owner."""
    due_on = command.due_on or (tx.today + timedelta(days=DAYS)).isoformat()
    owner = await tx.first(Person, "id = $1 and site_id = $2", command.owner_id or who.person_id, who.site_id)
    found = [
        Reason(code, field=field)
        for code, field, text in (
            ("title_missing", "title", command.title),
            ("problem_missing", "problem", command.problem),
        )
        if not text.strip()
    ]
    if owner is None or not owner.active:
        found.append(Reason("owner_unknown", field="owner_id"))
    if not is_day_from(due_on, tx.today):
        found.append(Reason("due_day_wrong", {"due_on": due_on}, "due_on"))
    found += [
        reason for place, each in enumerate(command.sources) for reason in await _against(tx, place, each)
    ]
    if found:
        raise Refused(*found)
    assert owner is not None
    capa = tx.insert(
        Capa(
            id=tx.new_id(),
            site_id=who.site_id,
            number=await number(tx, "capa"),
            title=command.title.strip(),
            problem=command.problem.strip(),
            sources=command.sources,
            owner_id=owner.id,
            due_on=due_on,
            opened_by=who.person_id,
            opened_at=tx.now,
        )
    )
    tx.tell(owner.id, "capa_opened", "capa", capa.id, capa=capa.number, title=capa.title, due_on=due_on)
    tx.due("capa_reminder", capa.id, f"{due_on}T00:00:00.000000Z")
    tx.record("capa_opened", "capa", capa.id, reason=capa.problem, capa=capa.number)
    return capa


async def _against(tx: Change, place: int, origin: Origin) -> list[Reason]:
    """A report or complaint that is named must be on record."""
    args, known = (tx.who.site_id, origin.number.strip()), True
    if origin.kind == "ncr":
        known = await tx.first(Ncr, "site_id = $1 and number = $2", *args) is not None
    elif origin.kind == "complaint":
        known = await tx.first(Complaint, "site_id = $1 and number = $2", *args) is not None
    return [] if known else [Reason("origin_unknown", {"number": origin.number}, f"sources.{place}.number")]
