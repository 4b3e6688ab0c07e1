"""The bot's settings, read from the environment once; the rest is in backend/settings.py.

| variable                  | meaning                                                   | default                  |
|---------------------------|-----------------------------------------------------------|--------------------------|
| LOTGATE_TELEGRAM_TOKEN    | the bot's token                                           | none: the bot won't run  |
| LOTGATE_TELEGRAM_WEBHOOK  | public https address of /telegram; without it: polling    |                          |
| LOTGATE_TELEGRAM_SECRET   | secret of the webhook, which does not start without one   |                          |
| LOTGATE_TELEGRAM_PORT     | port that the webhook listens on                          | 8081                     |
| LOTGATE_TELEGRAM_ADDRESS  | address that the webhook listens on                       | 127.0.0.1                |
| LOTGATE_TELEGRAM_API      | address of another Bot API server                         | https://api.telegram.org |
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bot.webhook import checked_secret


class BotSettings(msgspec.Struct, frozen=True):
    """What the environment says. `secret` is set where `webhook` is."""

    token: str
    webhook: str | None
    secret: str
    port: int
    address: str
    api: str | None


class TokenMissing(Exception):
    """There is no bot to be."""


def read_bot_settings(environment: Mapping[str, str]) -> BotSettings:
    """From the environment. Raises TokenMissing, WebhookSecretMissing."""
    token = environment.get("LOTGATE_TELEGRAM_TOKEN")
    if not token:
        raise TokenMissing(
            "LOTGATE_TELEGRAM_TOKEN is not set; without Telegram use /chat in the page or `lotgate chat`"
        )
    webhook = environment.get("LOTGATE_TELEGRAM_WEBHOOK") or None
    return BotSettings(
        token=token,
        webhook=webhook,
        secret=checked_secret(environment.get("LOTGATE_TELEGRAM_SECRET")) if webhook else "",
        port=int(environment.get("LOTGATE_TELEGRAM_PORT", "8081")),
        address=environment.get("LOTGATE_TELEGRAM_ADDRESS", "127.0.0.1"),
        api=environment.get("LOTGATE_TELEGRAM_API") or None,
    )
