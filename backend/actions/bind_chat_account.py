"""Bind a chat account to the person who made the code: once, within its ten minutes, one account one person."""

from __future__ import annotations

import msgspec

from backend.domain.errors import refuse
from backend.domain.people import ChatAccount, Person, Who
from backend.domain.security import Plain, system
from backend.domain.sessions import BindingCode
from backend.identity.passwords import secret_id
from backend.store.change import Change
from backend.store.door import Store
from backend.store.people import roles_of, who_is


class BindChatAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The account as the bot sees it, and the code that came with it."""

    id: str
    bot: str
    chat_user: str
    code: str
    device_at: str | None = None


async def bind_chat_account(store: Store, command: BindChatAccount) -> Who:
    """Bind it. A code that is unknown, used or too old binds nothing and leaves a security event (AUD-8)."""
    row = await store.read.first(BindingCode, "id = $1", secret_id(command.code))
    if row is None:
        await _note(store, command)
        raise refuse("binding_code_wrong", field="code")
    person = await store.read.get(Person, row.person_id)
    who = who_is(person, await roles_of(store.read, person, store.clock()), "chat")
    await store.change(who, "bind_chat_account", command, lambda tx: _bind(tx, who, command), str, own=True)
    return who


async def _bind(tx: Change, who: Who, command: BindChatAccount) -> str:
    code = await tx.get(BindingCode, secret_id(command.code))
    if code.used_at is not None or code.expires_at < tx.now:
        raise refuse("binding_code_wrong", field="code")
    known = await tx.first(
        ChatAccount, "bot = $1 and chat_user = $2 and ended_at is null", command.bot, command.chat_user
    )
    if known is not None and known.person_id != who.person_id:
        raise refuse("chat_account_taken")
    mine = await tx.all(
        ChatAccount, "person_id = $1 and bot = $2 and ended_at is null", who.person_id, command.bot
    )
    for account in mine:
        tx.update(account, ended_at=tx.now)
    tx.update(code, used_at=tx.now)
    account = tx.insert(
        ChatAccount(tx.new_id(), who.site_id, who.person_id, command.bot, command.chat_user, tx.now)
    )
    tx.record("chat_account_bound", "person", who.person_id, bot=account.bot, chat_user=account.chat_user)
    return account.id


async def _note(store: Store, command: BindChatAccount) -> None:
    rows = await store.read.rows("select id from site order by code limit 1")

    async def note(tx: Change) -> None:
        subject = f"{command.bot}:{command.chat_user}"
        tx.record("security", "security", subject, code="binding_code_wrong", address="chat")

    if rows:
        await store.change(system(rows[0][0]), "note_security", Plain(store.new_id()), note, None)
