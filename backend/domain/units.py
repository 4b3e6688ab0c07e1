"""Units of measure: dimension and exact rational factor, so that values convert without a rounding (RES-4, LOT-8).

written                                        understood
mm  毫米  ｍｍ   µL  uL  微升   ℃  摄氏度         one unit, several spellings; case counts: mPa is not MPa
N/15mm  mg/mL  N·m  m²  m^2  kg·m/s2  1/min     products, quotients, powers, numbers between
25 °C -> °F                                    by factor and offset; within a product °C is a difference
Fr                                             French gauge, a diameter of 1/3 mm
盒 box, 箱 carton, 包 pack ...                   packages: how much is in one, only the material says

What has no rational factor is no unit here: the radian, and the needle gauge G of ISO 9626, which is a table
of designations. Sources: SI Brochure, 9th edition (BIPM 2019); NIST SP 811 (2008), appendix B.8 and B.9 for
the units that are exact there; GB 3100 and GB 3102 for the Chinese names.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache

import msgspec

from backend.domain.errors import refuse

Dimension = tuple[tuple[str, int], ...]
"""Powers of base quantities, sorted, none of them zero: a pressure is (("length", -1), ("mass", 1), ("time", -2))."""

DIGITS = 34
"""Significant digits of a converted value that no decimal fraction hits; more than anybody measures or writes."""
_LONGEST = 40
_MOST_POWER = 9


class Unit(msgspec.Struct, frozen=True):
    """`value * factor + offset` is the same quantity in coherent base units (kg, m, s, K, A, mol, °)."""

    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)


_PREFIXES: dict[str, Fraction | int] = {
    "T": 10**12, "G": 10**9, "M": 10**6, "k": 10**3, "h": 10**2, "d": Fraction(1, 10),
    "c": Fraction(1, 100), "m": Fraction(1, 10**3), "µ": Fraction(1, 10**6), "u": Fraction(1, 10**6),
    "n": Fraction(1, 10**9), "p": Fraction(1, 10**12),
}  # fmt: skip
_WITH_PREFIX = {
    "m": "m", "g": "kg/1000", "s": "s", "A": "A", "K": "K", "mol": "mol", "L": "m3/1000", "l": "m3/1000",
    "N": "kg*m/s2", "Pa": "kg/m/s2", "J": "kg*m2/s2", "W": "kg*m2/s3", "Hz": "1/s", "V": "kg*m2/s3/A",
    "Ω": "kg*m2/s3/A2", "S": "s3*A2/kg/m2", "T": "kg/s2/A",
    "bar": "100000 kg/m/s2", "Gy": "m2/s2", "eq": "eq", "U": "mol/60000000 s", "IU": "IU", "EU": "EU",
}  # fmt: skip
_ALONE = {
    "%": "1/100", "‰": "1/1000", "ppm": "1/1000000", "ppb": "1/1000000000",
    "min": "60 s", "h": "3600 s", "d": "86400 s", "wk": "604800 s",
    "t": "1000 kg", "lb": "0.45359237 kg", "oz": "0.028349523125 kg", "gr": "0.00006479891 kg",
    "in": "0.0254 m", "ft": "0.3048 m", "yd": "0.9144 m", "mil": "0.0000254 m", "Fr": "m/3000",
    "Å": "m/10000000000",
    "cc": "m3/1000000", "gal": "0.003785411784 m3", "floz": "0.0000295735295625 m3",
    "kgf": "9.80665 kg*m/s2", "gf": "0.00980665 kg*m/s2", "lbf": "4.4482216152605 kg*m/s2",
    "ozf": "0.27801385095378125 kg*m/s2", "dyn": "kg*m/100000 s2",
    "mmHg": "133.322387415 kg/m/s2", "cmH2O": "98.0665 kg/m/s2", "mmH2O": "9.80665 kg/m/s2",
    "psi": "lbf/in2", "atm": "101325 kg/m/s2", "Torr": "101325*kg/760/m/s2",
    "inHg": "3386.38864034100 kg/m/s2",
    "P": "0.1 kg/m/s", "cP": "0.001 kg/m/s", "St": "0.0001 m2/s", "cSt": "0.000001 m2/s",
    "M": "1000 mol/m3", "mM": "mol/m3", "cal": "4.184 kg*m2/s2",
    "′": "°/60", "″": "°/3600", "r": "360°", "rpm": "360°/60 s",
    "pc": "pc", "pair": "2 pc", "dozen": "12 pc", "丝": "10 µm",
    "立方米": "m3", "立方厘米": "cm3", "立方毫米": "mm3", "平方米": "m2", "平方厘米": "cm2",
    "平方毫米": "mm2",
    "CFU": "CFU", "dB": "dB", "pH": "pH", "HA": "HA", "HD": "HD",
    "HRC": "HRC", "HV": "HV", "NTU": "NTU", "°Bx": "°Bx",
}  # fmt: skip
PACKAGES = {
    "box": "盒", "carton": "箱", "pack": "包", "bag": "袋", "bottle": "瓶", "roll": "卷", "reel": "盘",
    "sheet": "张",
    "pallet": "托", "barrel": "桶", "tube": "管", "kit": "套",
}  # fmt: skip
_OFFSETS = {
    "°C": Unit((("temperature", 1),), Fraction(1), Fraction(27315, 100)),
    "°F": Unit((("temperature", 1),), Fraction(5, 9), Fraction(45967, 100) * Fraction(5, 9)),
}
_BASE = {
    "m": "length", "kg": "mass", "s": "time", "A": "current", "K": "temperature", "mol": "amount",
    "°": "angle", "pc": "count", "eq": "equivalent", "IU": "IU", "EU": "EU", "CFU": "CFU", "dB": "level",
    "pH": "acidity", "HA": "HA", "HD": "HD", "HRC": "HRC", "HV": "HV", "NTU": "turbidity", "°Bx": "°Bx",
}  # fmt: skip
"""Base units. Arbitrary scales (hardness, pH, international units) convert into nothing but themselves."""

_ZH_PREFIXES = {
    "": "",
    "兆": "M",
    "千": "k",
    "百": "h",
    "分": "d",
    "厘": "c",
    "毫": "m",
    "微": "µ",
    "纳": "n",
    "皮": "p",
}
_ZH_WITH_PREFIX = {
    "米": "m", "克": "g", "升": "L", "秒": "s", "牛顿": "N", "牛": "N", "帕斯卡": "Pa", "帕": "Pa",
    "安培": "A", "安": "A",
    "伏特": "V", "伏": "V", "欧姆": "Ω", "欧": "Ω", "瓦特": "W", "瓦": "W", "焦耳": "J", "焦": "J",
    "赫兹": "Hz", "赫": "Hz",
    "摩尔": "mol", "巴": "bar",
}  # fmt: skip
_SPELLINGS = {
    "公斤": "kg", "公里": "km", "吨": "t", "磅": "lb", "盎司": "oz", "英寸": "in", "英尺": "ft",
    "密耳": "mil",
    "分钟": "min", "分": "min", "小时": "h", "时": "h", "天": "d", "日": "d", "周": "wk", "摄氏度": "°C",
    "华氏度": "°F",
    "开尔文": "K", "开": "K", "度": "°", "角分": "′", "角秒": "″", "转": "r", "毫米汞柱": "mmHg",
    "厘米水柱": "cmH2O",
    "毫米水柱": "mmH2O", "大气压": "atm", "公斤力": "kgf", "千克力": "kgf", "磅力": "lbf", "件": "pc",
    "个": "pc", "支": "pc",
    "只": "pc", "根": "pc", "片": "pc", "条": "pc", "枚": "pc", "粒": "pc", "块": "pc", "台": "pc",
    "副": "pair", "对": "pair",
    "双": "pair", "打": "dozen", "国际单位": "IU",
    "pcs": "pc", "pcs.": "pc", "piece": "pc", "pieces": "pc", "ea": "pc", "each": "pc", "unit": "pc",
    "units": "pc",
    "EA": "pc", "PCS": "pc", "PC": "pc", "pairs": "pair", "dozens": "dozen", "boxes": "box",
    "cartons": "carton",
    "packs": "pack", "bags": "bag", "bottles": "bottle", "rolls": "roll", "reels": "reel", "sheets": "sheet",
    "pallets": "pallet", "tubes": "tube", "kits": "kit", "barrels": "barrel",
    "℃": "°C", "degC": "°C", "℉": "°F", "degF": "°F", "ohm": "Ω", "Ohm": "Ω", "deg": "°", "sec": "s",
    "hr": "h", "hrs": "h", "mins": "min", "day": "d", "days": "d", "inch": "in", "inches": "in", '"': "in",
    "fr": "Fr",
    "FR": "Fr", "Ch": "Fr", "CH": "Fr", "lbs": "lb", "fl.oz": "floz", "Kg": "kg", "KG": "kg", "MM": "mm",
    "ML": "mL",
    "rev": "r", "r.p.m.": "rpm", "iu": "IU", "cfu": "CFU", "micron": "µm", "PSI": "psi", "mmhg": "mmHg",
    "PH": "pH", "ShoreA": "HA", "ShoreD": "HD",
}  # fmt: skip
_CHARACTERS = {
    **{ord(one): "*" for one in "·⋅×∙•"}, **{ord(one): "/" for one in "⁄∕÷"}, ord("μ"): "µ", ord("每"): "/",
    0x2126: "Ω", 0x212B: "Å",
    ord("²"): "2", ord("³"): "3", ord("⁴"): "4", ord("⁻"): "-", ord("¹"): "1", ord("−"): "-",
}  # fmt: skip
_PART = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)?(?P<name>[^0-9*/^.\-]+(?:2O)?)?(?:\^?(?P<power>-?[0-9]))?"
)


def unit(text: str, *, field: str | None = None) -> Unit:
    """The unit that a text names; "" is a bare number. Refuses `unit_unknown`."""
    found = _read(text) if len(text) <= _LONGEST else None
    if found is None:
        raise refuse("unit_unknown", field=field, unit=text[:_LONGEST])
    return found


def is_unit(text: str) -> bool:
    """Whether the text names one."""
    return len(text) <= _LONGEST and _read(text) is not None


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings mean the same unit; what nobody knows is the same as itself."""
    if one == other or _spelling(one) == _spelling(other):
        return True
    return is_unit(one) and is_unit(other) and unit(one) == unit(other)


def convertible(one: str, other: str) -> bool:
    """Whether both are units of one dimension."""
    return is_unit(one) and is_unit(other) and unit(one).dimension == unit(other).dimension


def convert(value: Decimal | Fraction, of: str, to: str, *, field: str | None = None) -> Fraction:
    """`value` of one unit in another, exactly. Refuses `unit_unknown` and `unit_other_dimension`."""
    source, target = unit(of, field=field), unit(to, field=field)
    if source.dimension != target.dimension:
        raise refuse("unit_other_dimension", field=field, typed=of, expected=to)
    return (Fraction(value) * source.factor + source.offset - target.offset) / target.factor


def decimal_of(value: Fraction) -> Decimal:
    """As a decimal: exactly where there is one of `DIGITS` digits, otherwise its nearest."""
    context = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999)
    quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(format(quotient, "f"))


def is_exact(value: Fraction) -> bool:
    """Whether a decimal of `DIGITS` digits is this very number."""
    return Fraction(decimal_of(value)) == value


@cache
def _read(text: str) -> Unit | None:
    spelt = _spelling(text)
    if re.fullmatch(r"[0-9.*/^-]+", spelt):
        return None  # a number is no unit
    named = _named(spelt)
    return named if named is not None else _compound(spelt)


def _spelling(text: str) -> str:
    """Full-width forms, the several dots and slashes and powers in one form; blanks go."""
    narrow = "".join(
        unicodedata.normalize("NFKC", letter) if "\uff01" <= letter <= "\uff5e" else letter for letter in text
    )
    return re.sub(r"\s", "", narrow.translate(_CHARACTERS))


@cache
def _named(name: str) -> Unit | None:
    """A unit with a name of its own, with or without a prefix."""
    name = _word(name)
    if name in _OFFSETS:
        return _OFFSETS[name]
    if name in PACKAGES:
        return Unit(((name, 1),), Fraction(1))
    if name in _BASE:
        return Unit(((_BASE[name], 1),), Fraction(1))
    if name in _ALONE:
        return _compound(_spelling(_ALONE[name]))
    if name in _WITH_PREFIX:
        return _compound(_spelling(_WITH_PREFIX[name]))
    prefix, rest = _PREFIXES.get(name[:1]), name[1:]
    if prefix is None or rest not in _WITH_PREFIX:
        return None
    whole = _compound(_spelling(_WITH_PREFIX[rest])) if rest not in _BASE else _named(rest)
    return None if whole is None else Unit(whole.dimension, whole.factor * prefix)


def _word(name: str) -> str:
    """The symbol that a word stands for; what is no word stands for itself."""
    if name in _SPELLINGS:
        return _SPELLINGS[name]
    packages = {word: symbol for symbol, word in PACKAGES.items()}
    if name in packages:
        return packages[name]
    prefix, rest = (name[:1], name[1:]) if name[:1] in _ZH_PREFIXES and name[1:] else ("", name)
    for before, after in ((prefix, rest), ("", name)):
        if after in _ZH_WITH_PREFIX:
            return _ZH_PREFIXES[before] + _ZH_WITH_PREFIX[after]
    return name


@cache
def _compound(spelt: str) -> Unit | None:
    """Products and quotients, from the left: `kg/m/s2`; a slash divides by what follows up to the next mark."""
    dimension: dict[str, int] = {}
    factor = Fraction(1)
    divided = False
    for mark in re.split(r"([*/])", spelt) if spelt else []:
        if mark in ("*", "/"):
            divided = mark == "/"
            continue
        part = _part(mark)
        if part is None:
            return None
        sign = -1 if divided else 1
        factor *= part.factor**sign
        for base, power in part.dimension:
            dimension[base] = dimension.get(base, 0) + sign * power
    return Unit(tuple(sorted((base, power) for base, power in dimension.items() if power)), factor)


def _part(text: str) -> Unit | None:
    """`15mm`, `m2`, `s-1`, `1`."""
    found = _PART.fullmatch(text)
    if found is None or not text:
        return None
    number = Fraction(found["number"] or 1)
    if number == 0:
        return None
    if found["name"] is None:
        return None if found["power"] else Unit((), number)
    whole, power = _named(found["name"] + (found["power"] or "")), 1
    if whole is None:
        whole, power = _named(found["name"]), int(found["power"] or 1)
    if whole is None or abs(power) > _MOST_POWER or power == 0:
        return None
    return Unit(tuple((base, each * power) for base, each in whole.dimension), number * whole.factor**power)
