"""Keep where a chat dialogue stands, together with the mark that its update was handled: both or neither."""

from __future__ import annotations

from backend.domain.sessions import ChatUpdate, Conversation
from backend.store.change import Change
from backend.store.door import Store


async def keep_turn(store: Store, conversation: Conversation, update: str | None) -> None:
    """`update` is bot:update_id; an update that is marked already is Stale, and nothing is kept."""

    async def keep(tx: Change) -> None:
        if update is not None:
            tx.insert(ChatUpdate(update, tx.now))
        known = await tx.first(Conversation, "id = $1", conversation.id)
        if known is None:
            tx.insert(conversation)
        else:
            tx.update(known, state=conversation.state, data=conversation.data)

    await store.keep(keep)
