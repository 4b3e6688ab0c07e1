"""A small factory, founded and run through its real actions: what the faults are played on."""

from __future__ import annotations

import hashlib
import random
from base64 import urlsafe_b64decode
from decimal import Decimal
from typing import NamedTuple

from backend.actions.add_passkey import AddPasskey, add_passkey
from backend.actions.begin_passkey import BeginPasskey, begin_passkey
from backend.actions.begin_signing import BeginSigning, SigningBegun, begin_signing
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.found_site import FirstLocation, FirstPerson, FoundSite, found_site
from backend.actions.load_master_data import LoadMasterData, load_master_data
from backend.actions.receive_lot import ReceiveLot, receive_lot
from backend.actions.record_results import Entry, RecordResults, record_results
from backend.actions.sign_release import Released, SignRelease, sign_release
from backend.domain.answering import Recorded
from backend.domain.canonical import canonical
from backend.domain.inspections import Plan
from backend.domain.items import Item, OrderLine, Supplier
from backend.domain.people import Person, Role, Who
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument
from backend.domain.proofs import signing_challenge
from backend.domain.receiving import Received
from backend.domain.sampling_rules import Fixed
from backend.domain.sessions import Session
from backend.domain.words import Words
from backend.identity.passkeys import RelyingParty
from backend.identity.passwords import hash_password
from backend.store.change import Change
from backend.store.door import Store
from tests.software_passkey import SoftwarePasskey

PARTY = RelyingParty("localhost", ("http://localhost:8000",))
PASSWORD = "correct horse battery"
SITE = "0193f0a0-0000-7000-8000-000000000001"
SYSTEM = Who("", SITE, "system", "system", "en", (), "system")
PLACES = ("quarantine", "released", "rejected")
ROLES: dict[str, Role] = {
    "wei": "warehouse",
    "ina": "inspector",
    "ivo": "inspector",
    "sofia": "supervisor",
    "quinn": "quality_engineer",
}


class Factory(NamedTuple):
    """A founded site: who is there, by login."""

    people: dict[str, Who]

    def __getitem__(self, login: str) -> Who:
        return self.people[login]


async def founded(store: Store) -> Who:
    """A bare site; returns the system, which may do everything."""
    await found_site(
        store,
        SYSTEM,
        FoundSite(
            id=store.new_id(),
            site_id=SITE,
            organisation=Words("Maker", "制造商"),
            code="SH",
            name=Words("Plant", "工厂"),
            zone="Asia/Shanghai",
            locations=[],
            people=[],
        ),
    )
    return SYSTEM


async def add_items(store: Store, who: Who, count: int) -> None:
    """One event for each."""
    for _ in range(count):
        item = Item(store.new_id(), SITE, store.new_id(), Words("Tubing", "管材"), "raw", "m")
        await load_master_data(store, who, LoadMasterData(id=store.new_id(), items=[item]))


async def open_factory(store: Store, lines: int, supervisors: int = 0) -> Factory:
    """People, one material with its plan in force, and `lines` expected deliveries of 100 m."""
    logins = ROLES | {f"supervisor{number}": "supervisor" for number in range(supervisors)}
    stored = hash_password(PASSWORD)
    made = await found_site(
        store,
        SYSTEM,
        FoundSite(
            id=store.new_id(),
            site_id=SITE,
            organisation=Words("Maker", "制造商"),
            code="SH",
            name=Words("Plant", "工厂"),
            zone="Asia/Shanghai",
            locations=[FirstLocation(kind, Words(kind, kind), kind) for kind in PLACES],  # type: ignore[arg-type]
            people=[
                FirstPerson(login, login.title(), "en", [role], stored) for login, role in logins.items()
            ],
        ),
    )
    await load_master_data(store, SYSTEM, _master_data(store, lines))
    people = {
        login: Who(made.people[login], SITE, login, login.title(), "en", (role,), "phone", f"session-{login}")
        for login, role in logins.items()
    }
    return Factory(people)


def _master_data(store: Store, lines: int) -> LoadMasterData:
    item, supplier, plan = store.new_id(), store.new_id(), store.new_id()
    document = PlanDocument(
        [
            Characteristic(
                code="ID",
                name=Words("Inner diameter", "内径"),
                kind="numeric",
                severity="major",
                method=Method("WI-7", "3"),
                sampling=Fixed(1),
                unit="mm",
                lower=Decimal("1.20"),
                upper=Decimal("1.30"),
                resolution=Decimal("0.01"),
            )
        ]
    )
    return LoadMasterData(
        id=store.new_id(),
        items=[Item(item, SITE, "TUBE", Words("Tubing", "管材"), "raw", "m")],
        suppliers=[Supplier(supplier, SITE, "ACME", "Acme", "approved")],
        plans=[Plan(plan, SITE, item, "incoming", "IP-1", Words("Incoming tubing", "管材进货检验"))],
        plan_versions=[PlanVersion(store.new_id(), SITE, plan, 1, "effective", document, "2026-01-01")],
        order_lines=[
            OrderLine(
                store.new_id(),
                SITE,
                f"PO-{number}",
                1,
                item,
                supplier,
                Decimal("100.0"),
                Decimal(0),
                "DHL",
                f"T-{number}",
                "2026-12-01",
            )
            for number in range(lines)
        ],
    )


async def order_lines(store: Store) -> list[OrderLine]:
    """The expected deliveries, in order."""
    return await store.read.all(OrderLine, "site_id = $1 order by id", SITE)


async def receive(store: Store, who: Who, line: OrderLine, command: str | None = None) -> Received:
    """Take in the whole line; `command` is the id to repeat it by."""
    return await receive_lot(
        store,
        who,
        ReceiveLot(
            id=command or store.new_id(),
            order_line_id=line.id,
            supplier_lot=f"S-{line.purchase_order}",
            expires_on="2099-12-31",
        ),
    )


async def record(store: Store, who: Who, received: Received, entered: str) -> Recorded:
    """Answer the only question of the plan."""
    assert received.inspection is not None
    return await record_results(
        store,
        who,
        RecordResults(
            id=store.new_id(),
            inspection_id=received.inspection.id,
            entries=[Entry(item_key="ID-1", entered=entered, confirmed=True)],
        ),
    )


async def give_passkey(store: Store, who: Who) -> SoftwarePasskey:
    """A passkey of that person, and a session in which the password was shown a moment ago."""
    passkey = SoftwarePasskey(credential_id=who.login.encode())
    begun = await begin_passkey(store, who, BeginPasskey(id=store.new_id(), password=PASSWORD), PARTY)
    answer = passkey.register(_bytes(begun.options["challenge"]))
    await add_passkey(store, who, AddPasskey(id=store.new_id(), name="phone", credential=answer), PARTY)

    async def start(tx: Change) -> None:
        tx.insert(Session(who.session_id, SITE, who.person_id, "csrf", tx.now, "2099-01-01", tx.now))
        tx.record("signed_in", "person", who.person_id)

    await store.change(who, "sign_in", BeginPasskey(id=store.new_id(), password=""), start, None, own=True)
    return passkey


async def begin(store: Store, who: Who, receipt_id: str) -> SigningBegun:
    """Open the signing of a release."""
    return await begin_signing(
        store, who, BeginSigning(id=store.new_id(), subject_id=receipt_id, meaning="release")
    )


async def sign(
    store: Store, who: Who, passkey: SoftwarePasskey, receipt_id: str, begun: SigningBegun
) -> Released:
    """Sign what was shown."""
    command = SignRelease(
        id=store.new_id(),
        receipt_id=receipt_id,
        meaning="release",
        nonce=begun.nonce,
        digest=hashlib.sha256(canonical(begun.record)).hexdigest(),
        assertion=passkey.sign(signing_challenge(begun.record, _bytes(begun.nonce))),
        accountability_accepted=True,
    )
    return await sign_release(store, who, command, PARTY)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def play(store: Store, seed: int = 7) -> Factory:
    """A few days: lots received, passed, failed, corrected, disposed of, released."""
    factory = await open_factory(store, 8)
    chance = random.Random(seed)
    passkey = await give_passkey(store, factory["sofia"])
    for place, line in enumerate(await order_lines(store)):
        received = await receive(store, factory["wei"], line)
        inspector = factory[chance.choice(("ina", "ivo"))]
        if place == 7:
            continue
        answered = await record(store, inspector, received, "1.34" if place % 3 == 1 else "1.25")
        for ncr in answered.ncrs:
            await contain_ncr(
                store, factory["quinn"], ContainNcr(id=store.new_id(), ncr_id=ncr, containment="Set aside")
            )
            if place == 4:
                await dispose_ncr(
                    store,
                    factory["quinn"],
                    DisposeNcr(
                        id=store.new_id(),
                        ncr_id=ncr,
                        disposition="use_as_is",
                        justification="Fits the connector",
                    ),
                )
        if place == 3:
            await correct_result(
                store,
                inspector,
                CorrectResult(
                    id=store.new_id(),
                    reading_id=answered.readings[0],
                    entered="1.26",
                    reason="Misread",
                    confirmed=True,
                ),
            )
        if place in (0, 3, 6):
            begun = await begin(store, factory["sofia"], received.receipt_id)
            await sign(store, factory["sofia"], passkey, received.receipt_id, begun)
    return factory


async def person(store: Store, who: Who) -> Person:
    """As stored."""
    return await store.read.get(Person, who.person_id)
