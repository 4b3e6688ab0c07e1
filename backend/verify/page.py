"""The offline page with the maker's keys put in, as it is handed out to customers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

PLACE = "/*KEYS*/[]"
PAGE = Path(__file__).with_name("verify.html")
SCRIPT = Path(__file__).with_name("lotgate_verify.py")


def verify_page(vkeys: Sequence[str]) -> str:
    """The HTML of the page that trusts `vkeys`. To be saved and opened from disk, so its script is inline."""
    page = PAGE.read_text(encoding="utf-8")
    if page.count(PLACE) != 1:
        raise RuntimeError("verify.html has no single place for the keys")
    return page.replace(PLACE, json.dumps(list(vkeys)).replace("<", "\\u003c"))
