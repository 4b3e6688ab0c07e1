"""Who must be trained in what at a site, and who is: a row a person, a column a document (REL-11, ISO 13485 6.2)."""

from __future__ import annotations

import msgspec

from backend.domain.documents import Document
from backend.domain.training import Standing, Training, TrainingNeed, standing
from backend.store.documents import learners
from backend.store.reader import Reader


class MatrixDocument(msgspec.Struct, frozen=True):
    """A column: the revision in force of a document that somebody must be trained in."""

    id: str
    number: str
    revision: str


class MatrixRow(msgspec.Struct, frozen=True):
    """A person; `standings` in the order of the columns, None where they need not be trained."""

    person_id: str
    person: str
    standings: list[Standing | None]


class TrainingMatrix(msgspec.Struct, frozen=True):
    """The whole table; `open`: how many cells are missing or lapsed."""

    documents: list[MatrixDocument]
    people: list[MatrixRow]
    open: int


async def training_matrix(read: Reader, site_id: str, now: str, today: str) -> TrainingMatrix:
    """As of the instant `now`, on the ISO day `today`."""
    needs = await read.all(TrainingNeed, "site_id = $1 and ended_at is null order by id", site_id)
    documents = await read.all(
        Document,
        "site_id = $1 and effective_id is not null and id in "
        "(select document_id from training_need where ended_at is null) order by number",
        site_id,
    )
    trainings = await read.all(
        Training,
        "site_id = $1 and document_version_id in (select effective_id from document where site_id = $1)",
        site_id,
    )
    passed: dict[tuple[str, str], list[Training]] = {}
    for each in trainings:
        passed.setdefault((each.person_id, each.document_version_id), []).append(each)
    names: dict[str, str] = {}
    cells: dict[tuple[str, str], Standing] = {}
    for document in documents:
        version_id = document.effective_id or ""
        of = [each for each in needs if each.document_id == document.id]
        for person in await learners(read, site_id, of, now):
            names[person.id] = person.printed_name
            mine = passed.get((person.id, version_id), [])
            cells[person.id, document.id] = standing(version_id, mine, today)
    return TrainingMatrix(
        [MatrixDocument(each.id, each.number, each.effective_revision or "") for each in documents],
        [
            MatrixRow(person_id, name, [cells.get((person_id, each.id)) for each in documents])
            for person_id, name in sorted(names.items(), key=lambda each: each[1])
        ],
        sum(state != "trained" for state in cells.values()),
    )
