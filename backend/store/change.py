"""One change: a command decides first (reads), then everything it writes goes out together with its event.

Writes are held back until the command has decided, so a refused command has written nothing, and the
event that describes them is made of the very rows that are written. A command that does many things at once
(`record_part`) has an event for each of them, before its own.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any, NamedTuple

import msgspec

from backend.domain.days import day_of
from backend.domain.errors import NotFound, Reason
from backend.domain.events import SCHEMA, Event, RowChange, Value
from backend.domain.notices import Job, Notice
from backend.domain.people import Person, Who
from backend.domain.sessions import Outgoing
from backend.store.database import Writer
from backend.store.people import holders, who_may
from backend.store.reader import Reader
from backend.store.tables import PEOPLE, Dialect, Noun, TableOf, table_of
from backend.store.together import Ask, ask
from backend.store.writes import Insert, Update

UTC = "UTC"


Named = tuple[type[msgspec.Struct], str]
"""A row: its kind and id."""


class Said(NamedTuple):
    """What an event says beside its rows."""

    type: str
    subject_kind: str
    subject: str
    reason: str | None
    facts: dict[str, Value]


class Change(Reader):
    """The door to change, as an action sees it: read, insert, update, tell, name the event."""

    def __init__(
        self, dialect: Dialect, writer: Writer, who: Who, now: str, new_id: Callable[[], str]
    ) -> None:
        super().__init__(dialect, writer.fetch, who.site_id)
        self.who = who
        self.now = now
        self.today = day_of(now, UTC)
        """The day at the site; the door sets it."""
        self.new_id = new_id
        self.events: list[Event] = []
        self._writer = writer
        self._inserts: dict[type[msgspec.Struct], dict[str, msgspec.Struct]] = {}
        self._asked: dict[tuple[type[msgspec.Struct], str, tuple[Any, ...]], list[Any]] = {}
        self._read: dict[tuple[type[msgspec.Struct], str], msgspec.Struct] = {}
        self._updates: dict[tuple[type[msgspec.Struct], str], tuple[msgspec.Struct, msgspec.Struct]] = {}
        self._said: Said | None = None
        self._fresh: list[Named] = []
        self._parts: list[tuple[Said, list[Named]]] = []
        self.skew: int | None = None
        """Seconds that the device's clock is ahead, where that is worth a flag (AUD-6)."""

    async def get(self, noun: type[Noun], id: str) -> Noun:
        """By id, as this change has left it so far."""
        pending = self._inserts.get(noun, {}).get(id)
        updated = self._updates.get((noun, id))
        if pending is not None or updated is not None:
            return updated[1] if updated is not None else pending  # type: ignore[return-value]
        known = self._read.get((noun, id))
        if known is not None:
            return self.mine(noun, id, [known])  # type: ignore[return-value]
        return await super().get(noun, id)

    async def all(self, noun: type[Noun], where: str = "", *args: Any) -> list[Noun]:
        """By a condition, as the database has it; kept, since nobody else writes until this change ends."""
        known = self._asked.get((noun, where, args))
        if known is None:
            known = self._keep(ask(noun, where, *args), await super().all(noun, where, *args))
        return list(known)

    async def together(self, *asked: Ask) -> list[list[Any]]:
        """Several questions; each is kept like those of `all`, and not asked again."""
        new = [each for each in asked if each not in self._asked]
        if new:
            for each, nouns in zip(new, await super().together(*new), strict=True):
                self._keep(each, nouns)
        return [list(self._asked[each]) for each in asked]

    def know(self, asked: Ask, found: list[Any]) -> None:
        """What another question has answered already."""
        self._keep(asked, found)

    def _keep(self, asked: Ask, found: list[Any]) -> list[Any]:
        self._asked[asked] = found
        for noun in found:
            self._read[asked.noun, noun.id] = noun
        return found

    def insert(self, noun: Noun) -> Noun:
        """Write a new row with this command's event."""
        self._inserts.setdefault(type(noun), {})[noun.id] = noun  # type: ignore[attr-defined]
        self._fresh.append((type(noun), noun.id))  # type: ignore[attr-defined]
        return noun

    def pending(self, noun: type[Noun]) -> list[Noun]:
        """New rows of a kind that this command will write."""
        return list(self._inserts.get(noun, {}).values())  # type: ignore[arg-type]

    def update(self, noun: Noun, **changes: Any) -> Noun:
        """Write changed columns; a noun with a `version` must still be the one that was read."""
        kind, id = type(noun), noun.id  # type: ignore[attr-defined]
        if hasattr(noun, "version"):
            changes["version"] = noun.version + 1
        new = msgspec.structs.replace(noun, **changes)
        if id in self._inserts.get(kind, {}):
            self._inserts[kind][id] = new
        else:
            old = self._updates[(kind, id)][0] if (kind, id) in self._updates else noun
            self._updates[(kind, id)] = (old, new)
        return new

    def record(
        self, type: str, subject_kind: str, subject: str, *, reason: str | None = None, **facts: Value
    ) -> None:
        """Name what happened; the event gets who, when, old and new by itself."""
        self._said = Said(type, subject_kind, subject, reason, facts)

    def record_part(
        self, type: str, subject_kind: str, subject: str, *, reason: str | None = None, **facts: Value
    ) -> None:
        """Name what the new rows since the last part are: an event of its own, before the one that `record` names."""
        self._parts.append((Said(type, subject_kind, subject, reason, facts), self._fresh))
        self._fresh = []

    def tell(self, person_id: str, code: str, subject_kind: str, subject_id: str, **facts: Value) -> None:
        """A notice to one person, and a chat message to deliver, written with this change."""
        notice = self.insert(
            Notice(
                self.new_id(), self.who.site_id, person_id, code, subject_kind, subject_id, facts, self.now
            )
        )
        self.insert(
            Outgoing(
                self.new_id(), self.who.site_id, person_id, notice.id, self.now, "waiting", next_at=self.now
            )
        )

    async def tell_role(
        self, roles: tuple[str, ...], code: str, subject_kind: str, subject_id: str, **facts: Value
    ) -> None:
        """A notice to everyone who holds one of the roles at this site now, the actor excepted."""
        await self._tell(holders(self.who.site_id, self.now, roles), code, subject_kind, subject_id, facts)

    async def tell_who_may(
        self, action: str, code: str, subject_kind: str, subject_id: str, **facts: Value
    ) -> None:
        """A notice to everyone who may take the action waited for, by the rights in force, the actor excepted."""
        await self._tell(who_may(self.who.site_id, self.now, action), code, subject_kind, subject_id, facts)

    async def _tell(
        self, asked: Ask, code: str, subject_kind: str, subject_id: str, facts: dict[str, Value]
    ) -> None:
        for person in await self.all(Person, asked.where, *asked.args):
            if person.id != self.who.person_id:
                self.tell(person.id, code, subject_kind, subject_id, **facts)

    def due(self, kind: str, subject_id: str, due_at: str) -> None:
        """Work that falls due."""
        self.insert(Job(self.new_id(), self.who.site_id, kind, subject_id, due_at))

    def written(self) -> list[msgspec.Struct]:
        """Every row that this change writes, changed ones as they were and as they are."""
        pairs = [noun for pair in self._updates.values() for noun in pair]
        return [*pairs, *(noun for nouns in self._inserts.values() for noun in nouns.values())]

    def touches(self, kinds: Container[type[msgspec.Struct]]) -> bool:
        """Whether this change writes a row of one of these kinds."""
        return any(kind in kinds for kind in (*self._inserts, *(kind for kind, _ in self._updates)))

    def only_passing(self) -> None:
        """Refuse a change that would write a row on record."""
        kinds = {
            *(kind for kind, nouns in self._inserts.items() if nouns),
            *(kind for kind, _ in self._updates),
        }
        names = sorted(kind.__name__ for kind in kinds if table_of(kind, self.dialect).logged)
        if names or self._said is not None or self._parts:
            raise RuntimeError(f"rows on record are written by actions only: {', '.join(names)}")

    async def write(self, seq: int, command: str | None, answer: str | None, device_at: str | None) -> None:
        """Send all rows out and make the events of those that are on record."""
        if self.touches(PEOPLE):
            await self._writer.announce()
        apart = {named: place for place, (_, rows) in enumerate(self._parts) for named in rows}
        changes: list[list[RowChange]] = [[] for _ in range(len(self._parts) + 1)]
        updates, inserts = [], []
        for (kind, id), (old, new) in self._updates.items():
            table = table_of(kind, self.dialect)
            names = [c.name for c in table.columns if getattr(old, c.name) != getattr(new, c.name)]
            if names:
                updates.append(_update(table, id, names, old, new))
            if names and table.logged:
                was, is_ = table.state(old), table.state(new)
                changes[-1].append(
                    RowChange(table.name, id, {n: was[n] for n in names}, {n: is_[n] for n in names})
                )
        for kind, nouns in self._inserts.items():
            table = table_of(kind, self.dialect)
            inserts.append(Insert(table, [table.encode(noun) for noun in nouns.values()]))
            if table.logged:
                for id, noun in nouns.items():
                    place = apart.get((kind, id), -1)
                    changes[place].append(RowChange(table.name, id, None, table.state(noun)))
        await self._writer.write(updates, inserts)
        for (said, _), rows in zip(self._parts, changes, strict=False):
            self.events.append(self._event(seq + len(self.events), said, rows, command, None, device_at))
        if self._said is not None:
            own = self._event(seq + len(self.events), self._said, changes[-1], command, answer, device_at)
            self.events.append(own)
        elif changes[-1] or self._parts:
            raise RuntimeError("rows on record were written without an event: call record()")

    def _event(
        self,
        seq: int,
        said: Said,
        changes: list[RowChange],
        command: str | None,
        answer: str | None,
        device_at: str | None,
    ) -> Event:
        facts = said.facts if self.skew is None else {**said.facts, "skew_seconds": self.skew}
        return Event(
            seq=seq,
            id=self.new_id(),
            at=self.now,
            schema=SCHEMA,
            site=self.who.site_id,
            person=self.who.person_id or None,
            source=self.who.source,
            type=said.type,
            subject=said.subject,
            subject_kind=said.subject_kind,
            command=command,
            answer=answer,
            device_at=device_at,
            reason=said.reason,
            facts=facts,
            changes=changes,
        )


def _update(
    table: TableOf[Any], id: str, names: list[str], old: msgspec.Struct, new: msgspec.Struct
) -> Update:
    values = {name: table.encode_one(name, getattr(new, name)) for name in names}
    return Update(table, id, values, old.version if "version" in values else None)  # type: ignore[attr-defined]


def missing(kind: str, id: str) -> NotFound:
    """A NotFound that says of what."""
    return NotFound(Reason("not_found", {"kind": kind, "id": id}))
