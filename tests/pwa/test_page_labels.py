"""A phone without a network reads every label as the server will read it."""

from __future__ import annotations

import json
import random
from datetime import date
from itertools import product
from typing import Any

import msgspec
import pytest

from backend.domain.errors import Refused
from backend.domain.gs1 import in_brackets
from backend.domain.gs1_identifiers import identifiers
from backend.domain.labels import LabelReading, read_label
from backend.domain.lots import ScannedCode
from backend.domain.receiving import read_codes
from tests.campaigns.label_maker import Maker, message
from tests.campaigns.two_readers import spoilt
from tests.domain.label_cases import cases
from tests.pwa.rules import Ask

TODAY = date(2026, 11, 23)
GS = "\x1d"
GTIN = "07612345678900"
MARKED = ("", "]d2", "]C1", "]Q3", "]e0")
PRINTED = (
    f"01{GTIN}17261130{GS}10LOT-7/A",
    f"01{GTIN}1726113010LOT-7/A",
    f"{GS}01{GTIN}1726113010LOT-7/A",
    f"01{GTIN}10LOT-7/A{GS}17261130",
    f"01{GTIN}10AB17261130",
    f"01{GTIN}10AB2112345",
    f"01{GTIN}1109022817281100{GS}3110003000",
    f"01{GTIN}311000300010T26041",
    f"02{GTIN}37000240{GS}11260301{GS}21SN9",
    "10ABC",
    "91note",
    f"01{GTIN}10LOT21SERIAL{GS}17261130",
    f"{GS}01{GTIN}10LOT21SERIAL{GS}17261130",
    f"01{GTIN}10AB2112345{GS}17261130{GS}240X",
    f"01{GTIN}10AB2112345{GS}{GS}17261130",
    f"01{GTIN}10AB{GS}2112345{GS}",
)
"""Read once under each symbology identifier, since that decides what they are."""
OTHERS = (
    f"]d201{GTIN}10A{GS}17261130",
    f"]C101{GTIN}10A\r\n",
    f"01{GTIN}10A\u241d17261130",
    f"01{GTIN}10A{{GS}}17261130",
    f"(01){GTIN}(17)261130(10)LOT-7/A",
    "(01) 0 7612345 67890 0 (17) 26 11 30 (10) LOT-7/A",
    f"（01）{GTIN}（17）261130（10）A",
    f"(01){GTIN}(10)A\\(1)",
    f"(01){GTIN}(10)A(1)B",
    f"(01){GTIN}(10)A(10)B",
    f"(01){GTIN}(02){GTIN}",
    f"(01){GTIN}(89)A",
    f"(01){GTIN}(17)261331",
    f"(01){GTIN}(17)260230",
    f"(01){GTIN}(17)760101",
    f"(01){GTIN}(17)770101",
    f"(01){GTIN}(10){'A' * 21}",
    "(01)07612345678901",
    "(00)123456789012345670",
    "x(01)1",
    "()",
    "7612345678900",
    "7612345678901",
    "76123450",
    "036000291452",
    "LG1:L26-000042",
    "LG1:<script>",
    f"https://example.com/01/{GTIN}/10/LOT-7%2FA?17=261130",
    "HTTPS://id.gs1.org/shop/01/7612345678900/10/LOT-7%2fA?x=1&17=261130#top",
    "https://example.com/gtin/7612345678900/lot/LOT-7%2FA?17=261130",
    "https://a/01/7612345678900/21/1/10/A",
    "https://a/01/7612345678907",
    "https://a/8006/076123456789000102",
    "https://a/01/7612345678900?10=A+B",
    "https://a/01/7612345678900?10=A&10=B",
    "https://a/01/7612345678900?77777=1",
    "https://example.com/",
    "https://[",
    "+A123BJC5D6E71",
    "hello",
    "]",
    "",
)


def as_page(reading: LabelReading) -> dict[str, Any]:
    """A reading as the phone writes it: a reason is its code and facts."""
    fields: dict[str, Any] = msgspec.to_builtins(reading)
    del fields["symbology_id"]
    error = fields["error"]
    fields["error"] = error and {"code": error["code"], "facts": error.get("facts", {})}
    return fields


def compare(ask: Ask, codes: list[tuple[str, str]]) -> None:
    """Both read these codes, and say the same."""
    answers = ask(*(("readCode", text, symbology, TODAY.isoformat()) for text, symbology in codes))
    for (text, symbology), answer in zip(codes, answers, strict=True):
        if answer["error"] is not None:
            answer["error"].setdefault("facts", {})
        assert answer == as_page(read_label(text, symbology, today=TODAY)), (text, symbology)


@pytest.mark.proves("LBL-1", "LBL-2", "LBL-7")
def test_every_printed_form_is_read_alike(ask: Ask) -> None:
    table = [*product(PRINTED, MARKED), *((text, "") for text in OTHERS)]
    assert len(table) > 60
    compare(ask, table)


@pytest.mark.proves("LBL-1", "LBL-7")
@pytest.mark.parametrize("table", ["gs1_cases.txt", "hibc_cases.txt", "china_cases.txt"])
def test_every_case_of_a_scheme_is_read_alike(ask: Ask, table: str) -> None:
    compare(ask, [(case.text, "") for case in cases(table)])


@pytest.mark.proves("LBL-2")
def test_labels_that_lost_something_are_read_alike(ask: Ask) -> None:
    """Without separators, cut short, one character wrong: what is certain and what is asked must not differ."""
    chance = random.Random(11)
    spoilt = []
    others = [case.text for table in ("hibc_cases.txt", "china_cases.txt") for case in cases(table)]
    for text, symbology in [*product(PRINTED, ("", "]d2")), *((text, "") for text in others[::3])]:
        for _ in range(12):
            place = chance.randrange(len(text))
            spoilt.append((text[:place], symbology))
            spoilt.append((text[:place] + chance.choice("0179AX-./$") + text[place + 1 :], symbology))
        spoilt.append((text.replace(GS, ""), symbology))
    compare(ask, spoilt)


@pytest.mark.proves("LBL-1", "LBL-2")
def test_labels_made_by_chance_are_read_alike(ask: Ask) -> None:
    chance = random.Random(12)
    maker, made = Maker(chance), []
    for number in range(1_500):
        elements = maker.label()
        text = (message(elements), message(elements, ""), in_brackets(elements))[number % 3]
        made.append((spoilt(text, chance) if number % 2 else text, chance.choice(("", "]d2"))))
    compare(ask, made)


@pytest.mark.proves("LBL-4")
def test_two_codes_of_one_label_are_read_together_alike(ask: Ask) -> None:
    singles = [
        f"(01){GTIN}",
        "(10)A(17)261130",
        "(10)B",
        f"(02){GTIN}(37)5",
        "(37)5",
        "(250)S2",
        "(00)376123450000000016",
        "+A123BJC5D6E71G",
        "+$$3261130LOT7GH",
        "+B5040001J",
        "MA.156.M0.100204.13351764",
        GTIN,
        "(01)09506000134352",
        "LG1:L26-000042",
        "hello",
    ]
    pairs = [[one, other] for one in singles for other in singles]
    answers = ask(*(("readLabel", pair, TODAY.isoformat()) for pair in pairs))
    for pair, answer in zip(pairs, answers, strict=True):
        try:
            together = read_codes([ScannedCode(text) for text in pair], TODAY)
        except Refused as refused:
            assert answer["error"]["code"] == refused.reasons[0].code, pair
        else:
            assert together is not None
            assert answer == as_page(together), pair


def test_the_table_of_application_identifiers_is_the_servers(ask: Ask) -> None:
    known = {each.ai: json.loads(msgspec.json.encode(each)) for each in identifiers().values()}
    assert {one["ai"]: one for one in ask(("identifiers",))[0]} == known
