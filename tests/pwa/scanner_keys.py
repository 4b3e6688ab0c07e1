"""The keys that a hand scanner presses, and what a computer with another keyboard layout makes of them."""

from __future__ import annotations

from typing import Literal

Key = dict[str, str | bool]
System = Literal["us", "de", "fr", "chinese_input", "caps_lock"]
Fnc1 = Literal["ctrl", "character", "alt", "f8", "{GS}", "\u241d", ""]

_PLAIN = "`1234567890-=[]\\;',./ "
_SHIFTED = '~!@#$%^&*()_+{}|:"<>? '
_NAMES = (
    "Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal "
    "BracketLeft BracketRight Backslash Semicolon Quote Comma Period Slash Space"
)
_CODES = _NAMES.split()
US = {
    **{letter: (f"Key{letter.upper()}", False) for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{letter: (f"Key{letter}", True) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{letter: (code, False) for letter, code in zip(_PLAIN, _CODES, strict=True)},
    **{letter: (code, True) for letter, code in zip(_SHIFTED, _CODES, strict=True)},
}
"""Letter: its key, and whether shift is held."""
MADE: dict[str, tuple[str, str]] = {
    "de": (
        "yzYZ-_=+[{]}\\|;:'\"/?@#^&*()",
        "zyZYß?´`üÜ+*#'öÖäÄ-_\"§&/(=)",
    ),
    "fr": (
        "aqzwmAQZWM1234567890!@#$%^&*()-_=+[]/?;:,.<>'\"",
        "qawz,QAWZ?&é\"'(-è_çà1234567890)°=+^$!§mM;:.%ù%",
    ),
}
"""Of a US keyboard's letters, what a German or French system makes (signs that matter for labels)."""


def pressed(text: str, system: System = "us", fnc1: Fnc1 = "ctrl") -> list[Key]:
    """The key events of a scanner that is set to a US keyboard."""
    keys: list[Key] = []
    for letter in text:
        if letter == "\x1d":
            keys += _separator(fnc1, system)
        else:
            keys.append(_key(letter, system))
    return keys


def _key(letter: str, system: System) -> Key:
    code, shift = US[letter]
    made = letter
    if system in MADE:
        made = dict(zip(*MADE[system], strict=True)).get(letter, letter)
    elif system == "chinese_input":
        made = "Process"
    elif system == "caps_lock":
        made = letter.swapcase()
    return event(made, code, shift=shift, caps=system == "caps_lock")


def _separator(fnc1: Fnc1, system: System) -> list[Key]:
    if fnc1 == "ctrl":
        return [event("]", "BracketRight", ctrl=True)]
    if fnc1 == "character":
        return [event("\x1d", "")]
    if fnc1 == "f8":
        return [event("F8", "F8")]
    if fnc1 == "alt":
        return [event(digit, f"Numpad{digit}", alt=True) for digit in "029"]
    if fnc1 == "\u241d":
        return [event("\u241d", "")]
    return [_key(letter, system) for letter in fnc1]


def event(
    key: str, code: str, *, shift: bool = False, ctrl: bool = False, alt: bool = False, caps: bool = False
) -> Key:
    """One key as the page sees it."""
    return {"key": key, "code": code, "shift": shift, "ctrl": ctrl, "alt": alt, "caps": caps}
