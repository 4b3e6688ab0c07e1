"""A record on the way out: one list of fields, from which paper and machine forms are all made (AUD-4, 11.10(b)).

Every form holds the same fields in the same order, each with its path, so that they can be compared one by one. A
field without a value is no field. Values are the log's own texts: decimals in plain form, instants in UTC; what
no form but one could hold is its code point in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from backend.domain.record_labels import label_of
from backend.domain.tables_out import table, writable
from backend.domain.words import Words

Format = Literal["pdf", "json", "csv", "xlsx"]
HEAD = ("path", "label_en", "label_zh", "value")


class Field(msgspec.Struct, frozen=True):
    """`lot.1.number`, its name for people, and the value as text."""

    path: str
    label: Words
    value: str


class RecordExport(msgspec.Struct, frozen=True):
    """All fields of a record; `zone` is the site's, `at` the instant of the export, `by` a printed name."""

    kind: Literal["lot_history"]
    number: str
    zone: str
    at: str
    by: str
    fields: list[Field]


def fields_of(path: str, value: Any, names: Mapping[str, str]) -> Iterator[Field]:
    """What hangs below a path, in order. `names`: by id, what people call it; the id stays beside the name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields_of(f"{path}.{key}", inner, names)
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            yield from fields_of(f"{path}.{place}", inner, names)
    elif (text := _text(value)) != "":
        name = names.get(text)
        yield Field(path, label_of(path), f"{name} ({text})" if name else text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else writable(str(value))


def rows_of(export: RecordExport) -> list[tuple[str, str, str, str]]:
    """The table of CSV and XLSX, without its head."""
    return [(each.path, each.label.en, each.label.zh, each.value) for each in export.fields]


def as_csv(export: RecordExport) -> bytes:
    """No cell is a formula (LBL-8)."""
    return table(HEAD, rows_of(export)).encode()


def as_json(export: RecordExport) -> bytes:
    """All of it."""
    return msgspec.json.format(msgspec.json.encode(export), indent=1)
