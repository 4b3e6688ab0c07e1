"""A release as it stands: who decided it, and whether it was taken back (REL-7). What was printed stays what it was."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from backend.domain.revocations import Gone
from backend.domain.signatures import Release
from backend.store.reader import Reader
from backend.store.revoking import gone_of, on_hand, open_revocation, stock_under
from backend.views.people import printed_names


class RevocationLine(msgspec.Struct, frozen=True):
    """How far it has got."""

    id: str
    number: str
    status: str
    reason: str
    first_by: str
    first_at: str
    mine: bool
    second_by: str | None
    second_at: str | None
    due_on: str
    conclusion: str | None
    assessment: str | None


class ReleaseStanding(msgspec.Struct, frozen=True):
    """`revoked`: two people have taken it back."""

    release_id: str
    lot_number: str
    decision: str
    decided_by: str
    decided_at: str
    superseded_at: str | None
    revoked: bool
    revocation: RevocationLine | None
    on_hand: Decimal
    gone: list[Gone]


async def release_standing(read: Reader, release_id: str, person_id: str) -> ReleaseStanding:
    """By the decision's id, as this person sees it."""
    release = await read.get(Release, release_id)
    names = await printed_names(read, release.site_id)
    known = await open_revocation(read, release_id)
    in_force = known is not None and known.status in ("in_force", "assessed")
    portions = await stock_under(read, release)
    lot = await read.rows("select number from lot where id = $1", release.lot_id)
    return ReleaseStanding(
        release.id,
        lot[0][0],
        release.decision,
        names.get(release.person_id, ""),
        release.decided_at,
        release.superseded_at,
        in_force,
        RevocationLine(
            known.id,
            known.number,
            known.status,
            known.reason,
            names.get(known.first_by, ""),
            known.first_at,
            known.first_by == person_id,
            names.get(known.second_by or ""),
            known.second_at,
            known.due_on,
            known.conclusion,
            known.assessment,
        )
        if known is not None
        else None,
        known.on_hand or Decimal(0) if known is not None and in_force else on_hand(portions),
        known.gone if known is not None and in_force else await gone_of(read, portions),
    )
