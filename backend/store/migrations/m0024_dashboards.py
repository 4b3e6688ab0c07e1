"""By when it happened: what a page of numbers counts in a period."""

from __future__ import annotations

NAMES = {
    "inspection_finished": "inspection (site_id, finished_at)",
    "ncr_opened": "ncr (site_id, opened_at)",
    "receipt_received": "receipt (site_id, source, received_at)",
    "signature_signed": "signature (site_id, signed_at)",
    "reading_corrects": "reading (site_id, at) where corrects is not null",
    "recall_line_open": "recall_line (recall_id) where fate is null",
}


def up(_dialect: str) -> list[str]:
    """The indexes."""
    return [f"create index {name} on {what}" for name, what in NAMES.items()]


def down(_dialect: str) -> list[str]:
    """Without them."""
    return [f"drop index {name}" for name in NAMES]
