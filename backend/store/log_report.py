"""What checking the log has found, as data; the words stand with the command line."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.canonical import NotCanonical, canonical

Code = Literal[
    "log_cut",
    "event_missing",
    "event_unexpected",
    "event_altered",
    "event_unreadable",
    "event_column",
    "event_contradicts",
    "row_changed",
    "row_deleted",
    "row_inserted",
    "table_unreadable",
    "answer_changed",
    "answer_missing",
    "schema_missing",
    "schema_changed",
    "schema_unknown",
    "witness_missing",
    "witness_cut",
    "witness_unreadable",
    "checkpoint_untrusted",
    "checkpoint_differs",
    "history_differs",
]
MOST_TEXT = 400


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is not as it was written: where, what it should be, what it is.

    `id` is the row's (of an event: its subject is found by `seq`), or the name of a part of the schema or a
    witness file. `seq` is the event's, or the size of a checkpoint.
    """

    code: Code
    table: str
    id: str | None = None
    seq: int | None = None
    column: str | None = None
    expected: str | None = None
    found: str | None = None


class LogReport(msgspec.Struct, frozen=True):
    """The result. `findings` is empty where all holds; `unproved`: events after the newest signed head."""

    events: int
    rows: int
    answers: int
    heads: int
    unproved: int
    findings: list[Finding]


def shown(value: object) -> str | None:
    """A value as a finding shows it: text as it is, all else as JSON; long ones cut."""
    if value is None:
        return None
    if isinstance(value, bytes | memoryview | msgspec.Raw):
        text = bytes(value).decode("utf-8", "backslashreplace")
    else:
        try:
            text = value if isinstance(value, str) else canonical(value).decode()
        except NotCanonical:  # a number that somebody wrote into a body
            text = ascii(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}…"
