"""A command that works on the data itself, whether the server runs or not; what stands against it goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from backend.cli.refusals import said

if TYPE_CHECKING:
    from backend.domain.errors import Reason
    from backend.store.door import Store
    from backend.store.witness import Witness


def run_on_data(
    name: str, work: Callable[[Store], Awaitable[int]], say: Callable[[Reason], str] = said
) -> int:
    """The exit code of `work`; 1 where it was refused or the data can't be reached."""
    return run_on_log(name, lambda store, _: work(store), say)


def run_on_log(
    name: str, work: Callable[[Store, Witness], Awaitable[int]], say: Callable[[Reason], str] = said
) -> int:
    """The same for what needs the log's tree as well."""
    import asyncio
    import os

    from backend.app import opened
    from backend.domain.errors import LotgateError
    from backend.settings import read_settings
    from backend.store.database import Unavailable

    async def on_store() -> int:
        async with opened(read_settings(os.environ)) as (store, witness):
            return await work(store, witness)

    try:
        return asyncio.run(on_store())
    except LotgateError as error:
        for reason in error.reasons:
            print(f"refused: {say(reason)}", file=sys.stderr)
    except (Unavailable, OSError) as error:
        print(f"lotgate {name}: {error}", file=sys.stderr)
    return 1
