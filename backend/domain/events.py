"""The log's entries: what one command did, to which rows, by whom and why. Codes, never prose."""

from __future__ import annotations

from typing import Any

import msgspec

SCHEMA = 1
"""Version of the event's form; a reader of older versions stays for ever (AUD-3)."""

Value = str | int | bool | None | list[Any] | dict[str, Any]
"""A JSON value without floats; what lies deeper is checked when it is made canonical."""


class RowChange(msgspec.Struct, frozen=True):
    """One row before and after: `old` is None for a new row; an update holds the changed columns only."""

    table: str
    id: str
    old: dict[str, Value] | None
    new: dict[str, Value]


class Event(msgspec.Struct, frozen=True):
    """One leaf of the log. Its canonical bytes (RFC 8785) are stored, hashed and proved as they stand."""

    seq: int
    id: str
    at: str
    schema: int
    site: str
    person: str | None
    source: str
    type: str
    subject: str
    subject_kind: str
    command: str | None
    answer: str | None
    device_at: str | None
    reason: str | None
    facts: dict[str, Value]
    changes: list[RowChange]
