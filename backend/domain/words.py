"""A name in every language that the product speaks; master data never has a name in one language only."""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True):
    """The same words in English and in simplified Chinese."""

    en: str
    zh: str
