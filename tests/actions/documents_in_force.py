"""Documents under control, played through the actions: begun, written, put under review, signed by somebody else."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pyotp

from backend.actions.add_document import AddDocument, add_document
from backend.actions.approve_document import ApproveDocument, approve_document
from backend.actions.begin_document_approval import BeginDocumentApproval, begin_document_approval
from backend.actions.keep_document_draft import KeepDocumentDraft, keep_document_draft
from backend.actions.sign_in import sign_in
from backend.actions.submit_document_draft import SubmitDocumentDraft, submit_document_draft
from backend.demo.people import BY_LOGIN
from backend.demo.shift import NO_PASSKEYS, Shift
from backend.domain.canonical import canonical
from backend.domain.documents import Question
from backend.domain.people import Person
from backend.domain.words import Words
from backend.store.documents import DocumentDraft

QUIZ = [Question("测量几次？How often is it measured?", ["1", "2", "3"], 2)]


async def begin(shift: Shift, number: str, name: Words, revision: str = "A") -> DocumentDraft:
    """A method under control."""
    command = AddDocument(id=shift.store.new_id(), number=number, name=name, kind="method", revision=revision)
    return await add_document(shift.store, await shift.who("novak"), command)


async def write(shift: Shift, draft: DocumentDraft, text: str) -> DocumentDraft:
    """Its text and its quiz."""
    command = KeepDocumentDraft(
        id=shift.store.new_id(),
        version_id=draft.version_id,
        version=draft.version,
        text=text,
        questions=QUIZ,
        change="测量三次。Three measurements.",
    )
    return await keep_document_draft(shift.store, await shift.who("novak"), command)


async def submit(shift: Shift, draft: DocumentDraft) -> DocumentDraft:
    """Under review."""
    command = SubmitDocumentDraft(id=shift.store.new_id(), version_id=draft.version_id, version=draft.version)
    return await submit_document_draft(shift.store, await shift.who("novak"), command)


async def sign(shift: Shift, draft: DocumentDraft) -> DocumentDraft:
    """By password and one-time code."""
    person = BY_LOGIN["zhou"]
    code = await fresh_code(shift, "zhou")  # first: it may set the clock past the life of a request
    session = await sign_in(shift.store, shift.site_id, "zhou", person.password)
    wish = BeginDocumentApproval(id=shift.store.new_id(), version_id=draft.version_id, passkey=False)
    begun = await begin_document_approval(shift.store, session.who, wish)
    command = ApproveDocument(
        id=shift.store.new_id(),
        version_id=draft.version_id,
        nonce=begun.nonce,
        digest=hashlib.sha256(canonical(begun.record)).hexdigest(),
        password=person.password,
        totp=code,
        accountability_accepted=True,
    )
    signed = await approve_document(shift.store, session.who, command, NO_PASSKEYS)
    shift.clock.forward(shift.clock.now + timedelta(minutes=2))
    return signed


async def fresh_code(shift: Shift, login: str) -> str:
    """A one-time code of the scene's past, later than any that this person has used in another scene."""
    person = await shift.store.read.first(Person, "login = $1", login)
    assert person is not None
    shift.clock.forward(datetime.fromtimestamp((person.totp_last_step + 2) * 30, UTC))
    return pyotp.TOTP(BY_LOGIN[login].totp_secret or "").at(shift.clock.now)
