"""Labels by chance, valid by all of GS1's rules: each value is made by the rules that its identifier names."""

from __future__ import annotations

import random
from calendar import monthrange

from backend.domain import gs1_code_lists as lists
from backend.domain.gs1 import FNC1, Element, checked
from backend.domain.gs1_identifiers import Identifier, Part, check_value, identifiers
from backend.domain.gs1_values import check_digit, check_pair

SIGNS = {
    "N": "0123456789",
    "X": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-./_+%!\"&'()*,:;<=>?",
    "Y": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#-/",
    "Z": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_",
}
LOTS = "0123456789" * 3 + "ABCDEFGHJKLMNPQRSTUVWXYZ-/"
"""Signs of ordinary lots and serials: digits, which may be mistaken for identifiers, more often than letters."""
DEVICE = (
    "10",
    "17",
    "21",
    "11",
    "240",
    "30",
    "22",
    "7003",
    "91",
    "713",
    "3103",
    "250",
    "8008",
    "8012",
    "422",
    "99",
)
KEYS = ("01", "01", "01", "01", "01", "01", "00", "8006", "8003", "8004", "414", "253", "8018", "03")
TRIES = 12


class Maker:
    """Makes labels from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.all = sorted(identifiers())

    def label(self) -> list[Element]:
        """A key and up to five more elements that may stand together."""
        elements = [self.element(self.chance.choice(KEYS))]
        for _ in range(self.chance.randint(1, 5)):
            wider = self.all if self.chance.random() < 0.15 else DEVICE
            self._add(elements, self.chance.choice(wider))
        if self.chance.random() < 0.2:
            self.chance.shuffle(elements)
        return elements

    def _add(self, elements: list[Element], ai: str) -> None:
        """Add it, with the companions that it needs, unless something excludes them."""
        more = [ai]
        needs = [group for group in identifiers()[ai].needs if "n" not in "".join(group)]
        if needs and self.chance.random() < 0.5:
            more = [*self.chance.choice(needs), ai]
        there = {element.ai for element in elements}
        wanted = [*elements, *(self.element(each) for each in more if each not in there)]
        if checked(wanted).error is None:
            elements[:] = wanted

    def element(self, ai: str) -> Element:
        """A valid value of this identifier."""
        for _ in range(TRIES):
            found = Element(ai, self._value(identifiers()[ai]))
            if check_value(ai, found.value) is None:
                return found
        raise AssertionError(f"no value could be made for ({ai})")

    def _value(self, identifier: Identifier) -> str:
        if identifier.ai in ("10", "21"):
            return "".join(self.chance.choices(LOTS, k=self.chance.randint(1, 14)))
        parts = []
        for part in identifier.parts:
            if part.optional and self.chance.random() < 0.5:
                break
            parts.append(self._piece(part))
        return "".join(parts)

    def _piece(self, part: Part) -> str:
        text = "".join(self.chance.choices(SIGNS[part.characters], k=self._size(part)))
        for rule in reversed(part.rules):
            text = self._kept(rule, text)
        return text

    def _size(self, part: Part) -> int:
        least = max(part.least, min(8, part.most)) if {"gcp1", "csumalpha"} & set(part.rules) else part.least
        return self.chance.randint(least, max(least, min(part.most, 30)))

    def _kept(self, rule: str, text: str) -> str:
        """The text, changed so that it keeps the rule."""
        chance = self.chance
        match rule:
            case "csum":
                return text[:-1] + check_digit(text[:-1])
            case "csumalpha":
                return text[:-2] + check_pair(text[:-2])
            case "gcp1":
                return "7612" + text[4:]
            case "yymmd0" | "yymmdd" | "yyyymmdd":
                return self.day(zero=rule == "yymmd0", year_digits=len(text) - 4)
            case "hhmi":
                return f"{chance.randrange(24):02}{chance.randrange(60):02}"
            case "hh":
                return f"{chance.randrange(24):02}"
            case "mi" | "ss":
                return f"{chance.randrange(60):02}"
            case "pieceoftotal":
                total = chance.randint(1, 99)
                return f"{chance.randint(1, total):02}{total:02}"
            case "posinseqslash":
                return "1/2"
            case "pcenc":
                return text.replace("%", "%4")[: len(text) - 3] + "%41"
            case "iban":
                return "CH9300762011623852957"
            case "couponcode":
                return "07612340001233150110123"
            case "couponposoffer":
                return "007612340001230123456"
            case "importeridx" | "hasnondigit":
                return "A" + text[1:]
            case "latitude" | "longitude" | "zero" | "yesno" | "winding" | "iso5218":
                return "0" + text[1:]
            case "nonzero" | "nozeroprefix":
                return "1" + text[1:]
            case "mediatype":
                return "01"
            case "hyphen":
                return "-"
        return chance.choice(LISTED[rule]) if rule in LISTED else text

    def day(self, *, zero: bool, year_digits: int = 2) -> str:
        """A day of this or the last century, as a label writes it."""
        year, month = self.chance.randint(1990, 2060), self.chance.randint(1, 12)
        day = self.chance.randint(0 if zero else 1, monthrange(year, month)[1])
        return f"{year:04}"[-year_digits:] + f"{month:02}{day:02}"


LISTED = {
    "iso3166": lists.COUNTRIES.split(),
    "iso3166999": lists.COUNTRIES.split(),
    "iso3166alpha2": lists.COUNTRY_LETTERS.split(),
    "iso4217": lists.CURRENCIES.split(),
    "packagetype": lists.PACKAGES.split(),
}


def message(elements: list[Element], separator: str = FNC1) -> str:
    """As a printer writes it: a separator behind each value of no fixed length, but not at the end."""
    parts = [
        each.ai + each.value + (separator if identifiers()[each.ai].separated else "") for each in elements
    ]
    return "".join(parts).removesuffix(separator) if separator else "".join(parts)
