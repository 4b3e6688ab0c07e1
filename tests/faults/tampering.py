"""What somebody with the database's own password does to it: a raw connection, no door, triggers put aside.

Each tampering happens inside a transaction that the test rolls back, so that hundreds need one database.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg
import msgspec
from pysqlite3 import dbapi2 as sqlite

from backend.domain.canonical import canonical
from backend.domain.events import Event, RowChange
from backend.domain.merkle import leaf_hash
from backend.store.log import COLUMNS, columns_of
from backend.store.migrations.m0001_ground import TRIGGERS
from backend.store.sqlite import dialect_sql
from backend.store.tables import LOGGED, ColumnOf, Dialect, TableOf, table_of

UNDO_TRIGGERS = {
    "sqlite": ["drop trigger event_no_update", "drop trigger event_no_delete"],
    "postgres": ["drop trigger event_append_only on event", "drop function event_is_append_only()"],
}


class Impossible(Exception):
    """The database itself refused this one (a unique index, a not-null); the attacker tries another."""


class Tampered(NamedTuple):
    """What was done, and what has to be named for it: (table, id), or ("event", seq)."""

    what: str
    named: set[tuple[str, str | int]]


class Attacker:
    """A raw connection in one open transaction."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self.connection, self.dialect = connection, dialect

    async def rows(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        """Run a statement."""
        try:
            if self.dialect == "sqlite":
                return list(self.connection.execute(dialect_sql(sql), args).fetchall())
            return [tuple(row) for row in await self.connection.fetch(sql, *args)]
        except (sqlite.IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
            raise Impossible(str(error)) from error
        except sqlite.OperationalError as error:
            if "malformed JSON" not in str(error):  # what an index of it is made from
                raise
            raise Impossible(str(error)) from error

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """All of it is undone at the end."""
        await self.rows("savepoint attempt")
        try:
            yield
        finally:
            await self.rows("rollback to attempt")
            await self.rows("release attempt")

    async def put_triggers_aside(self) -> None:
        """What keeps the log append-only is taken away."""
        for statement in UNDO_TRIGGERS[self.dialect]:
            await self.rows(statement)

    async def put_triggers_back(self) -> None:
        """So that nothing shows."""
        for statement in TRIGGERS[self.dialect]:
            await self.rows(statement)


@asynccontextmanager
async def attacking(address: str, dialect: Dialect) -> AsyncIterator[Attacker]:
    """An attacker whose work is rolled back at the end."""
    if dialect == "sqlite":
        connection = sqlite.connect(address, isolation_level=None)
        connection.execute("begin")
        try:
            yield Attacker(connection, dialect)
        finally:
            connection.execute("rollback")
            connection.close()
        return
    connection = await asyncpg.connect(address)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield Attacker(connection, dialect)
    finally:
        await transaction.rollback()
        await connection.close()


Tampering = Callable[[Attacker, random.Random], Awaitable[Tampered]]


async def a_row(attacker: Attacker, chance: random.Random) -> tuple[TableOf[Any], tuple[Any, ...]]:
    """Any row of any table on record."""
    nouns = list(LOGGED)
    chance.shuffle(nouns)
    for noun in nouns:
        table: TableOf[Any] = table_of(noun, attacker.dialect)
        rows = await attacker.rows(table.select)
        if rows:
            return table, chance.choice(rows)
    raise AssertionError("an empty database")


async def edit_value(attacker: Attacker, chance: random.Random) -> Tampered:
    """One value of one row."""
    table, row = await a_row(attacker, chance)
    place = chance.randrange(1, len(table.columns))
    column = table.columns[place]
    value = other_value(chance, column, row[place], attacker.dialect)
    await attacker.rows(f'update "{table.name}" set "{column.name}" = $1 where id = $2', value, row[0])
    return Tampered(f"{table.name}.{column.name} = {value!r}", {(table.name, row[0])})


def other_value(chance: random.Random, column: ColumnOf, value: Any, dialect: Dialect) -> Any:
    """A value of the column that is not `value`; in SQLite perhaps of another type."""
    if value is None:
        return {"int": 1, "bool": True, "decimal": Decimal(1) if dialect == "postgres" else "1"}.get(
            column.kind, "x"
        )
    if chance.random() < 0.1:
        return None
    if dialect == "sqlite" and chance.random() < 0.1:
        return value.encode() if isinstance(value, str) else "seven"
    if column.kind == "bool":
        return not value if dialect == "postgres" else 1 - value
    if column.kind == "int":
        return chance.choice((value + 1, value - 1, -value - 1))
    text = str(value)
    if column.kind == "decimal":
        changed = chance.choice((f"1{text}", f"{text}0" if "." in text else f"{text}.0", f"-1{text}"))
        return Decimal(changed) if dialect == "postgres" else changed
    choices = [f"{text} ", f" {text}", f"{text}x", text[:-1], text.swapcase(), text.replace("1", "2"), ""]
    if column.kind == "json":
        choices += [text.replace(":", ": "), text.replace(",", ", "), "null", "{}"]
    return chance.choice([each for each in choices if each != text])


async def edit_id(attacker: Attacker, chance: random.Random) -> Tampered:
    table, row = await a_row(attacker, chance)
    await attacker.rows(f'update "{table.name}" set id = $1 where id = $2', f"{row[0]}x", row[0])
    return Tampered(f"{table.name} id", {(table.name, row[0]), (table.name, f"{row[0]}x")})


async def delete_row(attacker: Attacker, chance: random.Random) -> Tampered:
    table, row = await a_row(attacker, chance)
    await attacker.rows(f'delete from "{table.name}" where id = $1', row[0])
    return Tampered(f"delete {table.name}", {(table.name, row[0])})


async def insert_row(attacker: Attacker, chance: random.Random) -> Tampered:
    """A row like another one."""
    table, row = await a_row(attacker, chance)
    fresh = f"{row[0][:-2]}zz"
    await attacker.rows(table.insert, fresh, *row[1:])
    return Tampered(f"insert {table.name}", {(table.name, fresh)})


async def swap_values(attacker: Attacker, chance: random.Random) -> Tampered:
    """The same column of two rows: every value stays in the table."""
    table, row = await a_row(attacker, chance)
    place = chance.randrange(1, len(table.columns))
    name = table.columns[place].name
    rows = [r for r in await attacker.rows(table.select) if r[place] != row[place]]
    if not rows:
        raise Impossible("all alike")
    second = chance.choice(rows)
    sql = f'update "{table.name}" set "{name}" = $1 where id = $2'
    await attacker.rows(sql, second[place], row[0])
    await attacker.rows(sql, row[place], second[0])
    return Tampered(f"swap {table.name}.{name}", {(table.name, row[0]), (table.name, second[0])})


async def events(attacker: Attacker) -> list[tuple[Any, ...]]:
    """The whole log."""
    return await attacker.rows(f"select {', '.join(COLUMNS)} from event order by seq")


async def edit_event(attacker: Attacker, chance: random.Random) -> Tampered:
    """What an event says, with as much of the rest made to fit as the attacker likes."""
    row = chance.choice(await events(attacker))
    event = msgspec.json.decode(row[9], type=Event)
    changed = chance.choice(
        (
            msgspec.structs.replace(event, reason="as agreed"),
            msgspec.structs.replace(
                event, at=event.at[:-2] + "9Z" if event.at[-2] != "9" else event.at[:-2] + "8Z"
            ),
            msgspec.structs.replace(event, person="0193f0a0-0000-7000-8000-00000000dead"),
            msgspec.structs.replace(event, facts=event.facts | {"note": "nothing"}),
            msgspec.structs.replace(event, device_at="2026-01-01T00:00:00.000000Z"),
            msgspec.structs.replace(event, changes=event.changes[:-1] if event.changes else []),
        )
    )
    body = canonical(changed).decode()
    if body == row[9]:
        body = f"{row[9][:-1]} }}"
    leaf = chance.choice((row[10], leaf_hash(body.encode()).hex()))
    columns = columns_of(changed, body, leaf) if chance.random() < 0.5 else (*row[:9], body, leaf)
    sets = ", ".join(f"{name} = ${place + 1}" for place, name in enumerate(COLUMNS))
    await attacker.rows(f"update event set {sets} where seq = ${len(COLUMNS) + 1}", *columns, row[0])
    return Tampered("event body", {("event", row[0])})


async def edit_event_column(attacker: Attacker, chance: random.Random) -> Tampered:
    """A column beside the body: what lists and searches read."""
    row = chance.choice(await events(attacker))
    place = chance.randrange(1, len(COLUMNS))
    value = f"{row[place]}x" if COLUMNS[place] != "leaf" else "ab" * 32
    await attacker.rows(f"update event set {COLUMNS[place]} = $1 where seq = $2", value, row[0])
    return Tampered(f"event.{COLUMNS[place]}", {("event", row[0])})


async def edit_row_and_event(attacker: Attacker, chance: random.Random) -> Tampered:
    """A row and the event that made it, in agreement, hash included."""
    rows = await events(attacker)
    chance.shuffle(rows)
    for row in rows:
        event = msgspec.json.decode(row[9], type=Event)
        made = [c for c in event.changes if c.table == "reading" and c.old is None]
        if made:
            break
    else:
        raise Impossible("no readings")
    change = made[0]
    changes = [
        RowChange(c.table, c.id, None, c.new | {"entered": "1.27"}) if c is change else c
        for c in event.changes
    ]
    body = canonical(msgspec.structs.replace(event, changes=changes)).decode()
    await attacker.rows("update reading set entered = '1.27' where id = $1", change.id)
    sql = "update event set body = $1, leaf = $2 where seq = $3"
    await attacker.rows(sql, body, leaf_hash(body.encode()).hex(), row[0])
    return Tampered("row and event", {("event", row[0])})


async def swap_events(attacker: Attacker, chance: random.Random) -> Tampered:
    """Two bodies change places, with or without their hashes."""
    first, second = chance.sample(await events(attacker), 2)
    leaves = chance.random() < 0.5
    for row, other in ((first, second), (second, first)):
        leaf = other[10] if leaves else row[10]
        await attacker.rows("update event set body = $1, leaf = $2 where seq = $3", other[9], leaf, row[0])
    return Tampered("swap events", {("event", first[0]), ("event", second[0])})


async def delete_event(attacker: Attacker, chance: random.Random) -> Tampered:
    row = chance.choice((await events(attacker))[:-1])
    await attacker.rows("delete from event where seq = $1", row[0])
    return Tampered("delete event", {("event", row[0])})


async def close_ranks(attacker: Attacker, chance: random.Random) -> Tampered:
    """An event is deleted and those after it move up, their bodies rewritten to fit."""
    rows = await events(attacker)
    gone = chance.randrange(len(rows) - 1)
    await attacker.rows("delete from event where seq = $1", gone)
    for row in rows[gone + 1 :]:
        event = msgspec.structs.replace(msgspec.json.decode(row[9], type=Event), seq=row[0] - 1)
        body = canonical(event).decode()
        sql = "update event set seq = $1, body = $2, leaf = $3 where seq = $4"
        await attacker.rows(sql, event.seq, body, leaf_hash(body.encode()).hex(), row[0])
    return Tampered("close ranks", {("event", gone), ("event", len(rows) - 1)})


async def cut_tail(attacker: Attacker, chance: random.Random) -> Tampered:
    """The last events are deleted, the rows stay."""
    rows = await events(attacker)
    cut = chance.randrange(max(0, len(rows) - 9), len(rows))
    await attacker.rows("delete from event where seq >= $1", cut)
    return Tampered("cut tail", {("event", cut)})


async def restore_before(attacker: Attacker, chance: random.Random) -> Tampered:
    """The last events are deleted and every row is put back to what it was before them."""
    rows = await events(attacker)
    cut = chance.randrange(max(0, len(rows) - 9), len(rows))
    for row in reversed(rows[cut:]):
        event = msgspec.json.decode(row[9], type=Event)
        for change in reversed(event.changes):
            await _undo(attacker, change)
        await attacker.rows("delete from command_record where id = $1", event.command)
    await attacker.rows("delete from event where seq >= $1", cut)
    return Tampered("restore before", {("event", cut)})


async def _undo(attacker: Attacker, change: RowChange) -> None:
    if change.old is None:
        await attacker.rows(f'delete from "{change.table}" where id = $1', change.id)
        return
    noun = next(noun for noun in LOGGED if table_of(noun, attacker.dialect).name == change.table)
    table: TableOf[Any] = table_of(noun, attacker.dialect)
    for column in table.columns:
        if column.name in change.old:
            value: Any = change.old[column.name]
            if value is not None and column.kind == "json":
                value = canonical(value).decode()
            if value is not None and column.kind == "decimal" and attacker.dialect == "postgres":
                value = Decimal(value)
            sql = f'update "{change.table}" set "{column.name}" = $1 where id = $2'
            await attacker.rows(sql, value, change.id)


async def edit_answer(attacker: Attacker, chance: random.Random) -> Tampered:
    """What a repeated command would be told."""
    id, answer = chance.choice(await answers(attacker))
    await attacker.rows("update command_record set answer = $1 where id = $2", f"{answer} ", id)
    return Tampered("answer", {("command_record", id)})


async def delete_answer(attacker: Attacker, chance: random.Random) -> Tampered:
    """A repeated command would take effect twice."""
    id, _ = chance.choice(await answers(attacker))
    await attacker.rows("delete from command_record where id = $1", id)
    return Tampered("delete answer", {("command_record", id)})


async def answers(attacker: Attacker) -> Sequence[tuple[Any, ...]]:
    """Commands on record with what they were answered."""
    return await attacker.rows(
        "select id, answer from command_record where id in (select command_id from event) order by id"
    )


OF_ROWS: tuple[Tampering, ...] = (edit_value, edit_id, delete_row, insert_row, swap_values)
OF_TAILS: tuple[Tampering, ...] = (cut_tail, restore_before)
OF_ANSWERS: tuple[Tampering, ...] = (edit_answer, delete_answer)
OF_EVENTS: tuple[Tampering, ...] = (
    edit_event,
    edit_event_column,
    edit_row_and_event,
    swap_events,
    delete_event,
    close_ranks,
)
