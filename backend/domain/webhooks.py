"""Webhooks: events of the log told to other systems as they happen.

| what                                              | where it is laid down          | here              |
|---------------------------------------------------|--------------------------------|-------------------|
| headers webhook-id, webhook-timestamp, -signature | Standard Webhooks 1.0.0        | `headers_of`      |
| signature `v1,` + base64 HMAC-SHA256 of id.ts.body| Standard Webhooks, symmetric   | `signature`       |
| secret `whsec_` + base64 of 24 to 64 bytes        | Standard Webhooks              | `secret_of`       |
| old and new secret side by side while it changes  | Standard Webhooks, rotation    | `headers_of`      |
| any 2xx is taken; 410: ask no more                | Standard Webhooks              | `meaning`         |
| waits 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h  | Standard Webhooks, retries     | `WAITS`           |
| no address inside, after the name was resolved too| Standard Webhooks, SSRF        | `Inside`          |
| specversion, id, source, type, subject, time, data| CloudEvents 1.0, JSON format   | `body_of`         |

Sources: github.com/standard-webhooks/standard-webhooks, spec; cloudevents.io spec 1.0.2.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import msgspec

from backend.domain.errors import Reason
from backend.domain.events import Event, Value
from backend.domain.signing import later
from backend.domain.telling import Sent

ALL = "*"
"""Every event that may be asked for."""
TRIED = "webhook_tried"
"""Goes to the endpoint that it is about, whatever that asked for."""
OVERLAP = timedelta(hours=24)
"""So long the old secret signs beside the new one."""
WAITS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Seconds before the next attempt; after the last one it is given up."""
LONGEST_ANSWER = 200
"""Characters of an answer that are kept."""
LONGEST_NAME = 60
SECRET_BYTES = 32
GONE = "webhook_gone"
OFF = "webhook_off"
INSIDE = "webhook_inside"
PLAIN = "webhook_plain"
REDIRECTED = "webhook_redirected"

EVENTS = (
    "lot_received", "portion_moved", "lot_split", "lots_merged", "stock_taken_out", "retest_date_set",
    "retest_opened", "lot_held", "hold_lifted", "labels_printed", "labels_reconciled", "missing_labels_accepted",
    "production_started", "lot_consumed", "process_stated", "production_finished", "rework_finished",
    "results_recorded", "result_corrected", "proposal_made", "proposal_approved", "proposal_declined",
    "inspection_handed_over", "inspection_returned", "inspection_left", "inspection_moved", "release_signed",
    "release_sent_back", "release_answered", "revocation_signed", "release_revoked", "revocation_closed",
    "certificate_issued", "ncr_reported", "ncr_contained", "ncr_disposed", "ncr_closed", "follow_up_completed",
    "capa_opened", "capa_analysed", "capa_planned", "capa_carried_out", "capa_judged", "capa_closed",
    "capa_withdrawn", "change_opened", "change_kept", "change_submitted", "change_returned", "change_approved",
    "change_withdrawn", "change_closed", "complaint_taken", "complaint_assessed", "complaint_investigated",
    "complaint_answered", "complaint_closed", "consignee_kept", "lots_shipped", "return_taken", "recall_signed",
    "recall_started", "recall_letter_noted", "recall_answered", "recall_withdrawn", "recall_closed",
    "mock_recall_started", "mock_recall_finished", "equipment_added", "equipment_serviced",
    "equipment_status_changed", "gauge_added", "calibration_recorded", "gauge_status_changed", "assessment_closed",
    "chart_signalled", "chart_signal_answered", "series_steered", "supplier_qualified", "qualification_suspended",
    "qualification_withdrawn", "supplier_certificate_added", "supplier_change_noted", "supplier_change_evaluated",
    "supplier_blocked", "supplier_unblocked", "plan_added", "plan_draft_opened", "plan_draft_kept", "plan_tried",
    "plan_submitted", "plan_returned", "plan_approved", "document_added", "document_changed",
    "document_draft_opened", "document_draft_kept", "document_submitted", "document_returned", "document_approved",
    "document_withdrawn", "item_rules_changed", "item_units_set", "sheet_imported", "epcis_captured",
    "environment_recorded", "environment_limit_set", "master_data_loaded", "doubles_merged", "doubles_parted",
    "legal_hold_set", "legal_hold_lifted", "take_over_signed", "opening_inspected",
)  # fmt: skip
"""What an endpoint may ask for: what happens to lots and to the records about them. What is left out is about people,
sign-in, rights, chat and the running of the system, and stays in the house."""


class WebhookEndpoint(msgspec.Struct, frozen=True):
    """Another system's address, and what it wants to hear. `types`: of EVENTS, or `*`.

    `from_seq`: only later events of the log; moved up when it is turned on again. `old_secret` signs as well until
    `old_until`.
    """

    id: str
    site_id: str
    name: str
    address: str
    types: list[str]
    active: bool
    secret: str
    old_secret: str | None
    old_until: str | None
    from_seq: int
    added_by: str
    added_at: str
    version: int = 1


class WebhookSecret(msgspec.Struct, frozen=True):
    """An endpoint's secret, in the one answer that ever shows it."""

    endpoint_id: str
    secret: str
    old_until: str | None = None


class AboutLot(msgspec.Struct, frozen=True):
    """The lot that an event is about, by its numbers. `status`: what it became by the event, where that changed it."""

    number: str
    item: str
    supplier_lot: str | None
    status: str | None


def secret_of(random: bytes) -> str:
    """`whsec_` and base64."""
    return f"whsec_{base64.b64encode(random).decode()}"


def key_of(secret: str) -> bytes:
    """The bytes that sign."""
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."""
    mac = hmac.new(key_of(secret), b"%s.%d.%s" % (id.encode(), timestamp, body), hashlib.sha256)
    return f"v1,{base64.b64encode(mac.digest()).decode()}"


def headers_of(endpoint: WebhookEndpoint, id: str, now: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Of one attempt; `timestamp` in seconds. In the time of a change of secrets both sign."""
    secrets = [endpoint.secret]
    if endpoint.old_secret is not None and endpoint.old_until is not None and now < endpoint.old_until:
        secrets.append(endpoint.old_secret)
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "Lotgate",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, id, timestamp, body) for secret in secrets),
    }


def body_of(event: Event, source: str, lot: AboutLot | None) -> bytes:
    """The event as CloudEvents JSON. `source`: this house's address. Without rows: who may read them, asks the API."""
    data: dict[str, Value] = {
        "seq": event.seq,
        "reason": event.reason,
        "facts": event.facts,
        "lot": msgspec.to_builtins(lot),
    }
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": source,
            "type": f"lotgate.{event.type}",
            "subject": f"{event.subject_kind}/{event.subject}",
            "time": event.at,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def hears(endpoint: WebhookEndpoint, event: Event) -> bool:
    """Whether an endpoint is told of an event."""
    if not endpoint.active or endpoint.site_id != event.site or event.seq <= endpoint.from_seq:
        return False
    if event.type == TRIED:
        return event.subject == endpoint.id
    return event.type in EVENTS and (ALL in endpoint.types or event.type in endpoint.types)


def next_attempt(attempts: int, now: str, wait: float) -> str | None:
    """When to try again after so many attempts; None: no more. `wait`: seconds, at least."""
    if attempts > len(WAITS):
        return None
    return later(now, timedelta(seconds=max(WAITS[attempts - 1], wait)))


def meaning(status: int, answer: str, retry_after: str | None) -> Sent:
    """What an answer says: any 2xx is taken, 410 for good not, a redirection is not followed."""
    if 200 <= status < 300:
        return Sent()
    if 300 <= status < 400:
        return Sent(REDIRECTED)
    if status == 410:
        return Sent(GONE, True)
    said = " ".join(answer.split())[:LONGEST_ANSWER]
    waits = float(retry_after) if retry_after and re.fullmatch(r"\d{1,5}", retry_after) else 0.0
    return Sent(f"HTTP {status} {said}".strip(), False, waits)


# --- Where a webhook may lead.

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
_HIDDEN: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "::/96",  # IPv4 inside of IPv6: compatible,
        "64:ff9b::/96",  # translated,
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo and other protocol assignments,
        "2002::/16",  # 6to4
        "fec0::/10",  # site-local
    )
)
"""Inside, or ways to an IPv4 address that may be inside, though the registry calls them global."""


class Inside(msgspec.Struct, frozen=True):
    """Which networks of one's own webhooks may be sent into; none unless the operator says so."""

    allowed: tuple[Network, ...] = ()

    def allows(self, address: Address) -> bool:
        """Whether the operator named it."""
        return any(address.version == network.version and address in network for network in self.allowed)

    def refuses(self, text: str) -> bool:
        """Whether nothing is sent to a numeric address, as the resolver gave it."""
        address = plain_address(text)
        if self.allows(address):
            return False
        return (
            not address.is_global
            or address.is_multicast
            or any(address.version == network.version and address in network for network in _HIDDEN)
        )


def read_inside(text: str) -> Inside:
    """Of the setting: networks with commas between. Raises ValueError."""
    return Inside(tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))


def plain_address(text: str) -> Address:
    """Without a zone; an IPv4 address written as IPv6 is the IPv4 address. Raises ValueError."""
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped if mapped is not None else address


def host_of(text: str) -> str | None:
    """The host of an address that is written as one: http or https, no name or password, no fragment."""
    if not re.fullmatch(r"https?://[!-~]{1,500}", text) or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return None
    if is_numeric(host):
        try:
            plain_address(host)
        except ValueError:
            return None  # 127.1, 0x7f000001: a number is written in its one canonical way
        return host
    return host if re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", host) else None


def is_numeric(host: str) -> bool:
    """Whether a host is, or would be taken for, an address in numbers."""
    return ":" in host or re.fullmatch(r"0x[0-9a-f]*|\d+", host.rstrip(".").rpartition(".")[2]) is not None


def against_address(text: str, inside: Inside) -> list[Reason]:
    """What can be said of an address before its name is resolved; the sender looks again at every attempt.

    Without encryption only into networks that the operator named.
    """
    host = host_of(text)
    if host is None:
        return [Reason("webhook_address", field="address")]
    plain = text.startswith("http:")
    if is_numeric(host):
        if inside.refuses(host):
            return [Reason(INSIDE, field="address")]
        plain = plain and not inside.allows(plain_address(host))
    elif plain:
        plain = not inside.allowed
    return [Reason(PLAIN, field="address")] if plain else []


def against_types(types: list[str]) -> list[Reason]:
    """At least one, each one that there is."""
    if not types:
        return [Reason("webhook_types", field="types")]
    return [
        Reason("webhook_type", {"type": each}, "types")
        for each in types
        if each != ALL and each not in EVENTS
    ]
