"""A list of ids as one argument, however long: engines bound the number of arguments, not their size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from backend.store.reader import Reader


class Among(NamedTuple):
    """A condition, and the argument that it stands on."""

    where: str
    argument: Any


def among(read: Reader, column: str, ids: Iterable[str], place: int = 1) -> Among:
    """`column` is one of `ids`, handed over as `$place`."""
    listed = tuple(ids)
    if read.dialect == "sqlite":
        return Among(
            f"{column} in (select value from json_each(${place}))", msgspec.json.encode(listed).decode()
        )
    return Among(f"{column} = any(${place}::text[])", listed)
