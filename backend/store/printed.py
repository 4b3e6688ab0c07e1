"""What was printed on the pictures of a label, as the log has it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from backend.domain.printed_fields import Proposal
from backend.store.reader import Reader


class _Facts(msgspec.Struct):
    printed: list[Proposal] | None = None


class _Body(msgspec.Struct):
    facts: _Facts


_BODY = msgspec.json.Decoder(_Body)


async def printed_on(read: Reader, pictures: Iterable[str | None]) -> list[Proposal]:
    """The proposals of the newest reading of each picture; nothing where its print was never read."""
    found: list[Proposal] = []
    for number, picture in enumerate(sorted({each for each in pictures if each})):
        rows = await read.rows(
            "select body from event where subject_id = $1 and type in ('attachment_added', 'print_read') "
            "order by seq desc",
            picture,
        )
        newest = next((each for row in rows if (each := _BODY.decode(row[0]).facts.printed) is not None), [])
        found += [msgspec.structs.replace(each, place=each.place + 1_000_000 * number) for each in newest]
    return found
