"""Names that are searched by parts, kept by triggers, so that no writer can forget them (ADR 27).

SQLite finds parts by its FTS5 trigrams, PostgreSQL by a GIN index over the trigrams of a name, of which nothing
but the server itself is needed. `search_name` serves the running system: what a hit shows is read from its own row.
"""

from __future__ import annotations

from typing import NamedTuple

from backend.store.migrations.columns import column


class Source(NamedTuple):
    """Rows whose names are kept: kind of hit, its id, and names and their columns; `~`: both languages."""

    table: str
    kind: str
    subject: str
    names: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> str:
        """Those whose change changes a name."""
        return ", ".join(named.lstrip("~") for _, named in self.names)


SOURCES = (
    Source(
        "lot",
        "lot",
        "id",
        (("number", "number"), ("supplier_lot", "supplier_lot"), ("production_order", "production_order")),
    ),
    Source("item", "item", "id", (("code", "code"), ("name", "~name"))),
    Source("item_identifier", "item", "item_id", (("identifier", "value"),)),
    Source("inspection", "inspection", "id", (("number", "number"),)),
    Source("ncr", "ncr", "id", (("number", "number"),)),
    Source("recall", "recall", "id", (("number", "number"),)),
    Source("mock_recall", "mock_recall", "id", (("number", "number"),)),
    Source("gauge", "gauge", "id", (("code", "code"), ("name", "~name"))),
    Source("supplier", "supplier", "id", (("code", "code"), ("name", "name"))),
    Source("consignee", "consignee", "id", (("code", "code"), ("name", "name"))),
    Source("shipment", "shipment", "id", (("number", "number"),)),
)
MANY = ("identifier", "old_number")
"""Names of which a row may have several."""
WORDS = {"sqlite": "json_extract({}, '$.{}')", "postgres": "({}::jsonb ->> '{}')"}
COLUMNS = ("site_id", "kind", "subject_id", "field", "name")
INDEXES = (
    "create unique index search_name_once on search_name (subject_id, field)",
    "create index search_name_prefix on search_name (site_id, name)",
)
GRAMS_SQLITE = (
    "create virtual table search_gram using fts5("
    "name, content='search_name', content_rowid='place', tokenize='trigram', detail=none, columnsize=0)",
    "create trigger search_name_added after insert on search_name "
    "begin insert into search_gram (rowid, name) values (new.place, new.name); end",
    "create trigger search_name_changed after update of name on search_name begin "
    "insert into search_gram (search_gram, rowid, name) values ('delete', old.place, old.name); "
    "insert into search_gram (rowid, name) values (new.place, new.name); end",
)
GRAMS_POSTGRES = (
    "create function search_grams(name text) returns text[] language sql immutable strict parallel safe as "
    "$$ select coalesce(array_agg(distinct substr(name, place, 3)), '{}') "
    "from generate_series(1, length(name) - 2) place $$",
    "create index search_name_gram on search_name using gin (search_grams(name)) "
    "with (gin_pending_list_limit = 512)",
)


def names_of(source: Source, dialect: str) -> str:
    """The names of a new row as an insert; a name that is there already is put right."""
    parts = _parts(source, "new", dialect)
    asked = " union all ".join(f"select {field} as field, {said} as said" for field, said in parts)
    return (
        f"insert into search_name ({', '.join(COLUMNS)}) select new.site_id, '{source.kind}', "
        f"new.{source.subject}, field, upper(said) from ({asked}) as named where said <> '' "
        "on conflict (subject_id, field) do update set name = excluded.name"
    )


def filling(source: Source, dialect: str) -> list[str]:
    """The names of all rows that are there."""
    return [
        f"insert into search_name ({', '.join(COLUMNS)}) select old.site_id, '{source.kind}', "
        f"old.{source.subject}, {field}, upper({said}) from \"{source.table}\" as old where {said} <> ''"
        for field, said in _parts(source, "old", dialect)
    ]


def _parts(source: Source, row: str, dialect: str) -> list[tuple[str, str]]:
    """Field and name as SQL; an item has several identifiers, and names of master data two languages."""
    parts: list[tuple[str, str]] = []
    for name, named in source.names:
        said = f"{row}.{named.lstrip('~')}"
        if name in MANY:
            parts.append((f"'{name} ' || {said}", said))
        elif not named.startswith("~"):
            parts.append((f"'{name}'", said))
        else:
            parts += [(f"'{name} {code}'", WORDS[dialect].format(said, code)) for code in ("en", "zh")]
    return parts


def body_of(source: Source) -> str:
    """What PostgreSQL does for a row."""
    return f" begin {names_of(source, 'postgres')}; return null; end "


def triggers(source: Source, dialect: str) -> list[str]:
    """What keeps the names of a table's rows."""
    table, name = source.table, f"{source.table}_named"
    if dialect == "postgres":
        return [
            f"create function {name}() returns trigger language plpgsql as $${body_of(source)}$$",
            f'create trigger {name} after insert or update of {source.columns} on "{table}" '
            f"for each row execute function {name}()",
        ]
    work = names_of(source, dialect)
    return [
        f'create trigger {name} after insert on "{table}" begin {work}; end',
        f'create trigger {name}_anew after update of {source.columns} on "{table}" begin {work}; end',
    ]


def up(dialect: str) -> list[str]:
    """What is there already is named at once."""
    place = {
        "sqlite": '"place" integer primary key not null',
        "postgres": '"place" bigint primary key not null generated always as identity',
    }
    columns = [place[dialect], *(f"{column(name, 'text', dialect)} not null" for name in COLUMNS)]
    filled = [text for source in SOURCES for text in filling(source, dialect)]
    return [
        f"create table search_name ({', '.join(columns)})",
        *INDEXES,
        *(GRAMS_SQLITE if dialect == "sqlite" else ()),
        *filled,
        *(GRAMS_POSTGRES if dialect == "postgres" else ()),
        *(text for source in SOURCES for text in triggers(source, dialect)),
    ]


def down(dialect: str) -> list[str]:
    """Without them."""
    names = [f"{source.table}_named" for source in SOURCES]
    if dialect == "postgres":
        return [
            *(f"drop function {name}() cascade" for name in names),
            "drop table search_name",
            "drop function search_grams(text)",
        ]
    return [
        *(f"drop trigger {name}{end}" for name in names for end in ("", "_anew")),
        "drop table search_gram",
        "drop table search_name",
    ]
