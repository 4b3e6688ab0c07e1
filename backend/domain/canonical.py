"""The one byte form of a JSON value: RFC 8785 for values without floats.

What is signed, hashed into the log or compared byte by byte goes through here. Allowed are text, whole
numbers with a magnitude below 2**53 (RFC 8785 3.2.2.3, I-JSON), true, false, null, lists and objects. A
measured value is a decimal and travels as text, so a float is a mistake and is refused.

| RFC 8785 | here |
|---|---|
| 3.2.1 no whitespace | msgspec's encoder writes none |
| 3.2.2.2 strings: short escapes, other controls \\u00xx, all else as it is | the same (property test) |
| 3.2.2.3 numbers as ECMAScript | whole numbers only |
| 3.2.3 keys in UTF-16 order | code point order; names beyond U+FFFF, where the two differ, are refused |
| 3.2.4 UTF-8 | lone surrogates are refused |
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

EXACT = 2**53
_encode = msgspec.json.Encoder(order="sorted").encode
_KEPT = (bytes, bytearray, memoryview)
_CONTAINERS = {dict, list, tuple}


class NotCanonical(ValueError):
    """The value has no canonical form here: a float, bytes, a huge number, a lone surrogate, an odd key."""


def canonical(value: object) -> bytes:
    """Return the canonical UTF-8 bytes of `value` (JSON values, msgspec Structs, decimals, dates).

    Structs, decimals, dates and ids become what msgspec writes for them; a decimal keeps its digits
    ("12.340"). Raises NotCanonical.
    """
    plain: object = msgspec.to_builtins(value, builtin_types=_KEPT, order="deterministic")
    _check(plain)
    try:
        return _encode(plain)
    except UnicodeEncodeError as error:
        raise NotCanonical("lone surrogate") from error


def _check(value: object) -> None:
    kind = type(value)
    if kind is dict:
        for key in value:  # type: ignore[attr-defined]
            if type(key) is not str or (not key.isascii() and max(key) > "\uffff"):
                raise NotCanonical(f"object key {key!r}")
        _check_all(value.values())  # type: ignore[attr-defined]
    elif kind is list or kind is tuple:
        _check_all(value)  # type: ignore[arg-type]
    else:
        _check_all((value,))


def _check_all(values: Iterable[object]) -> None:
    """Scalars right here: an event has hundreds, and a call each is what its canonical form would cost."""
    for value in values:
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is int:
            if not -EXACT < value < EXACT:  # type: ignore[operator]
                raise NotCanonical("whole number beyond 2**53")
        elif kind in _CONTAINERS:
            _check(value)
        else:
            raise NotCanonical(f"{kind.__name__} has no canonical form")
