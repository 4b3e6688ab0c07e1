"""A database of an earlier version opens here: its log stays whole, its decisions count, new actions have rights.

`older/step-0003.sqlite3.xz` is the demo factory as the version whose last step was 0003 wrote it (AUD-3).
"""

from __future__ import annotations

import lzma
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from backend.actions.complete_rights import complete_all_rights
from backend.demo.shift import PastClock, Shift
from backend.domain.lots import Lot, Portion, Receipt
from backend.domain.shares import Share
from backend.domain.signatures import Release, Signature
from backend.domain.sites import Site
from backend.outside.maker_key import maker_key, verify_ed25519
from backend.store.door import Store
from backend.store.migrate import applied, migrate
from backend.store.snapshot import snapshot
from backend.store.sqlite import SqliteDatabase
from backend.store.verify_log import verify_log
from backend.store.witness import Witness
from backend.views.certificates import signed_release
from backend.views.ledgers import lot_ledger
from backend.views.lot_cards import lot_card
from tests.stores import opened

OLDER = Path(__file__).parent / "older" / "step-0003.sqlite3.xz"


@pytest.fixture
async def upgraded(tmp_path: Path) -> AsyncIterator[Store]:
    """Opened as a server opens it."""
    path = tmp_path / "lotgate.sqlite3"
    path.write_bytes(lzma.decompress(OLDER.read_bytes()))
    key = maker_key(tmp_path, "lotgate.test")
    witness = Witness(tmp_path / "log", key.vkey, key.sign)
    async with opened(SqliteDatabase(path)) as store:
        assert (await applied(store.database))[-1] == "0003_switching"
        witness.attach(store)
        await migrate(store.database)
        await witness.catch_up(store.read_long)
        await complete_all_rights(store)
        yield store
        await witness.close()
    report = await verify_log(snapshot(str(path)), tmp_path / "log", key.vkey, verify_ed25519)
    assert report.findings == [] and report.events > 100


async def released(store: Store) -> Release:
    release = await store.read.first(Release, "decision = 'release' order by decided_at, id")
    assert release is not None and release.number is None
    return release


@pytest.mark.proves("AUD-3")
async def test_what_was_signed_is_still_what_was_signed(upgraded: Store) -> None:
    release = await released(upgraded)
    signed = await signed_release(upgraded.read, release.id, release.site_id)
    signature = await upgraded.read.get(Signature, release.signature_id)
    from backend.domain.proofs import digests

    assert digests(signature.record, signature.evidence, b"").record_digest == signature.digest
    assert signed.record.decision.disposition == "release" and signed.record.decision.parts == []
    lot = await upgraded.read.get(Lot, release.lot_id)
    card = await lot_card(upgraded.read, release.site_id, lot.number)
    line = next(each for each in card.receipts if each.id == release.receipt_id)
    receipt = await upgraded.read.get(Receipt, release.receipt_id)
    assert [(r.decision, r.quantity) for r in line.releases] == [("release", receipt.quantity)]
    assert line.undecided == 0


async def test_every_ledger_adds_up(upgraded: Store) -> None:
    for lot in await upgraded.read.all(Lot, "id is not null order by id"):
        assert (await lot_ledger(upgraded.read, lot.id)).difference == 0, lot.number


@pytest.mark.proves("ROL-1", "LOT-11")
async def test_stock_that_waited_is_decided_in_parts(upgraded: Store) -> None:
    site = await upgraded.read.first(Site, "code = $1", "SZ1")
    assert site is not None
    clock = PastClock(datetime.now(UTC))
    upgraded.clock = clock
    waiting = await upgraded.read.first(
        Portion,
        "status = 'inspecting' and receipt_id in (select receipt_id from inspection where status = 'passed')",
    )
    assert waiting is not None
    shares = [Share(waiting.id, "3")]
    done = await Shift(upgraded, site.id, clock).sign(waiting.receipt_id, shares=shares)
    release = await upgraded.read.get(Release, done.release_id)
    assert (release.number, release.quantity) == (1, Decimal(3))


@pytest.mark.proves("ROL-1")
async def test_actions_that_are_new_have_rights_and_changed_ones_stay(upgraded: Store) -> None:
    rows = await upgraded.read.rows("select role from action_right where action = 'split_lot' and allowed")
    assert ("warehouse",) in [tuple(row) for row in rows]
    before = await upgraded.read.rows("select count(*) from action_right")
    await complete_all_rights(upgraded)
    assert await upgraded.read.rows("select count(*) from action_right") == before
