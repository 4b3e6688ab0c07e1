"""Doubles in master data: two records that are one supplier, one consignee or one item (ISO 13485 4.2.5: records stay
as they were, and what they name can be found).

One of them is kept; the other becomes an alias of it. An alias is readable for ever, its code finds the kept one, and
nothing new is written under it. No row or event of before is touched: what was said of the alias then stays said of it,
and who counts by supplier counts both. An alias never has aliases of its own, so nothing has to be followed twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Literal, NamedTuple, get_args

import msgspec

from backend.domain.errors import Fact, Reason, Refused
from backend.domain.inspections import Stage
from backend.domain.items import Item
from backend.domain.material_units import UnitFactor, factor_at
from backend.domain.units import same_unit

AliasKind = Literal["supplier", "consignee", "item"]
ALIAS_KINDS: tuple[AliasKind, ...] = get_args(AliasKind)
Likeness = Literal["name", "number", "contact"]
"""Why two may be one: the same name but for its form of company and signs, the same certificate number or product
number, the same telephone number or e-mail."""


class Alias(msgspec.Struct, frozen=True):
    """That `alias_id` is the same as `kept_id`; over once it was undone."""

    id: str
    site_id: str
    kind: AliasKind
    alias_id: str
    kept_id: str
    reason: str
    merged_by: str
    merged_at: str
    undone_by: str | None = None
    undone_at: str | None = None
    undone_reason: str | None = None
    version: int = 1


class Known(NamedTuple):
    """A record by what may show that it is somebody else's double. `numbers`: of its certificates and licences, or of
    the product on its labels; `words`: names that have no form of company, in any language."""

    id: str
    name: str
    numbers: Sequence[str] = ()
    contacts: Sequence[str] = ()
    words: Sequence[str] = ()


class Suspicion(NamedTuple):
    """Two ids, in the order in which they were given, and what speaks for their being one."""

    first: str
    second: str
    likenesses: tuple[Likeness, ...]


_COMPANY = re.compile(
    "co|ltd|limited|inc|incorporated|corp|corporation|company|gmbh|ag|kg|sarl|sa|srl|spa|bv|nv|oy|ab|as|plc|llc|pte|pty"
)
_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团|公司)")
_LONGEST = 200
SHORTEST = 2
"""Characters that must be left of a name, so that two firms called `Co. Ltd.` are not one."""


def name_form(name: str) -> str:
    """A name without its form of company, signs, width and case."""
    plain = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()
    words = re.findall(r"\w+", _FORMS.sub(" ", plain).replace(".", ""))
    return "".join(word for word in words if not _COMPANY.fullmatch(word))


def number_form(text: str) -> str:
    """A number, an e-mail or a telephone number without blanks, signs, width and case."""
    return "".join(re.findall(r"[\w@]", unicodedata.normalize("NFKC", text).casefold()))


def product_form(scheme: str, value: str) -> str:
    """The product that an identifier on a label names, whatever the packaging: a GTIN without the digit of its level
    and its check digit, a HIBC without its unit of measure; each of these is the supplier's own product number."""
    if scheme == "gtin" and re.fullmatch(r"[0-9]{14}", value):
        return value[1:13]
    return value[:-1] if scheme == "hibc" else value


def suspects(known: Iterable[Known], most: int = 200) -> list[Suspicion]:
    """Pairs that may be one, at most so many; a name, number or contact that half a page shares says nothing."""
    sharing = dict[tuple[Likeness, str], list[str]]()
    order = dict[str, int]()
    for each in known:
        order[each.id] = len(order)
        keys: set[tuple[Likeness, str]] = {("name", name_form(each.name))}
        keys |= {("name", number_form(text[:_LONGEST])) for text in each.words}
        keys |= {("number", number_form(text)) for text in each.numbers}
        keys |= {("contact", number_form(text)) for text in each.contacts}
        for likeness, text in keys:
            if len(text) >= (SHORTEST if likeness == "name" else 5):
                sharing.setdefault((likeness, text), []).append(each.id)
    found = defaultdict[tuple[str, str], set[Likeness]](set)
    for (likeness, _), ids in sharing.items():
        if len(ids) <= MOST_SHARING:
            for first, second in combinations(ids, 2):
                found[first, second].add(likeness)
    kinds = get_args(Likeness)
    pairs = sorted(found, key=lambda pair: (-len(found[pair]), order[pair[0]], order[pair[1]]))
    return [Suspicion(*pair, tuple(each for each in kinds if each in found[pair])) for pair in pairs[:most]]


MOST_SHARING = 8


def against_merging(
    kept: tuple[str, str],
    other: tuple[str, str],
    aliases: Sequence[Alias],
    codes: dict[str, str],
    reason: str,
) -> list[Reason]:
    """Why two records can't be made one. `kept`, `other`: id and code; `aliases`: those in force that name either;
    `codes`: of all that these name, by id."""
    found = [] if reason.strip() else [Reason("reason_missing", field="reason")]
    if kept[0] == other[0]:
        found.append(Reason("double_is_itself", {"code": kept[1]}))
    known = {each.alias_id: each for each in aliases}
    for id, code in dict.fromkeys((kept, other)):
        if id in known:
            found.append(Reason("record_merged", {"code": code, "kept": codes[known[id].kept_id]}))
    if any(each.kept_id == other[0] for each in aliases):
        found.append(Reason("double_has_aliases", {"code": other[1]}))
    return found


class Good(NamedTuple):
    """An item as it stands: its unit factors, and the stages at which a plan of it is in force."""

    item: Item
    factors: Sequence[UnitFactor]
    planned: frozenset[Stage]


_INTERVALS = (("shelf_life_days", "double_shelf_life_longer"), ("retest_days", "double_retest_longer"))


def against_joining(kept: Good, other: Good, now: str) -> list[Reason]:
    """Why two items can't be made one: they are not one thing, or what is received and made of the alias afterwards,
    under the rules of the one that is kept, would be looked at less than before."""
    both: dict[str, Fact] = {"code": other.item.code, "kept": kept.item.code}
    if kept.item.kind != other.item.kind:
        return [Reason("double_kind_differs", dict(both))]
    if not same_unit(kept.item.unit, other.item.unit):
        return [Reason("double_unit_differs", both | {"unit": other.item.unit, "kept_unit": kept.item.unit})]
    found = [
        Reason("double_factor_differs", both | {"unit": unit})
        for unit in dict.fromkeys(each.unit for each in other.factors)
        if (of := _factor(kept, unit, now)) is not None and of != _factor(other, unit, now)
    ]
    if kept.item.contract_maker_id != other.item.contract_maker_id:
        found.append(Reason("double_maker_differs", dict(both)))
    for interval, longer in _INTERVALS:
        days, wanted = getattr(kept.item, interval), getattr(other.item, interval)
        if wanted is not None and (days is None or days > wanted):
            found.append(Reason(longer, both | {"days": wanted}))
    missing = sorted(other.planned - kept.planned)
    return found + [Reason("double_plan_missing", both | {"stage": stage}) for stage in missing]


def _factor(of: Good, unit: str, now: str) -> Fraction | None:
    """Stock units in one of these; None: nobody has said it."""
    try:
        return factor_at(unit, of.item.unit, of.factors, now)
    except Refused:
        return None
