"""To whom finished goods go, and whom there to reach when they have to come back (ISO 13485 7.5.9.2, QUA-6)."""

from __future__ import annotations

from typing import Literal

import msgspec

from backend.domain.errors import Reason


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person at a consignee, by e-mail or telephone or both."""

    name: str
    email: str = ""
    phone: str = ""


class Consignee(msgspec.Struct, frozen=True):
    """A hospital, distributor or customer; `language` is that of the letters it gets."""

    id: str
    site_id: str
    code: str
    name: str
    address: str
    country: str
    language: Literal["en", "zh"]
    contacts: list[Contact]
    active: bool = True
    version: int = 1


def against_keeping(code: str, name: str, address: str, contacts: list[Contact]) -> list[Reason]:
    """What is missing: nothing is shipped to somebody whom nobody could reach."""
    found = []
    if not code.strip():
        found.append(Reason("code_missing", field="code"))
    if not name.strip():
        found.append(Reason("name_missing", field="name"))
    if not address.strip():
        found.append(Reason("address_missing", field="address"))
    if not contacts:
        found.append(Reason("contact_missing", field="contacts"))
    found += [
        Reason("contact_unreachable", {"name": each.name}, f"contacts.{place}")
        for place, each in enumerate(contacts)
        if not each.name.strip() or not (each.email.strip() or each.phone.strip())
    ]
    return found
