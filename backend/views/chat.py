"""What the chat needs to know: who somebody is, where the dialogue stands, what is to be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from backend.domain.notices import Notice
from backend.domain.people import ChatAccount, Person, Who
from backend.domain.sessions import ChatMessage, ChatUpdate, Conversation, Outgoing
from backend.domain.telling import Telling
from backend.store.database import Unavailable
from backend.store.door import Store
from backend.store.people import roles_of, who_is
from backend.store.reader import Reader

Doors: TypeAlias = Store
"""What the bot is handed: it passes it on to actions and views and never looks inside."""

Unreachable: TypeAlias = Unavailable
"""The database can't be reached: nothing was answered, the same command may be sent again."""

MOST_DUE = 300
CHANGING = (
    "release_waiting", "release_deputy", "release_escalated", "inspection_opened", "ncr_opened",
    "release_answered", "release_sent_back", "follow_up_assigned",
)  # fmt: skip
"""Notices that ask for something, and say so no longer once it is done."""


class Delivery(msgspec.Struct, frozen=True):
    """A notice on its way. `chat_user` None: the person has no account at this bot that is older than it."""

    outgoing: Outgoing
    notice: Notice
    who: Who
    active: bool
    chat_user: str | None
    telling: Telling | None = None


class Standing(msgspec.Struct, frozen=True):
    """A message that stands in a chat, and its reader's language."""

    outgoing: Outgoing
    language: str


class Settlement(msgspec.Struct, frozen=True):
    """How the matter of a notice ended: `code`, and `by` and `at` where somebody decided."""

    notice: Notice
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


async def idle_conversations(read: Reader, bot: str, states: Sequence[str]) -> list[str]:
    """Ids of a bot's dialogues that stand at one of these steps."""
    marks = ", ".join(f"${place + 2}" for place in range(len(states)))
    rows = await read.rows(
        f"select id from conversation where id like $1 and state in ({marks}) order by id",
        f"{bot}:%",
        *states,
    )
    return [id for (id,) in rows]


async def zone_of(read: Reader, site_id: str) -> str:
    """The site's time zone."""
    rows = await read.rows("select zone from site where id = $1", site_id)
    return str(rows[0][0]) if rows else "UTC"


async def notice_of(read: Reader, notice_id: str) -> Notice | None:
    """By id."""
    return await read.first(Notice, "id = $1", notice_id)


async def notices_since(read: Reader, person_id: str, since: str) -> list[Notice]:
    """What a person was told after an instant and has not seen, the oldest first, the newest twenty."""
    found = await read.all(
        Notice,
        "person_id = $1 and created_at > $2 and seen_at is null order by created_at desc, id desc limit 20",
        person_id,
        since,
    )
    return found[::-1]


async def asked_to_sign_at(read: Reader, person_id: str, chat: str) -> str | None:
    """When the person was last shown, in this chat (bot:chat), that a release waits for a signature."""
    rows = await read.rows(
        "select coalesce(chat_message.at, outgoing.sent_at, notice.created_at) as shown from notice "
        "join outgoing on outgoing.notice_id = notice.id and outgoing.channel_id is null "
        "left join chat_message on chat_message.id = $2 || ':notice:' || notice.id "
        "where notice.person_id = $1 and notice.code in ('release_waiting', 'release_deputy', 'release_escalated') "
        "order by shown desc limit 1",
        person_id,
        chat,
    )
    return str(rows[0][0]) if rows else None


async def ncrs_of(read: Reader, inspection_id: str) -> list[str]:
    """Ids of the reports that an inspection opened, by number."""
    rows = await read.rows("select id from ncr where inspection_id = $1 order by number", inspection_id)
    return [id for (id,) in rows]


async def told_about(read: Reader, code: str, subject_id: str) -> list[str]:
    """Names of those who were told something."""
    rows = await read.rows(
        "select distinct printed_name from notice join person on person.id = notice.person_id "
        "where notice.code = $1 and notice.subject_id = $2 order by printed_name",
        code,
        subject_id,
    )
    return [name for (name,) in rows]


async def message_of(read: Reader, id: str) -> ChatMessage | None:
    """One message of a chat."""
    return await read.first(ChatMessage, "id = $1", id)


async def last_number(read: Reader, chat: str) -> int:
    """The number of a chat's newest message; 0 where there is none."""
    rows = await read.rows("select max(number) from chat_message where chat = $1", chat)
    return int(rows[0][0] or 0)


async def messages_of(read: Reader, chat: str) -> list[ChatMessage]:
    """The last thirty messages of a chat, the oldest first."""
    found = await read.all(ChatMessage, "chat = $1 order by number desc limit 30", chat)
    return found[::-1]


async def due_deliveries(read: Reader, bot: str, now: str) -> list[Delivery]:
    """What waits and is due, the oldest first."""
    waiting = await read.all(
        Outgoing,
        f"state = 'waiting' and channel_id is null and next_at <= $1 order by next_at, id limit {MOST_DUE}",
        now,
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
                await read.first(Telling, "id = $1", person.id),
            )
        )
    return found


_SETTLED = (
    # The last decision on a receipt settles what asked for one before it, once nothing is undecided.
    'select notice.id, \'release_\' || "release".decision, person.printed_name, "release".decided_at '
    'from notice join "release" on "release".receipt_id = notice.subject_id '
    'and "release".superseded_at is null join person on person.id = "release".person_id '
    "where notice.code in ('release_waiting', 'release_answered', 'release_deputy', 'release_escalated') "
    'and "release".id = (select last.id from "release" last '
    "where last.receipt_id = notice.subject_id and last.superseded_at is null "
    "order by last.decided_at desc, last.id desc limit 1) and not exists (select 1 from portion "
    "where portion.receipt_id = notice.subject_id "
    "and portion.status in ('quarantine', 'inspecting', 'held', 'production_released', 'conditional'))",
    "select notice.id, 'inspection_' || inspection.status, null, inspection.finished_at from notice "
    "join inspection on inspection.id = notice.subject_id where notice.code = 'inspection_opened' "
    "and inspection.status in ('passed', 'failed')",
    "select notice.id, 'ncr_disposed', person.printed_name, null from notice "
    "join ncr on ncr.id = notice.subject_id left join person on person.id = ncr.owner_id "
    "where notice.code = 'ncr_opened' and ncr.status in ('disposed', 'closed')",
    "select notice.id, 'follow_up_done', null, follow_up.done_at from notice "
    "join follow_up on notice.subject_id in (follow_up.ncr_id, follow_up.subject_id) "
    "and follow_up.owner_id = notice.person_id "
    "where notice.code in ('follow_up_assigned', 'release_sent_back') and follow_up.done_at is not null "
    "and notice.facts like '%' || follow_up.id || '%'",
)


async def settlements(read: Reader, notice_ids: Sequence[str]) -> list[Settlement]:
    """Which of these notices ask for what is done already."""
    if not notice_ids:
        return []
    marks = ", ".join(f"${place + 1}" for place in range(len(notice_ids)))
    found = []
    for sql in _SETTLED:
        for id, code, by, at in await read.rows(f"{sql} and notice.id in ({marks})", *notice_ids):
            found.append(Settlement(await read.get(Notice, id), code, by, at))
    return found


async def standing_deliveries(read: Reader) -> list[Standing]:
    """Delivered messages that may have to change, the oldest first."""
    rows = await read.rows(
        "select outgoing.id, person.language from outgoing join person on person.id = outgoing.person_id "
        "where outgoing.state = 'sent' and outgoing.channel_id is null order by sent_at limit 300"
    )
    return [Standing(await read.get(Outgoing, id), language) for id, language in rows]
