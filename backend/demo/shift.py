"""Playing work in the past: people take actions through the real doors, while the demo's own clock runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pyotp

from backend.actions.begin_signing import BeginSigning, begin_signing
from backend.actions.begin_totp import BeginTotp, begin_totp
from backend.actions.confirm_totp import ConfirmTotp, confirm_totp
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.sign_in import sign_in
from backend.actions.sign_out import sign_out
from backend.actions.sign_release import Released, SignRelease, sign_release
from backend.demo.deliveries import SYMBOLOGY, DemoLabel
from backend.demo.people import BY_LOGIN, DemoPerson
from backend.domain.answering import Recorded
from backend.domain.canonical import canonical
from backend.domain.gauges import Gauge
from backend.domain.lots import ScannedCode
from backend.domain.people import Person, Who
from backend.domain.plans import Characteristic
from backend.domain.receiving import Received
from backend.domain.security import Plain
from backend.domain.signatures import Disposition
from backend.domain.signing import instant
from backend.identity.passkeys import RelyingParty
from backend.store.door import Store
from backend.store.inspecting import case_of
from backend.store.people import roles_of, who_is

NO_PASSKEYS = RelyingParty("localhost", ("http://localhost",))
"""History is signed with password and one-time code."""
TICK = timedelta(seconds=1)
MEASURING = timedelta(seconds=15)


class PastClock:
    """A clock that stands still until it is set, goes a second on with each look, and never back."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> str:
        """The instant, in the one text form."""
        self.now += TICK
        return instant(self.now)

    def forward(self, to: datetime) -> None:
        """Go to a later moment; an earlier one changes nothing."""
        self.now = max(self.now, to)


class Shift:
    """The demo people at work."""

    def __init__(self, store: Store, site_id: str, clock: PastClock) -> None:
        self.store, self.site_id, self.clock = store, site_id, clock

    async def who(self, login: str) -> Who:
        """A person at a phone, without a session."""
        person = await self.store.read.first(Person, "login = $1", login)
        if person is None:
            raise LookupError(login)
        return who_is(person, await roles_of(self.store.read, person, self.store.clock()), "phone")

    async def enrol_totp(self, demo: DemoPerson, secret: str) -> None:
        """One-time codes for a person, confirmed with the first of them."""
        who = await self.who(demo.login)
        begin = BeginTotp(id=self.store.new_id(), password=demo.password)
        await begin_totp(self.store, who, begin, new_secret=lambda: secret)
        code = pyotp.TOTP(secret).at(self.clock.now)
        await confirm_totp(self.store, who, ConfirmTotp(id=self.store.new_id(), code=code))
        self.clock.forward(self.clock.now + timedelta(minutes=2))  # a code signs once: wait for the next

    async def receive(self, label: DemoLabel) -> Received:
        """The warehouse scans a delivery's label."""
        command = ReceiveLot(
            id=self.store.new_id(),
            codes=[ScannedCode(label.text, SYMBOLOGY)],
            order_line_id=label.order_line_id,
        )
        return await receive_lot(self.store, await self.who("wang"), command)

    async def inspect(
        self,
        inspection_id: str,
        login: str,
        odd: Mapping[str, str] | None = None,
        until: int | None = None,
    ) -> Recorded:
        """Answer every item, or the first `until`: what conforms, but for the `odd` ones (by item key).

        One by one, at the pace of somebody who measures.
        """
        case = await case_of(self.store.read, inspection_id)
        kinds = {each.code: each for each in case.document.characteristics}
        gauges = {each.type: each.id for each in await self.store.read.all(Gauge, "code like 'G-%-01'")}
        entries = [
            Entry(
                item_key=item.key,
                entered=(odd or {}).get(item.key)
                or conforming(kinds[item.characteristic], item.sample_number),
                confirmed=True,
                gauge_id=gauges.get(kinds[item.characteristic].instrument_type or ""),
            )
            for item in case.asked[:until]
        ]
        who, done = await self.who(login), []
        for entry in entries:
            self.clock.forward(self.clock.now + MEASURING)
            command = RecordResults(id=self.store.new_id(), inspection_id=inspection_id, entries=[entry])
            done.append(await record_results(self.store, who, command))
        return msgspec.structs.replace(
            done[-1],
            readings=[reading for each in done for reading in each.readings],
            verdicts=[verdict for each in done for verdict in each.verdicts],
            ncrs=[ncr for each in done for ncr in each.ncrs],
        )

    async def sign(
        self, receipt_id: str, meaning: Disposition = "release", login: str = "sun", **terms: Any
    ) -> Released:
        """Sign in, read, sign with password and one-time code, sign out; `terms`: more of `BeginSigning`."""
        demo = BY_LOGIN[login]
        signed_in = await sign_in(self.store, self.site_id, login, demo.password)
        begun = await begin_signing(
            self.store,
            signed_in.who,
            BeginSigning(
                id=self.store.new_id(), subject_id=receipt_id, meaning=meaning, passkey=False, **terms
            ),
        )
        released = await sign_release(
            self.store,
            signed_in.who,
            SignRelease(
                id=self.store.new_id(),
                receipt_id=receipt_id,
                meaning=meaning,
                nonce=begun.nonce,
                digest=hashlib.sha256(canonical(begun.record)).hexdigest(),
                password=demo.password,
                totp=pyotp.TOTP(demo.totp_secret or "").at(self.clock.now),
                accountability_accepted=True,
            ),
            NO_PASSKEYS,
        )
        await sign_out(self.store, signed_in.who, Plain(self.store.new_id()))
        self.clock.forward(self.clock.now + timedelta(minutes=2))
        return released


def conforming(characteristic: Characteristic, sample: int) -> str:
    """An answer that conforms: around the target, none found, or the words of a paper."""
    if characteristic.kind == "attribute":
        return "0"
    if characteristic.kind == "text":
        return f"{characteristic.code}-{characteristic.method.document[-3:]}{sample:02}"
    step = characteristic.resolution or Decimal("0.1")
    middle = characteristic.target or _middle(characteristic.lower, characteristic.upper, step)
    return format((middle + step * (sample % 2)).quantize(step), "f")


def _middle(lower: Decimal | None, upper: Decimal | None, step: Decimal) -> Decimal:
    if lower is not None and upper is not None:
        return (lower + upper) / 2
    if lower is not None:
        return lower + 3 * step
    return (upper or Decimal(0)) - 3 * step
