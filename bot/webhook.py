"""The webhook: updates that carry the secret, handled before they are acknowledged; anything else is 401."""

from __future__ import annotations

import hmac
import logging
import re

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiohttp import web
from pydantic import ValidationError

from bot.middleware import TRANSIENT
from bot.polling import KINDS

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
LARGEST = 2**20
log = logging.getLogger(__name__)


class WebhookSecretMissing(Exception):
    """A webhook without a secret would take updates from anybody: the bot does not start."""


def checked_secret(secret: str | None) -> str:
    """The secret, if it is one: 16 to 256 of letters, digits, _ and -."""
    if secret is None or not SECRET.fullmatch(secret):
        raise WebhookSecretMissing(
            "LOTGATE_TELEGRAM_WEBHOOK needs LOTGATE_TELEGRAM_SECRET: 16 to 256 letters, digits, _ or -"
        )
    return secret


def webhook_app(bot: Bot, dispatcher: Dispatcher, secret: str) -> web.Application:
    """One route. 200: handled and kept; 503: not yet, Telegram sends it again."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return web.Response(status=401)
        try:
            update = Update.model_validate_json(await request.read(), context={"bot": bot})
        except ValidationError:
            return web.Response(status=400)
        try:
            await dispatcher.feed_update(bot, update)
        except TRANSIENT as error:
            log.warning("an update waits for another try: %s", type(error).__name__)
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=LARGEST)
    app.router.add_post("/telegram", take)
    return app


async def serve_webhook(
    bot: Bot, dispatcher: Dispatcher, url: str, secret: str, host: str, port: int
) -> web.AppRunner:
    """Listen, then tell Telegram; the caller cleans the runner up."""
    runner = web.AppRunner(webhook_app(bot, dispatcher, secret), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    await bot.set_webhook(url=url, secret_token=secret, allowed_updates=KINDS, drop_pending_updates=False)
    return runner
