"""Webhooks: endpoints, and what a delivery to one knows beside a message's own."""

from __future__ import annotations

from backend.store.migrations.columns import column
from backend.store.migrations.m0016_recall import table

ENDPOINT = (
    "id site_id name address types active:bool secret old_secret? old_until? from_seq:int added_by added_at "
    "version:int"
)
COLUMNS = {"seq": "int", "about": "text", "answered": "int"}


def up(dialect: str) -> list[str]:
    """Nobody is told yet."""
    return [
        table("webhook_endpoint", ENDPOINT, dialect),
        *(
            f'alter table "outgoing" add column {column(name, kind, dialect)}'
            for name, kind in COLUMNS.items()
        ),
        "create index outgoing_endpoint on outgoing (channel_id, seq) where seq is not null",
    ]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [
        "drop index outgoing_endpoint",
        *(f'alter table "outgoing" drop column "{name}"' for name in COLUMNS),
        'drop table "webhook_endpoint"',
    ]
