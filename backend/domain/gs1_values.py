"""The rules about values that the table of identifiers names (GS1 General Specifications, section 3).

rule                            a value keeps it when it
csum                            ends in the check digit of what stands before (7.9)
csumalpha                       ends in the check character pair (7.9.5)
gcp1, gcp2                      begins a company prefix with four digits at its first or second place
yymmd0, yymmdd, yyyymmdd        is a day; with d0 the day may be 00
hh, mi, ss, hhmi                is an hour, a minute, a second, a time of day
iso3166, iso3166999             is a numeric country, or 999
iso3166alpha2, iso4217, iban    is a country in letters, a numeric currency, a bank account (ISO 13616)
iso5218, yesno, winding         is 0 1 2 9, 0 1, 0 1 9
latitude, longitude             is at most 180 or 360 degrees, in ten-millionths
mediatype, packagetype          is an AIDC media type, a code of UN/ECE Recommendation 21
importeridx, pcenc, hyphen      is of 0-9 A-Z a-z - _; has whole percent escapes; is of hyphens
nonzero, zero, nozeroprefix     is not 0, is 0, does not begin with a 0 that it could spare
pieceoftotal, posinseqslash     is a place and a number of places: 0102, 1/2
hasnondigit                     has a character that is no digit
couponcode, couponposoffer      is a North American coupon
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable

from backend.domain import gs1_code_lists as lists
from backend.domain.gs1_coupons import COUPON_PATTERN, POSITIVE_OFFER_PATTERN

CHARACTERS = {
    "N": "[0-9]",
    "X": "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]",
    "Y": "[#\\-/0-9A-Z]",
    "Z": "[0-9A-Za-z_\\-=]",
}
"""Character sets as regular expressions. Where `=` may stand in set 64 is a rule of its own: `padding`."""

_SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_COUNTRIES = frozenset(lists.COUNTRIES.split())
_LETTERS = frozenset(lists.COUNTRY_LETTERS.split())
_CURRENCIES = frozenset(lists.CURRENCIES.split())
_PACKAGES = frozenset(lists.PACKAGES.split())


def check_digit(payload: str) -> str:
    """The GS1 check digit of the digits before it: weights 3, 1, 3, ... from the right (section 7.9)."""
    digits = [ord(digit) - 48 for digit in reversed(payload)]
    return str(-(3 * sum(digits[::2]) + sum(digits[1::2])) % 10)


def check_pair(payload: str) -> str:
    """The check character pair of a GMN: prime weights from the right, modulo 1021 (section 7.9.5)."""
    total = sum(_SET_82.index(sign) * prime for sign, prime in zip(reversed(payload), _PRIMES, strict=False))
    return _PAIR[total % 1021 >> 5] + _PAIR[total % 1021 & 31]


def is_day(digits: str, *, zero: bool = False) -> bool:
    """Whether YYMMDD or YYYYMMDD is a day; `zero`: day 00 stands for the last of its month."""
    year = int(digits[:-4]) if len(digits) == 8 else 2000 + int(digits[:-4])
    month, day = int(digits[-4:-2]), int(digits[-2:])
    if year < 1 or not 1 <= month <= 12 or (day == 0 and not zero):
        return False
    return day <= monthrange(year, month)[1]


def _is_iban(text: str) -> bool:
    if not re.fullmatch(r"[0-9A-Z]{11,}", text) or text[:2] not in _LETTERS:
        return False
    return int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 == 1


def _is_coupon(text: str) -> bool:
    found = COUPON_PATTERN.fullmatch(text)
    if found is None:
        return False
    expiry, start = found["expiry"], found["start"]
    days = [day for day in (start, expiry) if day is not None]
    return all(map(is_day, days)) and days == sorted(days)


def _is_padded(text: str) -> bool:
    """Padding as GS1's engine takes it: at most two `=`, and then a length that three divides."""
    bare = text.rstrip("=")
    return "=" not in bare and (bare == text or (len(text) - len(bare) <= 2 and len(text) % 3 == 0))


def _is_place_of(place: str, total: str) -> bool:
    return 0 < int(place) <= int(total)


RULES: dict[str, Callable[[str], bool]] = {
    "csum": lambda text: check_digit(text[:-1]) == text[-1],
    "csumalpha": lambda text: len(text) > 2 and check_pair(text[:-2]) == text[-2:],
    "gcp1": lambda text: re.match(r"[0-9]{4}", text) is not None,
    "gcp2": lambda text: re.match(r".[0-9]{4}", text) is not None,
    "yymmd0": lambda text: is_day(text, zero=True),
    "yymmdd": is_day,
    "yyyymmdd": is_day,
    "hh": lambda text: int(text) < 24,
    "mi": lambda text: int(text) < 60,
    "ss": lambda text: int(text) < 60,
    "hhmi": lambda text: int(text[:2]) < 24 and int(text[2:]) < 60,
    "iso3166": lambda text: text in _COUNTRIES,
    "iso3166999": lambda text: text == "999" or text in _COUNTRIES,
    "iso3166alpha2": lambda text: text in _LETTERS,
    "iso4217": lambda text: text in _CURRENCIES,
    "iban": _is_iban,
    "iso5218": lambda text: text in "0129",
    "yesno": lambda text: text in "01",
    "winding": lambda text: text in "019",
    "latitude": lambda text: int(text) <= 180 * 10**7,
    "longitude": lambda text: int(text) <= 360 * 10**7,
    "mediatype": lambda text: 1 <= int(text) <= 10 or int(text) >= 80,
    "packagetype": lambda text: text in _PACKAGES,
    "importeridx": lambda text: re.fullmatch(r"[0-9A-Za-z_\-]*", text) is not None,
    "pcenc": lambda text: re.search(r"%(?![0-9A-Fa-f]{2})", text) is None,
    "hyphen": lambda text: set(text) == {"-"},
    "nonzero": lambda text: int(text) > 0,
    "zero": lambda text: int(text) == 0,
    "nozeroprefix": lambda text: text == "0" or text[0] != "0",
    "pieceoftotal": lambda text: _is_place_of(text[: len(text) // 2], text[len(text) // 2 :]),
    "posinseqslash": lambda text: (
        (found := re.fullmatch(r"([1-9][0-9]*)/([1-9][0-9]*)", text)) is not None
        and _is_place_of(*found.groups())
    ),
    "hasnondigit": lambda text: re.search(r"[^0-9]", text) is not None,
    "couponcode": _is_coupon,
    "couponposoffer": lambda text: POSITIVE_OFFER_PATTERN.fullmatch(text) is not None,
    "padding": _is_padded,
}
DATES = frozenset({"yymmd0", "yymmdd", "yyyymmdd"})
CHECKS: dict[str, Callable[[str], str]] = {
    "csum": lambda text: check_digit(text[:-1]),
    "csumalpha": lambda text: check_pair(text[:-2]) if len(text) > 2 else "",
}
"""Rules whose answer names the right check characters."""
