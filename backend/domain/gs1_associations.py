"""What the elements of one item demand of each other (GS1 General Specifications 4.13, 4.14).

rule                                                     reason
the same identifier twice says the same                  ai_repeated
no identifier stands beside one that it excludes         ai_pair_excluded
what an identifier needs stands on the item too          ai_companion_missing
a signature (8030) signs a key that has its serial part  ai_companion_missing

GS1 judges needs over all codes of an item together. A code without any key is half a label (LBL-4): nothing
can be said of its needs before the other code is there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from backend.domain.errors import Reason
from backend.domain.gs1_identifiers import identifiers

_SHORT_KEYS = ("00", "01", "02", "03", "253", "255", "401", "402", "414", "415", "417")
KEYS = frozenset((*_SHORT_KEYS, "8003", "8004", "8006", "8010", "8013", "8017", "8018", "8026"))
"""Identifiers that name what the rest is about."""
_UNSERIALISED = {"253": 13, "255": 13, "8003": 14}
"""Longest values of the keys that may be signed only with their serial part."""


def broken(values: Mapping[str, str], *, whole: bool) -> Reason | None:
    """The first rule that these values break. `whole`: these are all codes of the item, so needs are judged too,
    as they are wherever a key is there."""
    reason = _associated(tuple(values), whole=whole or not KEYS.isdisjoint(values))
    return reason or unserialised(values)


@lru_cache(4096)
def _associated(ais: tuple[str, ...], *, whole: bool) -> Reason | None:
    """Labels of one kind carry the same identifiers, so that few sets are ever judged."""
    return excluded(ais) or (lacking(ais) if whole else None)


def excluded(ais: Collection[str]) -> Reason | None:
    """Two identifiers that may not stand on the same item."""
    for ai in ais:
        for pattern in _excludes(ai):
            if other := next((each for each in ais if each != ai and _is_like(each, pattern)), None):
                return Reason("ai_pair_excluded", {"ais": sorted([ai, other])})
    return None


def lacking(ais: Collection[str]) -> Reason | None:
    """An identifier none of whose groups of companions is complete."""
    for ai in ais:
        groups = _needs(ai)
        if groups and not any(_stands(group, ais) for group in groups):
            needed = [" + ".join(f"({each})" for each in group) for group in groups]
            return Reason("ai_companion_missing", {"ai": ai, "needs": needed})
    return None


def unserialised(values: Mapping[str, str]) -> Reason | None:
    """A signed key without its serial part."""
    if "8030" not in values:
        return None
    bare = next(
        (ai for ai, most in _UNSERIALISED.items() if len(values.get(ai, "")) in range(1, most + 1)), None
    )
    return Reason("ai_companion_missing", {"ai": "8030", "needs": [f"({bare}) + serial"]}) if bare else None


def _stands(group: tuple[str, ...], ais: Collection[str]) -> bool:
    return all(each in ais or ("n" in each and any(_is_like(ai, each) for ai in ais)) for each in group)


def _is_like(ai: str, pattern: str) -> bool:
    return ai == pattern or (
        "n" in pattern and len(ai) == len(pattern) and ai.startswith(pattern.rstrip("n"))
    )


@cache
def _needs(ai: str) -> tuple[tuple[str, ...], ...]:
    return identifiers()[ai].needs if ai in identifiers() else ()


@cache
def _excludes(ai: str) -> tuple[str, ...]:
    return identifiers()[ai].excludes if ai in identifiers() else ()
