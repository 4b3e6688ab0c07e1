"""What bar codes are made of, as modules: 1 dark, 0 light. A symbol is a row of slots, each with its possible patterns.

| symbology | standard | here |
|---|---|---|
| Code 128 | ISO/IEC 15417, 4.2 and table 1 | start, characters, stop |
| EAN-13, UPC-A | ISO/IEC 15420, 4.2 | number sets A, B, C; guards belong to the slot of a digit beside them |
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Patterns = npt.NDArray[np.float32]
"""Patterns of one slot x modules."""

QUIET = 6
"""Modules beside a symbol that are looked at."""

_CODE_128 = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231
113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211
212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131
113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211
241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141
214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214
211232
"""
"""Widths of bars and spaces in turn; the last three begin a symbol."""
_STOP = "2331112"
_SET_A = "3211 2221 2122 1411 1132 1231 1114 1312 1213 3112"
"""Widths of spaces and bars in turn. Set C has them as bars and spaces, set B is set C from right to left."""


def _drawn(patterns: str, first: int) -> Patterns:
    """`first`: of widths in turn dark and light, or light and dark."""
    rows = [np.repeat((np.arange(len(each)) + first) % 2, list(map(int, each))) for each in patterns.split()]
    return np.array(rows, np.float32)


_A, _C = _drawn(_SET_A, 0), _drawn(_SET_A, 1)
_GUARD, _CENTRE = (np.tile(np.array(part, np.float32), (10, 1)) for part in ([1, 0, 1], [0, 1, 0, 1, 0]))

SLOTS: dict[str, Patterns] = {
    "quiet": np.zeros((1, QUIET), np.float32),
    "start": _drawn(_CODE_128, 1)[103:],
    "character": _drawn(_CODE_128, 1)[:103],
    "stop": _drawn(_STOP, 1),
    "first": np.hstack([_GUARD, _A]),
    "left": np.vstack([_A, _C[:, ::-1]]),
    "middle": np.hstack([_CENTRE, _C]),
    "right": _C,
    "last": np.hstack([_C, _GUARD]),
}


class Symbol(NamedTuple):
    """Names of its slots in order, the quiet zones left out."""

    format: str
    slots: tuple[str, ...]

    @property
    def modules(self) -> int:
        """From its first bar to its last."""
        return sum(SLOTS[slot].shape[1] for slot in self.slots)

    def drawn(self, chosen: list[int]) -> Patterns:
        """Its modules, one pattern chosen for each slot."""
        return np.concatenate([SLOTS[slot][one] for slot, one in zip(self.slots, chosen, strict=True)])


def code_128(characters: int) -> Symbol:
    """With so many between start and stop, the check character included."""
    return Symbol("Code128", ("start", *["character"] * characters, "stop"))


EAN_13 = Symbol("EAN13", ("first", *["left"] * 5, "middle", *["right"] * 4, "last"))
