"""What lay on the shelf when Lotgate began: taken over from the spreadsheets before it, marked for ever (ADR 38).

A row says what the old system said of a lot. None of it makes a lot usable: a lot that was released on paper waits in
quarantine until a person signs that it is taken over as released, one that was blocked is held.
"""

from __future__ import annotations

from typing import Literal

import msgspec

OldStatus = Literal["released", "quarantine", "blocked"]


class TakenOver(msgspec.Struct, frozen=True):
    """One row of a file of opening stock, beside the receipt that it became; never changed.

    `said`: the cells as they were read, by field; the same again is known by them. `location_id`: where it lies, which
    of what was released on paper counts from the signature on (LOT-14). Days are ISO.
    """

    id: str
    site_id: str
    lot_id: str
    receipt_id: str
    item_id: str
    old_number: str
    """The lot's number in the old system; ours is a number of its own."""
    status: OldStatus
    released_by: str | None
    released_on: str | None
    reference: str | None
    note: str | None
    location_id: str | None
    said: dict[str, str]
    file: str
    sha256: str
    line: int
    taken_by: str
    taken_at: str

    @property
    def on_paper(self) -> bool:
        """Whether the old system said that it was released, by whom, when and where that is written."""
        return self.status == "released" and None not in (self.released_by, self.released_on, self.reference)
