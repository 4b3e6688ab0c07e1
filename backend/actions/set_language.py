"""Choose the language in which one is spoken to, on every front."""

from __future__ import annotations

import msgspec

from backend.domain.people import Person, Who
from backend.domain.words import Language
from backend.store.change import Change
from backend.store.verb import verb


class SetLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """Which."""

    id: str
    language: Language
    device_at: str | None = None


@verb(own=True)
async def set_language(tx: Change, who: Who, command: SetLanguage) -> str:
    """Set it; the same again changes nothing."""
    person = await tx.get(Person, who.person_id)
    if person.language != command.language:
        tx.update(person, language=command.language)
        tx.record("language_set", "person", person.id, language=command.language)
    return command.language
