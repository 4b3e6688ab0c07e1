"""Labels whose print and code disagree in one field stop; how many that agree pass without a question."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from backend.domain.labels import LabelReading, read_label
from backend.domain.print_check import Comparison, compare
from backend.domain.printed_fields import Line, Proposal, propose
from scanner.print_text import read_lines
from scanner.reader import read
from tests.campaigns.print_maker import Label, make

TODAY = date(2026, 11, 23)
MOST_SHOWN = 20
OUTCOMES = ("stopped", "asked", "passed")
Judge = Callable[[LabelReading, list[Proposal]], list[Comparison]]


class Tally(NamedTuple):
    """What became of labels that differ and of labels that agree; `fields`: verdicts over the printed fields of the
    agreeing ones; `notes`: what a person should look at."""

    differing: Counter[str]
    agreeing: Counter[str]
    fields: Counter[str]
    notes: list[str]


def outcome(label: Label, judge: Judge = compare) -> tuple[str, list[Comparison]]:
    """What the flow does with this picture; the comparison behind it. `unread`: there is no code to compare with;
    a code that can be read in several ways is asked about anyway."""
    codes = [code for code in read(label.picture) if code.confirmed]
    if not codes:
        return "unread", []
    reading = read_label(codes[0].text, codes[0].symbology_id, today=TODAY)
    if reading.ambiguous:
        return "asked", []
    lines = [Line(one.text, one.box, round(one.score * 1000)) for one in read_lines(label.picture)]
    rows = judge(reading, propose(lines, TODAY))
    verdicts = {row.verdict for row in rows}
    return "stopped" if "disagree" in verdicts else "asked" if "unsure" in verdicts else "passed", rows


def code_and_print(count: int, seed: int, judge: Judge = compare) -> Tally:
    """`count` labels that differ in one field, and as many that do not."""
    rng, tally = random.Random(seed), Tally(Counter(), Counter(), Counter(), [])
    for number in range(2 * count):
        label = make(rng, differing=number < count)
        came, rows = outcome(label, judge)
        (tally.differing if label.field else tally.agreeing)[came] += 1
        if label.field is None:
            tally.fields.update(row.verdict for row in rows if row.field in label.printed)
        if came == ("passed" if label.field else "stopped") and len(tally.notes) < MOST_SHOWN:
            shown = ", ".join(f"{row.field} {row.code}/{row.printed} {row.verdict}" for row in rows)
            tally.notes.append(f"{came}: {label.field or 'same'}: printed {label.printed}; {shown}")
    return tally


def table(tally: Tally) -> str:
    """In words and figures."""
    rows = [f"{'':34}{'labels':>8}" + "".join(f"{each:>10}" for each in (*OUTCOMES, "unread"))]
    for name, found in (("print differs in one field", tally.differing), ("print agrees", tally.agreeing)):
        figures = "".join(f"{found[each]:>10}" for each in (*OUTCOMES, "unread"))
        rows.append(f"{name:34}{found.total():>8}{figures}")
    fields = ", ".join(f"{verdict} {number}" for verdict, number in tally.fields.most_common())
    return "\n".join([*rows, f"printed fields of labels that agree: {fields}", *tally.notes])
