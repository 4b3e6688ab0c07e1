"""Does the print on a label say what its code says? Print asks and stops; it never confirms.

| print and code                                                        | verdict        | what follows                |
|-----------------------------------------------------------------------|----------------|-----------------------------|
| the same, but for spaces                                              | `agree`        | nothing                     |
| nothing printed that this field can be known by                       | `not_printed`  | nothing                     |
| printed, and the code does not say it                                 | `only_printed` | a person may take it over   |
| apart only by what readers of print confuse, or read with doubt       | `unsure`       | a person looks              |
| anything else                                                         | `disagree`     | a person gives a reason     |

Confused, and so neither agreement nor contradiction:

| signs                                | why                                        |
|--------------------------------------|--------------------------------------------|
| 0 O o, 1 I l i, 5 S s, 8 B, 2 Z z    | one shape                                  |
| c C, k K, p P, u U, v V, w W, x X    | one shape in two sizes                     |
| - . / _ + *                          | small, often lost or taken for each other  |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from backend.domain.errors import Reason
from backend.domain.gs1_identifiers import check_digit
from backend.domain.labels import LabelReading
from backend.domain.printed_fields import SURE_PERMILLE, Proposal, plain_text
from backend.domain.printed_words import Field

Verdict = Literal["agree", "not_printed", "only_printed", "unsure", "disagree"]
FIELDS: tuple[Field, ...] = get_args(Field)
SMALL = "-./_+*"
_WEIGHT: dict[Verdict, int] = {"agree": 0, "unsure": 1, "disagree": 2}
_FOLD = str.maketrans("OoIliSsBZzckpuvwx", "00111558" + "22CKPUVWX")


class Comparison(msgspec.Struct, frozen=True):
    """One field: what the code says, what is printed (as printed), and how the print is known to be this field."""

    field: Field
    code: str | None
    printed: str | None
    verdict: Verdict
    word: str = ""
    how: str = ""


def compare(label: LabelReading, proposals: Sequence[Proposal]) -> list[Comparison]:
    """Every field that code or print says something of, in the order of `FIELDS`.

    Several prints of one field: the worst counts. Several ways to read one print: the best.
    """
    rows = (
        _field(field, getattr(label, field), [each for each in proposals if each.field == field])
        for field in FIELDS
    )
    return [row for row in rows if row is not None]


def stops(rows: Sequence[Comparison]) -> list[Reason]:
    """What a person has to answer before the code is believed."""
    return [
        Reason(
            "print_differs" if row.verdict == "disagree" else "print_unsure",
            {"printed_field": row.field, "value": row.code, "printed": row.printed},
        )
        for row in rows
        if row.verdict in ("disagree", "unsure")
    ]


def answered(rows: Sequence[Comparison], reason: str | None, looked: bool) -> list[Reason]:
    """What still stands against taking the code's word: a difference needs a reason, a doubt needs a look."""
    if (reason or "").strip():
        return []
    found = [each for each in stops(rows) if not (looked and each.code == "print_unsure")]
    return [msgspec.structs.replace(each, field="print_reason") for each in found]


def _field(field: Field, code: str | None, proposals: list[Proposal]) -> Comparison | None:
    if not proposals:
        return Comparison(field, code, None, "not_printed") if code is not None else None
    if code is None:
        first = proposals[0]
        return Comparison(field, None, first.text, "only_printed", first.word, first.how)
    places = dict.fromkeys(each.place for each in proposals)
    judged = [
        min(((_verdict(code, each), each) for each in proposals if each.place == place), key=_weight)
        for place in places
    ]
    verdict, worst = max(judged, key=_weight)
    return Comparison(field, code, worst.text, verdict, worst.word, worst.how)


def _weight(judged: tuple[Verdict, Proposal]) -> int:
    return _WEIGHT[judged[0]]


def _verdict(code: str, printed: Proposal) -> Verdict:
    found = (
        _date_verdict(code, printed)
        if printed.field in ("expiry", "production_date")
        else _text_verdict(code, printed)
    )
    if found == "disagree" and not (printed.sure and printed.permille >= SURE_PERMILLE):
        return "unsure"
    return found


def _text_verdict(code: str, printed: Proposal) -> Verdict:
    said, meant = _plain(printed.text), _plain(code)
    if said == meant:
        return "unsure" if printed.more else "agree"
    if fold(said) == fold(meant):
        return "unsure"
    if printed.how == "in_brackets" and meant.startswith(said):
        return "unsure"  # the line may go on in the next
    if printed.field == "device_identifier" and not _is_gtin(said):
        return "unsure"  # misread: its own check digit says so
    return "disagree"


def _date_verdict(code: str, printed: Proposal) -> Verdict:
    """A printed month agrees with its last day as an expiry, and with any of its days as a day of making."""
    if not printed.spans:
        return "unsure"
    month_fits = False
    for span in printed.spans:
        if not span.first <= code <= span.last:
            continue
        month_fits = True
        if code == span.last or printed.field == "production_date":
            return "agree" if printed.sure or printed.how == "date_alone" else "unsure"
    return "unsure" if month_fits else "disagree"


def fold(text: str) -> str:
    """What is left of a text when signs that readers of print confuse count as one."""
    return "".join(sign for sign in text.translate(_FOLD) if sign not in SMALL)


def _plain(text: str) -> str:
    return "".join(plain_text(text).split())


def _is_gtin(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 14 and check_digit(text[:-1]) == text[-1]
