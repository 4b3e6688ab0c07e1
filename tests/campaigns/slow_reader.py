"""A second reader of GS1 messages, slow and literal, to hold the fast one against.

It takes the table of facts word by word and goes through a value sign by sign, as the notes of GS1's syntax
dictionary tell it to; it shares the table and the code lists with the product and no line of its code.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import NamedTuple

from backend.domain import gs1_code_lists as lists
from backend.domain.gs1_facts import FACTS

FNC1 = "\x1d"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
SIGNS = {
    "N": DIGITS,
    "X": DIGITS + LETTERS + LETTERS.lower() + "!\"%&'()*+,-./_:;<=>?",
    "Y": DIGITS + LETTERS + "#-/",
    "Z": DIGITS + LETTERS + LETTERS.lower() + "-_=",
}
KEYS = ["00", "01", "02", "03", "253", "255", "401", "402", "414", "415", "417"]
KEYS += ["8003", "8004", "8006", "8010", "8013", "8017", "8018", "8026"]


class Row(NamedTuple):
    value: list[str]
    fixed: bool
    needs: list[str]
    excludes: list[str]


def rows() -> dict[str, Row]:
    """Identifier -> its line of the table."""
    found = {}
    for line in FACTS.strip().split("\n"):
        value, marks, needs, excludes, ranges = line.split("|")
        for word in ranges.split():
            ends = word.split("-")
            for number in range(int(ends[0]), int(ends[-1]) + 1):
                ai = ("000" + str(number))[-len(ends[0]) :]
                found[ai] = Row(value.split(), "=" in marks, needs.split(), excludes.split())
    return found


ROWS = rows()


def read(message: str) -> list[tuple[str, str]] | None:
    """The elements of a message that ends in FNC1, and may begin with it; None where any rule is broken."""
    elements, rest = [], message
    if rest[:1] == FNC1:  # the one that only says that this is GS1
        rest = rest[1:]
    while rest:
        ai = next((rest[:size] for size in (4, 3, 2) if rest[:size] in ROWS), None)
        if ai is None:
            return None
        rest = rest[len(ai) :]
        value = rest.split(FNC1)[0]
        if ROWS[ai].fixed:
            value = value[: sum(int(part[1:].split(".")[0]) for part in ROWS[ai].value)]
        if not is_value(ai, value):
            return None
        elements.append((ai, value))
        rest = rest[len(value) :]
        rest = rest[1:] if rest[:1] == FNC1 else rest
    return elements if elements and is_label(elements) else None


def is_value(ai: str, value: str) -> bool:
    rest = value
    for component in ROWS[ai].value:
        optional = component[0] == "["
        form, *rules = component.replace("[", "").replace("]", "").replace("..", "<").split(".")
        size = int(form[1:].replace("<", ""))
        piece, rest = rest[:size], rest[size:]
        if not piece and optional:
            continue
        if not piece or ("<" not in form and len(piece) != size):
            return False
        if any(sign not in SIGNS[form[0]] for sign in piece):
            return False
        if form[0] == "Z" and not padded(piece):
            return False
        if not all(keeps(rule, piece) for rule in rules):
            return False
    return rest == ""


def padded(text: str) -> bool:
    pads = 0
    while text.endswith("="):
        text, pads = text[:-1], pads + 1
    return "=" not in text and (pads == 0 or (pads < 3 and (len(text) + pads) % 3 == 0))


def keeps(rule: str, text: str) -> bool:
    """One rule, as its sentence in the standard reads."""
    if rule == "csum":
        total = 0
        for place in range(len(text)):
            total += int(text[len(text) - 1 - place]) * (1 if place % 2 == 0 else 3)
        return total % 10 == 0
    if rule in ("gcp1", "gcp2"):
        prefix = text[int(rule[3]) - 1 :][:4]
        return len(prefix) == 4 and prefix.isdigit()
    if rule in ("yymmd0", "yymmdd", "yyyymmdd"):
        return date_of(text, zero=rule == "yymmd0")
    if rule in ("hh", "mi", "ss", "hhmi"):
        limits = {"hh": [24], "mi": [60], "ss": [60], "hhmi": [24, 60]}[rule]
        return all(int(text[2 * place : 2 * place + 2]) < limit for place, limit in enumerate(limits))
    return OTHERS[rule](text)


def date_of(text: str, *, zero: bool) -> bool:
    full = text if len(text) == 8 else "20" + text
    if zero and full[6:] == "00":
        full = full[:6] + "01"
    try:
        datetime.date(int(full[:4]), int(full[4:6]), int(full[6:]))
    except ValueError:
        return False
    return True


def pair(text: str) -> bool:
    order = "!\"%&'()*+,-./" + DIGITS + ":;<=>?" + LETTERS + "_" + LETTERS.lower()
    primes = [n for n in range(2, 84) if all(n % smaller for smaller in range(2, n))]
    body = text[:-2]
    if not body:
        return False
    total = sum(order.index(body[-1 - place]) * primes[place] for place in range(len(body))) % 1021
    alphabet = [sign for sign in DIGITS + LETTERS if sign not in "01IO"]
    return text[-2:] == alphabet[total // 32] + alphabet[total % 32]


def account(text: str) -> bool:
    if len(text) < 11 or any(sign not in DIGITS + LETTERS for sign in text):
        return False
    turned = "".join(str((DIGITS + LETTERS).index(sign)) for sign in text[4:] + text[:4])
    return text[:2] in lists.COUNTRY_LETTERS.split() and int(turned) % 97 == 1


def place_of(place: str, total: str) -> bool:
    return Fraction(0) < Fraction(int(place), max(int(total), 1)) <= 1 <= int(total)


def slashed(text: str) -> bool:
    place, slash, total = text.partition("/")
    whole = place.isdigit() and total.isdigit() and slash == "/" and "0" not in (place[0], total[0])
    return whole and place_of(place, total)


def escaped(text: str) -> bool:
    hexes = DIGITS + "abcdefABCDEF"
    return all(len(piece) > 1 and piece[0] in hexes and piece[1] in hexes for piece in text.split("%")[1:])


class Coupon:
    """Takes a coupon apart from its left end; `ok` falls to False at the first thing that is not there."""

    def __init__(self, text: str) -> None:
        self.rest, self.ok = text, text.isdigit()

    def take(self, size: int) -> str:
        piece, self.rest = self.rest[:size], self.rest[size:]
        self.ok = self.ok and len(piece) == size
        return piece if self.ok else "0" * size

    def one_of(self, signs: str) -> str:
        sign = self.take(1)
        self.ok = self.ok and sign in signs
        return sign

    def counted(self, signs: str, more: int) -> None:
        sign = self.one_of(signs)
        if not (sign == "9" and "8" not in signs):
            self.take(int(sign) + more)

    def next_field(self, name: str) -> bool:
        if self.ok and self.rest[:1] == name:
            self.take(1)
            return True
        return False


def coupon(text: str) -> bool:
    c = Coupon(text)
    c.counted("0123456", 6)
    c.take(6)
    c.counted("12345", 0)
    requirement(c)
    if c.next_field("1"):
        c.one_of("0123")
        requirement(c)
        c.counted("01234569", 6)
    if c.next_field("2"):
        requirement(c)
        c.counted("01234569", 6)
    expiry = c.take(6) if c.next_field("3") else None
    start = c.take(6) if c.next_field("4") else None
    if c.next_field("5"):
        c.counted("0123456789", 6)
    if c.next_field("6"):
        c.counted("1234567", 6)
    if c.next_field("9"):
        for signs in ("01256", "012", DIGITS, "01"):
            c.one_of(signs)
    days = all(date_of(day, zero=False) for day in (expiry, start) if day is not None)
    return c.ok and not c.rest and days and not (expiry and start and expiry < start)


def requirement(c: Coupon) -> None:
    c.counted("12345", 0)
    c.one_of("012349")
    c.take(3)


def offer(text: str) -> bool:
    c = Coupon(text)
    c.one_of("01")
    c.counted("0123456", 6)
    c.take(6)
    c.counted("0123456789", 6)
    return c.ok and not c.rest


OTHERS = {
    "csumalpha": pair,
    "iban": account,
    "couponcode": coupon,
    "couponposoffer": offer,
    "pcenc": escaped,
    "posinseqslash": slashed,
    "pieceoftotal": lambda text: place_of(text[:2], text[2:]),
    "iso3166": lambda text: text in lists.COUNTRIES.split(),
    "iso3166999": lambda text: text in [*lists.COUNTRIES.split(), "999"],
    "iso3166alpha2": lambda text: text in lists.COUNTRY_LETTERS.split(),
    "iso4217": lambda text: text in lists.CURRENCIES.split(),
    "packagetype": lambda text: text in lists.PACKAGES.split(),
    "iso5218": lambda text: text in ["0", "1", "2", "9"],
    "yesno": lambda text: text in ["0", "1"],
    "winding": lambda text: text in ["0", "1", "9"],
    "latitude": lambda text: Fraction(int(text), 10_000_000) <= 180,
    "longitude": lambda text: Fraction(int(text), 10_000_000) <= 360,
    "mediatype": lambda text: int(text) in [*range(1, 11), *range(80, 100)],
    "importeridx": lambda text: all(sign in DIGITS + LETTERS + LETTERS.lower() + "-_" for sign in text),
    "hyphen": lambda text: text == "-" * len(text),
    "nonzero": lambda text: text != "0" * len(text),
    "zero": lambda text: text == "0" * len(text),
    "nozeroprefix": lambda text: text == str(int(text)),
    "hasnondigit": lambda text: not text.isdigit(),
}


def is_label(elements: list[tuple[str, str]]) -> bool:
    """What the elements demand of each other."""
    values = dict(elements)
    if any(values[ai] != value for ai, value in elements):
        return False
    for ai in values:
        for pattern in ROWS[ai].excludes:
            wanted = ai[:3] + "n" if pattern == "~" else pattern
            if any(other != ai and fits(other, wanted) for other in values):
                return False
    if not any(key in values for key in KEYS):
        return True
    for ai in values:
        groups = [group.split("+") for group in ROWS[ai].needs]
        if groups and not any(all(any(fits(o, each) for o in values) for each in group) for group in groups):
            return False
    bare = {"253": 13, "255": 13, "8003": 14}
    return "8030" not in values or not any(len(values.get(ai, "X" * 99)) <= most for ai, most in bare.items())


def fits(ai: str, pattern: str) -> bool:
    return len(ai) == len(pattern) and all(
        theirs in ("n", ours) for ours, theirs in zip(ai, pattern, strict=True)
    )
