"""People, rights, notices, the log."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody, QueryParameter

from backend.actions.add_partner import AddPartner, add_partner
from backend.actions.deactivate_person import Deactivated, DeactivatePerson, deactivate_person
from backend.actions.delegate_decision import DelegateDecision, delegate_decision
from backend.actions.end_delegation import EndDelegation, end_delegation
from backend.actions.mark_seen import MarkSeen, mark_seen
from backend.actions.set_organisation import SetOrganisation, set_organisation
from backend.domain.canonical import EXACT
from backend.views.item_rules import OrganisationRef
from backend.views.log import EventLine, list_events
from backend.views.people import DelegationLine, PersonLine, list_delegations, list_people
from backend.views.worklist import NoticeLine, notices
from backend.web.asking import Has, Id, Me, ask_right

Text = FromQuery[str | None]
Before = Annotated[int | None, QueryParameter(ge=0, le=EXACT)]
From = Annotated[int | None, QueryParameter(name="from", ge=0, le=EXACT)]


class ReasonBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why."""

    id: str
    reason: str
    device_at: str | None = None


class Seen(msgspec.Struct):
    """How many were new."""

    seen: int


class Head(msgspec.Struct):
    """The log's signed head, and the proof that an older one is its beginning; hashes hex."""

    checkpoint: str
    size: int
    root: str
    vkey: str
    consistency: list[str] | None


@get("/api/notices", operation_id="list_notices")
async def my_notices(me: Me, parts: Has) -> list[NoticeLine]:
    """What I was told."""
    return await notices(parts.store.read, me.who.person_id)


@post("/api/notices/seen", operation_id="mark_seen", status_code=200)
async def seen(data: JSONBody[MarkSeen], me: Me, parts: Has) -> Seen:
    """I have seen these."""
    return Seen(await mark_seen(parts.store, me.who, data))


@get("/api/log/checkpoint", operation_id="get_checkpoint")
async def checkpoint(me: Me, parts: Has, since: From = None) -> Head:
    """Every phone keeps the last head and demands that it is the beginning of the next one."""
    head = await parts.log.head()
    proof = await parts.log.consistency(since, head.size) if since is not None else None
    return Head(
        head.note.decode(),
        head.size,
        head.root.hex(),
        parts.log.vkey,
        [each.hex() for each in proof] if proof is not None else None,
    )


@get("/api/log", operation_id="list_events")
async def events(
    me: Me,
    parts: Has,
    person: Text = None,
    type: Text = None,
    subject: Text = None,
    before: Before = None,
) -> list[EventLine]:
    """The audit trail, the newest first."""
    await ask_right(me, parts, "read_log")
    return await list_events(parts.store.read, me.who.site_id, person, type, subject, before)


@get("/api/people", operation_id="list_people")
async def people(me: Me, parts: Has) -> list[PersonLine]:
    """Everybody at the site."""
    return await list_people(parts.store.read, me.who.site_id)


@post("/api/people/{person_id:str}/deactivation", operation_id="deactivate_person", status_code=200)
async def deactivate(person_id: Id, data: JSONBody[ReasonBody], me: Me, parts: Has) -> Deactivated:
    """End every session, passkey and chat account at once."""
    command = DeactivatePerson(id=data.id, person_id=person_id, reason=data.reason, device_at=data.device_at)
    return await deactivate_person(parts.store, me.who, command)


@get("/api/delegations", operation_id="list_delegations")
async def delegations(me: Me, parts: Has) -> list[DelegationLine]:
    """Who decides for whom."""
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_delegations(me.reads(parts.store), me.who.site_id, today)


@post("/api/delegations", operation_id="delegate_decision")
async def delegate(data: JSONBody[DelegateDecision], me: Me, parts: Has) -> list[DelegationLine]:
    """From one day to another."""
    await delegate_decision(parts.store, me.who, data)
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_delegations(me.reads(parts.store), me.who.site_id, today)


@post("/api/delegations/{delegation_id:str}/end", operation_id="end_delegation")
async def end(delegation_id: Id, data: JSONBody[ReasonBody], me: Me, parts: Has) -> list[DelegationLine]:
    """At once."""
    command = EndDelegation(
        id=data.id, delegation_id=delegation_id, reason=data.reason, device_at=data.device_at
    )
    await end_delegation(parts.store, me.who, command)
    today = (await parts.store.today(me.who.site_id)).isoformat()
    return await list_delegations(me.reads(parts.store), me.who.site_id, today)


class OrganisationBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whose person it is; None: the site's own organisation."""

    id: str
    organisation_id: str | None
    reason: str
    device_at: str | None = None


@post("/api/partners", operation_id="add_partner")
async def partner(data: JSONBody[AddPartner], me: Me, parts: Has) -> OrganisationRef:
    """An organisation that works with us."""
    added = await add_partner(parts.store, me.who, data)
    return OrganisationRef(added.id, added.name)


@post("/api/people/{person_id:str}/organisation", operation_id="set_organisation")
async def organisation(
    person_id: Id, data: JSONBody[OrganisationBody], me: Me, parts: Has
) -> list[PersonLine]:
    """Whom the person works for."""
    command = SetOrganisation(person_id=person_id, **msgspec.structs.asdict(data))
    await set_organisation(parts.store, me.who, command)
    return await list_people(parts.store.read, me.who.site_id)


HANDLERS = [
    my_notices,
    seen,
    checkpoint,
    events,
    people,
    deactivate,
    delegations,
    delegate,
    end,
    partner,
    organisation,
]
