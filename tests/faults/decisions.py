"""People who decide: passkeys, signing, and a few days in which everything happens once."""

from __future__ import annotations

import hashlib
import random
from base64 import urlsafe_b64decode

from backend.actions.add_passkey import AddPasskey, add_passkey
from backend.actions.begin_passkey import BeginPasskey, begin_passkey
from backend.actions.begin_signing import BeginSigning, SigningBegun, begin_signing
from backend.actions.contain_ncr import ContainNcr, contain_ncr
from backend.actions.correct_result import CorrectResult, correct_result
from backend.actions.dispose_ncr import DisposeNcr, dispose_ncr
from backend.actions.sign_release import Released, SignRelease, sign_release
from backend.domain.canonical import canonical
from backend.domain.people import Who
from backend.domain.proofs import signing_challenge
from backend.domain.sessions import Session
from backend.identity.passkeys import RelyingParty
from backend.store.change import Change
from backend.store.door import Store
from tests.faults.factory import PASSWORD, SITE, Factory, open_factory, order_lines, receive, record
from tests.software_passkey import SoftwarePasskey

PARTY = RelyingParty("localhost", ("http://localhost:8000",))


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
        digest=digest_of(begun.record),
        assertion=passkey.sign(signing_challenge(begun.record, _bytes(begun.nonce))),
        accountability_accepted=True,
    )
    return await sign_release(store, who, command, PARTY)


def digest_of(record: object) -> str:
    """What the phone computes of what it rendered (hex)."""
    return hashlib.sha256(canonical(record)).hexdigest()


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
