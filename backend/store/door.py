"""The two doors. `Store.read` reads; `Store.change` is the only way to write.

A change asks who does what and why. One writer takes up to GROUP waiting commands into one transaction:
each is looked up by its id (a repeated one gets its first answer, DUP-1), checked against the rights
table (ROL-1), decided, written with its event, and answered only when the group is durable. A refused
attempt is kept in the log too. The writer runs in a task of its own, so a caller that goes away
leaves nothing half done.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Protocol, TypeVar

import msgspec

from backend.domain.days import day_of
from backend.domain.errors import LotgateError, NotAllowed, Reason, Refused, Stale
from backend.domain.events import Event
from backend.domain.people import Who
from backend.domain.security import Plain, system
from backend.domain.sessions import CommandRecord
from backend.store.ahead import Foresight, ReadAhead, read_ahead
from backend.store.change import UTC, Change
from backend.store.command_form import digest_of, skew_of
from backend.store.database import Conflict, Database, Unavailable, Writer
from backend.store.log import append_events
from backend.store.reader import Reader
from backend.store.standing import STIRRING, Asked, First, Standing, standing

GROUP = 64
Answer = TypeVar("Answer")


class Command(Protocol):
    """What an action is asked to do; `id` was made where the command was made."""

    @property
    def id(self) -> str:
        """UUID, the idempotency key."""

    @property
    def device_at(self) -> str | None:
        """The device's own time, kept beside the server's (AUD-6)."""


class Waiting:
    """A command on its way: what to do, and the future that its caller waits on."""

    def __init__(
        self,
        who: Who,
        action: str,
        command: Command,
        work: Callable[[Change], Awaitable[Any]],
        answer: Any,
        own: bool,
        foresee: Foresight | None = None,
    ) -> None:
        self.who, self.action, self.command, self.work, self.answer, self.own, self.foresee = (
            who,
            action,
            command,
            work,
            answer,
            own,
            foresee,
        )
        self.done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.outcome: Any = None
        self.error: BaseException | None = None
        self.passing = False
        self.digest = ""

    @property
    def asked(self) -> Asked:
        """What must be known before it is decided on."""
        return Asked(self.command.id, self.who, self.action, self.own)

    def finish(self) -> None:
        """Tell the caller, once the group is durable."""
        if self.done.done():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.outcome)

    def refuse(self, refusal: LotgateError) -> None:
        """Decide on it as refused, so that the attempt stays in the log."""

        async def refused(tx: Change) -> None:
            raise refusal

        self.work = refused

    def fail(self, error: BaseException) -> None:
        """Tell the caller that nothing took effect."""
        if not self.done.done():
            self.done.set_exception(error)


class Store:
    """The database behind its two doors."""

    def __init__(self, database: Database, clock: Callable[[], str], new_id: Callable[[], str]) -> None:
        self.database = database
        self.clock = clock
        self.new_id = new_id
        self.read = Reader(database.dialect, database.fetch)
        self.read_long = Reader(database.dialect, database.fetch_long)
        self.committed: list[Callable[[list[Event], list[bytes]], None]] = []
        self.locked: Reason | None = None
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._zones: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect and start the writer."""
        await self.database.open()
        self._task = asyncio.create_task(self._write_groups(), name="lotgate writer")

    async def close(self) -> None:
        """Finish what waits, then let go."""
        if self._task is not None:
            await self._queue.join()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.database.close()

    async def change(
        self,
        who: Who,
        action: str,
        command: Command,
        work: Callable[[Change], Awaitable[Answer]],
        answer: Any,
        *,
        own: bool = False,
        foresee: Foresight | None = None,
    ) -> Answer:
        """Do a command once; `foresee`: what it will ask (see `ahead`).

        Raises LotgateError with every reason, or Unavailable (repeat with the same id).
        """
        if self.locked is not None:
            raise Refused(self.locked)
        waiting = Waiting(who, action, command, work, answer, own, foresee)
        waiting.digest = digest_of(command)
        self._queue.put_nowait(waiting)
        result: Answer = await asyncio.shield(waiting.done)
        return result

    async def today(self, site_id: str) -> date:
        """The day it is at a site; the UTC day where there is none yet."""
        return day_of(self.clock(), await self._zone(site_id))

    async def _zone(self, site_id: str) -> str:
        if site_id not in self._zones:
            rows = await self.read.rows("select zone from site where id = $1", site_id)
            if not rows:
                return UTC
            self._zones[site_id] = rows[0][0]
        return self._zones[site_id]

    async def keep(self, work: Callable[[Change], Awaitable[Answer]]) -> Answer:
        """Write passing rows (see `tables.PASSING`): no right is asked for and no event made.

        What evidence rests on can't be written here: RuntimeError, and nothing is.
        """
        waiting = Waiting(system(""), "keep", Plain(""), work, None, True)
        waiting.passing = True
        self._queue.put_nowait(waiting)
        result: Answer = await asyncio.shield(waiting.done)
        return result

    async def _write_groups(self) -> None:
        while True:
            group = [await self._queue.get()]
            self._take_waiting(group)
            try:
                await self._write(group, growing=True)
            except Unavailable as error:
                for waiting in group:
                    waiting.fail(error)
            except Exception:
                for waiting in group:
                    await self._write_alone(waiting)
            finally:
                for _ in group:
                    self._queue.task_done()

    def _take_waiting(self, group: list[Waiting]) -> None:
        while len(group) < GROUP and not self._queue.empty():
            group.append(self._queue.get_nowait())

    async def _write_alone(self, waiting: Waiting) -> None:
        """One of a group hit a unique index, or failed: each again by itself, so that only that one suffers."""
        try:
            await self._write([waiting])
        except Conflict as error:
            waiting.refuse(Stale(Reason("conflict", {"detail": str(error)})))
            await self._write_alone(waiting)
        except Exception as error:
            waiting.fail(error)

    async def _write(self, group: list[Waiting], growing: bool = False) -> None:
        """All of a group in one transaction; what arrives while it is decided on may still come along."""
        events: list[Event] = []
        place = 0
        async with self.database.writing() as writer:
            while place < len(group):
                known = await self._standing(writer, group[place:])
                known.ahead = await self._read_ahead(writer, group[place:])
                while place < len(group) and not known.stale:
                    events += await self._decide(writer, group[place], known.next_seq + len(events), known)
                    place += 1
                if growing and place == len(group):
                    await asyncio.sleep(0)  # let those in who stand at the door
                    self._take_waiting(group)
            leaves = await append_events(writer, events)
        for listener in self.committed:
            listener(events, leaves)
        for waiting in group:
            waiting.finish()

    async def _standing(self, writer: Writer, group: list[Waiting]) -> Standing:
        asked = [waiting.asked for waiting in group if not waiting.passing]
        now = self.clock()
        days = {
            site_id: day_of(now, await self._zone(site_id)).isoformat()
            for site_id in {each.who.site_id for each in asked}
        }
        return await standing(writer, self.database.dialect, asked, days)

    async def _read_ahead(self, writer: Writer, group: list[Waiting]) -> ReadAhead:
        if self.database.dialect == "sqlite":
            return ReadAhead({}, {})
        now = self.clock()
        foreseen = [(waiting, waiting.foresee) for waiting in group if waiting.foresee is not None]
        return await read_ahead(
            writer,
            {waiting.command.id: foresee(waiting.who, waiting.command, now) for waiting, foresee in foreseen},
        )

    async def _decide(self, writer: Writer, waiting: Waiting, seq: int, known: Standing) -> list[Event]:
        """Run one command inside the group's transaction; return the events it makes."""
        waiting.outcome, waiting.error = None, None
        if waiting.passing:
            await self._keep(writer, waiting)
            return []
        change = Change(self.database.dialect, writer, waiting.who, self.clock(), self.new_id)
        change.today = day_of(change.now, await self._zone(waiting.who.site_id))
        skew = change.skew = skew_of(waiting.command.device_at, change.now)
        digest = waiting.digest
        try:
            first = known.first.get(waiting.command.id)
            if first is not None and known.is_active(waiting.who):
                waiting.outcome = _first_answer(first, waiting, digest)
                return []
            if first is not None or not known.may(waiting.asked):
                roles: list[str] = list(waiting.who.roles)
                raise NotAllowed(Reason("not_allowed", {"action": waiting.action, "roles": roles}))
            for ask, found in known.ahead.of(waiting.command.id):
                change.know(ask, found)
            outcome = await waiting.work(change)
            answer = msgspec.json.encode(outcome).decode()
            change.insert(
                CommandRecord(
                    waiting.command.id,
                    waiting.who.site_id,
                    waiting.who.person_id,
                    waiting.action,
                    digest,
                    answer,
                    change.now,
                )
            )
            await change.write(
                seq,
                waiting.command.id,
                hashlib.sha256(answer.encode()).hexdigest(),
                waiting.command.device_at,
            )
            waiting.outcome = outcome
            known.first[waiting.command.id] = First(waiting.who.person_id, waiting.action, digest, answer)
            known.stale = known.stale or change.touches(STIRRING)
            known.ahead.wrote(change.written())
        except LotgateError as refusal:
            waiting.error = refusal
            change = Change(self.database.dialect, writer, waiting.who, change.now, self.new_id)
            change.skew = skew
            change.record("refused", "command", waiting.command.id, **_refusal_facts(waiting.action, refusal))
            await change.write(seq, waiting.command.id, None, waiting.command.device_at)
        return change.events

    async def _keep(self, writer: Writer, waiting: Waiting) -> None:
        change = Change(self.database.dialect, writer, waiting.who, self.clock(), self.new_id)
        try:
            waiting.outcome = await waiting.work(change)
            change.only_passing()
        except (LotgateError, RuntimeError) as error:
            waiting.error = error
        else:
            await change.write(0, None, None, None)


def _first_answer(first: First, waiting: Waiting, digest: str) -> Any:
    if (first.person_id, first.action, first.digest) != (waiting.who.person_id, waiting.action, digest):
        raise Refused(Reason("command_id_reused", {"id": waiting.command.id}, "id"))
    return msgspec.json.decode(first.answer, type=waiting.answer)


def _refusal_facts(action: str, refusal: LotgateError) -> dict[str, Any]:
    return {
        "action": action,
        "kind": type(refusal).__name__,
        "reasons": [msgspec.to_builtins(reason) for reason in refusal.reasons],
    }
