"""What `lotgate label` says, in English and Chinese: why a text is no label, and the names of the fields."""

from __future__ import annotations

from string import Formatter
from typing import Literal

from backend.domain.errors import Reason
from backend.domain.gs1_titles import titles

Language = Literal["en", "zh"]

REASONS: dict[str, tuple[str, str]] = {
    "not_a_label": ("this is no label of a known scheme", "不是已知标识体系的标签"),
    "label_ambiguous": (
        "a separator is missing, or a space at the end; possible readings: {readings}",
        "缺少分隔符或末尾空格，可能的读法：{readings}",
    ),
    "check_digit_wrong": (
        "the check character is wrong in {value}: expected {expected}",
        "{value} 的校验码错误：应为 {expected}",
    ),
    "date_impossible": ("({ai}) is no date: {value}", "（{ai}）不是有效日期：{value}"),
    "ai_unknown": ("there is no field ({ai})", "没有字段（{ai}）"),
    "ai_value_invalid": ("field ({ai}) may not hold {value}", "字段（{ai}）的内容不合规：{value}"),
    "ai_repeated": ("field ({ai}) stands there twice with different values", "字段（{ai}）重复且内容不同"),
    "ai_pair_excluded": ("fields {ais} exclude each other", "字段 {ais} 不能同时使用"),
    "ai_companion_missing": (
        "field ({ai}) also needs {needs} on the label",
        "字段（{ai}）还要求标签上有 {needs}",
    ),
    "link_attribute": (
        "field ({ai}) may not stand behind the question mark of a Digital Link",
        "字段（{ai}）不能放在数字链接的问号之后",
    ),
    "link_compressed": (
        "compressed Digital Links are not read; ask for the full address",
        "不读取压缩的数字链接；请使用完整网址",
    ),
}
FIELDS: dict[str, tuple[str, str]] = {
    "device_identifier": ("device identifier", "产品标识"),
    "lot": ("lot", "批号"),
    "serial": ("serial number", "序列号"),
    "production_date": ("made", "生产日期"),
    "expiry": ("expiry", "有效期"),
    "quantity": ("quantity", "数量"),
    "package_level": ("package level", "包装级别"),
}
ELEMENTS: dict[str, dict[str, tuple[str, str]]] = {
    "hibc": {
        "LIC": ("labeler identification code", "厂商识别码"),
        "PCN": ("product or catalog number", "产品编号"),
        "U/M": ("unit of measure", "包装单位"),
        "LOT": ("lot", "批号"),
        "SN": ("serial number", "序列号"),
        "YYJJJ": ("expiration date", "失效日期"),
        "S": ("serial number", "序列号"),
        "14D": ("expiration date", "失效日期"),
        "16D": ("date of manufacture", "生产日期"),
        "Q": ("quantity", "数量"),
        "LINK": ("link character", "链接字符"),
        "CHECK": ("check character", "校验字符"),
    },
    "ma": {
        "MA": ("device identifier", "产品标识"),
        "L": ("lot", "生产批号"),
        "S": ("serial number", "序列号"),
        "M": ("date of manufacture", "生产日期"),
        "P": ("date of manufacture", "生产日期"),
        "E": ("expiration date", "失效日期"),
        "V": ("valid until", "有效期"),
        "D": ("lot of sterilisation", "灭菌批号"),
        "Y": ("insurance code", "医保编码"),
        "C": ("check", "校验位"),
    },
    "ahm": {
        "AHM": ("maker and product", "厂商与产品"),
        "BN": ("lot", "批号"),
        "SN": ("serial number", "序列号"),
        "MD": ("date of manufacture", "生产日期"),
        "ED": ("expiration date", "失效日期"),
        "BD": ("best before", "有效期"),
    },
}
"""Names of the elements of schemes that have no data titles of their own; HIBC's $$ forms are in `element_name`."""
VERDICTS = {"valid": ("valid", "有效"), "ambiguous": ("ambiguous", "有歧义"), "refused": ("refused", "无效")}


def element_name(scheme: str, ai: str, language: Language) -> str:
    """What an element is: GS1's data title, or the other schemes' words."""
    if scheme == "hibc" and ai.startswith("$$"):
        ai = "Q" if ai in ("$$8", "$$9") else "14D"
    names = ELEMENTS.get(scheme, {}).get(ai)
    return names[language == "zh"] if names else titles().get(ai, "") if scheme not in ELEMENTS else ""


def sentence(reason: Reason, language: Language) -> str:
    """A reason in words; a list is joined by the language's own word for `or`."""
    either = (" or ", " 或 ")[language == "zh"]
    facts = {
        name: either.join(fact) if isinstance(fact, list) else str(fact)
        for name, fact in reason.facts.items()
    }
    words = REASONS.get(reason.code, (reason.code, reason.code))[language == "zh"]
    names = [name for _, name, _, _ in Formatter().parse(words) if name]
    return words.format(**{name: facts.get(name, "?") for name in names})
