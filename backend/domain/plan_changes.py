"""What a version of a plan says otherwise than the one before it: field by field, as texts that a person signs."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from backend.domain.plans import Characteristic, PlanDocument


class FieldChange(msgspec.Struct, frozen=True):
    """One field; None: it says nothing there."""

    field: str
    old: str | None
    new: str | None


class CharacteristicChange(msgspec.Struct, frozen=True):
    """One characteristic, by its code. `fields` are those that differ; of an added or removed one, all."""

    code: str
    change: Literal["added", "removed", "changed", "moved"]
    fields: list[FieldChange]


def changes(old: PlanDocument | None, new: PlanDocument) -> list[CharacteristicChange]:
    """In the order of the new document, what was removed last. `moved`: nothing but its place among the others."""
    was = {each.code: each for each in old.characteristics} if old is not None else {}
    now = {each.code: each for each in new.characteristics}
    order = [code for code in was if code in now]
    moved = _moved(order, [code for code in now if code in was])
    found = []
    for code, characteristic in now.items():
        before = was.get(code)
        fields = _fields(before, characteristic)
        if before is None:
            found.append(CharacteristicChange(code, "added", fields))
        elif fields:
            found.append(CharacteristicChange(code, "changed", fields))
        elif code in moved:
            found.append(CharacteristicChange(code, "moved", []))
    gone = [
        CharacteristicChange(code, "removed", _fields(each, None))
        for code, each in was.items()
        if code not in now
    ]
    return found + gone + _skip_lot(old, new)


SKIP_LOT = "skip_lot"
"""Stands in the place of a code: what is changed concerns the plan as a whole."""


def _skip_lot(old: PlanDocument | None, new: PlanDocument) -> list[CharacteristicChange]:
    before, after = (dict[str, str](), dict[str, str]())
    for document, flat in ((old, before), (new, after)):
        if document is not None and document.skip_lot is not None:
            _flatten(SKIP_LOT, msgspec.to_builtins(document.skip_lot), flat)
    fields = _differing(before, after)
    return [CharacteristicChange(SKIP_LOT, "changed", fields)] if fields else []


def _fields(old: Characteristic | None, new: Characteristic | None) -> list[FieldChange]:
    return _differing(_flat(old), _flat(new))


def _differing(before: dict[str, str], after: dict[str, str]) -> list[FieldChange]:
    names = dict.fromkeys([*before, *after])
    return [
        FieldChange(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _flat(characteristic: Characteristic | None) -> dict[str, str]:
    """Paths and texts; what is empty or false says nothing."""
    if characteristic is None:
        return {}
    flat: dict[str, str] = {}
    _flatten("", msgspec.to_builtins(characteristic), flat)
    if characteristic.check == "characteristic":
        del flat["check"]
    return flat


def _flatten(path: str, value: Any, flat: dict[str, str]) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _flatten(f"{path}.{name}" if path else name, inner, flat)
    elif isinstance(value, list | tuple):
        if value and all(isinstance(each, dict) for each in value):
            for each in value:
                _flatten(f"{path}.{each.get('code')}", each, flat)
        elif value:
            flat[path] = ", ".join(map(str, value))
    elif value not in (None, "", False):
        flat[path] = "yes" if value is True else str(value)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The codes that left their place: all but a longest run that kept its order."""
    place = {code: index for index, code in enumerate(old)}
    best: list[list[str]] = []
    for code in new:
        longest = max((run for run in best if place[run[-1]] < place[code]), key=len, default=[])
        best.append([*longest, code])
    kept = max(best, key=len, default=[])
    return set(new) - set(kept)
