"""North American coupon codes, AI (8110) and (8112), as a row of fields each.

field        meaning
n            n digits
<a-b:+m>     one digit a to b that says how many digits follow, m more than itself; 9 in the set: none follow
{abc}        one digit of these
date         YYMMDD
?d(...)      an optional field: the digit d, then its contents

Source: North American Coupon Application Guideline using GS1 DataBar Expanded symbols.
"""

from __future__ import annotations

import re

COUPON = (
    "<0-6:+6> 6 <1-5:+0> <1-5:+0> {012349} 3 "
    "?1({0123} <1-5:+0> {012349} 3 <0-69:+6>) "
    "?2(<1-5:+0> {012349} 3 <0-69:+6>) "
    "?3(expiry) ?4(start) ?5(<0-9:+6>) ?6(<1-7:+6>) ?9({01256} {012} 1 {01})"
)
POSITIVE_OFFER = "{01} <0-6:+6> 6 <0-9:+6>"


def _pattern(fields: str) -> re.Pattern[str]:
    """The row of fields as one regular expression."""
    found = re.sub(r"\?(\d)\(", r"(?:\1 ", fields).replace(")", ")?")
    found = re.sub(r"\{(\d+)\}", r"[\1]", found)
    found = re.sub(r"<(\d)-(\d)(9?):\+(\d)>", _counted, found)
    found = re.sub(r"(?<= )([136])(?=[ )]|$)", r"[0-9]{\1}", found)
    found = re.sub(r"(expiry|start)", r"(?P<\1>[0-9]{6})", found)
    return re.compile(found.replace(" ", ""))


def _counted(field: re.Match[str]) -> str:
    first, last, none, more = int(field[1]), int(field[2]), field[3], int(field[4])
    lengths = [f"{count}[0-9]{{{count + more}}}" for count in range(first, last + 1)]
    return f"(?:{'|'.join([*lengths, *none])})"


COUPON_PATTERN = _pattern(COUPON)
POSITIVE_OFFER_PATTERN = _pattern(POSITIVE_OFFER)
