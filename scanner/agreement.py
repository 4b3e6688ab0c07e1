"""From readings of many attempts to codes: what was seen twice, what contradicts itself, what is a ghost."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from scanner.codes import Code, Corners
from scanner.engines import Reading

ITF_DIGITS_MIN = 8
"""Shorter ITF readings are nearly always part of a longer symbol, or no symbol at all."""

COVERED_MIN = 0.3
"""Symbols side by side share nothing; two readings of one symbol most of the smaller."""
SAME_WIDTH = 0.04
"""Of a symbol's length: by how much the ends of two lines of it may differ."""


class Tally:
    """Adds readings attempt by attempt. Later attempts add to what is known, they never replace it."""

    def __init__(self) -> None:
        self._seen: list[_Seen] = []

    def add(self, attempt: str, readings: list[Reading]) -> int:
        """Count one attempt's readings; returns how many codes are new."""
        new = 0
        for reading in readings:
            if is_ghost(reading):
                continue
            known = next((seen for seen in self._seen if seen.is_same(reading)), None)
            if known is None:
                self._seen.append(_Seen(reading, attempt))
                new += 1
            else:
                known.again(reading, attempt)
        return new

    def codes(self) -> list[Code]:
        """What was found so far, in the order of finding."""
        return [seen.code(confirmed=self._confirmed(seen)) for seen in self._seen]

    def _confirmed(self, seen: _Seen) -> bool:
        if seen.sure:
            # One in a hundred wrong Code 128 readings passes its check character.
            outdone = all(
                len(seen.attempts) > len(rival.attempts) for rival in self._others(seen, is_same_symbol)
            )
            return outdone and (len(seen.attempts) > 1 or not self._others(seen, is_same_width))
        rivals = [s for s in self._seen if s is not seen and overlap(s.first.corners, seen.first.corners)]
        if any(rival.sure or len(rival.attempts) >= len(seen.attempts) for rival in rivals):
            return False
        return len(seen.attempts) >= seen.needed

    def _others(self, seen: _Seen, near: Callable[[Corners, Corners], bool]) -> list[_Seen]:
        """Other texts of the same symbology near by, each as sure of itself."""
        return [
            other
            for other in self._seen
            if other.sure
            and other.first.format == seen.first.format
            and identity(other.first) != identity(seen.first)
            and near(other.first.corners, seen.first.corners)
        ]


class _Seen:
    def __init__(self, reading: Reading, attempt: str) -> None:
        self.first = reading
        self.attempts = {attempt: None}
        self.sure = reading.sure
        self.symbology_id = reading.symbology_id
        # GS1's ITF-14 has a check digit. Other lengths have nothing: a part of a symbol reads as a whole one.
        self.needed = 3 if reading.format == "ITF" and len(reading.text) != 14 else 2

    def is_same(self, reading: Reading) -> bool:
        return identity(reading) == identity(self.first) and overlap(reading.corners, self.first.corners)

    def again(self, reading: Reading, attempt: str) -> None:
        self.attempts[attempt] = None
        self.sure = self.sure or reading.sure
        self.symbology_id = self.symbology_id or reading.symbology_id

    def code(self, *, confirmed: bool) -> Code:
        read = self.first
        attempt = next(iter(self.attempts))
        return Code(read.format, read.text, read.raw, self.symbology_id, read.corners, confirmed, attempt)


def identity(reading: Reading) -> tuple[str, str]:
    """Format and text, UPC-A written as the EAN-13 that it also is: engines differ in what they say."""
    if reading.format == "UPCA":
        return "EAN13", reading.text.rjust(13, "0")
    return reading.format, reading.text


def is_ghost(reading: Reading) -> bool:
    """True for readings that no label carries: empty, short ITF, ITF-14 with a wrong check digit, GS1-128 with signs
    that GS1 has not.

    Asking an engine for ITF-14 restricts neither length nor check digit, so it is done here.
    """
    if reading.format == "ITF":
        digits = reading.text
        return len(digits) < ITF_DIGITS_MIN or (len(digits) == 14 and not check_digit_holds(digits))
    if reading.symbology_id == "]C1":  # GS1 writes its character set 82 and the separator, nothing else
        return not all(sign == "\x1d" or " " < sign < "\x7f" for sign in reading.text)
    return not reading.text


def check_digit_holds(digits: str) -> bool:
    """GS1 General Specifications 7.9: from the right, digits times 1, 3, 1 ... sum to a multiple of 10."""
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits))) % 10 == 0


def overlap(a: Corners, b: Corners) -> bool:
    """Whether two positions are one place: their centres lie closer than half the larger's diagonal."""
    (ax, ay), (bx, by) = _centre(a), _centre(b)
    reach = max(_diagonal(a), _diagonal(b), 40.0) / 2
    return abs(complex(ax - bx, ay - by)) <= reach


def is_same_symbol(a: Corners, b: Corners) -> bool:
    """Whether one lies within the other."""
    one, other = (np.asarray(cv2.convexHull(np.array(corners, np.float32)), np.float32) for corners in (a, b))
    shared, _ = cv2.intersectConvexConvex(one, other)
    return float(shared) > COVERED_MIN * max(1.0, min(cv2.contourArea(one), cv2.contourArea(other)))


def is_same_width(a: Corners, b: Corners) -> bool:
    """Whether both begin and end above each other: lines of one worn symbol, or symbols of a list."""
    left, right = complex(*b[0]), complex(*b[1])
    length = abs(right - left)
    if length == 0:
        return False
    along = (right - left) / length
    ends = [(complex(*corner) - left) * along.conjugate() for corner in a[:2]]
    near = max(abs(ends[0].real), abs(ends[1].real - length)) < SAME_WIDTH * length
    return near and all(abs(end.imag) < length / 2 for end in ends)


def _centre(corners: Corners) -> tuple[float, float]:
    return sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4


def _diagonal(corners: Corners) -> float:
    return max(abs(complex(*p) - complex(*q)) for p in corners for q in corners)
