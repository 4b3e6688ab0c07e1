"""How people are told, on which channels, and what became of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from backend.domain.events import Value
from backend.domain.notices import Notice
from backend.domain.people import Person, Who
from backend.domain.sessions import Outgoing
from backend.domain.signing import later
from backend.domain.telling import URGENT, Channel, Telling
from backend.store.people import roles_of, who_is
from backend.store.reader import Reader
from backend.views.people import printed_names

NEWS = timedelta(days=7)
"""What is older is told on no channel that has not told it yet."""
BATCH = 300


class ChannelLine(msgspec.Struct, frozen=True):
    """A channel as its people see it: of its address only the end."""

    id: str
    kind: str
    name: str
    ends_with: str
    signed: bool
    roles: list[str]
    urgent_only: bool
    mine: bool
    by: str


class TellingPage(msgspec.Struct, frozen=True):
    """How I am told."""

    quiet_from: str | None
    quiet_until: str | None
    digest_at: str | None
    deputy_id: str | None
    deputy: str | None
    channels: list[ChannelLine]


class MessageLine(msgspec.Struct, frozen=True):
    """One message on its way: to whom, about what, on which channel (`telegram` for the bot), what became of it."""

    id: str
    at: str
    person: str
    code: str
    facts: dict[str, Value]
    channel: str
    state: str
    attempts: int
    next_at: str
    sent_at: str | None
    why: str | None


class Untold(msgspec.Struct, frozen=True):
    """A notice that a channel has yet to tell."""

    channel: Channel
    outgoing: Outgoing


class ChannelDelivery(msgspec.Struct, frozen=True):
    """A card on its way; `names`: all who were told the same at once, for a group."""

    outgoing: Outgoing
    notice: Notice
    channel: Channel
    who: Who
    active: bool
    telling: Telling | None
    names: list[str]


async def telling_of(read: Reader, person_id: str) -> Telling | None:
    """What a person has asked for; None: nothing."""
    return await read.first(Telling, "id = $1", person_id)


async def telling_page(read: Reader, who: Who) -> TellingPage:
    """Mine, and the channels that are mine or a group's."""
    telling = await telling_of(read, who.person_id) or Telling(who.person_id, who.site_id, who.person_id)
    found = await read.all(Channel, "site_id = $1 and ended_at is null order by added_at, id", who.site_id)
    shown = [each for each in found if each.person_id == who.person_id or each.roles]
    names = await printed_names(read, who.site_id)
    lines = [
        ChannelLine(
            each.id,
            each.kind,
            each.name,
            each.address[-4:],
            each.secret is not None,
            each.roles,
            each.urgent_only,
            each.person_id == who.person_id,
            names.get(each.person_id, ""),
        )
        for each in shown
    ]
    return TellingPage(
        telling.quiet_from,
        telling.quiet_until,
        telling.digest_at,
        telling.deputy_id,
        names.get(telling.deputy_id) if telling.deputy_id else None,
        lines,
    )


async def messages(read: Reader, site_id: str, state: str | None = None) -> list[MessageLine]:
    """The newest first. People without a chat account are told on the page: that is no failure to show."""
    rows = await read.rows(
        "select outgoing.id, outgoing.created_at, person.printed_name, coalesce(notice.code, 'webhook'), "
        "coalesce(notice.facts, '{}'), coalesce(channel.name, webhook_endpoint.name), "
        "outgoing.state, attempts, next_at, sent_at, last_error from outgoing "
        "join person on person.id = outgoing.person_id left join notice on notice.id = notice_id "
        "left join channel on channel.id = channel_id "
        "left join webhook_endpoint on webhook_endpoint.id = channel_id where outgoing.site_id = $1 "
        "and coalesce(last_error, '') <> 'no_chat_account' and ($2 = '' or outgoing.state = $2) "
        "order by outgoing.created_at desc, outgoing.id desc limit 200",
        site_id,
        state or "",
    )
    return [
        MessageLine(
            row[0], row[1], row[2], row[3], msgspec.json.decode(row[4]), row[5] or "telegram", *row[6:]
        )
        for row in rows
    ]


async def untold(read: Reader, now: str) -> list[Untold]:
    """What each channel has yet to tell: once a notice on a person's own, once a matter in a group."""
    found = []
    for channel in await read.all(Channel, "ended_at is null order by id"):
        group = bool(channel.roles)
        marks = ", ".join(f"${place + 4}" for place in range(len(channel.roles)))
        of_group = (
            f"select person_id from role_grant where site_id = $3 and role in ({marks}) and ended_at is null"
        )
        told_already = (
            "told.code = notice.code and told.subject_id = notice.subject_id and told.created_at = notice.created_at"
            if group
            else "told.id = notice.id"
        )
        urgent = " or ".join(f"notice.code like '{code}%'" for code in URGENT)
        rows = await read.rows(
            "select min(outgoing.id) from outgoing join notice on notice.id = outgoing.notice_id "
            "where outgoing.channel_id is null and outgoing.created_at >= $1 "
            f"and outgoing.person_id in ({of_group if group else '$3'}) "
            f"and ({urgent if channel.urgent_only else '1 = 1'}) "
            "and not exists (select 1 from outgoing other join notice told on told.id = other.notice_id "
            f"where other.channel_id = $2 and {told_already}) "
            f"group by notice.code, notice.subject_id, notice.created_at{'' if group else ', notice.id'} "
            f"order by 1 limit {BATCH}",
            max(channel.added_at, later(now, -NEWS)),
            channel.id,
            channel.site_id if group else channel.person_id,
            *channel.roles,
        )
        found += [Untold(channel, await read.get(Outgoing, id)) for (id,) in rows]
    return found


async def due_on_channels(read: Reader, now: str, kinds: Sequence[str]) -> list[ChannelDelivery]:
    """Cards that wait and are due, the oldest first."""
    marks = ", ".join(f"${place + 2}" for place in range(len(kinds)))
    waiting = await read.all(
        Outgoing,
        "state = 'waiting' and next_at <= $1 and channel_id in "
        f"(select id from channel where kind in ({marks})) order by next_at, id limit {BATCH}",
        now,
        *kinds,
    )
    found = []
    for outgoing in waiting:
        channel = await read.get(Channel, outgoing.channel_id or "")
        person = await read.get(Person, outgoing.person_id)
        notice = await read.get(Notice, outgoing.notice_id)
        names = await told_at_once(read, notice) if channel.roles else [person.printed_name]
        who = who_is(person, await roles_of(read, person, now), "chat")
        telling = None if channel.roles else await telling_of(read, person.id)
        found.append(ChannelDelivery(outgoing, notice, channel, who, person.active, telling, names))
    return found


async def channel_at(read: Reader, site_id: str, address: str) -> Channel | None:
    """The channel of a Telegram group."""
    same = "site_id = $1 and kind = 'telegram_group' and address = $2 and ended_at is null"
    return await read.first(Channel, same, site_id, address)


async def told_at_once(read: Reader, notice: Notice) -> list[str]:
    """Names of all who were told the same thing by the same event."""
    rows = await read.rows(
        "select distinct printed_name from notice join person on person.id = notice.person_id "
        "where notice.code = $1 and notice.subject_id = $2 and notice.created_at = $3 order by printed_name",
        notice.code,
        notice.subject_id,
        notice.created_at,
    )
    return [name for (name,) in rows]


async def my_notice(read: Reader, handle: str, person_id: str) -> Notice | None:
    """The notice that a card's link means for this person: their own of the same event; None: it is for others."""
    given = await read.first(Notice, "id = $1", handle)
    if given is None:
        return None
    return await read.first(
        Notice,
        "person_id = $1 and code = $2 and subject_id = $3 and created_at = $4 order by id",
        person_id,
        given.code,
        given.subject_id,
        given.created_at,
    )


async def place_of(read: Reader, notice: Notice) -> str:
    """Where on the page the matter of a notice is dealt with."""
    kind, subject = notice.subject_kind, notice.subject_id
    if kind == "lot":
        known = "id = $1 or site_id = $2 and number = $1"
        rows = await read.rows(f"select number from lot where {known}", subject, notice.site_id)
        return PLACES[kind].format(rows[0][0]) if rows else "/#/notices"
    return PLACES.get(kind, "/#/notices").format(subject)


PLACES = {
    "lot": "/#/lots/{}",
    "inspection": "/#/inspections/{}",
    "proposal": "/#/inspections/{}/second-look",
    "ncr": "/#/ncrs/{}",
    "assessment": "/#/assessments/{}",
    "chart_signal": "/#/signals/{}",
    "receipt": "/#/receipts/{}/release",
    "plan_version": "/#/plan-versions/{}",
    "revocation": "/#/releases/{}",
    "recall": "/#/recalls/{}",
    "supplier": "/#/suppliers/{}",
    "document": "/#/documents/{}",
    "document_version": "/#/training/{}",
    "capa": "/#/capas/{}",
    "change_request": "/#/changes/{}",
    "complaint": "/#/complaints/{}",
    "complaints": "/#/complaints",
    "report_schedule": "/#/reports/{}",
    "equipment": "/#/equipment/{}",
    "opening_stock": "/#/opening",
    "delegation": "/#/delegations",
}
"""By kind of subject; a lot is told by its id or its number. What is not here is dealt with in the notice itself."""
