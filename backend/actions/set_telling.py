"""Say how one wants to be told: quiet hours, the morning digest, and who is told where one does not decide."""

from __future__ import annotations

import msgspec

from backend.domain.errors import Reason, Refused
from backend.domain.notices import Job
from backend.domain.people import Person, Who
from backend.domain.sites import Site
from backend.domain.telling import Telling, against_times, next_at
from backend.store.change import Change
from backend.store.verb import verb

DIGEST = "morning_digest"


class SetTelling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it, as it is from now on; times are `HH:MM` at the site, None: not wanted."""

    id: str
    quiet_from: str | None
    quiet_until: str | None
    digest_at: str | None
    deputy_id: str | None
    device_at: str | None = None


@verb(own=True)
async def set_telling(tx: Change, who: Who, command: SetTelling) -> Telling:
    """Keep it; the next digest falls due with it."""
    reasons = against_times(command.quiet_from, command.quiet_until, command.digest_at)
    deputy = None
    if command.deputy_id == who.person_id:
        reasons.append(Reason("not_oneself", field="deputy_id"))
    elif command.deputy_id is not None:
        deputy = await tx.first(Person, "id = $1 and site_id = $2 and active", command.deputy_id, who.site_id)
        reasons += [] if deputy is not None else [Reason("owner_unknown", field="deputy_id")]
    if reasons:
        raise Refused(*reasons)
    wish = Telling(
        who.person_id,
        who.site_id,
        who.person_id,
        command.quiet_from,
        command.quiet_until,
        command.digest_at,
        command.deputy_id,
    )
    known = await tx.first(Telling, "id = $1", who.person_id)
    if known is None:
        kept = tx.insert(wish)
    else:
        changes = {
            name: getattr(wish, name) for name in ("quiet_from", "quiet_until", "digest_at", "deputy_id")
        }
        kept = tx.update(known, **changes)
    await _fall_due(tx, who, command.digest_at)
    name = deputy.printed_name if deputy is not None else None
    tx.record(
        "telling_set",
        "person",
        who.person_id,
        quiet=f"{command.quiet_from}-{command.quiet_until}" if command.quiet_from else None,
        digest_at=command.digest_at,
        deputy=name,
    )
    return kept


async def _fall_due(tx: Change, who: Who, at: str | None) -> None:
    """Once: a job of an earlier wish for another hour finds its hour changed and ends."""
    if at is None:
        return
    due = next_at(at, tx.now, (await tx.get(Site, who.site_id)).zone)
    waiting = await tx.all(
        Job, "kind = $1 and subject_id = $2 and due_at = $3 and done_at is null", DIGEST, who.person_id, due
    )
    if not waiting:
        tx.due("morning_digest", who.person_id, due)
