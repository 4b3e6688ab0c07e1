"""A table of sampling questions, answered line by line or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec

from backend.cli.sampling_words import SAY, why
from backend.domain.errors import Reason, Refused
from backend.domain.lot_bands import plan_of_band, read_lot_band
from backend.domain.sheets import csv_table

ASKED = ("type", "level", "lot_size", "aql")
ANSWERED = ("n", "ac", "re", "inspect_all")
MOST_PROBLEMS = 20
_COLUMN = {"severity": "type"}  # the domain's word for what the table calls type


class Line(msgspec.Struct, frozen=True):
    """One answered line, as JSON prints it."""

    type: str
    level: str
    lot_size: str
    aql: str
    n: int
    ac: int
    re: int
    inspect_all: bool


class Problem(msgspec.Struct, frozen=True):
    """What is wrong, and where: `line` as an editor counts, 0 for the file itself."""

    reason: Reason
    file: str
    line: int = 0
    column: str | None = None

    def sentence(self, language: str) -> str:
        """Place, problem and way out, in one line."""
        place = SAY["place" if self.line else "place_file"].in_language(language)
        named = SAY["place_column"].in_language(language).format(column=self.column) if self.column else ""
        return place.format(file=self.file, line=self.line, column=named) + why(self.reason, language)


class Unreadable(Exception):
    """Nothing of the file is answered."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


def answer_file(path: Path, standard: str, *, as_json: bool) -> str:
    """All answers as CSV or as JSON lines; raises `Unreadable` with every bad line (the first twenty)."""
    problems: list[Problem] = []
    lines: list[Line] = []
    for number, row in _rows(path):
        try:
            lines.append(_answered(row, standard))
        except Refused as refused:
            reason = refused.reasons[0]
            column = _COLUMN.get(reason.field or "", reason.field)
            problems.append(Problem(reason, path.name, number, column))
            if len(problems) == MOST_PROBLEMS:
                break
    if problems:
        raise Unreadable(problems)
    if as_json:
        return "".join(msgspec.json.encode(line).decode() + "\n" for line in lines)
    return _as_csv(lines)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    lines = [(number, [cell.strip() for cell in cells]) for number, cells in _lines(path) if any(cells)]
    number, header = lines[0] if lines else (1, [])
    header = [name.lower() for name in header]
    if missing := [name for name in ASKED if name not in header]:
        reason = Reason("columns_missing", {"missing": missing, "expected": list(ASKED)})
        raise Unreadable([Problem(reason, path.name, number)])
    if twice := [name for name in ASKED if header.count(name) > 1]:
        raise Unreadable([Problem(Reason("columns_twice", {"columns": twice}), path.name, number)])
    rows, long = [], []
    for number, cells in lines[1:]:
        if any(cells[len(header) :]):
            reason = Reason("row_too_long", {"cells": len(cells), "columns": len(header)})
            long.append(Problem(reason, path.name, number))
        elif any(cells):
            filled = cells + [""] * (len(header) - len(cells))
            rows.append((number, {name: filled[header.index(name)] for name in ASKED}))
    if long:
        raise Unreadable(long[:MOST_PROBLEMS])
    return rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    try:
        return csv_table(path.read_bytes()).rows
    except Refused as refused:
        facts = refused.reasons[0].facts
        raise Unreadable([Problem(refused.reasons[0], path.name, int(str(facts.get("line", 0))))]) from None
    except OSError as error:
        reason = Reason("file_not_readable", {"detail": error.strerror or ""})
        raise Unreadable([Problem(reason, path.name)]) from None


def _answered(row: dict[str, str], standard: str) -> Line:
    severity, level, lot_size, aql = (row[name] for name in ASKED)
    plan = plan_of_band(read_lot_band(lot_size), level, aql, severity, standard)
    numbers = plan.sample_size, plan.accept, plan.reject
    return Line(severity, level, lot_size, aql, *numbers, plan.inspect_all)


def _as_csv(lines: list[Line]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ASKED + ANSWERED)
    for line in lines:
        *numbers, whole = msgspec.structs.astuple(line)
        writer.writerow([*numbers, "true" if whole else "false"])
    return out.getvalue()
