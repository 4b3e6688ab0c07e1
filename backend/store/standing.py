"""What the door must know of a group of commands before it decides on them, asked in one statement.

Which of them had effect before (DUP-1), who may do what they ask (ROL-1), and the log's next place. A command
that changes people or rights makes it stale for those behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from backend.domain.delegations import Delegation
from backend.domain.people import Who
from backend.domain.rights import ActionRight
from backend.store.ahead import ReadAhead
from backend.store.database import Writer
from backend.store.tables import PEOPLE, Dialect

STIRRING: tuple[type[msgspec.Struct], ...] = (*PEOPLE, ActionRight, Delegation)
"""Kinds of rows that a standing rests on."""


class Asked(NamedTuple):
    """One command's part of the question; `own`: it is enough that the person is active."""

    command: str
    who: Who
    action: str
    own: bool


class First(NamedTuple):
    """A command that had effect, and the answer it got."""

    person_id: str
    action: str
    digest: str
    answer: str


class Standing(msgspec.Struct):
    """The answer."""

    next_seq: int = 0
    first: dict[str, First] = {}
    active: set[str] = set()
    allowed: set[tuple[str, str, str]] = set()
    stale: bool = False
    ahead: ReadAhead = msgspec.field(default_factory=lambda: ReadAhead({}, {}))

    def may(self, asked: Asked) -> bool:
        """Whether the rights table lets this person, for every door alike (ROL-1, REL-10)."""
        if asked.own or asked.who.source == "system":
            return self.is_active(asked.who)
        return (asked.who.person_id, asked.action, asked.who.site_id) in self.allowed

    def is_active(self, who: Who) -> bool:
        """Whether this person still has an account; without one nobody gets even an old answer (AUD-8)."""
        return who.source == "system" or who.person_id in self.active


_QUESTION = (
    "select 'seq', cast(coalesce(max(seq), -1) + 1 as text), '', '', '', '' from event union all "
    "select 'first', id, person_id, action, digest, answer from command_record where id {commands} union all "
    "select 'active', id, '', '', '', '' from person where id {people} and active union all "
    "select 'may', person.id, action_right.action, action_right.site_id, coalesce(role_grant.until, ''), '' "
    "from person "
    "join role_grant on role_grant.person_id = person.id "
    "join action_right on action_right.role = role_grant.role and action_right.site_id = role_grant.site_id "
    "where person.id {people} and person.active and action_right.action {actions} and action_right.allowed "
    "and role_grant.ended_at is null union all "
    # What somebody who has the right has handed on; it ends with the right itself (REL-3).
    "select 'lent', delegation.to_id, delegation.action, delegation.site_id, "
    "case when role_grant.until < delegation.until then role_grant.until else delegation.until end, "
    "delegation.from_on "
    "from delegation join person on person.id = delegation.to_id "
    "join person giver on giver.id = delegation.from_id "
    "join role_grant on role_grant.person_id = giver.id "
    "join action_right on action_right.role = role_grant.role and action_right.site_id = delegation.site_id "
    "where delegation.to_id {people} and delegation.action {actions} and delegation.ended_at is null "
    "and person.active and giver.active and role_grant.ended_at is null "
    "and action_right.action = delegation.action and action_right.allowed"
)
_AMONG = {"postgres": "= any(${}::text[])", "sqlite": "in (select value from json_each(${}))"}


def _question(dialect: Dialect) -> str:
    """The same text for every group, so that it is prepared once."""
    names = ("commands", "people", "actions")
    return _QUESTION.format(**{name: _AMONG[dialect].format(place + 1) for place, name in enumerate(names)})


QUESTION: dict[Dialect, str] = {"sqlite": _question("sqlite"), "postgres": _question("postgres")}


def _among(dialect: Dialect, values: set[str]) -> Any:
    return list(values) if dialect == "postgres" else msgspec.json.encode(list(values)).decode()


async def standing(
    writer: Writer, dialect: Dialect, group: Sequence[Asked], days: Mapping[str, str]
) -> Standing:
    """Ask. A role that ends holds through its last day at its site; `days`: site to the ISO day it is there."""
    rows = await writer.fetch(
        QUESTION[dialect],
        _among(dialect, {asked.command for asked in group}),
        _among(dialect, {asked.who.person_id for asked in group}),
        _among(dialect, {asked.action for asked in group}),
    )
    found = Standing()
    for kind, a, b, c, d, e in rows:
        if kind == "seq":
            found.next_seq = int(a)
        elif kind == "first":
            found.first[a] = First(b, c, d, e)
        elif kind == "active":
            found.active.add(a)
        elif kind == "lent":
            if e <= days.get(c, e) <= d:
                found.allowed.add((a, b, c))
        elif not d or d >= days.get(c, d):
            found.allowed.add((a, b, c))
    return found
