"""Inline: @the_bot and a number, typed in any chat, offers cards to post there: what kind of thing, whose number, and a
link that asks for a sign-in; no value, no name from outside (SIG-7, AUD-8). What only the asking person sees says more.
"""

from __future__ import annotations

from typing import NamedTuple

from aiogram import Bot
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from backend.domain.days import day_of
from backend.domain.people import Who
from backend.domain.words import Words
from backend.views.chat import Doors, chat_person, zone_of
from backend.views.search import search
from backend.views.telling import PLACES
from backend.views.worklist import worklist
from bot.words.wording import Wording, plain

KINDS = ("lot", "inspection", "ncr", "capa", "change_request", "complaint", "recall")
"""What a card can be about."""
MOST = 10


class Found(NamedTuple):
    """One matter: what a card says of it, and what only its finder is shown."""

    kind: str
    id: str
    number: str
    name: Words | None
    status: str | None


async def answer_inline(store: Doors, bot: Bot, query: InlineQuery, base_url: str) -> None:
    """Cards for this person alone, never kept by the server of the chat; a stranger is shown the way to be known."""
    who = await chat_person(store.read, str(bot.id), str(query.from_user.id), store.clock())
    if who is None:
        said = Wording(query.from_user.language_code or "en").say("inline_stranger")
        button = InlineQueryResultsButton(text=plain(said), start_parameter="hello")
        await bot.answer_inline_query(query.id, [], cache_time=0, is_personal=True, button=button)
        return
    wording = Wording(who.language)
    cards = [_card(wording, each, base_url) for each in await _found(store, who, query.query.strip())]
    await bot.answer_inline_query(query.id, [*cards], cache_time=0, is_personal=True)


async def _found(store: Doors, who: Who, text: str) -> list[Found]:
    """What fits the text; for an empty one, what waits for this person."""
    read = store.read.of_site(who.site_id)
    today = day_of(store.clock(), await zone_of(store.read, who.site_id))
    if text:
        hits = (await search(read, who.site_id, text, today)).hits
        found = [Found(hit.kind, hit.id, hit.number, hit.name, hit.status) for hit in hits]
    else:
        work = await worklist(read, who, today)
        found = [Found("inspection", of.id, of.number, of.item.name, of.status) for of in work.inspections]
        found += [Found("ncr", of.id, of.number, of.item.name, of.status) for of in work.ncrs]
    return [each for each in found if each.kind in KINDS][:MOST]


def _card(wording: Wording, of: Found, base_url: str) -> InlineQueryResultArticle:
    kind = plain(wording.say("card.change" if of.kind == "change_request" else f"card.{of.kind}"))
    title = f"{kind} · {of.number}"
    name = plain(wording.name(of.name)) if of.name is not None else ""
    status = plain(wording.one_of("status", of.status)) if of.status is not None else ""
    link = base_url + (f"/#/lots/{of.number}" if of.kind == "lot" else PLACES[of.kind].format(of.id))
    return InlineQueryResultArticle(
        id=f"{of.kind}-{of.id}"[-64:],
        title=title,
        description=" · ".join(part for part in (name, status) if part),
        input_message_content=InputTextMessageContent(
            message_text=f"{title}\n{link}", link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
