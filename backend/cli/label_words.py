"""What `lotgate label` says, in English and Chinese: why a text is no label, and the names of the fields."""

from __future__ import annotations

from string import Formatter
from typing import Literal

from backend.domain.errors import Reason

Language = Literal["en", "zh"]

REASONS: dict[str, tuple[str, str]] = {
    "not_a_label": ("this is no label of a known scheme", "不是已知标识体系的标签"),
    "label_ambiguous": (
        "a separator is missing; possible readings: {readings}",
        "缺少分隔符，可能的读法：{readings}",
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
VERDICTS = {"valid": ("valid", "有效"), "ambiguous": ("ambiguous", "有歧义"), "refused": ("refused", "无效")}


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
