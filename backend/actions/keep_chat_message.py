"""Keep what the page's chat shows, so that a page that comes back shows it again."""

from __future__ import annotations

from backend.domain.sessions import ChatMessage
from backend.store.change import Change
from backend.store.door import Store


async def keep_chat_message(store: Store, message: ChatMessage) -> None:
    """New, or in the place of the one with its id."""

    async def keep(tx: Change) -> None:
        known = await tx.first(ChatMessage, "id = $1", message.id)
        if known is None:
            tx.insert(message)
        else:
            tx.update(known, text=message.text, buttons=message.buttons)

    await store.keep(keep)
