"""Which column of a sheet is what: known by its header in English or Chinese, or as somebody has told.

asked about                   code
a column that is not there    import_columns_missing, also where it was told and may be missing
two that name one field       import_column_twice; of codes the one whose header says that it is a code is taken
one that was told for two     import_column_shared
two sheets with such columns  sheets_several

Told as an empty text a column is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from backend.domain.errors import Reason
from backend.domain.import_kinds import COLUMNS, Column, ImportKind
from backend.domain.sheets import Table, header_name, letters

LOOK = 30
"""Rows among which the header is."""
_CODE = re.compile("(?:编码|代码|编号|号|code|no|number|id)$")


class Found(NamedTuple):
    """The header and what it says. `head`: which of the table's rows it is; `labels` by place, empty where there is
    none; `places` by field; `wrong`: why it can't be told."""

    table: Table
    head: int
    labels: list[str]
    places: dict[str, int]
    wrong: list[Reason]


def find_columns(kind: ImportKind, table: Table, told: Mapping[str, str]) -> Found:
    """The sheet that has the kind's columns, and where they are; of none that has, the one that comes closest."""
    found = [_on_sheet(kind, each, told) for each in (table, *table.others)]
    fitting = [each for each in found if not _misses(each)]
    if len(fitting) > 1:
        several = Reason("sheets_several", {"sheets": [each.table.name for each in fitting]}, "file")
        return fitting[0]._replace(wrong=[several, *fitting[0].wrong])
    return fitting[0] if fitting else max(found, key=lambda each: len(each.places))


def _misses(found: Found) -> bool:
    return any(each.code == "import_columns_missing" for each in found.wrong)


def _on_sheet(kind: ImportKind, table: Table, told: Mapping[str, str]) -> Found:
    """The first row that has all that is needed and told; else the one that has the most of it."""
    fields = [column.field for column in COLUMNS[kind]]
    asked = [column.field for column in COLUMNS[kind] if column.needed or told.get(column.field)]
    best: tuple[int, int, list[str], dict[str, list[int]]] = (-1, 0, [], {})
    for head, (_, cells) in enumerate(table.rows[:LOOK]):
        labels = _labels(cells)
        places = _places(kind, [header_name(cell) for cell in cells], labels, told)
        filled = sum(map(bool, labels))
        if all(places[field] for field in asked):
            best = (len(fields) + 1, head, labels, places)
            break
        count = sum(map(bool, places.values())) if filled > 1 else -1
        if count > best[0] or (count == best[0] == 0 and filled > sum(map(bool, best[2]))):
            best = (count, head, labels, places)
    _, head, labels, places = best
    missing = [told.get(field) or field for field in asked if not places.get(field)]
    missing += sorted({*told} - {*fields})
    wrong = [Reason("import_columns_missing", {"columns": missing}, "columns")] if missing else []
    for field, several in places.items():
        if len(several) > 1:
            headers = [labels[place] for place in several]
            wrong.append(Reason("import_column_twice", {"column": field, "headers": headers}, "columns"))
    placed = {field: several[0] for field, several in places.items() if len(several) == 1}
    for place in sorted({*placed.values()}):
        sharing = [field for field, other in placed.items() if other == place]
        if len(sharing) > 1:
            facts = {"header": labels[place], "columns": sharing}
            wrong.append(Reason("import_column_shared", facts, "columns"))  # type: ignore[arg-type]
    return Found(table, head, labels, placed, wrong)


def _labels(cells: Sequence[str]) -> list[str]:
    """Headers as they are called; of two alike each with its column, so that either can be told."""
    labels = [" ".join(cell.split()) for cell in cells]
    names = [header_name(label) for label in labels]
    return [
        f"{label} · {letters(place)}" if label and names.count(names[place]) > 1 else label
        for place, label in enumerate(labels)
    ]


def _places(
    kind: ImportKind, names: Sequence[str], labels: Sequence[str], told: Mapping[str, str]
) -> dict[str, list[int]]:
    said = {field: _told(told[field], labels, names) for field in told}
    taken = {place for places in said.values() for place in places}
    found = dict[str, list[int]]()
    for column in COLUMNS[kind]:
        if column.field in said:
            found[column.field] = said[column.field]
            continue
        known = column.headers.split()
        places = [place for place, name in enumerate(names) if name in known and place not in taken]
        found[column.field] = _likelier(column, places, names)
    return found


def _told(header: str, labels: Sequence[str], names: Sequence[str]) -> list[int]:
    if not header:
        return []
    exact = [place for place, label in enumerate(labels) if label == header]
    name = header_name(header)
    return exact or [place for place, other in enumerate(names) if name and other == name]


def _likelier(column: Column, places: list[int], names: Sequence[str]) -> list[int]:
    if column.form != "code" or len(places) < 2:
        return places
    said = [place for place in places if _CODE.search(names[place])]
    return said if len(said) == 1 else places
