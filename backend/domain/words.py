"""A name of master data in each language that a person reads."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["en", "zh"]


class Words(msgspec.Struct, frozen=True):
    """The same name in English and in Chinese (zh-CN)."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The name for a reader; English for any language that is not Chinese."""
        return self.zh if language.startswith("zh") else self.en
