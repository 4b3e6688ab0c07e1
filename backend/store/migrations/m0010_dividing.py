"""Splits and mergers of lots: whose inspections speak for a receipt, and edges that are no consumption."""

from __future__ import annotations

from backend.store.migrations.columns import column

ADDED = (("receipt", "origin_id", "text"), ("consumption", "kind", "text"), ("lot", "split_from", "text"))
ORIGIN = "create index receipt_origin on receipt (origin_id) where origin_id is not null"
SUPPLIER_LOT = (
    "create unique index lot_supplier_lot on lot (site_id, item_id, supplier_id, supplier_lot) "
    "where supplier_lot is not null{}"
)
RELEASE = "create index portion_release on portion (release_id) where release_id is not null"
HOLD_NCR = "create index hold_ncr on hold (ncr_id) where ncr_id is not null"


def up(dialect: str) -> list[str]:
    """The columns; older receipts speak for themselves, older edges are consumptions."""
    added = [f'alter table "{table}" add column {column(name, kind, dialect)}' for table, name, kind in ADDED]
    whole = ["drop index lot_supplier_lot", SUPPLIER_LOT.format(" and split_from is null")]
    return [*added, ORIGIN, HOLD_NCR, RELEASE, *whole]


def down(_dialect: str) -> list[str]:
    """Without them."""
    dropped = [f'alter table "{table}" drop column "{name}"' for table, name, _ in reversed(ADDED)]
    whole = ["drop index lot_supplier_lot", *dropped, SUPPLIER_LOT.format("")]
    return ["drop index portion_release", "drop index hold_ncr", "drop index receipt_origin", *whole]
