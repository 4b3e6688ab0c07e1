"""Signatures, times and addresses of webhooks; a receiver's own library verifies them in tests/actions."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import msgspec
import pytest

from backend.domain.events import Event, RowChange
from backend.domain.webhooks import (
    EVENTS,
    WAITS,
    AboutLot,
    WebhookEndpoint,
    against_address,
    body_of,
    headers_of,
    hears,
    meaning,
    next_attempt,
    read_inside,
    secret_of,
    signature,
)

NOW = "2026-11-29T12:00:00.000000Z"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT = Event(
    7, "e7", NOW, 1, "SZ", "p", "phone", "lot_held", "l1", "lot", None, None, None, "why", {"lot": "L26-1"},
    [RowChange("lot", "l1", {"status": "released"}, {"status": "held"})],
)  # fmt: skip
ENDPOINT = WebhookEndpoint(
    "w1", "SZ", "MES", "https://mes.example/in", ["lot_held"], True, SECRET, None, None, 3, "p", NOW
)


def changed(**fields: object) -> WebhookEndpoint:
    return msgspec.structs.replace(ENDPOINT, **fields)  # type: ignore[arg-type]


def test_the_specifications_own_example() -> None:
    """standard-webhooks, libraries' test vector."""
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_changes_receivers_with_either_take_it() -> None:
    old, new = secret_of(b"a" * 32), secret_of(b"b" * 32)
    rotated = changed(secret=new, old_secret=old, old_until="2026-11-30T12:00:00.000000Z")
    during = headers_of(rotated, "id", NOW, 1, b"{}")["webhook-signature"].split()
    after = headers_of(rotated, "id", "2026-11-30T12:00:00.000000Z", 1, b"{}")["webhook-signature"].split()
    assert during == [signature(new, "id", 1, b"{}"), signature(old, "id", 1, b"{}")]
    assert after == during[:1]


def test_the_body_is_a_cloud_event() -> None:
    body = json.loads(body_of(EVENT, "https://lots.example", AboutLot("L26-1", "NDL", "V-7", "held")))
    assert {name: body[name] for name in ("specversion", "id", "source", "type", "subject", "time")} == {
        "specversion": "1.0", "id": "e7", "source": "https://lots.example", "type": "lotgate.lot_held",
        "subject": "lot/l1", "time": NOW,
    }  # fmt: skip
    assert body["datacontenttype"] == "application/json"
    assert body["data"]["lot"] == {"number": "L26-1", "item": "NDL", "supplier_lot": "V-7", "status": "held"}
    assert "changes" not in body["data"]


@pytest.mark.parametrize(
    ("endpoint", "event", "heard"),
    [
        (ENDPOINT, EVENT, True),
        (changed(types=["*"]), EVENT, True),
        (changed(types=["ncr_reported"]), EVENT, False),
        (changed(active=False), EVENT, False),
        (changed(from_seq=7), EVENT, False),
        (changed(site_id="other"), EVENT, False),
        (changed(types=["*"]), msgspec.structs.replace(EVENT, type="signed_in"), False),
        (changed(types=[]), msgspec.structs.replace(EVENT, type="webhook_tried", subject="w1"), True),
        (changed(types=["*"]), msgspec.structs.replace(EVENT, type="webhook_tried", subject="w2"), False),
    ],
)
def test_who_hears_what(endpoint: WebhookEndpoint, event: Event, heard: bool) -> None:
    assert hears(endpoint, event) is heard


KEPT_IN = {
    "archive_made", "attachment_added", "channel_added", "channel_ended", "channels_tried", "chat_account_bound",
    "decision_delegated", "delegation_ended", "folder_trouble", "folder_watched",
    "job_done", "job_failed", "language_set", "message_retried",
    "notices_seen", "organisation_set", "partner_added", "passkey_added", "passkey_revoked", "person_added",
    "person_deactivated", "print_read", "record_exported", "refused", "report_exported", "report_file_let_go",
    "report_made",
    "report_schedule_steered", "report_scheduled", "right_changed", "rights_completed", "roles_set", "security",
    "sign_in_failed", "signed_in", "signed_out", "signing_failed", "site_founded", "telling_set", "totp_begun",
    "totp_confirmed", "training_failed", "training_finished", "training_needs_set", "webhook_added",
    "webhook_changed", "webhook_secret_rotated", "webhook_tried", "webhook_given_up", "webhook_gone",
}  # fmt: skip
"""About people, sign-in, rights, chat, papers and the running of the system. A new kind is named here, or among
`EVENTS` where another system may want to hear of it."""


def test_every_kind_of_event_can_be_asked_for_or_is_kept_in_on_purpose() -> None:
    recorded = set()
    for source in (Path(__file__).parents[2] / "backend").rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text())):
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "attr", "") == "record"
                and len(call.args) > 2
            ):
                recorded |= {
                    each.value
                    for each in ast.walk(call.args[0])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and "_" in each.value
                }
    recorded |= {"refused", "security"}
    assert recorded - KEPT_IN - set(EVENTS) == set()
    assert set(EVENTS) & KEPT_IN == set()


def test_nothing_about_people_or_sign_in_can_be_asked_for() -> None:
    private = (
        "sign",
        "passkey",
        "totp",
        "person",
        "roles",
        "security",
        "channel",
        "right",
        "telling",
        "training",
    )
    assert [each for each in EVENTS if each.startswith(private)] == []
    assert len(EVENTS) == len(set(EVENTS))


def test_what_an_answer_means_and_when_it_is_tried_again() -> None:
    assert [meaning(status, "", None).why for status in (200, 204, 299)] == [None] * 3
    assert (meaning(302, "", None).why, meaning(410, "", None).final) == ("webhook_redirected", True)
    assert meaning(429, "slow  down\n", "120").wait == 120
    assert meaning(500, "x" * 900, None).why == "HTTP 500 " + "x" * 200
    assert [next_attempt(count, NOW, 0) is None for count in (1, len(WAITS), len(WAITS) + 1)] == [
        False,
        False,
        True,
    ]
    assert next_attempt(1, NOW, 0) == "2026-11-29T12:00:05.000000Z"
    assert next_attempt(1, NOW, 120) == "2026-11-29T12:02:00.000000Z"


@pytest.mark.parametrize(
    ("address", "inside", "code"),
    [
        ("https://mes.example/in?x=1", "", None),
        ("https://8.8.8.8:8443/in", "", None),
        ("http://mes.example/in", "", "webhook_plain"),
        ("http://mes.example/in", "10.0.0.0/8", None),
        ("http://10.1.2.3/in", "10.0.0.0/8", None),
        ("http://8.8.8.8/in", "10.0.0.0/8", "webhook_plain"),
        ("https://10.1.2.3/in", "", "webhook_inside"),
        ("https://[::ffff:10.1.2.3]/in", "", "webhook_inside"),
        ("https://169.254.169.254/latest", "10.0.0.0/8", "webhook_inside"),
        ("https://user:word@mes.example/", "", "webhook_address"),
        ("https://mes.example/#x", "", "webhook_address"),
        ("https://127.1/", "", "webhook_address"),
        ("https://0x7f.0.0.1/", "", "webhook_address"),
        ("https://2130706433/", "", "webhook_address"),
        ("https://mes.example\\@127.0.0.1/", "", "webhook_address"),
        ("file:///etc/passwd", "", "webhook_address"),
        ("https://", "", "webhook_address"),
        ("https://mes.example:99999/", "", "webhook_address"),
    ],
)
def test_where_a_webhook_may_lead(address: str, inside: str, code: str | None) -> None:
    reasons = against_address(address, read_inside(inside))
    assert [each.code for each in reasons] == ([code] if code else [])
