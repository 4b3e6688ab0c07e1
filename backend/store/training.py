"""Who is trained in what a plan's methods name, as the gates of entering and signing read it (REL-11, QUA-4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from backend.domain.documents import Document, Named, may_start
from backend.domain.errors import Reason
from backend.domain.plans import Characteristic
from backend.domain.training import Owed, Training, TrainingNeed, owed, untrained
from backend.store.reader import Reader
from backend.store.together import Ask, ask

_NAMED = (
    "select d.id from document d join inspection i on i.id = $1 join plan_version v on v.id = i.plan_version_id "
    "where d.site_id = i.site_id and replace(v.document, '\"document\":\"' || d.number || '\"', '') <> v.document"
)
"""Documents whose number a method of an inspection's plan names; a number holds nothing that JSON would escape."""


class Gate(NamedTuple):
    """The controlled documents that an inspection's methods name, and what one person is not trained in of them."""

    documents: list[Document]
    owed: list[Owed]

    def against_entry(self, characteristic: Characteristic, begun: bool) -> list[Reason]:
        """Why this person can't answer it; `begun`: it has a reading, so that its method has been started."""
        method = characteristic.method
        found = [untrained(each) for each in self.owed if each.document == method.document]
        if not begun:
            found += may_start(Named(method.document, method.version), self.documents)
        return found


def gate_asks(inspection_id: str, person_id: str) -> list[Ask]:
    """Documents, needs and the person's training, in one trip."""
    return [
        ask(Document, f"id in ({_NAMED}) order by number", inspection_id),
        ask(TrainingNeed, f"ended_at is null and document_id in ({_NAMED}) order by id", inspection_id),
        ask(Training, f"person_id = $2 and document_id in ({_NAMED}) order by id", inspection_id, person_id),
    ]


async def gate_of(
    read: Reader, inspection_id: str, person_id: str, roles: Collection[str], today: str
) -> Gate:
    """For this person with these roles, on the ISO day `today`."""
    documents, needs, trainings = await read.together(*gate_asks(inspection_id, person_id))
    return Gate(documents, owed(documents, needs, trainings, person_id, roles, today))


async def untrained_of(
    read: Reader, inspection_ids: Iterable[str], person_id: str, roles: Collection[str], today: str
) -> list[Owed]:
    """What a person would have to be trained in to sign for these inspections, each document once."""
    found: dict[str, Owed] = {}
    for inspection_id in inspection_ids:
        gate = await gate_of(read, inspection_id, person_id, roles, today)
        found |= {each.version_id: each for each in gate.owed}
    return list(found.values())
