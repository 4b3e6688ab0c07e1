"""The GS1 application identifiers and what their values look like (GS1 General Specifications, section 3).

GS1 engine's rule            here
length and character set     FORMATS: N digits, X character set 82, Y set 39, Z base64url; [..] optional
check digit (csum)           c
YYMMDD, day 00 allowed       D   (day 00: the last day of the month)
YYMMDD                       d
YYYYMMDD                     y
pairs that exclude each other EXCLUDED: those that a device label can carry
required companions          no: a label's second code may stand alone (LBL-4)
country, currency, coupon and other code lists: no
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import cache

import msgspec

from backend.domain.errors import Reason

# Format, then its identifiers. The first block has a predefined length and needs no separator behind it.
FIXED = """
N18c      00
N14c      01 02 03
N6D       11 12 13 15 16 17
N2        20
N6        3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225
N6        3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325
N6        3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445
N6        3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545
N6        3550-3555 3560-3565 3570-3575 3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665
N6        3670-3675 3680-3685 3690-3695
N13c      410-417
"""
SEPARATED = """
X..20     10 21 22 243 254 420 4318 7020-7022 710-717 7240 8002 8012
X..28     235
X..30     240 241 250 251 400 401 403 4308 4319 7002 7023 8004 90
X..90     91-99 7256
N..8      30 37
N..6      242
N13c,[X..17]            253
N13c,[N..12]            255
N..15                   3900-3909 3920-3929
N3,N..15                3910-3919 3930-3939
N4                      3940-3943 8111
N6                      3950-3955 8005
N17c                    402
N3,X..9                 421
N3                      422 424 426
N3,[N3],[N3],[N3],[N3]  423 425
X..3                    427 7008
X..35                   4300 4301 4310 4311 4320
X..70                   4302-4306 4312-4316 7257 8110 8112 8200
X2                      4307 4317
N10,N10                 4309
N1                      4321-4323 7252
N6D,N4                  4324 4325
N6d                     4326 7006
N6,[X1]                 4330-4333
N13                     7001
N6d,N4                  7003
N..4                    7004
X..12                   7005
N6d,[N6d]               7007
X..10                   7009 7255
X..2                    7010
N6d,[N4]                7011
N3,X..27                7030-7039
N1,X1,X1,X1             7040
X..4                    7041
X2,X..28                7230-7239
N2                      7241
X..25                   7242 8013 8014 8020
N8y                     7250
N8y,N4                  7251
X..40                   7253 7254 7259
X3                      7258
N4,N5,N3,N1,N1          8001
N1,N13c,[X..16]         8003
N14c,N4                 8006 8026
X..34                   8007
N6d,N2,[N2],[N2]        8008
X..50                   8009
Y..30                   8010
N..12                   8011
N18c                    8017 8018
N..10                   8019
Z..90                   8030
N15                     8040 8041
N32                     8042
N18,[N..2]              8043
"""
EXCLUDED = (("01", "02"), ("01", "37"), ("01", "03"), ("01", "255"), ("21", "235"), ("02", "03"))

_CHARACTERS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
    "Z": re.compile(r"[0-9A-Za-z_\-]*=*"),
}


class Part(msgspec.Struct, frozen=True):
    """One component of a value: `least` to `most` characters of a set, perhaps absent, perhaps checked."""

    characters: str
    least: int
    most: int
    optional: bool
    check: str


class Identifier(msgspec.Struct, frozen=True):
    """One application identifier; `separated`: FNC1 must stand behind it unless it is the last."""

    ai: str
    separated: bool
    parts: tuple[Part, ...]

    @property
    def least(self) -> int:
        """Fewest characters of a value."""
        return sum(part.least for part in self.parts if not part.optional)

    @property
    def most(self) -> int:
        """Most characters of a value."""
        return sum(part.most for part in self.parts)


@cache
def identifiers() -> dict[str, Identifier]:
    """All application identifiers by their digits."""
    found = {}
    for block, separated in ((FIXED, False), (SEPARATED, True)):
        for line in block.strip().splitlines():
            spec, *ranges = line.split()
            parts = tuple(_part(text) for text in spec.split(","))
            for text in ranges:
                first, _, last = text.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    ai = str(number).zfill(len(first))
                    found[ai] = Identifier(ai, separated, parts)
    return found


def identifier_at(text: str, at: int = 0) -> Identifier | None:
    """The application identifier that begins at this place; none is the beginning of another."""
    known = identifiers()
    return next((known[ai] for size in (2, 3, 4) if (ai := text[at : at + size]) in known), None)


def check_value(ai: str, value: str) -> Reason | None:
    """What is wrong with a value: `ai_unknown`, `ai_value_invalid`, `check_digit_wrong`, `date_impossible`."""
    identifier = identifiers().get(ai)
    if identifier is None:
        return Reason("ai_unknown", {"ai": ai})
    rest = value
    for part in identifier.parts:
        piece, rest = rest[: part.most], rest[part.most :]
        if not piece and part.optional:
            continue
        if len(piece) < part.least or not _CHARACTERS[part.characters].fullmatch(piece):
            return Reason("ai_value_invalid", {"ai": ai, "value": value[:90]})
        if reason := _check_piece(part.check, ai, piece):
            return reason
    return Reason("ai_value_invalid", {"ai": ai, "value": value[:90]}) if rest else None


def check_digit(payload: str) -> str:
    """The GS1 check digit of the digits before it: weights 3, 1, 3, ... from the right (section 7.9)."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def _check_piece(check: str, ai: str, piece: str) -> Reason | None:
    if check == "c" and (expected := check_digit(piece[:-1])) != piece[-1]:
        return Reason("check_digit_wrong", {"ai": ai, "value": piece, "expected": expected})
    if check in ("d", "D", "y") and not _is_date(check, piece):
        return Reason("date_impossible", {"ai": ai, "value": piece})
    return None


def _is_date(check: str, digits: str) -> bool:
    year = int(digits[:4]) if check == "y" else 2000 + int(digits[:2])
    month, day = int(digits[-4:-2]), int(digits[-2:])
    if year < 1 or not 1 <= month <= 12:
        return False
    return (day > 0 or check == "D") and day <= monthrange(year, month)[1]


def _part(text: str) -> Part:
    inner = text.strip("[]")
    shape = re.fullmatch(r"([NXYZ])(\.\.)?([0-9]+)([cdDy]?)", inner)
    if shape is None:
        raise ValueError(f"the table of application identifiers has an unreadable format: {text}")
    most = int(shape[3])
    return Part(shape[1], 1 if shape[2] else most, most, text != inner, shape[4])
