"""What the chat needs to know: who somebody is, where the dialogue stands, what is to be delivered."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from backend.domain.notices import Notice
from backend.domain.people import ChatAccount, Person, Who
from backend.domain.sessions import ChatMessage, ChatUpdate, Conversation, Outgoing
from backend.store.door import Store
from backend.store.people import roles_of, who_is
from backend.store.reader import Reader

Doors: TypeAlias = Store
"""What the bot is handed: it passes it on to actions and views and never looks inside."""

CHANGING = ("release_waiting", "inspection_opened", "ncr_opened", "follow_up_assigned")
"""Notices that ask for something, and say so no longer once it is done."""


class Delivery(msgspec.Struct, frozen=True):
    """A notice on its way. `chat_user` None: the person has no account at this bot that is older than it."""

    outgoing: Outgoing
    notice: Notice
    who: Who
    active: bool
    chat_user: str | None


class Settled(msgspec.Struct, frozen=True):
    """A delivered notice whose matter is done: `code` says how, `by` and `at` where somebody decided."""

    outgoing: Outgoing
    notice: Notice
    language: str
    code: str
    by: str | None
    at: str | None


async def chat_person(read: Reader, bot: str, chat_user: str, now: str) -> Who | None:
    """The active person behind a chat account; None for a stranger (AUD-8)."""
    account = await read.first(
        ChatAccount, "bot = $1 and chat_user = $2 and ended_at is null", bot, chat_user
    )
    if account is None:
        return None
    person = await read.get(Person, account.person_id)
    return who_is(person, await roles_of(read, person, now), "chat") if person.active else None


async def person_now(read: Reader, who: Who, now: str) -> Who | None:
    """Somebody known by another way (the page's session), with today's roles and language; None: inactive."""
    person = await read.get(Person, who.person_id)
    return who_is(person, await roles_of(read, person, now), "chat") if person.active else None


async def is_handled(read: Reader, update: str) -> bool:
    """Whether the update bot:update_id had its effect already (DUP-1)."""
    return await read.first(ChatUpdate, "id = $1", update) is not None


async def conversation(read: Reader, id: str) -> Conversation | None:
    """Where a dialogue stands."""
    return await read.first(Conversation, "id = $1", id)


async def zone_of(read: Reader, site_id: str) -> str:
    """The site's time zone."""
    rows = await read.rows("select zone from site where id = $1", site_id)
    return str(rows[0][0]) if rows else "UTC"


async def notice_of(read: Reader, notice_id: str) -> Notice | None:
    """By id."""
    return await read.first(Notice, "id = $1", notice_id)


async def notices_since(read: Reader, person_id: str, since: str) -> list[Notice]:
    """What a person was told after an instant, the oldest first, the newest twenty."""
    found = await read.all(
        Notice,
        "person_id = $1 and created_at > $2 order by created_at desc, id desc limit 20",
        person_id,
        since,
    )
    return found[::-1]


async def asked_to_sign_at(read: Reader, person_id: str) -> str | None:
    """When the person was last shown in chat that a release waits for a signature."""
    rows = await read.rows(
        "select coalesce(outgoing.sent_at, notice.created_at) as shown from notice "
        "join outgoing on outgoing.notice_id = notice.id where notice.person_id = $1 "
        "and notice.code = 'release_waiting' and outgoing.state <> 'waiting' order by shown desc limit 1",
        person_id,
    )
    return str(rows[0][0]) if rows else None


async def told_about(read: Reader, code: str, subject_id: str) -> list[str]:
    """Names of those who were told something."""
    rows = await read.rows(
        "select distinct printed_name from notice join person on person.id = notice.person_id "
        "where notice.code = $1 and notice.subject_id = $2 order by printed_name",
        code,
        subject_id,
    )
    return [name for (name,) in rows]


async def messages_of(read: Reader, chat: str) -> list[ChatMessage]:
    """The last thirty messages of a chat, the oldest first."""
    found = await read.all(ChatMessage, "chat = $1 order by number desc limit 30", chat)
    return found[::-1]


async def due_deliveries(read: Reader, bot: str, now: str) -> list[Delivery]:
    """What waits and is due, the oldest first."""
    waiting = await read.all(
        Outgoing, "state = 'waiting' and next_at <= $1 order by next_at, id limit 60", now
    )
    found = []
    for outgoing in waiting:
        person = await read.get(Person, outgoing.person_id)
        account = await read.first(
            ChatAccount,
            "person_id = $1 and bot = $2 and ended_at is null and bound_at <= $3",
            person.id,
            bot,
            outgoing.created_at,
        )
        found.append(
            Delivery(
                outgoing,
                await read.get(Notice, outgoing.notice_id),
                who_is(person, await roles_of(read, person, now), "chat"),
                person.active,
                account.chat_user if account else None,
            )
        )
    return found


_SETTLED = (
    "select outgoing.id, person.language, 'release_' || \"release\".decision, signer.printed_name, "
    '"release".decided_at from outgoing join notice on notice.id = outgoing.notice_id '
    "join person on person.id = outgoing.person_id "
    'join "release" on "release".receipt_id = notice.subject_id and "release".superseded_at is null '
    'join person signer on signer.id = "release".person_id '
    "where outgoing.state = 'sent' and notice.code = 'release_waiting'",
    "select outgoing.id, person.language, 'inspection_' || inspection.status, null, inspection.finished_at "
    "from outgoing join notice on notice.id = outgoing.notice_id "
    "join person on person.id = outgoing.person_id join inspection on inspection.id = notice.subject_id "
    "where outgoing.state = 'sent' and notice.code = 'inspection_opened' "
    "and inspection.status in ('passed', 'failed')",
    "select outgoing.id, person.language, 'ncr_disposed', owner.printed_name, null from outgoing "
    "join notice on notice.id = outgoing.notice_id join person on person.id = outgoing.person_id "
    "join ncr on ncr.id = notice.subject_id left join person owner on owner.id = ncr.owner_id "
    "where outgoing.state = 'sent' and notice.code = 'ncr_opened' and ncr.status in ('disposed', 'closed')",
    "select outgoing.id, person.language, 'follow_up_done', null, follow_up.done_at from outgoing "
    "join notice on notice.id = outgoing.notice_id join person on person.id = outgoing.person_id "
    "join follow_up on follow_up.ncr_id = notice.subject_id and follow_up.owner_id = notice.person_id "
    "where outgoing.state = 'sent' and notice.code = 'follow_up_assigned' "
    "and follow_up.done_at is not null and notice.facts like '%' || follow_up.id || '%'",
)


async def settled_deliveries(read: Reader) -> list[Settled]:
    """Messages that still ask for what is done."""
    found = []
    for sql in _SETTLED:
        for id, language, code, by, at in await read.rows(f"{sql} limit 20"):
            outgoing = await read.get(Outgoing, id)
            notice = await read.get(Notice, outgoing.notice_id)
            found.append(Settled(outgoing, notice, language, code, by, at))
    return found
