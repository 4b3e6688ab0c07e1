"""A record as paper shows it: sections of label and value, or tables of one entry a line."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from backend.domain.record_exports import Field, RecordExport
from backend.domain.record_labels import TABLES, section_of
from backend.domain.words import Words

NOTHING = "—"
"""In a cell whose field the entry has not: so every value stays under its own column."""
Cell = str | Words


class Section(NamedTuple):
    """`columns`: heads of a table; none: each line is a label and a value."""

    name: Words
    columns: list[Words]
    lines: list[list[Cell]]


def sections_of(export: RecordExport) -> list[Section]:
    """In the order of the fields; a table's columns in the order in which its entries first name them."""
    found = []
    for key, grouped in groupby(export.fields, key=_section):
        fields = list(grouped)
        name = section_of(fields[0].path)
        if key in TABLES:
            found.append(_table(name, fields))
        else:
            found.append(Section(name, [], [[each.label, each.value] for each in fields]))
    return found


def _section(field: Field) -> str:
    """What a field stands together with: all entries of a table, or its own entry."""
    table, place = field.path.split(".")[:2]
    return table if table in TABLES else f"{table}.{place}"


def _table(name: Words, fields: list[Field]) -> Section:
    labels: dict[str, Words] = {}
    entries: dict[str, dict[str, str]] = {}
    for field in fields:
        _, place, rest = field.path.split(".", 2)
        labels.setdefault(rest, field.label)
        entries.setdefault(place, {})[rest] = field.value
    lines: list[list[Cell]] = [[entry.get(each, NOTHING) for each in labels] for entry in entries.values()]
    return Section(name, list(labels.values()), lines)
