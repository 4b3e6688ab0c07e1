"""A record on the way out: one list of fields, from which paper and machine forms are all made (AUD-4, 11.10(b)).

Every form holds the same fields in the same order, each with its path, so that they can be compared one by one. A
field without a value is no field. Values are the log's own texts: decimals in plain form, instants in UTC; what
no form but one could hold is its code point in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec

from backend.domain.record_labels import label_of
from backend.domain.tables_out import table, writable
from backend.domain.words import Words

Format = Literal["pdf", "json", "csv", "xlsx"]
Kind = Literal[
    "lot_history", "batch_record", "supplier_report", "audit_extract", "lot_list", "trace_list", "recall_report",
    "mock_recall_report",
]  # fmt: skip
HEAD = ("path", "label_en", "label_zh", "value")


class Field(msgspec.Struct, frozen=True):
    """`lot.1.number`, its name for people, and the value as text."""

    path: str
    label: Words
    value: str


class RecordExport(msgspec.Struct, frozen=True):
    """All fields of a record; `zone` is the site's, `at` the instant of the export, `by` a printed name."""

    kind: Kind
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
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else writable(str(value))


def both(words: Words) -> str:
    """A name of master data in both languages, once where they are the same."""
    return words.en if words.en == words.zh else f"{words.en} · {words.zh}"


def listed(section: str, rows: Sequence[Mapping[str, Any]]) -> list[Field]:
    """The fields of a report's section: one entry a row, numbered from 1."""
    return [
        field
        for place, row in enumerate(rows, start=1)
        for field in fields_of(f"{section}.{place}", dict(row), {})
    ]


def rows_of(export: RecordExport) -> list[tuple[str, str, str, str]]:
    """The table of CSV and XLSX, without its head."""
    return [(each.path, each.label.en, each.label.zh, each.value) for each in export.fields]


def as_csv(export: RecordExport) -> bytes:
    """No cell is a formula (LBL-8)."""
    return table(HEAD, rows_of(export)).encode()


def as_json(export: RecordExport) -> bytes:
    """All of it."""
    return msgspec.json.format(msgspec.json.encode(export), indent=1)
