"""Consignees, shipments, returns, what a lot was made with, recalls and their exercises."""

from __future__ import annotations

from backend.store.migrations.columns import column

TABLES = {
    "consignee": "id site_id code name address country language contacts active:bool version:int",
    "shipment": "id site_id number consignee_id order_number carrier waybill papers shipped_by shipped_at device_at?",
    "shipment_line": "id site_id shipment_id lot_id portion_id quantity:decimal serials",
    "customer_return": "id site_id number shipment_line_id lot_id receipt_id quantity:decimal reason returned_by at",
    "process_fact": "id site_id lot_id kind code value unit person_id at",
    "recall": "id site_id number basis reason first_by first_signature_id first_at due_on status second_by? "
    "second_signature_id? second_at? ended_by? ended_at? conclusion? version:int",
    "recall_lot": "id site_id recall_id lot_id on_hand:decimal shipped:decimal",
    "recall_consignee": "id site_id recall_id consignee_id letter_at? letter_by? channel? answered_at? answered_by? "
    "answer? version:int",
    "recall_line": "id site_id recall_id consignee_id lot_id quantity:decimal fate? version:int",
    "mock_recall": "id site_id number basis reason started_by started_at lots consignees status finished_by? "
    "finished_at? counted reached note? version:int",
}
INDEXES = (
    "create unique index consignee_code on consignee (site_id, code)",
    "create unique index shipment_number on shipment (site_id, number)",
    "create index shipment_consignee on shipment (consignee_id)",
    "create index shipment_line_shipment on shipment_line (shipment_id)",
    "create index shipment_line_lot on shipment_line (lot_id)",
    "create index shipment_line_portion on shipment_line (portion_id)",
    "create unique index customer_return_number on customer_return (site_id, number)",
    "create index customer_return_line on customer_return (shipment_line_id)",
    "create index process_fact_lot on process_fact (lot_id)",
    "create index process_fact_code on process_fact (site_id, kind, code)",
    "create unique index recall_number on recall (site_id, number)",
    "create unique index recall_lot_once on recall_lot (recall_id, lot_id)",
    "create index recall_lot_lot on recall_lot (lot_id)",
    "create unique index recall_consignee_once on recall_consignee (recall_id, consignee_id)",
    "create unique index recall_line_once on recall_line (recall_id, consignee_id, lot_id)",
    "create unique index mock_recall_number on mock_recall (site_id, number)",
    "create index serial_unit_anywhere on serial_unit (site_id, serial)",
    "create index movement_kind_at on movement (site_id, kind, at)",
)


def up(dialect: str) -> list[str]:
    """Nothing has been shipped yet."""
    return [*(table(name, columns, dialect) for name, columns in TABLES.items()), *INDEXES]


def down(_dialect: str) -> list[str]:
    """Without them."""
    kept = ("serial_unit_anywhere", "movement_kind_at")
    return [
        *(f"drop index {name}" for name in kept),
        *(f'drop table "{name}"' for name in reversed(TABLES)),
    ]


def table(name: str, columns: str, dialect: str) -> str:
    """`name?:kind` a column; `?` may be null, no kind is text."""
    parts = []
    for text in columns.split():
        named, _, kind = text.partition(":")
        key = " primary key" if named == "id" else ""
        needed = "" if named.endswith("?") else " not null"
        parts.append(column(named.rstrip("?"), kind or "text", dialect) + key + needed)
    return f'create table "{name}" ({", ".join(parts)})'
