"""Events that others send, and what they name (QUA-6)."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLES = {
    "epcis_event": "id site_id event_id declares_error:bool kind event_time step? disposition? action? digest body "
    "document_sha256 captured_by captured_at",
    "epcis_mention": "id site_id epcis_event_id role device_identifier lot serial quantity?:decimal uom?",
}
INDEXES = (
    "create unique index epcis_event_once on epcis_event (site_id, event_id, declares_error)",
    "create index epcis_event_newest on epcis_event (site_id, event_time desc, id desc)",
    "create index epcis_mention_event on epcis_mention (epcis_event_id)",
    "create index epcis_mention_lot on epcis_mention (site_id, lot, device_identifier)",
    "create index epcis_mention_serial on epcis_mention (site_id, serial, device_identifier)",
)


def up(dialect: str) -> list[str]:
    """Nothing was sent yet."""
    return [*(_table(name, columns, dialect) for name, columns in TABLES.items()), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f'drop table "{name}"' for name in reversed(TABLES)]


def _table(name: str, columns: str, dialect: str) -> str:
    """`name?:kind` a column; `?` may be null, no kind is text."""
    parts = []
    for text in columns.split():
        named, _, kind = text.partition(":")
        key = " primary key" if named == "id" else ""
        needed = "" if named.endswith("?") else " not null"
        parts.append(column(named.rstrip("?"), kind or "text", dialect) + key + needed)
    return f'create table "{name}" ({", ".join(parts)})'
