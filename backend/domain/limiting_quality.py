"""c = 0 plans from a limiting quality, for lots that come alone (the purpose of ISO 2859-2).

The smallest sample that accepts a lot of the limiting quality, or a worse one, no more often than the stated
risk; exact for the lot's own size (hypergeometric). ISO 2859-2's own tables, which also hold plans with Ac > 0,
and the published c = 0 tables are not held.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from backend.domain.errors import refuse

CONSUMERS_RISK = "0.10"
_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def zero_acceptance_size(lot_size: int, limiting_quality: str, risk: str = CONSUMERS_RISK) -> int:
    """Units to inspect, none of which may be nonconforming.

    `limiting_quality` in percent nonconforming ("5.0"), `risk` as a share of lots. Refuses `lot_size_invalid`,
    `limiting_quality_invalid` (0 < LQ <= 100) and `risk_invalid` (0 < risk < 1).
    """
    if lot_size < 1:
        raise refuse("lot_size_invalid", field="lot_size", lot_size=lot_size)
    quality = _number(limiting_quality)
    if not 0 < quality <= 100:
        raise refuse("limiting_quality_invalid", field="limiting_quality", limiting_quality=limiting_quality)
    borne = _number(risk)
    if not 0 < borne < 1:
        raise refuse("risk_invalid", field="risk", risk=risk)
    nonconforming = int((quality * lot_size / 100).to_integral_value(ROUND_CEILING))
    most, of = borne.as_integer_ratio()
    ways, all_ways = 1, 1  # of drawing n conforming units, of drawing n units
    n = 0
    while ways * of > all_ways * most:
        ways *= lot_size - nonconforming - n
        all_ways *= lot_size - n
        n += 1
    return n


def _number(text: str) -> Decimal:
    """A plain number; exponents are not written here, and cost without end to compute with."""
    return Decimal(text) if _PLAIN.fullmatch(text) else Decimal(-1)
