"""Labels with a code and print beside it, drawn and photographed: the print of one field may differ from the code."""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from backend.domain.gs1_identifiers import check_digit
from scanner.draw import draw_code
from scanner.picture import Grey

NOTO = Path(__file__).parents[2] / "backend" / "outside" / "fonts" / "NotoSansSC-Lotgate.ttf"
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
FIELDS = ("lot", "serial", "production_date", "expiry")
NAMES = (
    "一次性使用输液器 Infusion set",
    "Hypodermic needle 0.7 x 30 mm",
    "医用口罩",
    "Catheter 导管 8 Fr",
    "Membrane filter",
)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh": {
        "lot": ("批号：", "生产批号：", "批次号：", "产品批号："),
        "serial": ("序列号：", "产品编号：", "出厂编号："),
        "production_date": ("生产日期：", "制造日期："),
        "expiry": ("有效期至：", "失效日期：", "使用期限至："),
    },
    "en": {
        "lot": ("LOT ", "Lot: ", "BATCH NO. ", "LOT NO: "),
        "serial": ("SN ", "S/N: ", "Serial No. "),
        "production_date": ("MFG ", "MFG DATE: ", "Date of manufacture: "),
        "expiry": ("EXP ", "EXP DATE: ", "USE BY "),
    },
    "both": {
        "lot": ("批号 LOT: ",),
        "serial": ("序列号 SN: ",),
        "production_date": ("生产日期 MFG: ",),
        "expiry": ("有效期至 EXP: ",),
    },
}
SYMBOLS = {"lot": "LOT", "serial": "SN", "production_date": "MFG", "expiry": "EXP"}
DATE_FORMS: tuple[Callable[[date], str], ...] = (
    lambda d: d.isoformat(),
    lambda d: d.strftime("%Y/%m/%d"),
    lambda d: d.strftime("%Y.%m.%d"),
    lambda d: d.strftime("%Y%m%d"),
    lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    lambda d: f"{d.day:02} {MONTHS[d.month - 1]} {d.year}",
)


class Label(NamedTuple):
    """A photographed label. `said`: what its code says; `printed`: the words and values beside it; `field`: the one
    that differs, if any."""

    picture: Grey
    said: dict[str, str]
    printed: dict[str, str]
    field: str | None


def make(rng: random.Random, *, differing: bool) -> Label:
    """One label; the field that differs is one that is printed."""
    said = {"lot": _name(rng), "expiry": _day(rng, 2027, 2031)}
    if rng.random() < 0.5:
        said["serial"] = _name(rng)
    if rng.random() < 0.5:
        said["production_date"] = _day(rng, 2022, 2026)
    printed = dict(said)
    field = rng.choice(sorted(said)) if differing else None
    if field is not None:
        printed[field] = _other(rng, field, said[field])
    shown = _printed(rng, printed)
    sheet = _sheet(rng, _code(rng, said), shown)
    return Label(_photographed(rng, sheet), said, shown, field)


def _name(rng: random.Random) -> str:
    name = "".join(rng.choice(SIGNS) for _ in range(rng.randint(5, 10)))
    return f"{name[:3]}-{name[3:]}" if rng.random() < 0.2 else name[:-2] + f"{rng.randint(0, 99):02}"


def _day(rng: random.Random, first: int, last: int) -> str:
    year, month = rng.randint(first, last), rng.randint(1, 12)
    end = monthrange(year, month)[1]
    return date(year, month, end if rng.random() < 0.2 else rng.randint(1, end)).isoformat()


def _other(rng: random.Random, field: str, value: str) -> str:
    """Another day, or one sign exchanged for any other."""
    if field in ("lot", "serial"):
        at = rng.choice([place for place, sign in enumerate(value) if sign != "-"])
        return value[:at] + rng.choice(SIGNS.replace(value[at], "")) + value[at + 1 :]
    first, last = (2027, 2031) if field == "expiry" else (2022, 2026)
    while (day := _day(rng, first, last)) == value:
        pass
    return day


def _printed(rng: random.Random, values: dict[str, str]) -> dict[str, str]:
    form = rng.choice(DATE_FORMS)
    return {
        name: value if name in ("lot", "serial") else form(date.fromisoformat(value))
        for name, value in values.items()
    }


def _code(rng: random.Random, said: dict[str, str]) -> str:
    body = "0" + "".join(rng.choice("0123456789") for _ in range(12))
    text = f"(01){body}{check_digit(body)}"
    for ai, name in (("11", "production_date"), ("17", "expiry"), ("10", "lot"), ("21", "serial")):
        value = said.get(name)
        if value is not None:
            text += f"({ai}){value if name in ('lot', 'serial') else value[2:].replace('-', '')}"
    return text


def _sheet(rng: random.Random, code_text: str, shown: dict[str, str]) -> Grey:
    font = cv2.FontFace(rng.choice(("uni", str(NOTO))))
    em = rng.randint(24, 36)
    layout = rng.choice(("zh", "en", "both", "symbols", "table"))
    code = draw_code(code_text, "DataMatrix", dpi=300)
    wide = 1500
    sheet = np.full((max(code.shape[0] + 120, em * 16), wide), 255, np.uint8)
    sheet[40 : 40 + code.shape[0], 30 : 30 + code.shape[1]] = code
    left, top = code.shape[1] + 70, 40 + em
    _write(sheet, rng.choice(NAMES), (left, top), font, em)
    top += em * 2
    names = [name for name in FIELDS if name in shown]
    if layout == "table":
        step = em * 9
        for place, name in enumerate(names):
            at = (left + place % 2 * step, top + place // 2 * em * 4)
            _write(sheet, SYMBOLS[name], at, font, em)
            _write(sheet, shown[name], (at[0], at[1] + round(em * 1.5)), font, em)
        return sheet
    for name in names:
        if layout == "symbols":
            _write(sheet, SYMBOLS[name], (left, top), font, em)
            cv2.rectangle(sheet, (left - 6, top - em), (left + em * 3, top + em // 3), (0,), 2)
            _write(sheet, shown[name], (left + em * 3 + em, top), font, em)
        else:
            _write(sheet, rng.choice(WORDS[layout][name]) + shown[name], (left, top), font, em)
        top += em * 2
    _write(sheet, f"REF {rng.randint(1000, 99999)}", (left, top), font, em)
    return sheet


def _write(sheet: Grey, text: str, at: tuple[int, int], font: cv2.FontFace, em: int) -> None:
    cv2.putText(sheet, text, at, (0,), font, em)


def _photographed(rng: random.Random, sheet: Grey) -> Grey:
    """A little askew, blurred, noisy and compressed, as a phone held in the hand makes it."""
    height, width = sheet.shape
    scale = rng.uniform(0.6, 1.1)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-6, 6), scale)
    size = (round(width * scale) + 80, round(height * scale) + 200)
    turn[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    seen = cv2.warpAffine(sheet, turn, size, flags=cv2.INTER_AREA, borderValue=(255,))
    seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.3, 1.0))
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(0, 8), seen.shape)
    darker = np.clip(seen * rng.uniform(0.6, 0.95) + rng.uniform(0, 12) + noise, 0, 255).astype(np.uint8)
    packed = cv2.imencode(".jpg", darker, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(60, 95)])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
