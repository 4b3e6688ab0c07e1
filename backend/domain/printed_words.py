"""The words that say on a label what stands beside them, Chinese and English.

Sources: China's rules for labels of devices (2014, order 6) for the Chinese ones, ISO 15223-1 for LOT, SN, REF
and their meanings. A word of another field ends a value as well: what stands behind it is not ours.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Field = Literal["device_identifier", "lot", "serial", "production_date", "expiry"]
Meant = Field | Literal["other"]

_NUMBER = r"(?:\s*(?:NUMBER|CODE|NO|NR)(?![A-Za-z])\.?|\s*[#№])?"
_B = r"(?<![A-Za-z0-9])"
"""Where a Latin word begins; a Chinese one may stand right before it."""
_DATE = r"(?:\.?\s*DATE)?"
_WORDS: tuple[tuple[Meant, str], ...] = (
    ("other", r"灭菌批号|原料批号|灭菌日期|灭菌有效期|检验日期|印刷日期"),
    ("other", r"(?i:STERIL\w*\s+(?:LOT|BATCH|DATE)|LOT\s+SIZE|BATCH\s+SIZE)"),
    ("lot", r"(?:生产|产品|制造)?(?:批次号|批号|批次)|批\s?号"),
    (
        "expiry",
        r"有效期(?:限)?(?:截止)?(?:日期)?(?:至|到)?|有效日期至?|失效(?:日期|年月|期)|使用期限至?|限期使用(?:日期)?|保质期至",
    ),
    ("production_date", r"(?:生产|制造|出厂)(?:日期|年月)"),
    ("serial", r"序列号|序号|出厂编号|产品编号|机身号"),
    (
        "other",
        r"规格型号|规格|型号|货号|数量|注册证编?号|备案凭?证?编?号|许可证编?号|生产企业|生产厂家|生产地址|注册人|地址|电话|执行标准",
    ),
    ("lot", rf"(?i:{_B}(?:LOT|BATCH){_NUMBER})"),
    ("expiry", rf"(?i:{_B}(?:EXPIRATION|EXPIRY|EXPIRES|EXP){_DATE}|{_B}USE\s?-?\s?(?:BY|BEFORE){_DATE})"),
    (
        "production_date",
        rf"(?i:{_B}(?:MFG|MFD|MANUFACTURED|MANUFACTURING|MANUFACTURE|MANUF|PRODUCTION|PROD|PRD)"
        rf"{_DATE}|{_B}DATE\s+OF\s+MANUFACTURE)|{_B}DOM",
    ),
    ("serial", rf"(?i:{_B}SERIAL{_NUMBER}|{_B}S\s?/\s?N)|{_B}SN"),
    (
        "other",
        rf"(?i:{_B}REF|{_B}CATALOGUE|{_B}CATALOG|{_B}CAT{_NUMBER}|{_B}MODEL|{_B}GTIN|{_B}UDI(?:\s?-?\s?[DP]I)?|{_B}QTY|{_B}TEL)|{_B}DI|{_B}PI",
    ),
)
_ANY = re.compile("|".join(f"(?P<w{place}>{pattern})" for place, (_, pattern) in enumerate(_WORDS)))
_JOINS = re.compile(r"[\s/、及和&]*")


class Word(msgspec.Struct, frozen=True):
    """A word in a line, from `start` to `end`. `meant`: what stands behind it, one or more ("生产日期/批号")."""

    text: str
    start: int
    end: int
    meant: list[Meant]


def words_in(line: str) -> list[Word]:
    """The words of a line (NFKC) in order; words that only `/`, `及` or a space keeps apart are one with several
    meanings."""
    found: list[Word] = []
    for match in _ANY.finditer(line):
        if not _stands_alone(line, match.start(), match.end()):
            continue
        meant: Meant = _WORDS[int((match.lastgroup or "w0")[1:])][0]
        if found and _JOINS.fullmatch(line, found[-1].end, match.start()):
            before = found.pop()
            text = line[before.start : match.end()]
            found.append(Word(text, before.start, match.end(), [*before.meant, meant]))
        else:
            found.append(Word(match[0], match.start(), match.end(), [meant]))
    return found


def _stands_alone(line: str, start: int, end: int) -> bool:
    """Not the beginning of a longer word. A reader of print drops spaces: "LOTB2107" is LOT, "LOTION" is not."""
    if not line[end - 1].isascii() or not line[end - 1].isalpha():
        return True
    rest = re.match(r"[A-Za-z0-9]*", line[end:])
    glued = rest[0] if rest else ""
    return not glued or not glued[0].isalpha() or any(sign.isdigit() for sign in glued)
