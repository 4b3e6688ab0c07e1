"""The demo factory as the tests of the actions walk it: people, deliveries, what is on record."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import pyotp

from backend.actions.begin_signing import BeginSigning, SigningBegun, begin_signing
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.sign_in import SignedIn, sign_in
from backend.actions.sign_release import Released, SignRelease, sign_release
from backend.demo.deliveries import SYMBOLOGY, DemoLabel
from backend.demo.people import BY_LOGIN
from backend.demo.shift import PastClock, Shift
from backend.domain.canonical import canonical
from backend.domain.errors import LotgateError
from backend.domain.lots import Lot, ScannedCode
from backend.domain.people import Who
from backend.domain.receiving import Received
from backend.domain.signatures import Meaning
from backend.identity.passkeys import RelyingParty
from backend.store.door import Store
from backend.store.tables import LOGGED, table_of

PARTY = RelyingParty("localhost", ("http://localhost:8000",))
T = TypeVar("T")


class Floor:
    """A loaded demo factory whose clock the test moves."""

    def __init__(self, store: Store, site_id: str, labels: dict[str, DemoLabel]) -> None:
        self.store, self.site_id, self.labels = store, site_id, labels
        self.clock = PastClock(datetime.now(UTC))
        store.clock = self.clock
        self.shift = Shift(store, site_id, self.clock)
        self.new_id = store.new_id

    async def who(self, login: str) -> Who:
        """A person at a phone."""
        return await self.shift.who(login)

    def scan(self, order: str, text: str | None = None, **fields: Any) -> ReceiveLot:
        """The command of receiving the delivery of an order line (`0411/1`), its label as printed or as given."""
        label = self.labels[order]
        fields = {"order_line_id": label.order_line_id} | fields
        return ReceiveLot(id=self.new_id(), codes=[ScannedCode(text or label.text, SYMBOLOGY)], **fields)

    async def receive(self, order: str, **fields: Any) -> Received:
        """Receive it."""
        return await receive_lot(self.store, await self.who("wang"), self.scan(order, **fields))

    async def inspected(self, order: str, login: str = "li") -> Received:
        """Received, and every item answered with what conforms."""
        received = await self.receive(order)
        assert received.inspection is not None
        await self.shift.inspect(received.inspection.id, login)
        return received

    async def lot(self, received: Received) -> Lot:
        """The lot as it stands now."""
        return await self.store.read.get(Lot, received.lot_id)

    async def sign_in(self, login: str) -> SignedIn:
        """A session, by the right password."""
        return await sign_in(self.store, self.site_id, login, BY_LOGIN[login].password)

    async def begin(
        self, who: Who, receipt_id: str, meaning: Meaning = "release", **fields: Any
    ) -> SigningBegun:
        """What is shown to be signed."""
        command = BeginSigning(id=self.new_id(), subject_id=receipt_id, meaning=meaning, **fields)
        return await begin_signing(self.store, who, command)

    def totp(self, login: str) -> str:
        """The code that a person's app shows now; a guess for who has none."""
        secret = BY_LOGIN[login].totp_secret
        return pyotp.TOTP(secret).at(self.clock.now) if secret else "000000"

    def by_password(self, who: Who, receipt_id: str, begun: SigningBegun, **fields: Any) -> SignRelease:
        """The command of signing with password and one-time code, right in every part; `fields` make it wrong."""
        right = {
            "id": self.new_id(),
            "receipt_id": receipt_id,
            "meaning": begun.record["decision"]["disposition"],
            "nonce": begun.nonce,
            "digest": digest_of(begun.record),
            "password": BY_LOGIN[who.login].password,
            "totp": self.totp(who.login),
            "accountability_accepted": True,
        }
        return SignRelease(**(right | fields))

    async def sign(self, who: Who, command: SignRelease) -> Released:
        """Sign."""
        return await sign_release(self.store, who, command, PARTY)

    async def count(self, what: str, *args: Any) -> int:
        """`select count(*) from ...`."""
        return int((await self.store.read.rows(f"select count(*) from {what}", *args))[0][0])


def digest_of(record: dict[str, Any]) -> str:
    """What the phone computes of what it rendered."""
    return hashlib.sha256(canonical(record)).hexdigest()


async def refusal(action: Awaitable[object]) -> LotgateError:
    """The error of an action that must be refused."""
    try:
        done = await action
    except LotgateError as error:
        return error
    raise AssertionError(f"was not refused: {done}")


async def codes(action: Awaitable[object]) -> list[str]:
    """The reason codes of an action that must be refused."""
    return [reason.code for reason in (await refusal(action)).reasons]


async def on_record(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every business row as the log would hold it, by table."""
    state: dict[str, list[dict[str, Any]]] = {}
    for noun in LOGGED:
        table = table_of(noun, store.database.dialect)
        rows = await store.read.rows(f"{table.select} order by id")
        state[table.name] = [table.state_of_row(row) for row in rows]
    return state


async def last_event(store: Store) -> dict[str, Any]:
    """The body of the log's last event."""
    body = (await store.read.rows("select body from event order by seq desc limit 1"))[0][0]
    decoded: dict[str, Any] = msgspec.json.decode(body)
    return decoded


Play = Callable[[Floor], Awaitable[object]]
