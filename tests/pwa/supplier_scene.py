"""Suppliers as a site keeps them: each qualified for all that it may deliver, so that nothing that others receive is
held; one qualification that ends soon, one suspended, a certificate, a change that waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend.actions.add_supplier_certificate import AddSupplierCertificate, add_supplier_certificate
from backend.actions.note_supplier_change import NoteSupplierChange, note_supplier_change
from backend.actions.qualify_supplier import QualifySupplier, qualify_supplier
from backend.actions.suspend_qualification import SuspendQualification, suspend_qualification
from backend.demo.shift import PastClock, Shift
from backend.domain.items import Item, Supplier
from backend.domain.qualifications import Qualification
from tests.pwa.house import House

SOON, LONG = timedelta(days=20), timedelta(days=700)


async def play_suppliers(house: House) -> None:
    """Once; whoever asks again finds it there."""
    await house.play(_play, PastClock(datetime.now(UTC)))


async def _play(shift: Shift) -> None:
    store, day = shift.store, datetime.now(UTC).date()
    if await store.read.first(Qualification, "site_id = $1", shift.site_id) is not None:
        return
    zhou = await shift.who("zhou")
    suppliers = await store.read.all(Supplier, "site_id = $1 order by code", shift.site_id)
    items = await store.read.all(Item, "site_id = $1 order by kind desc, code", shift.site_id)
    for supplier in suppliers:
        for item in items:
            span = SOON if item == items[0] else LONG
            command = QualifySupplier(
                id=store.new_id(),
                supplier_id=supplier.id,
                item_id=item.id,
                expires_on=(day + span).isoformat(),
                reason="现场审核，三批试用",
            )
            given = await qualify_supplier(store, zhou, command)
    # Nobody delivers what we make ourselves.
    made, last = items[-1], suppliers[-1]
    assert (made.kind, given.item_id) == ("finished", made.id)
    stop = SuspendQualification(
        id=store.new_id(), qualification_id=given.id, step="suspend", reason="moved its plant"
    )
    await suspend_qualification(store, zhou, stop)
    paper = AddSupplierCertificate(
        id=store.new_id(),
        supplier_id=last.id,
        kind="ISO 13485",
        number="MD 70712",
        valid_until=(day + SOON).isoformat(),
    )
    await add_supplier_certificate(store, zhou, paper)
    change = NoteSupplierChange(
        id=store.new_id(),
        supplier_id=last.id,
        what="粒料换了厂家",
        said_on=day.isoformat(),
        item_ids=[made.id],
    )
    await note_supplier_change(store, zhou, change)
