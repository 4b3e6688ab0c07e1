"""Quiet hours by the site's clocks, what ignores them, and addresses that may lead outside only."""

from __future__ import annotations

import pytest

from backend.domain.telling import Telling, against_times, is_loud, next_at, quiet_until, read_address, shows

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"


def wish(begins: str | None, ends: str | None) -> Telling:
    return Telling("p", "s", "p", begins, ends)


# Shanghai is eight hours ahead of UTC; Berlin's clocks went back on 2026-10-25 at 01:00 UTC, from 03:00 to 02:00.
QUIET = [
    ("22:00", "06:00", "2026-11-23T13:59:00Z", SHANGHAI, None),
    ("22:00", "06:00", "2026-11-23T14:00:00Z", SHANGHAI, "2026-11-23T22:00:00.000000Z"),
    ("22:00", "06:00", "2026-11-23T18:30:00Z", SHANGHAI, "2026-11-23T22:00:00.000000Z"),
    ("22:00", "06:00", "2026-11-23T22:00:00Z", SHANGHAI, None),
    ("12:00", "13:00", "2026-11-23T04:30:00Z", SHANGHAI, "2026-11-23T05:00:00.000000Z"),
    ("12:00", "13:00", "2026-11-23T05:00:00Z", SHANGHAI, None),
    ("22:00", "06:00", "2026-10-24T21:00:00Z", BERLIN, "2026-10-25T05:00:00.000000Z"),
    (None, None, "2026-11-23T18:30:00Z", SHANGHAI, None),
]


@pytest.mark.parametrize(("begins", "ends", "now", "zone", "until"), QUIET)
def test_quiet_hours_end_by_the_clocks_of_the_site(
    begins: str | None, ends: str | None, now: str, zone: str, until: str | None
) -> None:
    assert quiet_until(wish(begins, ends), now, zone) == until


def test_only_a_recall_is_loud() -> None:
    assert is_loud("recall_started")
    assert not any(
        is_loud(code) for code in ("release_waiting", "ncr_opened", "lot_held", "release_escalated")
    )


def test_the_next_morning_is_today_s_or_tomorrow_s() -> None:
    assert next_at("07:00", "2026-11-23T22:59:00Z", SHANGHAI) == "2026-11-23T23:00:00.000000Z"
    assert next_at("07:00", "2026-11-23T23:00:00Z", SHANGHAI) == "2026-11-24T23:00:00.000000Z"
    assert shows("07:00", "2026-11-23T23:00:00.000000Z", SHANGHAI)
    assert not shows("08:00", "2026-11-23T23:00:00.000000Z", SHANGHAI)


@pytest.mark.parametrize(
    ("begins", "ends", "digest", "fields"),
    [
        ("22:00", "06:00", "07:00", []),
        (None, None, None, []),
        ("24:00", "06:00", None, ["quiet_from"]),
        ("22:00", None, None, ["quiet_until"]),
        ("22:00", "22:00", None, ["quiet_until"]),
        (None, None, "7", ["digest_at"]),
    ],
)
def test_times_that_are_none_are_refused(
    begins: str | None, ends: str | None, digest: str | None, fields: list[str]
) -> None:
    assert [reason.field for reason in against_times(begins, ends, digest)] == fields


KEY = (
    "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa".replace("x", "1")
    .replace("o", "0")
    .replace("s", "5")
    .replace("i", "1")
)
ADDRESSES = [
    ("wecom", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", KEY),
    ("wecom", KEY, KEY),
    ("wecom", f"https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key={KEY}", None),
    ("wecom", f"https://127.0.0.1/cgi-bin/webhook/send?key={KEY}", None),
    ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=" + "ab" * 32, "ab" * 32),
    ("dingtalk", "ab" * 32 + "&x=@10.0.0.1", None),
    ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}", KEY),
    ("feishu", f"{KEY}/../../x", None),
    ("email", "li.na@maker.example", "li.na@maker.example"),
    ("email", "li@maker.example?cc=x@evil.example", None),
    ("apprise", "pover://user@token1234", "pover://user@token1234"),
    ("apprise", "json://127.0.0.1/", None),
    ("apprise", "mailto://10.0.0.1/", None),
    ("apprise", "gotify://localhost/token123", None),
    ("telegram_group", "-1001234567890", "-1001234567890"),
    ("telegram_group", "1234567890", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "kept"), ADDRESSES)
def test_an_address_leads_to_its_service_or_nowhere(kind: str, text: str, kept: str | None) -> None:
    assert read_address(kind, text) == kept  # type: ignore[arg-type]
