"""Rows of the rights table for actions that an upgrade has brought: without them nobody could take those (ROL-1)."""

from __future__ import annotations

from backend.domain.people import Who
from backend.domain.rights import DEFAULT_RIGHTS, ActionRight
from backend.domain.security import Plain, system
from backend.domain.sites import Site
from backend.store.change import Change
from backend.store.door import Store
from backend.store.verb import verb


@verb
async def complete_rights(tx: Change, who: Who, command: Plain) -> list[str]:
    """The actions whose rows were missing at this site; what a site has changed stays as it is."""
    known = {right.action for right in await tx.all(ActionRight, "site_id = $1 order by id", who.site_id)}
    missing = [rule for rule in DEFAULT_RIGHTS if rule.action not in known]
    for rule in missing:
        for right in rule.rights(who.site_id, tx.new_id):
            tx.insert(right)
    actions = [rule.action for rule in missing]
    if actions:
        tx.record("rights_completed", "site", who.site_id, actions=actions)
    return actions


async def complete_all_rights(store: Store) -> None:
    """At every site where a row is missing; a store that only reads is left alone."""
    rules = len({rule.action for rule in DEFAULT_RIGHTS})
    for site in await store.read.all(Site, "id is not null order by code"):
        rows = await store.read.rows(
            "select count(distinct action) from action_right where site_id = $1", site.id
        )
        if int(rows[0][0]) < rules and store.locked is None:
            await complete_rights(store, system(site.id), Plain(store.new_id()))
