"""`lotgate bot`: the bot on Telegram, in a process of its own beside `lotgate serve`."""

from __future__ import annotations

import argparse


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments: everything stands in the environment."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = """\
examples:
  LOTGATE_TELEGRAM_TOKEN=42:secret lotgate bot
  LOTGATE_TELEGRAM_WEBHOOK=https://lotgate.example/telegram LOTGATE_TELEGRAM_SECRET=... lotgate bot

people bind their account with a code from My keys; without Telegram the same dialogues are at /chat
"""


def run(args: argparse.Namespace) -> int:
    """Until SIGINT or SIGTERM."""
    from bot.main import main

    return main()
