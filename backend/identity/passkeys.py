"""Passkeys by py_webauthn: registration, and an assertion over a challenge that holds what was signed.

It is loaded with the first passkey that a process sees: OpenSSL and ASN.1 take a third of a start's time.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec


class RelyingParty(msgspec.Struct, frozen=True):
    """Who asks for passkeys: the host name, and the origins that the page is served from."""

    id: str
    origins: tuple[str, ...]
    name: str = "Lotgate"


class Registered(msgspec.Struct, frozen=True):
    """A new passkey: ids and COSE key, base64url."""

    credential_id: str
    public_key: str


class Assertion(msgspec.Struct, frozen=True):
    """An assertion that held, as evidence; binary fields base64url."""

    credential_id: str
    rp_id: str
    origin: str
    authenticator_data: str
    client_data_json: str
    signature: str


def decode(text: str) -> bytes:
    """Base64url with or without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def registration_options(
    party: RelyingParty, person_id: str, login: str, printed_name: str, known: list[str], challenge: bytes
) -> dict[str, Any]:
    """PublicKeyCredentialCreationOptions as JSON values; user verification is required."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=person_id.encode(),
        user_name=login,
        user_display_name=printed_name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=decode(each)) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    result: dict[str, Any] = json.loads(options_to_json(options))
    return result


def registered(party: RelyingParty, challenge: bytes, credential: dict[str, Any]) -> Registered | None:
    """The passkey that was made for this challenge, or None where the answer does not hold."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return Registered(encode(found.credential_id), encode(found.credential_public_key))


def asserted(
    party: RelyingParty, challenge: bytes, public_key: str, assertion: dict[str, Any]
) -> Assertion | None:
    """The assertion as evidence where it holds for this challenge and key with user verification, else None.

    Sign counters are not looked at: synced passkeys send 0.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        verify_authentication_response(
            credential=assertion,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=decode(public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        response = assertion["response"]
        client_data = json.loads(decode(response["clientDataJSON"]))
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    fields = ("authenticatorData", "clientDataJSON", "signature")
    return Assertion(
        encode(decode(assertion["rawId"])),
        party.id,
        client_data["origin"],
        *(encode(decode(response[field])) for field in fields),
    )
