"""The names under which every handler gets the same things, and the right that reading can ask for."""

from __future__ import annotations

from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from backend.actions.note_refusal import note_refusal
from backend.views.people import allowed_actions
from backend.web.parts import Parts
from backend.web.session import SignedIn

# Made by ourselves, so there is nothing to validate.
Me = NamedDependency[SkipValidation[SignedIn]]
Has = NamedDependency[SkipValidation[Parts]]
Id = FromPath[str]


async def ask_right(me: SignedIn, parts: Parts, action: str) -> None:
    """Raises NotAllowed where their roles may not see this; the refusal stays in the log (REL-10)."""
    if action not in await allowed_actions(parts.store.read, me.who.site_id, me.who.roles):
        await note_refusal(parts.store, me.who, action)
