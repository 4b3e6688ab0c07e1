"""Retest dates, re-samples and proposals about results, delegated decisions, contract makers, revoked releases."""

from __future__ import annotations

from backend.store.migrations.columns import column

ADDED = (
    ("item", "retest_days", "int"),
    ("item", "contract_maker_id", "text"),
    ("lot", "retest_on", "text"),
    ("person", "organisation_id", "text"),
    ("inspection", "purpose", "text"),
    ("inspection", "again_of", "text"),
    ("inspection", "retest_for", "text"),
    ("release", "delegation_id", "text"),
)
TABLES = {
    "proposal": "id site_id kind inspection_id reading_id? cause? reason proposed_by proposed_at status decided_by? "
    "decided_at? note? opened_id? version:int",
    "delegation": "id site_id action from_id to_id from_on until reason granted_at ended_at? version:int",
    "revocation": "id site_id number release_id lot_id receipt_id reason first_by first_signature_id first_at due_on "
    "status second_by? second_signature_id? second_at? on_hand?:decimal gone conclusion? assessment? assessed_by? "
    "assessed_at? version:int",
}
INDEXES = (
    "create index proposal_inspection on proposal (inspection_id)",
    "create unique index proposal_once on proposal (kind, inspection_id, reading_id) where status = 'open'",
    "create index delegation_to on delegation (to_id) where ended_at is null",
    "create unique index revocation_number on revocation (site_id, number)",
    "create unique index revocation_once on revocation (release_id) where status <> 'withdrawn'",
    "create index inspection_again on inspection (again_of) where again_of is not null",
)
UNDECIDED = (
    "create index portion_undecided on portion (receipt_id) "
    "where status in ('quarantine', 'inspecting', 'held', {}'conditional')"
)


def up(dialect: str) -> list[str]:
    """Columns, tables, indexes."""
    added = [f'alter table "{table}" add column {column(name, kind, dialect)}' for table, name, kind in ADDED]
    tables = [_table(name, columns, dialect) for name, columns in TABLES.items()]
    waiting = ["drop index portion_undecided", UNDECIDED.format("'production_released', ")]
    return [*added, *tables, *INDEXES, *waiting]


def down(_dialect: str) -> list[str]:
    """Without them."""
    dropped = [f'alter table "{table}" drop column "{name}"' for table, name, _ in reversed(ADDED)]
    tables = [f'drop table "{name}"' for name in reversed(TABLES)]
    waiting = ["drop index portion_undecided", UNDECIDED.format("")]
    return ["drop index inspection_again", *waiting, *tables, *dropped]


def _table(name: str, columns: str, dialect: str) -> str:
    """`name?:kind` a column; `?` may be null, no kind is text."""
    parts = []
    for text in columns.split():
        named, _, kind = text.partition(":")
        empty = named.endswith("?")
        key = " primary key" if named == "id" else ""
        parts.append(
            column(named.rstrip("?"), kind or "text", dialect) + key + ("" if empty else " not null")
        )
    return f'create table "{name}" ({", ".join(parts)})'
