"""What lay on the shelf before Lotgate, in the stock walk: sheets of it are imported, lists of it are taken over."""

from __future__ import annotations

from backend.actions.begin_take_over import BeginTakeOver, begin_take_over
from backend.actions.sign_take_over import SignTakeOver, sign_take_over
from backend.domain.lots import Lot, Receipt
from backend.domain.proofs import signing_challenge
from backend.identity.passkeys import decode
from tests.actions.opening import file_of, import_stock_of
from tests.campaigns.stock_ground import Ground
from tests.faults.decisions import PARTY, digest_of
from tests.faults.factory import SITE

WAITING = (
    "select 1 from taken_over join portion on portion.receipt_id = taken_over.receipt_id "
    "where taken_over.receipt_id = receipt.id and released_by is not null and portion.status = 'quarantine'"
)
SAID = ("已放行,陈一,{day},QR-1", "已放行,陈一,2026-03-02,QR-2", "已放行,陈一,,", "待检", "冻结")
"""Status and release on paper of a row: of a day, long ago (its retest is due), of no day (nothing is written), ..."""


async def take_stock(walk: Ground) -> bool:
    """A sheet of one to three rows, now and then one that is known, or of a lot that is here already."""
    rows = [await _row(walk) for _ in range(walk.chance.choice((1, 2, 3)))]
    walk.sheets.append(rows)
    await import_stock_of(walk.store, walk.who(*["quinn"] * 9, "sofia"), file_of(*rows))
    return True


async def _row(walk: Ground) -> str:
    chance = walk.chance
    if walk.sheets and chance.random() < 0.1:
        return str(chance.choice(chance.choice(walk.sheets)))
    known = await walk.some(Lot, "supplier_lot is not null") if chance.random() < 0.3 else None
    old = f"OLD-{chance.randrange(10_000)}"
    lot = known.supplier_lot if known is not None else f"V-{old}"
    quantity = chance.choice(("100", "12.5", "0.3"))
    expires = chance.choices(("2099-12-31", "2026-01-01"), (9, 1))[0]
    days = ((await walk.store.today(SITE)).isoformat(), "2026-11-01")
    said = chance.choices(SAID, (6, 1, 0.3, 1, 1))[0].format(day=chance.choice(days))
    return f"TUBE,{old},ACME,{lot},{quantity},m,2025-01-10,{expires},,{said}," + "," * (3 - said.count(","))


async def take_over(walk: Ground) -> bool:
    """By one signature one to three of what was released on paper, now and then what was not."""
    likely = f"exists ({WAITING})" if walk.chance.random() < 0.8 else "source = 'opening'"
    opening = await walk.store.read.all(Receipt, f"{likely} order by id")
    if not opening:
        return False
    chosen = walk.chance.sample(opening, min(len(opening), walk.chance.choice((1, 1, 2, 3))))
    login = walk.chance.choices(("sofia", "quinn", "ivo", "supervisor0"), (6, 1, 1, 2))[0]
    who, receipts = walk.people[login], [each.id for each in chosen]
    begun = await begin_take_over(
        walk.store, who, BeginTakeOver(id=walk.store.new_id(), receipt_ids=receipts)
    )
    record = begun.request.record
    command = SignTakeOver(
        id=walk.store.new_id(),
        receipt_ids=receipts,
        nonce=begun.request.nonce,
        digest=digest_of(record),
        assertion=walk.passkeys[login].sign(signing_challenge(record, decode(begun.request.nonce))),
        accountability_accepted=True,
    )
    await sign_take_over(walk.store, who, command, PARTY)
    return True
