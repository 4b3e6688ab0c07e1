"""By exception: what was changed since first entry, and who can remove what stands in the way of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from backend.domain.inspections import Reading
from backend.domain.proposals import Proposal
from backend.domain.releases import UNBLOCKED_BY
from backend.store.deciding import Dossier
from backend.store.reader import Reader


class ChangeLine(msgspec.Struct, frozen=True):
    """A result that is not what was first entered: `new` None, while the item waits for its answer."""

    inspection: str
    item_key: str
    kind: Literal["corrected", "invalidated"]
    old: str
    new: str | None
    reason: str | None
    by: str
    at: str
    cause: str | None = None
    second: str | None = None
    """Who approved that it is left out."""


class Unblocker(msgspec.Struct, frozen=True):
    """Who can remove a blocker: the action, the roles that may take it here, and one of their people by name."""

    code: str
    action: str
    roles: list[str]
    people: list[str]


async def changes_of(read: Reader, file: Dossier, names: Mapping[str, str]) -> list[ChangeLine]:
    """Corrections and invalidations of the receipt's results; what a formula made of them follows by itself."""
    numbers = {case.inspection.id: case.inspection.number for case in file.cases}
    corrected = {each.corrects: each for each in file.all_readings if each.corrects is not None}
    found = []
    for old in file.all_readings:
        if old.status == "current" or old.computed:
            continue
        if old.status == "invalid":
            found.append(await _invalidated(read, old, numbers[old.inspection_id], file, names))
        elif new := corrected.get(old.id):
            found.append(
                ChangeLine(
                    numbers[old.inspection_id],
                    old.item_key,
                    "corrected",
                    old.entered,
                    new.entered,
                    new.reason,
                    names.get(new.person_id, ""),
                    new.at,
                )
            )
    return sorted(found, key=lambda change: change.at)


async def _invalidated(
    read: Reader, old: Reading, number: str, file: Dossier, names: Mapping[str, str]
) -> ChangeLine:
    approved = await read.first(Proposal, "reading_id = $1 and status = 'approved'", old.id)
    anew = next(
        (
            each
            for each in file.all_readings
            if (each.inspection_id, each.item_key, each.status)
            == (old.inspection_id, old.item_key, "current")
        ),
        None,
    )
    return ChangeLine(
        number,
        old.item_key,
        "invalidated",
        old.entered,
        anew.entered if anew is not None else None,
        approved.reason if approved is not None else None,
        names.get(approved.proposed_by, "") if approved is not None else "",
        (approved.decided_at or "") if approved is not None else old.at,
        approved.cause if approved is not None else None,
        names.get(approved.decided_by or "", "") if approved is not None else None,
    )


async def unblockers(read: Reader, site_id: str, today: str, codes: Sequence[str]) -> list[Unblocker]:
    """For each blocker that somebody here can remove; who is away is not known."""
    wanted = {code: UNBLOCKED_BY[code] for code in dict.fromkeys(codes) if code in UNBLOCKED_BY}
    if not wanted:
        return []
    rows = await read.rows(
        "select action_right.action, action_right.role, person.printed_name from action_right "
        "join role_grant on role_grant.role = action_right.role and role_grant.site_id = action_right.site_id "
        "join person on person.id = role_grant.person_id where action_right.site_id = $1 "
        "and action_right.allowed and person.active and role_grant.ended_at is null "
        "and (role_grant.until is null or role_grant.until >= $2) order by person.printed_name",
        site_id,
        today,
    )
    roles: dict[str, dict[str, None]] = {}
    people: dict[str, dict[str, None]] = {}
    for action, role, name in rows:
        roles.setdefault(action, {})[role] = None
        people.setdefault(action, {})[name] = None
    return [
        Unblocker(code, action, sorted(roles.get(action, ())), list(people.get(action, ())))
        for code, action in wanted.items()
    ]
