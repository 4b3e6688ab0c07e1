"""CAPA, change requests, complaints; reports that no inspection opened; promises that belong to any of them."""

from __future__ import annotations

from backend.store.migrations.columns import column
from backend.store.migrations.m0016_recall import table
from backend.store.migrations.m0021_search import SOURCES as NAMED_BEFORE
from backend.store.migrations.m0021_search import Source, triggers

TABLES = {
    "capa": "id site_id number title problem sources owner_id due_on opened_by opened_at status whys causes "
    "root_cause? adverse? criterion? waits_until? evidence? attachments rounds signature_id? closed_at? version:int",
    "change_request": "id site_id number title why risk affected told trained owner_id due_on opened_by opened_at "
    "status submitted_at? returned? approved_by? approved_at? signature_id? conclusion? closed_at? version:int",
    "complaint": "id site_id number received_on described reporter consignee_id? lot_id? serial? quantity?:decimal "
    "attachments opened_by opened_at due_on status owner_id? harm? reportable?:bool findings? justified?:bool "
    "ncr_id? reply? replied_at? closed_at? version:int",
}
INDEXES = (
    "create unique index capa_number on capa (site_id, number)",
    "create unique index change_request_number on change_request (site_id, number)",
    "create unique index complaint_number on complaint (site_id, number)",
    "create index complaint_lot on complaint (lot_id)",
    "create index follow_up_subject on follow_up (subject_id)",
)
SOURCES = (
    Source("capa", "capa", "id", (("number", "number"),)),
    Source("change_request", "change_request", "id", (("number", "number"),)),
    Source("complaint", "complaint", "id", (("number", "number"),)),
)
"""Their numbers are searched by parts as well."""
NCR = (
    "id site_id number lot_id receipt_id inspection_id{q} characteristic{q} reading_id{q} severity status "
    "quantity:decimal owner_id? due_on opened_at containment? disposition? justification? closed_at? version:int"
)
NCR_NEW = "source? what? attachments? opened_by?"
FOLLOW_UP = "id site_id ncr_id{q} what owner_id due_on done_at? outcome? version:int"
FOLLOW_UP_NEW = "subject_kind? subject_id?"
REBUILT = {"ncr": (NCR, NCR_NEW), "follow_up": (FOLLOW_UP, FOLLOW_UP_NEW)}
LOOSENED = (
    ("ncr", "inspection_id"),
    ("ncr", "characteristic"),
    ("ncr", "reading_id"),
    ("follow_up", "ncr_id"),
)
REBUILT_INDEXES = (
    "create unique index ncr_number on ncr (site_id, number)",
    "create unique index ncr_once on ncr (inspection_id, characteristic)",
    "create index ncr_open on ncr (site_id, due_on) where status <> 'closed'",
    "create index ncr_lot on ncr (lot_id)",
    "create index follow_up_ncr on follow_up (ncr_id)",
    "create index follow_up_open on follow_up (owner_id, due_on) where done_at is null",
)


def up(dialect: str) -> list[str]:
    """The new tables, and what of the old ones may be empty from now on."""
    loosen = (
        _rebuilt("?", new=True)
        if dialect == "sqlite"
        else [
            *(f'alter table "{name}" alter column "{each}" drop not null' for name, each in LOOSENED),
            *(
                f'alter table "{name}" add column {column(each.rstrip("?"), "text", dialect)}'
                for name, (_, added) in REBUILT.items()
                for each in added.split()
            ),
        ]
    )
    return [
        *loosen,
        *(table(name, columns, dialect) for name, columns in TABLES.items()),
        *INDEXES,
        *(text for source in SOURCES for text in triggers(source, dialect)),
    ]


def down(dialect: str) -> list[str]:
    """Without them; what only the new form can hold is gone with it."""
    kept = [
        "drop index follow_up_subject",
        'delete from "follow_up" where ncr_id is null',
        'delete from "ncr" where reading_id is null',
    ]
    tighten = (
        _rebuilt("", new=False)
        if dialect == "sqlite"
        else [
            *(
                f'alter table "{name}" drop column "{each.rstrip("?")}"'
                for name, (_, added) in REBUILT.items()
                for each in added.split()
            ),
            *(f'alter table "{name}" alter column "{each}" set not null' for name, each in LOOSENED),
        ]
    )
    names = [f"drop function {source.table}_named() cascade" for source in SOURCES]
    kinds = ", ".join(f"'{source.kind}'" for source in SOURCES)
    return [
        *kept,
        f"delete from search_name where kind in ({kinds})",
        *(names if dialect == "postgres" else ()),
        *(f'drop table "{name}"' for name in reversed(TABLES)),
        *tighten,
    ]


def _rebuilt(mark: str, *, new: bool) -> list[str]:
    """SQLite changes no column: the table is made anew, filled, and put in the old one's place."""
    statements = []
    for name, (columns, added) in REBUILT.items():
        old = columns.format(q=mark)
        names = ", ".join(f'"{each.partition(":")[0].rstrip("?")}"' for each in old.split())
        statements += [
            table(f"{name}_next", f"{old} {added}" if new else old, "sqlite"),
            f'insert into "{name}_next" ({names}) select {names} from "{name}"',
            f'drop table "{name}"',
            f'alter table "{name}_next" rename to "{name}"',
        ]
    # What hung on the old table is gone with it.
    named = [
        text for source in NAMED_BEFORE if source.table in REBUILT for text in triggers(source, "sqlite")
    ]
    return [*statements, *REBUILT_INDEXES, *named]
