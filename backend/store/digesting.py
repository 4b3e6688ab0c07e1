"""What waits for a person in the morning, in figures."""

from __future__ import annotations

from backend.domain.people import Person
from backend.store.escalating import UNDECIDED
from backend.store.people import roles_of
from backend.store.reader import Reader

_COUNTS = {
    "inspections": (
        ("inspector",),
        "select count(*) from inspection where site_id = $1 and status in ('open', 'in_progress')",
    ),
    "ncrs": (
        ("quality_engineer", "quality_manager"),
        "select count(*) from ncr where site_id = $1 and status <> 'closed'",
    ),
    "releases": (
        ("supervisor", "quality_manager"),
        "select count(distinct receipt_id) from portion where site_id = $1 and status in ("
        + ", ".join(f"'{status}'" for status in UNDECIDED)
        + ") and receipt_id in (select receipt_id from inspection where status in ('passed', 'failed'))",
    ),
}
_OVERDUE = (
    "select (select count(*) from ncr where site_id = $1 and status <> 'closed' and due_on < $2), "
    "(select count(*) from follow_up where owner_id = $3 and done_at is null and due_on <= $2)"
)


async def waiting_for(read: Reader, person: Person, now: str, today: str) -> dict[str, int]:
    """By the roles that the person holds: inspections, releases, reports, those overdue, promises due."""
    roles = set(await roles_of(read, person, now))
    found = {}
    for name, (of, sql) in _COUNTS.items():
        counted = await read.rows(sql, person.site_id) if roles & set(of) else [(0,)]
        found[name] = int(counted[0][0])
    overdue, promised = (await read.rows(_OVERDUE, person.site_id, today, person.id))[0]
    quality = bool(roles & {"quality_engineer", "quality_manager"})
    return {**found, "overdue": int(overdue) if quality else 0, "follow_ups": int(promised)}
