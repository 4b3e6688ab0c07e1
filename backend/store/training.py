"""Who is trained in what a plan's methods name, as the gates of entering and signing read it (REL-11, QUA-4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from backend.domain.documents import Document, Named, may_start
from backend.domain.errors import Reason
from backend.domain.plans import Characteristic
from backend.domain.training import Owed, Training, TrainingNeed, owed, untrained
from backend.store.reader import Reader
from backend.store.tables import Dialect
from backend.store.together import Ask, ask

_METHODS = {
    "sqlite": "select json_extract(c.value, '$.method.document') from inspection i "
    "join plan_version v on v.id = i.plan_version_id, json_each(v.document, '$.characteristics') c where i.id = $1",
    "postgres": "select c.value -> 'method' ->> 'document' collate \"C\" from inspection i "
    "join plan_version v on v.id = i.plan_version_id "
    "cross join lateral jsonb_array_elements(v.document::jsonb -> 'characteristics') c where i.id = $1",
}
"""Numbers of the documents that the methods of an inspection's plan name."""
_NAMED = {
    dialect: "select d.id from document d where d.site_id = (select site_id from inspection where id = $1) "
    f"and d.number in ({methods})"
    for dialect, methods in _METHODS.items()
}
"""Those of them that are kept at its site; as dear as the plan is long, however many documents there are."""


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


def gate_asks(dialect: Dialect, inspection_id: str, person_id: str) -> list[Ask]:
    """Documents, needs and the person's training, in one trip."""
    named = _NAMED[dialect]
    return [
        ask(Document, f"id in ({named}) order by number", inspection_id),
        ask(TrainingNeed, f"ended_at is null and document_id in ({named}) order by id", inspection_id),
        ask(Training, f"person_id = $2 and document_id in ({named}) order by id", inspection_id, person_id),
    ]


async def gate_of(
    read: Reader, inspection_id: str, person_id: str, roles: Collection[str], today: str
) -> Gate:
    """For this person with these roles, on the ISO day `today`."""
    asks = gate_asks(read.dialect, inspection_id, person_id)
    if read.dialect == "sqlite":  # no trip to save: most plans name nothing that is kept here
        (documents,) = await read.together(asks[0])
        if not documents:
            return Gate([], [])
    documents, needs, trainings = await read.together(*asks)
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
