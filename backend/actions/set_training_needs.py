"""Say who must be trained in a document, and for how long training counts (REL-11, ISO 13485 6.2)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.documents import Document
from backend.domain.errors import Reason, Refused
from backend.domain.people import Person, Role, Who
from backend.domain.training import LONGEST_LAPSE, TrainingNeed
from backend.store.change import Change
from backend.store.documents import ask_to_read, keep_asking, needs_of
from backend.store.verb import verb


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One person or one role; `lapses_days` None: once is enough until the next version."""

    person_id: str | None = None
    role: Role | None = None
    lapses_days: int | None = None


class SetTrainingNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """All of them; what is not among them is needed no more."""

    id: str
    document_id: str
    needs: list[Need]
    device_at: str | None = None


class TrainingNeeds(msgspec.Struct, frozen=True):
    """As they are now."""

    document_id: str
    needs: list[Need]


@verb
async def set_training_needs(tx: Change, who: Who, command: SetTrainingNeeds) -> TrainingNeeds:
    """Whoever is not trained yet is asked at once, and cannot enter or sign by the document until then."""
    document = await tx.get(Document, command.document_id)
    reasons = _against(command.needs)
    if reasons:
        raise Refused(*reasons)
    for each in command.needs:
        if each.person_id is not None:
            await tx.get(Person, each.person_id)
    before = await needs_of(tx, document.id)
    wanted = {_key(each): each for each in command.needs}
    kept: list[TrainingNeed] = []
    for old in before:
        same = wanted.pop(_key(old), None)
        if same is None:
            tx.update(old, ended_at=tx.now)
        else:
            kept.append(tx.update(old, lapses_days=same.lapses_days))
    for each in wanted.values():
        need = TrainingNeed(
            tx.new_id(),
            who.site_id,
            document.id,
            each.person_id,
            each.role,
            each.lapses_days,
            tx.now,
        )
        kept.append(tx.insert(need))
    tx.record("training_needs_set", "document", document.id, document=document.number, needs=len(kept))
    await ask_to_read(tx, document, [each for each in kept if _key(each) in wanted])
    if kept:
        await keep_asking(tx)
    return TrainingNeeds(document.id, command.needs)


def _key(need: Need | TrainingNeed) -> tuple[str | None, str | None]:
    return need.person_id, need.role


def _against(needs: Sequence[Need]) -> list[Reason]:
    found = []
    keys = [_key(each) for each in needs]
    if len(set(keys)) < len(keys):
        found.append(Reason("training_need_twice", {}, "needs"))
    for each in needs:
        if (each.person_id is None) == (each.role is None):
            found.append(Reason("training_need_malformed", {}, "needs"))
        if each.lapses_days is not None and not 0 < each.lapses_days <= LONGEST_LAPSE:
            found.append(Reason("training_lapse_malformed", {"most": LONGEST_LAPSE}, "needs"))
    return found
