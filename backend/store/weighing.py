"""What the rows of an imported sheet come to, collected one by one: new, changed, the same, or refused at a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from backend.domain.import_cells import alike
from backend.domain.imports import CellFault, ImportRow, Sheet, fault
from backend.domain.material_units import against_fraction
from backend.domain.units import same_unit


class Changed(NamedTuple):
    """A noun as it is, and the fields that change."""

    noun: msgspec.Struct
    fields: dict[str, Any]


class Outcome(NamedTuple):
    """All that a sheet comes to; nothing of it is written while there are `faults`. Counts are of the file's rows."""

    new: list[msgspec.Struct]
    changed: list[Changed]
    faults: list[CellFault]
    landed: list[CellFault]
    """Cells that name an alias, with the record that their row has landed on; they stand in the way of nothing."""
    rows_new: int
    rows_changed: int
    rows_same: int


class Weighing:
    """Collects what each row comes to; `today` at the site."""

    def __init__(self, sheet: Sheet, today: date) -> None:
        self.sheet = sheet
        self.today = today
        self.new = list[msgspec.Struct]()
        self.changed = list[Changed]()
        self.faults = list(sheet.faults)
        self.landed = list[CellFault]()
        self.counts = {"new": 0, "changed": 0, "same": 0}

    def refuse(self, row: ImportRow, field: str, code: str, /, **facts: Any) -> None:
        self.faults.append(fault(self.sheet, row, field, code, **facts))

    def refuse_unknown(
        self, row: ImportRow, field: str, code: str, spelt: Mapping[str, str], /, **facts: Any
    ) -> None:
        """What a cell names is not here; or it is, spelt otherwise. `spelt`: codes by what is alike of them."""
        if (there := spelt.get(alike(row.values[field]))) is not None:
            self.refuse(row, field, "code_alike", code=there)
        else:
            self.refuse(row, field, code, **facts)

    def is_alike(self, row: ImportRow, spelt: Mapping[str, str]) -> bool:
        """Refuses a new code that differs from one that is here by case, width or blanks only."""
        there = spelt.get(alike(row.values["code"]))
        if there is not None:
            self.refuse(row, "code", "code_alike", code=there)
        return there is not None

    def against_quantity(self, row: ImportRow, unit: str) -> bool:
        """Refuses a quantity that its header counts in something else than the material, and half a piece."""
        if not self.against_unit(row, unit):
            return False
        reasons = against_fraction(Decimal(row.values["quantity"]), unit)
        for reason in reasons:
            self.refuse(row, "quantity", reason.code, **reason.facts)
        return not reasons

    def against_unit(self, row: ImportRow, unit: str) -> bool:
        """Refuses a quantity that its header counts in something else than the material."""
        said = self.sheet.units.get("quantity", unit)
        if same_unit(said, unit):
            return True
        self.refuse(row, "quantity", "header_unit_differs", unit=said, wanted=unit)
        return False

    def lands(self, row: ImportRow, field: str, old: str, kept: str) -> None:
        self.landed.append(fault(self.sheet, row, field, "import_landed_on_kept", code=old, kept=kept))

    def add(self, *nouns: msgspec.Struct) -> None:
        self.new += nouns
        self.counts["new"] += 1

    def now(self, noun: Any) -> Any:
        """A noun as the rows so far have left it."""
        for each in self.changed if self.landed else ():
            if each.noun is noun:
                return msgspec.structs.replace(noun, **each.fields)
        return noun

    def differ(self, noun: msgspec.Struct, wanted: Mapping[str, Any], *beside: msgspec.Struct) -> None:
        """What of `wanted` is not so already; `beside` is new with it. Two rows may mean the same noun by its names."""
        fields = {name: value for name, value in wanted.items() if getattr(self.now(noun), name) != value}
        known = next((each for each in self.changed if each.noun is noun), None) if self.landed else None
        if fields and known is not None:
            known.fields.update(fields)
        elif fields:
            self.changed.append(Changed(noun, fields))
        self.new += beside
        self.counts["changed" if fields or beside else "same"] += 1

    def outcome(self) -> Outcome:
        counts = self.counts
        return Outcome(
            self.new, self.changed, self.faults, self.landed, counts["new"], counts["changed"], counts["same"]
        )


def spellings(codes: Iterable[str]) -> dict[str, str]:
    """Codes by what is alike of them."""
    return {alike(code): code for code in codes}
