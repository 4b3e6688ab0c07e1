"""What makes a function an action: it goes through the changing door under its own name.

`@verb async def receive_lot(tx, who, command) -> Received` becomes `receive_lot(store, who, command)`.
Its name is the action in the rights table, the operationId of the API and the word in the log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, get_type_hints, overload

from backend.domain.people import Who
from backend.store.ahead import Foresight
from backend.store.change import Change
from backend.store.door import Command, Store

C = TypeVar("C", bound=Command)
A = TypeVar("A")
Work = Callable[[Change, Who, C], Awaitable[A]]
Action = Callable[[Store, Who, C], Awaitable[A]]


@overload
def verb(work: Work[C, A]) -> Action[C, A]: ...


@overload
def verb(*, own: bool = False, foresee: Foresight | None = None) -> Callable[[Work[C, A]], Action[C, A]]: ...


def verb(work: Any = None, *, own: bool = False, foresee: Foresight | None = None) -> Any:
    """Make an action. `own`: something a person does with what is theirs; it asks for no right, only that
    the person is active. `foresee`: what it will ask, so that a group asks together."""
    if work is None:
        return lambda function: _action(function, own, foresee)
    return _action(work, own, foresee)


def _action(work: Work[C, A], own: bool, foresee: Foresight | None = None) -> Action[C, A]:
    name = work.__name__
    answer: Any = None

    @wraps(work)
    async def act(store: Store, who: Who, command: C) -> A:
        nonlocal answer
        answer = answer or get_type_hints(work)["return"]
        return await store.change(
            who, name, command, lambda tx: work(tx, who, command), answer, own=own, foresee=foresee
        )

    return act
